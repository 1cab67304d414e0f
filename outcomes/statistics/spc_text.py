"""Every mark on an SPC chart in plain English, and its letter, so that no meaning is left to colour."""

from __future__ import annotations

from dataclasses import dataclass

from .rounding import Wording
from .spc import UPWARD, Assurance, Edge, Kind, Label, SpcResult, Variation
from .terms import Direction

UNLIKELY = "That is unlikely to be chance."


@dataclass(frozen=True, slots=True)
class Mark:
    """An icon: a letter or two for its middle, and words for everyone who cannot tell it by its looks."""

    letter: str
    words: str


VARIATION_MARKS = {
    Variation.COMMON_CAUSE: Mark("C", "Common cause: no significant change"),
    Variation.IMPROVEMENT_HIGH: Mark("H", "Improvement: higher than usual, and high is good"),
    Variation.IMPROVEMENT_LOW: Mark("L", "Improvement: lower than usual, and low is good"),
    Variation.CONCERN_HIGH: Mark("H", "Concern: higher than usual, and low is good"),
    Variation.CONCERN_LOW: Mark("L", "Concern: lower than usual, and high is good"),
    Variation.NEUTRAL_HIGH: Mark("H", "Higher than usual, no judgement made"),
    Variation.NEUTRAL_LOW: Mark("L", "Lower than usual, no judgement made"),
}

ASSURANCE_MARKS = {
    Assurance.PASS: Mark("P", "Will consistently meet the target unless something changes"),
    Assurance.FAIL: Mark("F", "Will consistently miss the target unless something changes"),
    Assurance.HIT_OR_MISS: Mark("?", "May or may not meet the target: hit or miss"),
}


def explain_point(result: SpcResult, index: int, wording: Wording | None = None) -> str:
    """Say why the point at `index` (from 0, negative from the end) carries its mark, and what the mark means."""
    wording = wording or Wording()
    index = range(len(result.values))[index]
    return f"{_why(result, index, wording)} {_meaning(result, index)}".strip()


def explain_variation(result: SpcResult, wording: Wording | None = None) -> str:
    """The variation icon in a sentence: what the latest point says."""
    if result.variation is None:
        return "There is one point since the limits began, which is too few to tell usual from unusual."
    return explain_point(result, -1, wording)


def explain_assurance(result: SpcResult, wording: Wording | None = None) -> str:
    """The assurance icon in a sentence, or why there is none."""
    wording = wording or Wording()
    lines = result.latest_segment
    if result.target is None:
        return "No target is set."
    target = wording.number(result.target)
    if result.direction is Direction.NEUTRAL:
        return f"The target is {target}. No judgement is made for this measure, so none is made against the target."
    if result.assurance is None or lines.lower is None or lines.upper is None:
        return f"The target is {target}. There are too few points to say whether it will be met."
    limits = f"the limits, {wording.number(lines.lower)} to {wording.number(lines.upper)}"
    if result.assurance is Assurance.PASS:
        return f"The target of {target} lies beyond {limits}: it will be met time after time unless something changes."
    if result.assurance is Assurance.FAIL:
        return f"The target of {target} lies beyond {limits}: it will be missed time after time unless something changes."
    return (
        f"The target of {target} lies within {limits}: it will be met in some periods and missed in others."
    )


def explain_limits(
    result: SpcResult,
    wording: Wording | None = None,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
) -> tuple[str, ...]:
    """What must be said beside the chart about its latest lines: trial limits, odd series, limits that cannot be reached.

    `minimum` and `maximum` are the least and the most that the measure can be, such as 0 and 100 for a percentage.
    """
    wording = wording or Wording()
    lines = result.latest_segment
    said: list[str] = []
    if lines.edge is Edge.ONE_POINT:
        return ("There is one point since the limits began, so no limits can be drawn.",)
    if lines.trial:
        said.append(
            f"These are trial limits: {lines.baseline} points stand behind them, and 13 or more are needed for firm limits."
        )
    if lines.edge is Edge.CONSTANT:
        said.append("Every value behind the limits is the same, so the limits lie on the mean.")
    if lines.edge is Edge.NOT_SCREENED:
        said.append(
            "Most values behind the limits do not change at all, so the few changes were kept in when the limits were made."
        )
    if lines.lower is not None and minimum is not None and lines.lower < minimum:
        said.append(
            f"The lower limit lies below {wording.number(minimum)}, which the measure cannot reach: "
            "limits come from how much the figures vary, not from what is possible."
        )
    if lines.upper is not None and maximum is not None and lines.upper > maximum:
        said.append(
            f"The upper limit lies above {wording.number(maximum)}, which the measure cannot reach: "
            "limits come from how much the figures vary, not from what is possible."
        )
    return tuple(said)


def _why(result: SpcResult, i: int, wording: Wording) -> str:
    label, lines, value = result.labels[i], result.segment_of(i), wording.number(result.values[i])
    mean = wording.number(lines.mean)
    match label:
        case Label.ABOVE_LIMIT if lines.upper is not None:
            return f"{value} is above the upper limit of {wording.number(lines.upper)}. {UNLIKELY}"
        case Label.BELOW_LIMIT if lines.lower is not None:
            return f"{value} is below the lower limit of {wording.number(lines.lower)}. {UNLIKELY}"
        case Label.RISING:
            return (
                f"{_trend_length(result, i, 1)} points in a row, each higher than the one before. {UNLIKELY}"
            )
        case Label.FALLING:
            return (
                f"{_trend_length(result, i, -1)} points in a row, each lower than the one before. {UNLIKELY}"
            )
        case Label.TWO_OF_THREE_ABOVE:
            return f"At least 2 of 3 points in a row are close to the upper limit. {UNLIKELY}"
        case Label.TWO_OF_THREE_BELOW:
            return f"At least 2 of 3 points in a row are close to the lower limit. {UNLIKELY}"
        case Label.SHIFT_ABOVE:
            return f"{_side_length(result, i)} points in a row above the mean of {mean}. {UNLIKELY}"
        case Label.SHIFT_BELOW:
            return f"{_side_length(result, i)} points in a row below the mean of {mean}. {UNLIKELY}"
    if lines.edge is Edge.ONE_POINT:
        return "One point is too few to tell usual from unusual."
    if lines.edge is Edge.CONSTANT and result.zones[i] == 0:
        return f"{value}, the same as every value behind the limits."
    return f"{value} is within the limits and part of no pattern: the ups and downs that this measure usually shows."


def _meaning(result: SpcResult, i: int) -> str:
    up = result.labels[i] in UPWARD
    way = "high" if up else "low"
    other = "low" if up else "high"
    match result.kinds[i]:
        case Kind.IMPROVEMENT:
            return f"For this measure {way} is good, so it is an improvement."
        case Kind.CONCERN:
            return f"For this measure {other} is good, so it is a concern."
        case Kind.NEUTRAL_HIGH | Kind.NEUTRAL_LOW:
            return "No judgement is made whether that is good."
    return ""


def _side_length(result: SpcResult, i: int) -> int:
    """How many points in a row around `i`, within its segment, lie on its side of the mean."""
    lines = result.segment_of(i)
    side = result.zones[i] > 0
    first, last = i, i
    while first > lines.start and result.zones[first - 1] and (result.zones[first - 1] > 0) == side:
        first -= 1
    while last + 1 < lines.end and result.zones[last + 1] and (result.zones[last + 1] > 0) == side:
        last += 1
    return last - first + 1


def _trend_length(result: SpcResult, i: int, sign: int) -> int:
    """How many points in a row around `i`, within its segment, each go the way of `sign` from the one before."""
    lines, values = result.segment_of(i), result.values
    first, last = i, i
    while first > lines.start and (values[first] - values[first - 1]) * sign > 0:
        first -= 1
    while last + 1 < lines.end and (values[last + 1] - values[last]) * sign > 0:
        last += 1
    return last - first + 1
