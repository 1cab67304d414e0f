from __future__ import annotations

from typing import Any

from django import forms

from config.forms import DateField, LongText, PickOne, Radios
from partnerships.models import BoardLevel, Organisation, Partnership, Programme
from partnerships.queries.activities import organisations_of
from people.models import Authority, Person
from people.queries.named import people_to_name


class PickPerson(forms.TypedChoiceField):
    """One of the people of a partnership, whom the form has read once for all its fields."""

    widget = PickOne

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_value=None, **kwargs)
        self.error_messages["invalid_choice"] = "Choose a person of this partnership."


def choose_people(form: forms.Form, people: list[Person], *names: str) -> None:
    known = {str(person.pk): person for person in people}
    for name in names:
        form.fields[name].choices = [("", ""), *((key, str(person)) for key, person in known.items())]
        form.fields[name].coerce = known.__getitem__


class ElementForm(forms.Form):
    name = forms.CharField(
        label="Part of the work",
        max_length=150,
        help_text="Such as training of champions, or the link to schools.",
        error_messages={"required": "Enter a name."},
    )
    level = forms.ChoiceField(label="At which level?", choices=BoardLevel.choices, widget=Radios)
    description = forms.CharField(
        label="What belongs to it?", required=False, max_length=2_000, widget=LongText(rows=3)
    )
    programme = forms.ModelChoiceField(
        label="Of which programme?", queryset=Programme.objects.none(), required=False, widget=PickOne
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.filter(partnership=partnership)


class LeadingForm(forms.Form):
    owner = PickPerson(label="Who leads it?", error_messages={"required": "Choose who leads it."})
    organisation = forms.ModelChoiceField(
        label="For which organisation?",
        queryset=Organisation.objects.none(),
        required=False,
        widget=PickOne,
        help_text="Leave empty for a resident.",
    )
    accountable = PickPerson(label="Who is accountable?", required=False)
    authority = forms.ChoiceField(
        label="What may they decide?", choices=Authority.choices, widget=Radios, initial=Authority.TOGETHER
    )
    successor = PickPerson(
        label="Who could take over?", required=False, help_text="So that it does not hang on one person."
    )
    note = forms.CharField(
        label="How was it handed over?", required=False, max_length=2_000, widget=LongText(rows=3)
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(partnership)
        people = list(people_to_name(partnership).order_by("name"))
        choose_people(self, people, "owner", "accountable", "successor")


class HandOverForm(LeadingForm):
    starts_on = DateField(label="From which day?")
    field_order = ["owner", "starts_on"]


class StopForm(forms.Form):
    ends_on = DateField(label="What is the last day?")
