from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from config.forms import DateField, LongText, PickMany, PickOne
from partnerships.models import Organisation, Partnership
from partnerships.queries.activities import organisations_of
from people.models import Person
from people.queries.people import known_people_of

YEARS = [MinValueValidator(1990), MaxValueValidator(2100)]


class PartnershipForm(forms.Form):
    vision = forms.CharField(
        required=False, max_length=3000, widget=LongText(rows=4), help_text="What will be different one day?"
    )
    ethos = forms.CharField(
        required=False,
        max_length=3000,
        widget=LongText(rows=4),
        help_text="How do you work together, and how do you not?",
    )
    reviews_activities = forms.BooleanField(
        label="Activities are reviewed",
        required=False,
        help_text="Somebody looks at what officers log before it counts as accepted.",
    )


class RuleForm(forms.Form):
    text = forms.CharField(
        label="The rule", max_length=300, help_text="Short enough to remember: “Nothing about us without us”."
    )
    explanation = forms.CharField(
        label="What it means", required=False, max_length=2000, widget=LongText(rows=3)
    )
    starts_on = DateField(label="Since when?")


class ExplainRuleForm(forms.Form):
    explanation = forms.CharField(
        label="What it means", required=False, max_length=2000, widget=LongText(rows=4)
    )


class EndRuleForm(forms.Form):
    on = DateField(label="Until which day does it hold?", help_text="Decisions that cite it keep citing it.")


class StoryForm(forms.Form):
    text = forms.CharField(label="The story", max_length=20_000, widget=LongText(rows=16))
    what_changed = forms.CharField(
        label="What is new in this version, in a sentence?", required=False, max_length=300
    )
    told_on = DateField(label="When was it told?")
    contributors = forms.ModelMultipleChoiceField(
        label="Who told it?", queryset=Person.objects.none(), required=False, widget=PickMany(noun="people")
    )
    other_contributors = forms.CharField(
        label="Who else?",
        required=False,
        max_length=300,
        help_text="Such as: parents at the Thursday forum. Leave out the names of people who did not agree to be named.",
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contributors"].queryset = known_people_of(partnership)


class StrategyForm(forms.Form):
    name = forms.CharField(label="Name of the strategy", max_length=200)
    organisation = forms.ModelChoiceField(
        label="Whose is it?", queryset=Organisation.objects.none(), required=False, widget=PickOne
    )
    summary = forms.CharField(
        label="What is it about?", required=False, max_length=3000, widget=LongText(rows=4)
    )
    link = forms.URLField(
        label="Where can it be read?", required=False, max_length=200, assume_scheme="https"
    )
    from_year = forms.IntegerField(
        label="From which year?",
        required=False,
        validators=YEARS,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )
    to_year = forms.IntegerField(
        label="To which year?",
        required=False,
        validators=YEARS,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(partnership)


class NewStrategyForm(StrategyForm):
    themes = forms.CharField(
        label="Its themes",
        required=False,
        max_length=4000,
        widget=LongText(rows=5),
        help_text="One on each line. More can be added later.",
    )

    def clean_themes(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["themes"].splitlines() if line.strip()]


class ThemeForm(forms.Form):
    name = forms.CharField(label="Theme", max_length=200)
