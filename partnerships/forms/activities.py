"""The form in which an activity is logged and changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import formats, timezone

from config.forms import (
    BoundField,
    Checkboxes,
    DateField,
    DateInput,
    DurationField,
    LongText,
    PickMany,
    PickOne,
    Radios,
)
from outcomes.models import Outcome
from partnerships.actions.activities import Newcomers
from partnerships.actions.activity_rules import LONGEST
from partnerships.forms.activity_fields import Names, OneBoard, OneProgramme, OneTheme
from partnerships.forms.comparison import Pieces, side_by_side
from partnerships.forms.documents import DocumentField
from partnerships.models import (
    Activity,
    ActivityKind,
    Board,
    Commitment,
    CommitmentStatus,
    Organisation,
    Partnership,
    Place,
    Programme,
    Sector,
    StrategyTheme,
    Visibility,
)
from partnerships.models.activities import in_words
from partnerships.queries import own_kinds
from partnerships.queries.activities import organisations_of, places_of
from people.actions.naming import person_named
from people.models import Person
from people.queries.named import authors_to_pick, people_to_name

TOO_LONG = {"max_length": "This must be %(limit_value)d characters or fewer. It has %(show_value)d."}


@dataclass(frozen=True, slots=True)
class Section:
    """Some of the form's questions under a heading that opens and closes; a section may hold smaller ones."""

    title: str
    parts: list[BoundField | Section]

    @property
    def is_open(self) -> bool:
        return any(
            part.is_open if isinstance(part, Section) else part.errors or _is_filled(part)
            for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that two people answered differently, in pieces that say which words only one has."""

    label: str
    yours: Pieces
    saved: Pieces


LINKED = ("authors", "commitments", "themes")
MANY = ("organisations", "people", "outcomes", *LINKED)


class ActivityForm(forms.Form):
    """A few quick questions; everything else is optional and can wait. Choices are only ever this partnership's.

    `later` saves what is there for now: then a title is enough. Only the author says who can see it.
    """

    title = forms.CharField(
        label="What happened?",
        max_length=LONGEST["title"],
        help_text="One line that a colleague would understand.",
        error_messages={"required": "Enter what happened, in a few words"} | TOO_LONG,
    )
    happened_on = DateField(label="When was it?", widget=DateInput(quick_days=True))
    kind = forms.ChoiceField(label="What kind of activity was it?")

    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="Organisations",
        required=False,
        widget=PickMany(noun="organisations"),
    )
    new_organisations = Names(
        label="Names of organisations",
        longest=200,
        help_text="One on each line. They are added to the partnership.",
    )
    new_sector = forms.ChoiceField(
        label="Their sector",
        choices=[("", "Choose a sector"), *Sector.choices],
        required=False,
    )
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), label="People", required=False, widget=PickMany(noun="people")
    )
    new_people = Names(
        label="Names of people",
        longest=150,
        help_text="One on each line. This does not let them sign in.",
    )

    programme = OneProgramme(
        Programme.objects.none(), label="Programme", required=False, empty_label="Not part of a programme"
    )
    board = OneBoard(Board.objects.none(), label="Board", required=False, empty_label="Not for a board")
    outcomes = forms.ModelMultipleChoiceField(
        Outcome.objects.none(),
        label="Outcomes it should help",
        required=False,
        widget=Checkboxes(attrs={"class": "govuk-checkboxes--small"}),
        help_text="It need not be proved: say what you hope it adds to.",
    )
    place = forms.ModelChoiceField(
        Place.objects.none(),
        label="Place",
        required=False,
        empty_label="No place in particular",
        widget=PickOne,
    )

    themes = OneTheme(
        StrategyTheme.objects.none(),
        label="Strategy themes",
        required=False,
        widget=Checkboxes(attrs={"class": "govuk-checkboxes--small"}),
    )
    commitments = forms.ModelMultipleChoiceField(
        Commitment.objects.none(),
        label="Commitments it moved forward",
        required=False,
        widget=PickMany(noun="commitments"),
    )

    minutes = DurationField(label="How long did it take?", required=False, max_hours=168)
    what_happened = forms.CharField(
        label="What happened, in detail",
        required=False,
        max_length=LONGEST["what_happened"],
        error_messages=TOO_LONG,
        widget=LongText(rows=8),
    )
    next_step = forms.CharField(
        label="What comes next?",
        required=False,
        max_length=LONGEST["next_step"],
        error_messages=TOO_LONG,
        widget=LongText(rows=3),
    )
    next_step_on = DateField(label="By when?", required=False)

    file = DocumentField(label="Attach a file", required=False)

    authors = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label="Who writes it with you?",
        required=False,
        widget=PickMany(noun="people"),
        help_text="They can change it, and see it before anybody else does.",
    )
    visibility = forms.ChoiceField(
        label="Who can see it?", choices=Visibility.choices, initial=Visibility.PARTNERSHIP, widget=Radios
    )

    mark_optional = False  # The page says it once, of everything below the quick questions.
    QUICK = ("happened_on", "kind", "title")
    WHO = (
        "organisations",
        ("Add organisations that are not in the list", ("new_organisations", "new_sector")),
        "people",
        ("Add people who are not in the list", ("new_people",)),
    )
    SECTIONS = (
        (
            "How it went and what comes next",
            ("minutes", "what_happened", "next_step", "next_step_on", "file"),
        ),
        (
            "What it belongs to",
            ("programme", "board", "outcomes", "place", "themes", "commitments"),
        ),
        ("Who writes it and who can see it", ("authors", "visibility")),
    )
    CHOSEN = ("programme", "board", "place", "organisations", "people", "outcomes", *LINKED)

    def __init__(
        self,
        *args: Any,
        partnership: Partnership,
        by: Person,
        saved: dict[str, Any] | None = None,
        is_author: bool = True,
        later: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.partnership, self.by = partnership, by
        for name, choices in choices_of(partnership).items():
            self.fields[name].queryset = _with(choices, (saved or {}).get(name))
        kinds = own_kinds.in_use(partnership)
        self.fields["kind"].choices = own_kinds.choices(_with(kinds, (saved or {}).get("own_kind")))
        for name in MANY:
            gone = (
                f"One of the {name} you chose is no longer in this partnership. The others are still chosen."
            )
            self.fields[name].error_messages |= {"invalid_choice": gone, "invalid_pk_value": gone}
        for name in ("programme", "board", "place"):
            self.fields[name].error_messages["invalid_choice"] = (
                f"The {name} you chose is no longer in this partnership. Choose another, or none."
            )
        for name in ("what_happened", "next_step"):
            del self.fields[name].widget.attrs[
                "maxlength"
            ]  # No count beside texts that hardly ever come near it.
        if not is_author:  # Who writes it and who can see it is its authors' to say.
            del self.fields["visibility"], self.fields["authors"]
        for name in ("themes", "commitments"):
            if not self.fields[name].queryset.exists():
                del self.fields[name]
        if later:
            for name in {"happened_on", "kind", "visibility"} & self.fields.keys():
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            cleaned["happened_on"] = cleaned["happened_on"] or timezone.localdate()
            cleaned["kind"] = cleaned["kind"] or ActivityKind.MEETING
            if "visibility" in self.fields:
                cleaned["visibility"] = cleaned["visibility"] or Visibility.PARTNERSHIP
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the actions take."""
        facts = {name: value for name, value in self.cleaned_data.items() if not name.startswith("new_")}
        facts["kind"], facts["own_kind"] = own_kinds.chosen(self.partnership, facts["kind"])
        facts["newcomers"] = Newcomers(
            organisations=self.cleaned_data["new_organisations"],
            sector=self.cleaned_data["new_sector"],
            people=self.cleaned_data["new_people"],
            person_named=lambda name: person_named(partnership=self.partnership, name=name, by=self.by),
        )
        return facts

    def fetch_choices(self) -> None:
        """Ask for every list now, so that drawing the page asks for nothing."""
        for name in self.CHOSEN:
            if name in self.fields:
                self.fields[name].choices = list(self.fields[name].choices)
        titles = self.fields["people"].queryset.exclude(job_title="").values_list("pk", "job_title")
        self.fields["people"].widget.hints = dict(titles)

    def quick(self) -> list[BoundField]:
        return [self[name] for name in self.QUICK]

    def who(self) -> Section:
        return self._section("Who with", self.WHO)

    def sections(self) -> list[Section]:
        made = [self._section(title, parts) for title, parts in self.SECTIONS]
        return [section for section in made if section.parts]

    def _section(self, title: str, parts: tuple[Any, ...]) -> Section:
        asked = [part for part in parts if not isinstance(part, str) or part in self.fields]
        return Section(
            title, [self[part] if isinstance(part, str) else self._section(*part) for part in asked]
        )

    def differences(self, saved: dict[str, Any]) -> list[Difference]:
        """Where the answers given differ from `saved`, the same questions as somebody else answered them meanwhile."""
        found = []
        for name in self.fields:
            if name.startswith("new_") or name == "file":
                continue
            yours, theirs = (self._in_words(name, one.get(name)) for one in (self.cleaned_data, saved))
            if yours != theirs:
                found.append(Difference(str(self.fields[name].label), *side_by_side(yours, theirs)))
        return found

    def _in_words(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        if name == "minutes":
            return in_words(value)
        if name in {"happened_on", "next_step_on"}:
            return formats.date_format(value)
        if name in {"kind", "visibility"}:
            return str(dict(self.fields[name].choices)[value])
        if name in MANY:
            return ", ".join(sorted(str(one) for one in value))
        return str(value).replace("\r\n", "\n").strip()


def choices_of(partnership: Partnership) -> dict[str, QuerySet]:
    """What an activity of this partnership may be linked to, by the name of the question."""
    return {
        "programme": Programme.objects.filter(partnership=partnership),
        "board": Board.objects.filter(partnership=partnership),
        "place": places_of(partnership),
        "organisations": organisations_of(partnership),
        "people": people_to_name(partnership),
        "outcomes": Outcome.objects.filter(partnership=partnership),
        "authors": authors_to_pick(partnership),
        "commitments": Commitment.objects.filter(partnership=partnership, status=CommitmentStatus.OPEN),
        "themes": StrategyTheme.objects.filter(partnership=partnership).select_related("strategy"),
    }


def answers_of(activity: Activity, outcomes: list[Outcome]) -> dict[str, Any]:
    """A saved activity as the form's answers."""
    names = ("title", "happened_on", "own_kind", "minutes", "what_happened", "next_step", "next_step_on")
    return {
        **{name: getattr(activity, name) for name in (*names, "programme", "board", "place", "visibility")},
        "kind": own_kinds.key_of(activity),
        **{name: list(getattr(activity, name).all()) for name in MANY if name != "outcomes"},
        "outcomes": outcomes,
    }


def as_sent(activity: Activity, outcomes: list[Outcome]) -> dict[str, list[str]]:
    """A saved activity as a form would send it, without its day and what came after."""
    answers = answers_of(activity, outcomes)
    sent = {name: [str(one.pk) for one in answers[name]] for name in MANY if name != "commitments"}
    for name in ("programme", "board", "place"):
        sent[name] = [str(answers[name].pk)] if answers[name] else []
    for name in ("title", "kind", "what_happened", "next_step", "visibility"):
        sent[name] = [str(answers[name])]
    hours, minutes = divmod(activity.minutes or 0, 60)
    sent["minutes_hours"], sent["minutes_minutes"] = [str(hours or "")], [str(minutes or "")]
    return sent


def _with(choices: QuerySet, chosen: Any) -> QuerySet:
    """The choices, and what a record holds already although it is no longer among them."""
    if not chosen:
        return choices
    keys = [one.pk for one in chosen] if isinstance(chosen, list) else [chosen.pk]
    return choices.model._default_manager.filter(Q(pk__in=choices.values("pk")) | Q(pk__in=keys))


def _is_filled(field: BoundField) -> bool:
    value = field.value()
    if field.name == "visibility":
        return value not in (None, "", Visibility.PARTNERSHIP)
    return any(value) if isinstance(value, (list, tuple)) else bool(value)
