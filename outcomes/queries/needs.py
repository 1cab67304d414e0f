"""What needs somebody's decision: proposals before a board, changes for the worse without a word, targets that passed unmet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from config.words import day_words
from outcomes.queries.decisions_wanted import DecisionWanted
from outcomes.queries.readings import Reading
from outcomes.statistics.terms import Progress


class NeedKind(StrEnum):
    PROPOSAL = "proposal"
    NO_COMMENT = "no_comment"
    TARGET_PASSED = "target_passed"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to decide, in a line. `commentary_id` is the proposal's."""

    kind: NeedKind
    measure_slug: str
    measure_name: str
    sentence: str
    commentary_id: int | None = None


def needs_of(
    readings: Sequence[Reading],
    wanted: Sequence[DecisionWanted],
    commented: Mapping[int, date | None],
    *,
    today: date,
) -> tuple[Need, ...]:
    """Proposals first, longest waiting first. `commented` says when a measure was last written about, by its id.

    A measure that gets worse waits for a word where none was written since its newest figure's period ended, unless a proposal
    about it waits already. A target is unmet when a figure of its day says so, not while that figure is still to come.
    """
    proposed = {one.measure_id for one in wanted}
    found = [
        Need(NeedKind.PROPOSAL, one.measure_slug, one.measure_name, _waits(one), one.commentary_id)
        for one in wanted
    ]
    for one in readings:
        measure, latest, goal = one.measure, one.latest, one.goal
        if latest is None:
            continue
        last = commented.get(measure.pk)
        if (
            one.judgement.progress is Progress.WORSE
            and measure.pk not in proposed
            and (last is None or last <= latest.period_end)
        ):
            said = f"since {day_words(latest.period_end)}" if last else "yet"
            found.append(
                Need(
                    NeedKind.NO_COMMENT,
                    measure.slug,
                    measure.name,
                    f"Getting worse; nobody has written about it {said}",
                )
            )
        is_told = goal is not None and latest.period_end >= goal.due_on
        if goal and is_told and goal.due_on < today and goal.met is False:
            sentence = f"Not at the target of {goal.text} that was for {day_words(goal.due_on)}"
            found.append(Need(NeedKind.TARGET_PASSED, measure.slug, measure.name, sentence))
    return tuple(found)


def _waits(one: DecisionWanted) -> str:
    days = (
        "since today"
        if not one.days_waiting
        else f"{one.days_waiting} day{'' if one.days_waiting == 1 else 's'}"
    )
    return f"A proposal waits for {one.board_name}: {days}"
