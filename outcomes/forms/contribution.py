from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import URLValidator

from config.forms import DateField, LongText, PickOne, Radios
from outcomes.models import (
    ContributionEvidence,
    Measure,
    OtherExplanation,
    Outcome,
    Points,
    SteppingStone,
    StoneProgress,
    Strength,
)
from outcomes.queries.finding import activities_like, commitments_like, documents_like, programmes_like
from partnerships.models import Activity, Document, Partnership
from partnerships.queries.activities import visible
from partnerships.queries.documents import documents_in

LONG = {"max_length": 3000}


def _long(label: str, *, help_text: str = "", required: bool = False) -> forms.CharField:
    box = LongText(rows=3, attrs={"maxlength": LONG["max_length"]})
    return forms.CharField(label=label, help_text=help_text, required=required, widget=box, **LONG)


def _strength(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Strength.choices, initial=Strength.UNTESTED, widget=Radios)


class StoneForm(forms.Form):
    title = forms.CharField(
        label="What has to happen?",
        max_length=200,
        help_text="A change that people could see, such as “Families know what is on in the holidays”.",
    )
    expected = _long("What do we expect to see?", help_text="By what you would know that it happened.")
    leads_to = forms.ModelChoiceField(
        label="What does it lead to?",
        queryset=SteppingStone.objects.none(),
        required=False,
        widget=PickOne,
        empty_label="Straight to the outcome",
    )

    def __init__(
        self, *args: Any, outcome: Outcome, stone: SteppingStone | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        others = SteppingStone.objects.filter(outcome=outcome).exclude(pk=stone.pk if stone else None)
        self.fields["leads_to"].queryset = others


class LookForm(forms.Form):
    progress = forms.ChoiceField(label="How far is it?", choices=StoneProgress.choices, widget=Radios)
    confidence = _strength("How sure are you that what partners did helped?")
    note = _long("How do you know?", help_text="Do not name a child, patient or family.")
    on = DateField(label="When did you look?")


class FindingForm(forms.Form):
    """A form that links something found by a few words. Each choice is "kind-pk"; `offered` are those that may be chosen."""

    find = forms.CharField(label="Find it by a word or two", required=False, max_length=200)
    what = forms.ChoiceField(label="Which is it?", required=False, widget=Radios)

    def __init__(self, *args: Any, partnership: Partnership, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnership, self.viewer = partnership, viewer
        text = self.typed("find")
        found = list(self.found(text)) if text else []
        chosen = self.record_of(self.typed("what"))
        if chosen is None and not self.is_bound:
            # What is linked may be somebody else's to see: it stays linked, and is not told here.
            self.initial.pop("what", None)
        self.offered = {key_of(one): one for one in (*found, chosen) if one is not None}
        self.fields["what"].choices = [*self.none(), *((key, told(one)) for key, one in self.offered.items())]
        if not self.offered:
            self.fields["what"].widget = forms.HiddenInput()
            self.fields["find"].help_text = (
                "Press “Find”, then choose." if not text else f"Nothing was found for “{text}”."
            )

    def none(self) -> list[tuple[str, str]]:
        return []

    def typed(self, name: str) -> str:
        return str((self.data if self.is_bound else self.initial).get(name) or "").replace("\x00", "")

    def found(self, text: str) -> Iterable[Any]:
        raise NotImplementedError

    def of_kind(self, kind: str) -> Any:
        """All records of a kind that may be chosen, or None where the kind may not."""
        raise NotImplementedError

    def record_of(self, key: str) -> Any:
        kind, _, pk = key.partition("-")
        rows = self.of_kind(kind) if pk.isdecimal() and len(pk) < 18 else None
        return rows.filter(pk=pk).first() if rows is not None else None

    @property
    def chosen(self) -> Any:
        return self.offered.get(self.cleaned_data["what"])


def key_of(record: Any) -> str:
    return f"{record._meta.model_name}-{record.pk}"


def told(record: Any) -> str:
    kind = record._meta.verbose_name.capitalize()
    if isinstance(record, Activity):
        return f"{kind}: {record.title} ({record.happened_on.day} {record.happened_on:%B %Y})"
    return f"{kind}: {record}"


class ContributionForm(FindingForm):
    find = forms.CharField(
        label="Find an activity, a commitment or a programme", required=False, max_length=200
    )
    how = forms.CharField(label="How should it help?", required=False, max_length=300)
    strength = _strength("How strong is the evidence that it helped?")

    def found(self, text: str) -> Iterable[Any]:
        yield from programmes_like(self.partnership, text)
        yield from commitments_like(self.partnership, text)
        yield from activities_like(self.partnership, text, viewer=self.viewer)

    def of_kind(self, kind: str) -> Any:
        ours = {
            "activity": lambda: visible(self.partnership, self.viewer),
            "commitment": self.partnership.commitments.all,
            "programme": self.partnership.programmes.all,
        }
        return ours[kind]() if kind in ours else None

    def clean_what(self) -> str:
        if not self.cleaned_data["what"]:
            raise forms.ValidationError("Find what helps, and choose it.")
        return self.cleaned_data["what"]


class ChangeContributionForm(forms.Form):
    how = forms.CharField(label="How should it help?", required=False, max_length=300)
    strength = _strength("How strong is the evidence that it helped?")


class EvidenceForm(FindingForm):
    what_it_shows = _long(
        "What does it show?", required=True, help_text="Do not name a child, patient or family."
    )
    points = forms.ChoiceField(
        label="Does it speak for the step or against it?",
        choices=Points.choices,
        initial=Points.FOR,
        widget=Radios(attrs={"class": "govuk-radios--inline"}),
    )
    strength = _strength("How strong is it?")
    happened_on = DateField(label="When was it?", required=False)
    measure = forms.ModelChoiceField(
        label="Does a measure show it?", queryset=Measure.objects.none(), required=False, widget=PickOne
    )
    url = forms.URLField(
        label="Web address",
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    find = forms.CharField(label="Find an activity or a file that shows it", required=False, max_length=200)
    field_order = ("what_it_shows", "points", "strength", "happened_on", "measure", "url", "find", "what")

    def __init__(self, *args: Any, evidence: ContributionEvidence | None = None, **kwargs: Any) -> None:
        linked = (evidence.activity or evidence.document) if evidence else None
        self.linked = linked
        super().__init__(*args, **kwargs)
        self.fields["measure"].queryset = Measure.objects.filter(partnership=self.partnership).order_by(
            "name"
        )

    def none(self) -> list[tuple[str, str]]:
        return [("", "No activity and no file")]

    def found(self, text: str) -> Iterable[Any]:
        yield from documents_like(self.partnership, text, viewer=self.viewer)
        yield from activities_like(self.partnership, text, viewer=self.viewer)

    def of_kind(self, kind: str) -> Any:
        if kind == "activity":
            return visible(self.partnership, self.viewer)
        return documents_in(self.partnership, self.viewer) if kind == "document" else None

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes. A link that this person may not see is kept as it is."""
        names = ("what_it_shows", "points", "strength", "happened_on", "measure", "url")
        linked = self.chosen
        if linked is None and self.linked is not None and self.record_of(key_of(self.linked)) is None:
            linked = self.linked
        return {name: self.cleaned_data[name] for name in names} | {
            "activity": linked if isinstance(linked, Activity) else None,
            "document": linked if isinstance(linked, Document) else None,
        }


class ExplanationForm(forms.Form):
    what = forms.CharField(
        label="What else could explain it?",
        max_length=300,
        help_text="A change of the law, the weather, other people’s work, chance.",
    )
    stone = forms.ModelChoiceField(
        label="What does it explain?",
        queryset=SteppingStone.objects.none(),
        required=False,
        widget=PickOne,
        empty_label="The outcome itself",
    )
    weight = forms.ChoiceField(
        label="How much of it could this be?",
        choices=OtherExplanation._meta.get_field("weight").choices,
        initial="unknown",
        widget=Radios,
    )
    what_we_know = _long("What do we know about it?")

    def __init__(self, *args: Any, outcome: Outcome, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stone"].queryset = SteppingStone.objects.filter(outcome=outcome)
