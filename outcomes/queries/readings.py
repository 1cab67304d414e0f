"""What a measure's numbers say: its latest figure, its target, its comparators, and how it is judged."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from outcomes.models import CalculationRule, Frequency, Measure
from outcomes.queries.evidence import Confidence, confidence_for
from outcomes.queries.figures import KEPT, Figures, OwnManner, manner_of, points_of
from outcomes.queries.rebases import RebaseRead, rebases_for
from outcomes.queries.series import Figure, Series, series_for
from outcomes.queries.targets import PathPoint, TargetPath, target_paths
from outcomes.statistics.judgement import Judgement, judge
from outcomes.statistics.rounding import month_and_year, wording_for
from outcomes.statistics.terms import Frequency as HowOften
from outcomes.statistics.units import is_share_or_rate
from partnerships.models import AuthorityDeprivation, Partnership, Place, PlaceKind, ProgrammePeriod

SIMILAR_PLACES = 8
_COUNTS = {CalculationRule.SUM, CalculationRule.NOT_ADDABLE}
_RELATIVE = {CalculationRule.WEIGHTED_MEAN, CalculationRule.RATIO_OF_SUMS}
STEP_MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Goal:
    """A target and how far the latest figure is from it. `met` is None where there is no figure or no good direction."""

    value: float
    text: str
    due_on: date
    met: bool | None
    sentence: str
    milestone: PathPoint | None = None

    @property
    def milestone_sentence(self) -> str:
        """What should be reached before it; empty where no milestone is to come."""
        if self.milestone is None:
            return ""
        return f"The next milestone is {self.milestone.text} by {self.milestone.due_on:%B %Y}."


@dataclass(frozen=True, slots=True)
class Freshness:
    """Whether the newest figure is as new as it should be by now."""

    is_late: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One measure in one place: everything that a tile, a page, a report or the API says about it."""

    measure: Measure
    place: Place
    series: Series
    latest: Figure | None
    judgement: Judgement
    goal: Goal | None
    freshness: Freshness
    england: Figure | None
    confidence: Confidence
    rebases: tuple[RebaseRead, ...] = ()
    # What it was worked out of, so that it can be worked out anew of other figures: see `with_series`.
    path: TargetPath | None = None
    beside: Series | None = None
    until: date | None = None

    @property
    def is_relative(self) -> bool:
        """Whether the figure may be held against a larger place's: shares, rates and means may, a count follows the place's size.

        Where neither rule nor unit says it, a figure that is not whole is no count.
        """
        rule = self.measure.rule_across_places or self.measure.rule
        if rule in _RELATIVE or is_share_or_rate(self.measure.unit):
            return True
        if rule in _COUNTS:
            return False
        figures = (self.latest, self.england)
        return any(one.denominator or one.value % 1 for one in figures if one and one.value is not None)


def main_place(partnership: Partnership) -> Place | None:
    """The place whose figures the partnership looks at first."""
    return Place.objects.filter(
        partnerships=partnership, pk__in=partnership.covered.filter(is_main=True).values("place")
    ).first()


def england() -> Place | None:
    return Place.objects.filter(kind=PlaceKind.NATION, code="E92000001").first()


def readings_for(
    measures: Collection[Measure],
    place: Place,
    *,
    as_of: datetime,
    nation: Place | None = None,
    until: date | None = None,
) -> dict[int, Reading]:
    """A `Reading` for each measure, by measure id: four queries, however many measures, and one more
    where some of them keep to their programme's periods. `until` leaves out the figures of later periods."""
    places = {place.pk} | ({nation.pk} if nation else set())
    found = series_for(measures, places, as_of=as_of)
    paths = target_paths(measures, place, as_of)
    rebases = rebases_for(measures, [place.pk], as_of=as_of)
    trusted = confidence_for(measures, as_of=as_of)
    periods = _periods(measures)
    return {
        measure.pk: _reading(
            measure,
            place,
            found,
            paths[measure.pk],
            nation,
            as_of,
            periods.get(measure.programme_id, ()),
            rebases.get((measure.pk, place.pk), ()),
            trusted[measure.pk],
            until,
        )
        for measure in measures
    }


def _reading(
    measure: Measure,
    place: Place,
    found: Mapping[tuple[int, int], Series],
    path: TargetPath,
    nation: Place | None,
    as_of: datetime,
    periods: Sequence[tuple[date, date]],
    rebases: tuple[RebaseRead, ...],
    confidence: Confidence,
    until: date | None,
) -> Reading:
    series = found.get((measure.pk, place.pk)) or Series(measure.pk, place.pk, (), as_of)
    return _of(
        measure,
        place,
        series,
        freshness(measure, series, as_of.date(), periods),
        confidence,
        path,
        rebases,
        found.get((measure.pk, nation.pk)) if nation and nation.pk != place.pk else None,
        until,
    )


def _of(
    measure: Measure,
    place: Place,
    series: Series,
    fresh: Freshness,
    confidence: Confidence,
    path: TargetPath | None,
    rebases: tuple[RebaseRead, ...],
    beside: Series | None,
    until: date | None,
) -> Reading:
    shown = series.until(until) if until else series
    latest, today = shown.latest, series.as_of.date()
    target = path.goal(today) if path else None
    milestone = path.next_milestone(today) if path else None
    return Reading(
        measure=measure,
        place=place,
        series=shown,
        latest=latest,
        judgement=judged(
            shown.figures,
            manner_of(measure),
            how_often(measure),
            measure.direction,
            target.value if target else None,
            tuple(rebase.period_end for rebase in rebases),
            measure.is_running_total,
        ),
        goal=_goal(measure, target, latest, milestone) if target else None,
        freshness=fresh,
        england=_same_period(beside, latest) if beside and latest else None,
        confidence=confidence,
        rebases=rebases,
        path=path,
        beside=beside,
        until=until,
    )


def _same_period(series: Series, figure: Figure) -> Figure | None:
    """The series' figure of the very period, not of one that only ends with it: a year's is no month's."""
    found = series.at(figure.period_end)
    return found if found and found.period_start == figure.period_start else None


def with_series(reading: Reading, series: Series, *, of_group: bool = False) -> Reading:
    """The reading worked out anew of other figures, so that nothing in it tells of those that it had.

    Targets, rebases and England are of the total, so the reading of a group has none of them.
    """
    one = replace(reading, path=None, rebases=(), beside=None) if of_group else reading
    return _of(
        one.measure, one.place, series, one.freshness, one.confidence, one.path, one.rebases, one.beside, one.until
    )  # fmt: skip


@lru_cache(maxsize=KEPT)
def judged(
    figures: Sequence[Figure],
    manner: OwnManner,
    frequency: HowOften,
    direction: str,
    target: float | None,
    rebases: tuple[date, ...],
    is_running_total: bool = False,
) -> Judgement:
    """The judgement of a series. It follows from what it is given and from nothing else, so the same again is not worked out again."""

    def period(when: date) -> str:
        if isinstance(figures, Figures):
            return figures[figures.ends[when]].period_label if when in figures.ends else month_and_year(when)
        return next((f.period_label for f in figures if f.period_end == when), month_and_year(when))

    wording = wording_for(manner.decimals, manner.unit, period)
    points = points_of(figures)
    return judge(
        points, frequency, direction, target, rebases, wording=wording, is_running_total=is_running_total
    )


def _goal(measure: Measure, target: PathPoint, latest: Figure | None, milestone: PathPoint | None) -> Goal:
    value, text, when = target.value, target.text, f"{target.due_on:%B %Y}"
    if latest is None or latest.value is None or measure.direction == "neutral":
        met, sentence = None, f"The target is {text} by {when}."
    elif latest.value >= value if measure.direction == "up" else latest.value <= value:
        met, sentence = True, f"The target of {text} by {when} is met."
    else:
        gap = wording_for(measure.decimals, measure.unit).change(latest.value - value)
        met, sentence = False, f"The target is {text} by {when}: {gap} to go."
    return Goal(value, text, target.due_on, met, sentence, milestone)


def how_often(measure: Measure) -> HowOften:
    """How often it is counted, as the statistics say it: one that keeps to its programme's calendar is as that calendar is."""
    if measure.frequency != Frequency.PERIOD:
        return HowOften(measure.frequency)
    calendar = measure.programme.calendar if measure.programme_id else ""
    return HowOften(calendar) if calendar else HowOften.IRREGULAR


def _periods(measures: Collection[Measure]) -> dict[int | None, list[tuple[date, date]]]:
    """When their programmes' periods end and when their figures are due, for measures that keep to them.

    No query where none does.
    """
    keepers = {measure.programme_id for measure in measures if measure.frequency == Frequency.PERIOD}
    found: dict[int | None, list[tuple[date, date]]] = {}
    if keepers:
        rows = ProgrammePeriod.objects.filter(programme__in=keepers).order_by("ends_on")
        for programme, *days in rows.values_list("programme", "ends_on", "returns_due_on"):
            found.setdefault(programme, []).append(tuple(days))
    return found


def freshness(
    measure: Measure, series: Series, today: date, periods: Sequence[tuple[date, date]] = ()
) -> Freshness:
    """Late when the period after the newest figure ended more than the measure's `due_after_days` ago.

    A measure that keeps to its programme's periods is late when the next one's figures are due: `periods` are their last and
    their due days, oldest first.
    """
    latest = series.latest
    if measure.is_in_development and latest is None:
        return Freshness(False, "We want this and do not have it yet.")
    if measure.frequency == Frequency.PERIOD:
        since = latest.period_end if latest else date.min
        due = next((due_on for ends_on, due_on in periods if ends_on > since), None)
        if due is None:
            return Freshness(False, "No further period is set up in its programme.")
    elif latest is None:
        return Freshness(True, "No figure has been entered yet.")
    else:
        next_end = add_months(latest.period_end, STEP_MONTHS[Frequency(measure.frequency)])
        due = next_end + timedelta(days=measure.due_after_days)
    if due < today:
        return Freshness(True, f"The next figure was due by {due.day} {due:%B %Y}.")
    return Freshness(False, f"The next figure is due by {due.day} {due:%B %Y}.")


def add_months(day: date, months: int) -> date:
    """The same day of a later month; the end of a month stays the end of a month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    is_month_end = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_month_end else min(day.day, last))


@dataclass(frozen=True, slots=True)
class PlaceFigure:
    """One place's figure for a period, for a list of places side by side."""

    place: Place
    figure: Figure
    is_main: bool


def similar_places(place: Place, *, count: int = SIMILAR_PLACES) -> list[Place]:
    """The real local authorities whose published average deprivation score lies nearest to this place's, nearest first."""
    from outcomes.statistics.similar import nearest

    scores: dict[str, float] = {}
    places: dict[str, Place] = {}
    newest = (
        AuthorityDeprivation.objects.order_by("place_id", "-year")
        .distinct("place_id")
        .select_related("place")
    )
    for row in newest:
        if row.place.is_fictional and row.place_id != place.pk:
            continue
        key = str(row.place_id)
        scores[key], places[key] = float(row.average_score), row.place
    if str(place.pk) not in scores:
        return []
    return [places[near.code] for near in nearest(scores, str(place.pk), count)]
