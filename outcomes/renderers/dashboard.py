"""The dashboard in words and plain rows: the lists that a chair reads first, each outcome, and what is shown of all there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from config.words import day_words
from outcomes.models import MeasureKind, Ownership
from outcomes.queries.dashboard import Dashboard, OutcomeReading
from outcomes.queries.narrowing import Chosen
from outcomes.queries.needs import Need, NeedKind
from outcomes.queries.readings import Reading
from outcomes.queries.upkeep import Upkeep
from outcomes.renderers.tiles import Tile, address, tile

OWNERS = {
    Ownership.OURS: "ours to change",
    Ownership.SHARED: "shared with others",
    Ownership.OUTSIDE: "outside our control",
}
KINDS = {
    MeasureKind.INDICATOR: "population indicators",
    MeasureKind.PERFORMANCE: "programme performance measures",
}
SCREEN = 6


class Line(NamedTuple):
    """One line of a list: a link, and what is said beside it."""

    title: str
    url: str
    note: str


class Column(NamedTuple):
    key: str
    words: str
    lines: tuple[Line, ...]


class Glance(NamedTuple):
    """The lists at the top."""

    columns: tuple[Column, ...]
    no_change: tuple[Line, ...]
    level: int = 3


def need_line(slug: str, need: Need) -> Line:
    """What needs a decision: a proposal leads to its own sheet, a missing word to where words are."""
    url = address(slug, need.measure_slug)
    if need.kind is NeedKind.PROPOSAL:
        url = reverse("turn-the-curve", kwargs={"partnership": slug, "measure": need.measure_slug})
    elif need.kind is NeedKind.NO_COMMENT:
        url += "#story"
    return Line(need.measure_name, url, need.sentence)


def in_short(found: Dashboard, slug: str) -> list[tuple[str, list[Line]]]:
    """The dashboard in four lists of links, for the home page."""

    def lines(readings: Iterable[Reading]) -> list[Line]:
        return [
            Line(one.measure.name, address(slug, one.measure.slug), one.latest.text if one.latest else "")
            for one in readings
        ]

    return [
        ("got better", lines(found.better)),
        ("got worse", lines(found.worse)),
        ("missing or late", lines(found.late)),
        ("need a decision", [need_line(slug, need) for need in found.needs]),
    ]


class UpkeepShown(NamedTuple):
    score: int | None
    sentence: str
    late: tuple[Line, ...]
    provisional: tuple[Line, ...]
    lacking: tuple[Line, ...]


class OutcomeShown(NamedTuple):
    """One outcome with its tiles: everything that its part of the page is drawn from."""

    pk: int
    title: str
    description: str
    place: str
    url: str
    activities_url: str
    activities: int
    upkeep: UpkeepShown
    indicators: tuple[Tile, ...]
    performance: tuple[Tile, ...]
    wanted: tuple[str, ...]
    edit_url: str
    add_measure_url: str


class Shown:
    """Draws what was found, for one partnership; `query` is what links carry along, so that a measure opens as it is shown here."""

    def __init__(self, found: Dashboard, slug: str, *, may_manage: bool, query: str, is_main: bool) -> None:
        self.found, self.slug, self.may_manage = found, slug, may_manage
        self.query, self.is_main = query, is_main
        self.tiles = {one.measure.pk: tile(one, slug, self._query(one)) for one in found.readings}

    def _query(self, reading: Reading) -> str:
        """A measure without a figure for a part of the place has no page about it."""
        place = f"place={reading.place.pk}" if not self.is_main and reading.series.figures else ""
        return "&".join(part for part in (place, self.query) if part)

    def _lines(self, readings: Iterable[Reading], *, late: bool = False) -> tuple[Line, ...]:
        return tuple(self._line(one, late=late) for one in readings)

    def _line(self, reading: Reading, *, late: bool = False) -> Line:
        shown = self.tiles[reading.measure.pk]
        figure = f"{shown.value}, {shown.period}" if shown.period else shown.value
        return Line(shown.title, shown.url, shown.fresh if late else figure)

    def glance(self) -> Glance:
        found = self.found
        return Glance(
            (
                Column("better", "Got better", self._lines(found.better)),
                Column("worse", "Got worse", self._lines(found.worse)),
                Column("cannot_tell", "Cannot tell yet", self._lines(found.cannot_tell)),
                Column("missing", "Missing or late", self._lines(found.late, late=True)),
                Column(
                    "decide", "Needs a decision", tuple(need_line(self.slug, need) for need in found.needs)
                ),
            ),
            self._lines(found.no_change),
        )

    def outcomes(self) -> list[OutcomeShown]:
        return [self._outcome(entry) for entry in self.found.outcomes]

    def _outcome(self, entry: OutcomeReading) -> OutcomeShown:
        outcome, slug = entry.outcome, self.slug
        return OutcomeShown(
            pk=outcome.pk,
            title=outcome.title,
            description=outcome.description,
            place=self.found.place.name,
            url=reverse("outcome-detail", args=[slug, outcome.pk]),
            activities_url=f"{reverse('activity-list', args=[slug])}?outcome={outcome.pk}",
            activities=entry.recent_activities,
            upkeep=self._upkeep(entry.upkeep),
            indicators=tuple(self.tiles[one.measure.pk] for one in entry.indicators),
            performance=tuple(self.tiles[one.measure.pk] for one in entry.performance),
            wanted=tuple(measure.name for measure in entry.wanted),
            edit_url=reverse("outcome-edit", args=[slug, outcome.pk]) if self.may_manage else "",
            add_measure_url=f"{reverse('measure-new', args=[slug])}?outcome={outcome.pk}"
            if self.may_manage
            else "",
        )

    def _upkeep(self, upkeep: Upkeep) -> UpkeepShown:
        return UpkeepShown(
            upkeep.score,
            upkeep.sentence,
            self._lines(upkeep.late, late=True),
            self._lines(upkeep.provisional),
            tuple(
                self._line(one)._replace(note=f"Not in it yet: {', '.join(one.latest.missing)}")
                for one in upkeep.lacking
                if one.latest
            ),
        )


class Screen(NamedTuple):
    """What a meeting room sees at a time: an outcome, or a part of one that has many measures."""

    number: int
    title: str
    part: str
    upkeep: str
    tiles: tuple[Tile, ...]
    wanted: tuple[str, ...]
    kind: str


def screens(outcomes: Sequence[OutcomeShown]) -> list[Screen]:
    """Outcome by outcome, never more than six tiles at a time, and never the two kinds of measure side by side."""
    found: list[Screen] = []
    for outcome in outcomes:
        pages = [
            (kind, tiles[start : start + SCREEN])
            for kind, tiles in (
                (f"Population indicators: everyone in {outcome.place}", outcome.indicators),
                ("Programme performance: people who use our programmes", outcome.performance),
            )
            for start in range(0, len(tiles), SCREEN)
        ] or [("", ())]
        for at, (kind, tiles) in enumerate(pages, 1):
            found.append(
                Screen(
                    number=len(found) + 2,
                    title=outcome.title,
                    part=f"{at} of {len(pages)}" if len(pages) > 1 else "",
                    upkeep=outcome.upkeep.sentence if at == 1 else "",
                    tiles=tiles,
                    wanted=outcome.wanted if at == len(pages) else (),
                    kind=kind,
                )
            )
    return found


def showing(chosen: Chosen, found: Dashboard, *, day: date | None, now: datetime) -> str:
    """What is shown of all there is, in a sentence."""
    said = [f"Showing {found.place.name}"]
    if chosen.group:
        said.append(f"{chosen.group.label} instead of everybody")
    if chosen.outcome:
        said.append(f"the outcome “{chosen.outcome.title}” only")
    if chosen.headline:
        said.append("headline measures only")
    if chosen.kind:
        said.append(f"{KINDS[MeasureKind(chosen.kind)]} only")
    if chosen.whose:
        said.append(f"measures that are {OWNERS[Ownership(chosen.whose)]} only")
    if chosen.until:
        said.append(f"figures for periods up to {day_words(chosen.until)}")
    if day and day < timezone.localdate(now):
        said.append(f"as it was known on {day_words(day)}")
    else:
        said.append("as it is known today")
    return f"{', '.join(said)}."
