"""Special educational needs and disabilities: what a local SEND board looks at."""

from __future__ import annotations

from typing import Any

from outcomes.blueprints.terms import Blueprint, Breakdown, BudgetLine, MeasureLine, Question
from outcomes.models import CalculationRule, Direction, Frequency, Ownership, Quadrant
from partnerships.models import Calendar, MoneyHeading, ProgrammeKind

MUCH, WELL, BETTER = Quadrant.HOW_MUCH, Quadrant.HOW_WELL, Quadrant.BETTER_OFF
RATIO, UP, DOWN, NEUTRAL = CalculationRule.RATIO_OF_SUMS, Direction.UP, Direction.DOWN, Direction.NEUTRAL
MONTH, TERM, YEAR = Frequency.MONTH, Frequency.PERIOD, Frequency.YEAR
SUPPORT = Breakdown("Support", ("SEN support", "Education, health and care plan"))


def _share(
    key: str,
    name: str,
    definition: str,
    above: str,
    below: str,
    frequency: Frequency,
    direction: Direction,
    **more: Any,
) -> MeasureLine:
    more = {"quadrant": WELL, "ownership": Ownership.SHARED} | more
    return MeasureLine(
        key, name, definition, "%", rule=RATIO, direction=direction, frequency=frequency, decimals=1, hide_below=10,
        numerator_name=above, denominator_name=below, **more,
    )  # fmt: skip


SEND = Blueprint(
    kind=ProgrammeKind.SEND,
    name="Special educational needs and disabilities",
    description=(
        "Assessments on time, plans that are reviewed, children in school, and what parents and carers say. Casework is counted "
        "each month, school life each term, the whole system each year."
    ),
    calendar=Calendar.TERM,
    due_after_days=28,
    measures=(
        MeasureLine(
            "send_requests", "Requests for an assessment",
            "Requests for an assessment of education, health and care needs that arrived in the month.",
            "requests", MUCH, direction=NEUTRAL, frequency=MONTH, hide_below=10,
        ),
        MeasureLine(
            "send_new_plans", "New plans", "Final education, health and care plans issued for the first time in the month.",
            "plans", MUCH, direction=NEUTRAL, frequency=MONTH, hide_below=10,
        ),
        _share(
            "send_six_weeks", "Decisions within six weeks",
            "Of the decisions whether to assess, the share made within six weeks of the request.",
            "Decisions within six weeks", "Decisions", MONTH, UP,
        ),
        _share(
            "send_20_weeks_excluding", "Plans within 20 weeks, excluding exceptions",
            "Of the new plans, the share issued within 20 weeks, without cases in which the law allows longer. In England it was "
            "60.4, 58.0, 59.9, 49.2, 50.3 and 46.4% in the years 2019 to 2024; the collection changed in 2023, so the years "
            "before and after it are not quite alike.",
            "Plans within 20 weeks", "New plans without exceptions", MONTH, UP, is_headline=True,
        ),
        _share(
            "send_20_weeks_including", "Plans within 20 weeks, including exceptions",
            "Of all new plans, the share issued within 20 weeks, whatever the reason.",
            "Plans within 20 weeks", "New plans", MONTH, UP,
        ),
        _share(
            "send_reviews", "Annual reviews on time",
            "Of the annual reviews due in the term, the share finished in time.",
            "Reviews finished in time", "Reviews due", TERM, UP,
        ),
        _share(
            "send_absence", "Absence of pupils with SEND",
            "Sessions missed as a share of possible sessions.",
            "Sessions missed", "Possible sessions", TERM, DOWN, quadrant=BETTER, breakdowns=(SUPPORT,),
        ),
        _share(
            "send_suspensions", "Suspensions of pupils with SEND",
            "Suspensions in the term per 100 pupils with SEND. One pupil may be suspended more than once.",
            "Suspensions", "Pupils with SEND", TERM, DOWN, quadrant=BETTER, breakdowns=(SUPPORT,),
        ),
        MeasureLine(
            "send_exclusions", "Permanent exclusions of pupils with SEND",
            "Pupils with SEND who were excluded for good in the term.",
            "pupils", BETTER, direction=DOWN, frequency=TERM, hide_below=10, ownership=Ownership.SHARED,
            breakdowns=(SUPPORT,),
        ),
        _share(
            "send_plans_share", "Children and young people with a plan",
            "Share of people aged 0 to 24 who have an education, health and care plan.",
            "People with a plan", "People aged 0 to 24", YEAR, NEUTRAL, quadrant=MUCH,
        ),
        _share(
            "send_appeals", "Tribunal appeal rate",
            "Appeals registered with the tribunal as a share of decisions that can be appealed.",
            "Appeals", "Decisions that can be appealed", YEAR, DOWN,
        ),
        _share(
            "send_parent_carers", "Parents and carers who rate the support good",
            "Of the parents and carers who answered the yearly survey, the share who rate the support as good or very good.",
            "Good or very good", "Answers", YEAR, UP, quadrant=BETTER,
        ),
    ),
    questions=(
        Question("What do parents and carers say this term?", "In their words, without names."),
        Question("What do children and young people say?", "In their words, without names."),
        Question("Where do children wait, and for what?"),
        Question("What changed because parents, carers and young people asked for it?", "", True),
    ),
    budget=(
        BudgetLine(MoneyHeading.STAFF, "Casework and advice"),
        BudgetLine(MoneyHeading.DELIVERY, "Support and short breaks"),
        BudgetLine(MoneyHeading.TRANSPORT, "Travel"),
        BudgetLine(MoneyHeading.EVALUATION, "Parent-carer survey"),
        BudgetLine(MoneyHeading.ADMINISTRATION, "Administration"),
    ),
    notes=(
        "Set a baseline, a target and milestones for each measure on its own page. England’s figures come by import.",
        "Counts below 10 are hidden, as is usual for tables about SEND.",
        "Returns ask each term for what is counted each term. Monthly and yearly figures come by import, or from your casework system.",
    ),
    source=(
        "Statutory limits: 6 weeks to decide whether to assess, 20 weeks to the final plan. England: Department for Education, "
        "Education, health and care plans. The other lines are those that local SEND boards publish."
    ),
)  # fmt: skip
