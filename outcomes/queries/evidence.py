"""How far a measure's evidence can be trusted: what was found of it against the partnership's own standards."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils import timezone

from config.words import day_words
from outcomes.models import EvidenceCheck, EvidenceStandard, Fulfilled, Measure
from partnerships.models import Partnership

OLD_AFTER = timedelta(days=365)
# Of the standards, a half for each met in part. What nobody checked and what nobody knows counts as not met.
HIGH, MEDIUM = 0.8, 0.5


class Level(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOT_CHECKED = "not checked"


LETTERS = {Level.HIGH: "H", Level.MEDIUM: "M", Level.LOW: "L", Level.NOT_CHECKED: "?"}
WORDS = {
    Level.HIGH: "High confidence",
    Level.MEDIUM: "Medium confidence",
    Level.LOW: "Low confidence",
    Level.NOT_CHECKED: "Evidence not checked",
}


@dataclass(frozen=True, slots=True)
class Confidence:
    """How far the evidence of a measure can be trusted, as people found it. Nothing here is about how the measure does."""

    level: Level
    met: int
    in_part: int
    not_met: int
    not_known: int
    not_checked: int
    sentence: str
    checked_on: date | None = None
    is_old: bool = False

    @property
    def standards(self) -> int:
        return self.met + self.in_part + self.not_met + self.not_known + self.not_checked

    @property
    def words(self) -> str:
        return WORDS[self.level]

    @property
    def letter(self) -> str:
        return LETTERS[self.level]


@dataclass(frozen=True, slots=True)
class Found:
    """The newest check of one measure against one standard. `fulfilled` is None where nobody checked it."""

    standard_id: int
    name: str
    fulfilled: Fulfilled | None = None
    note: str = ""
    checked_at: datetime | None = None
    description: str = ""


NO_STANDARDS = Confidence(
    Level.NOT_CHECKED, 0, 0, 0, 0, 0, "The partnership has set no standards for evidence yet."
)


def standing_standards(partnership: Partnership, *, day: date | None = None) -> QuerySet[EvidenceStandard]:
    """The standards that hold on a day, today if none is given, in the partnership's order."""
    day = day or timezone.localdate()
    return EvidenceStandard.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=day), partnership=partnership
    )


def confidence_for(measures: Collection[Measure], *, as_of: datetime) -> dict[int, Confidence]:
    """How far the evidence of each of these measures could be trusted at a moment, by measure id. One query."""
    by_partnership: dict[int, list[tuple[int, str]]] = {}
    checks: dict[tuple[int, int], Found] = {}
    for partnership_id, standard_id, name, measure_id, *check in _rows(measures, as_of):
        standards = by_partnership.setdefault(partnership_id, [])
        if not standards or standards[-1][0] != standard_id:
            standards.append((standard_id, name))
        if measure_id is not None:
            fulfilled, note, checked_at = check
            checks[measure_id, standard_id] = Found(standard_id, name, Fulfilled(fulfilled), note, checked_at)
    return {
        measure.pk: confidence(
            [
                checks.get((measure.pk, pk)) or Found(pk, name)
                for pk, name in by_partnership.get(measure.partnership_id, [])
            ],
            as_of=as_of,
        )
        for measure in measures
    }


def _rows(measures: Collection[Measure], as_of: datetime) -> Iterable[tuple]:
    """Every standard that stood, with the newest check of each measure against it, or with none."""
    day = timezone.localtime(as_of).date()
    asked = FilteredRelation(
        "checks",
        condition=Q(checks__measure__in=[measure.pk for measure in measures], checks__checked_at__lte=as_of),
    )
    return (
        EvidenceStandard.objects.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=day),
            partnership__in={measure.partnership_id for measure in measures},
            created_at__lte=as_of,
        )
        .annotate(asked=asked)
        .order_by(
            "position",
            "pk",
            F("asked__measure").asc(nulls_last=True),
            F("asked__checked_at").desc(nulls_last=True),
            "-asked__pk",
        )
        .distinct("position", "pk", "asked__measure")
        .values_list(
            "partnership",
            "pk",
            "name",
            "asked__measure",
            "asked__fulfilled",
            "asked__note",
            "asked__checked_at",
        )
    )


def confidence(found: Collection[Found], *, as_of: datetime) -> Confidence:
    """Put what was found against each standard into a level, and a sentence that says why."""
    if not found:
        return NO_STANDARDS
    count = {answer: sum(one.fulfilled == answer for one in found) for answer in (*Fulfilled, None)}
    days = [one.checked_at for one in found if one.checked_at is not None]
    newest = max(days, default=None)
    is_old = newest is not None and as_of - newest > OLD_AFTER
    share = (count[Fulfilled.YES] + count[Fulfilled.PARTLY] / 2) / len(found)
    if newest is None:
        level = Level.NOT_CHECKED
    else:
        level = Level.HIGH if share >= HIGH else Level.MEDIUM if share >= MEDIUM else Level.LOW
    return Confidence(
        level,
        met=count[Fulfilled.YES],
        in_part=count[Fulfilled.PARTLY],
        not_met=count[Fulfilled.NO],
        not_known=count[Fulfilled.UNKNOWN],
        not_checked=count[None],
        sentence=_sentence(found, count, newest, is_old),
        checked_on=timezone.localtime(newest).date() if newest else None,
        is_old=is_old,
    )


def _sentence(
    found: Collection[Found], count: dict[Fulfilled | None, int], newest: datetime | None, is_old: bool
) -> str:
    if newest is None:
        return f"Nobody has checked it against the {_counted(len(found), 'standard')} yet."
    said = [f"{count[Fulfilled.YES]} of {_counted(len(found), 'standard')} met"]
    for answer, words in (
        (Fulfilled.NO, "not met"),
        (Fulfilled.PARTLY, "met in part"),
        (Fulfilled.UNKNOWN, "not known"),
        (None, "not checked"),
    ):
        names = [_named(one) for one in found if one.fulfilled == answer]
        if names:
            said.append(f"{words}: {', '.join(names)}")
    sentence = f"{'; '.join(said)}."
    if is_old:
        sentence += f" Last checked on {day_words(timezone.localtime(newest).date())}, over a year before."
    return sentence


def _named(one: Found) -> str:
    note = one.note.strip().rstrip(".")
    name = one.name[:1].lower() + one.name[1:] if not one.name[1:2].isupper() else one.name
    return f"{name} ({note})" if note and one.fulfilled != Fulfilled.UNKNOWN else name


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def found_of(measure: Measure, *, as_of: datetime) -> list[Found]:
    """What was found of one measure against each standard that stands, in the partnership's order. Two queries."""
    newest = {}
    for _, pk, _, _, fulfilled, note, checked_at in _rows([measure], as_of):
        if fulfilled:
            newest[pk] = Fulfilled(fulfilled), note, checked_at
    standards = standing_standards(measure.partnership, day=timezone.localtime(as_of).date())
    return [
        Found(one.pk, one.name, *newest.get(one.pk, (None, "", None)), description=one.description)
        for one in standards.filter(created_at__lte=as_of)
    ]


def checks_of(measure: Measure) -> QuerySet[EvidenceCheck]:
    """Every check of a measure, newest first: who found what, and when."""
    return EvidenceCheck.objects.filter(measure=measure).select_related("standard", "checked_by")
