"""Social prescribing: what link workers' services count each month, as aggregates. No patient records."""

from __future__ import annotations

from outcomes.blueprints.terms import Blueprint, Breakdown, BudgetLine, MeasureLine, Question
from outcomes.models import CalculationRule, Direction, Frequency, Ownership, Quadrant
from partnerships.models import Calendar, MoneyHeading, ProgrammeKind

MUCH, WELL, BETTER = Quadrant.HOW_MUCH, Quadrant.HOW_WELL, Quadrant.BETTER_OFF
MONTH, RATIO, NEUTRAL = Frequency.MONTH, CalculationRule.RATIO_OF_SUMS, Direction.NEUTRAL
FROM = Breakdown(
    "Who referred", ("General practice", "Hospital or community health", "Council", "Voluntary sector", "Themselves", "Other")
)  # fmt: skip
CLOSED = Breakdown(
    "Why it closed",
    ("Goals reached", "Moved on to other support", "Could not be reached", "Did not want to go on", "Moved away or died", "Other"),
)  # fmt: skip
# Key, what is asked about, highest score, which way is good, what to say of the scale.
SCALES = (
    ("ons4_satisfied", "Life satisfaction", 10, Direction.UP, "0 not at all, 10 completely"),
    ("ons4_worthwhile", "Things done are worthwhile", 10, Direction.UP, "0 not at all, 10 completely"),
    ("ons4_happy", "Happiness yesterday", 10, Direction.UP, "0 not at all, 10 completely"),
    ("ons4_anxious", "Anxiety yesterday", 10, Direction.DOWN, "0 not at all, 10 completely: lower is better"),
    ("ucla3_loneliness", "Loneliness (three questions)", 9, Direction.DOWN, "3 to 9: lower is better"),
)


def _count(key: str, name: str, definition: str, unit: str, **more: object) -> MeasureLine:
    return MeasureLine(key, name, definition, unit, MUCH, frequency=MONTH, hide_below=5, **more)  # type: ignore[arg-type]


def _share(key: str, name: str, definition: str, numerator: str, denominator: str) -> MeasureLine:
    return MeasureLine(
        key, name, definition, "%", WELL, RATIO, frequency=MONTH, decimals=1, hide_below=5,
        numerator_name=numerator, denominator_name=denominator,
    )  # fmt: skip


def _scores() -> tuple[MeasureLine, ...]:
    """Two lines a scale: of the same people, at the start and at the end. What they share is the number of pairs."""
    return tuple(
        MeasureLine(
            f"{key}_{when}",
            f"{name}, at the {when}",
            f"Mean score at the {when} of support, of people with a score at the start and at the end ({scale}). "
            "Below 30 pairs are too few to say anything.",
            f"out of {highest}",
            BETTER,
            RATIO,
            direction if when == "end" else NEUTRAL,
            MONTH,
            decimals=1,
            numerator_name=f"Sum of scores at the {when}",
            denominator_name="Pairs of scores",
            ownership=Ownership.SHARED,
        )
        for key, name, highest, direction, scale in SCALES
        for when in ("start", "end")
    )


SOCIAL_PRESCRIBING = Blueprint(
    kind=ProgrammeKind.SOCIAL_PRESCRIBING,
    name="Social prescribing",
    description=(
        "Link workers listen to people and go along with them to what the place already has. The service sends numbers each "
        "month; nobody's record is kept here."
    ),
    calendar=Calendar.MONTH,
    due_after_days=15,
    measures=(
        _count(
            "sp_referrals", "Referrals received",
            "Referrals that arrived in the month. SNOMED CT 871731000000106.",
            "referrals", direction=NEUTRAL, is_headline=True,
            breakdowns=(FROM,),
        ),
        _count("sp_offered", "Referrals offered support", "Referrals to which support was offered.", "referrals", direction=NEUTRAL),
        _count(
            "sp_declined", "Referrals declined",
            "Referrals that the person declined. SNOMED CT 871711000000103.",
            "referrals", direction=NEUTRAL,
        ),
        _count("sp_accepted", "Referrals accepted", "Referrals that the person accepted.", "referrals", direction=NEUTRAL),
        _count("sp_first_contacts", "First contacts", "People who had their first contact with a link worker.", "people"),
        _count("sp_sessions", "Sessions", "Sessions held with people, in person, by telephone or by video.", "sessions"),
        _count("sp_connections", "Connections made", "Connections made to a group, a service or an activity.", "connections"),
        _count(
            "sp_connections_attended", "Connections that people went to",
            "Connections made that the person went to at least once.", "connections",
        ),
        _count(
            "sp_closed", "Support that ended", "People whose support ended in the month.", "people",
            direction=NEUTRAL, breakdowns=(CLOSED,),
        ),
        _share(
            "sp_acceptance", "Referrals that people accepted",
            "Of the referrals to which support was offered, the share that was accepted.",
            "Referrals accepted", "Referrals offered support",
        ),
        _share(
            "sp_prompt", "First contact within ten working days",
            "Of people accepted in the month, the share who spoke with a link worker within ten working days of referral.",
            "People contacted in ten working days", "People accepted",
        ),
        _share(
            "sp_went", "Connections that led somewhere",
            "Of the connections made, the share that the person went to at least once.",
            "Connections that people went to", "Connections made",
        ),
        *_scores(),
    ),
    questions=(
        Question("What do people ask for that the place does not have?", "Gaps: groups, transport, opening hours."),
        Question("What did people say about the support?", "In their words, without names."),
        Question("Which waiting lists or closures got in the way?"),
        Question("What does a year of this work tell commissioners?", "", True),
    ),
    budget=(
        BudgetLine(MoneyHeading.STAFF, "Link workers"),
        BudgetLine(MoneyHeading.DELIVERY, "Groups and activities that people are connected with"),
        BudgetLine(MoneyHeading.EVALUATION, "Evaluation"),
        BudgetLine(MoneyHeading.ADMINISTRATION, "Administration"),
    ),
    notes=(
        "Only counts, sums and pairs summarised are taken in; never a patient's record.",
        "Wellbeing is four questions with no score of them all together. Their published bands are a setting, and not used here.",
        "Other scales may need a licence. Their questions are not in this software.",
    ),
    source=(
        "The four parts of the national information standard for social prescribing (demographics, needs, support offered, "
        "outcomes) and the counts that services publish. Personal wellbeing questions: Office for National Statistics."
    ),
)  # fmt: skip
