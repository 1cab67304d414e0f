"""Holiday Activities and Food (England): what councils and their providers count in each holiday."""

from __future__ import annotations

from outcomes.blueprints.terms import Blueprint, Breakdown, BudgetLine, MeasureLine, Question
from outcomes.models import CalculationRule, Direction, Quadrant
from partnerships.models import Calendar, MoneyHeading, MoneyKind, ProgrammeKind

MUCH, WELL, BETTER = Quadrant.HOW_MUCH, Quadrant.HOW_WELL, Quadrant.BETTER_OFF
UNIQUE, RATIO = CalculationRule.NOT_ADDABLE, CalculationRule.RATIO_OF_SUMS
SCHOOL = Breakdown("School phase", ("Primary (Reception to Year 6)", "Secondary (Year 7 to Year 11)"))
NEEDS = Breakdown("SEND or additional needs", ("With SEND or additional needs", "Without, or not said"))
MEALS = Breakdown(
    "Free school meals", ("On benefits-related free school meals", "Other children, or not said")
)

HAF = Blueprint(
    kind=ProgrammeKind.HAF,
    name="Holiday Activities and Food",
    description=(
        "Free places with a meal in the Easter, summer and Christmas holidays, for children from Reception to Year 11 on "
        "benefits-related free school meals. Providers send figures after each holiday."
    ),
    calendar=Calendar.HOLIDAY,
    due_after_days=21,
    measures=(
        MeasureLine(
            "haf_children",
            "Children who attended",
            "Different children who came on at least one day of the holiday. Bookings that nobody came to are not counted. "
            "A child who came to two clubs is one child, so clubs and holidays do not add up.",
            "children",
            MUCH,
            UNIQUE,
            hide_below=5,
            is_headline=True,
            breakdowns=(SCHOOL, NEEDS, MEALS),
        ),
        MeasureLine(
            "haf_funded",
            "Children whose place was funded by HAF",
            "Different children, of those who attended, whose place HAF paid for.",
            "children",
            MUCH,
            UNIQUE,
            hide_below=5,
        ),
        MeasureLine(
            "haf_families",
            "Families reached",
            "Different families with a child who attended.",
            "families",
            MUCH,
            UNIQUE,
            hide_below=5,
        ),
        MeasureLine(
            "haf_providers",
            "Clubs that ran",
            "Clubs or providers that ran at least one session in the holiday.",
            "clubs",
            MUCH,
        ),
        MeasureLine(
            "haf_locations",
            "Locations",
            "Different venues in which sessions were held.",
            "locations",
            MUCH,
        ),
        MeasureLine(
            "haf_places_offered",
            "Places offered",
            "Places for one child on one day, all sessions together.",
            "places",
            MUCH,
        ),
        MeasureLine(
            "haf_places_attended",
            "Places used",
            "Places for one child on one day to which a child came.",
            "places",
            MUCH,
        ),
        MeasureLine("haf_meals", "Meals eaten", "Meals served to children who attended.", "meals", MUCH),
        MeasureLine(
            "haf_take_up",
            "Places that were used",
            "Of the places offered, the share to which a child came.",
            "%",
            WELL,
            RATIO,
            decimals=1,
            numerator_name="Places used",
            denominator_name="Places offered",
        ),
        MeasureLine(
            "haf_days",
            "Days offered to each child",
            "On how many days of the holiday a child could come. At least 4 are asked for at Easter and at Christmas, at least "
            "16 over 4 weeks in summer.",
            "days",
            WELL,
            CalculationRule.MAXIMUM,
        ),
        MeasureLine(
            "haf_weeks",
            "Weeks in which sessions were held",
            "Weeks of the holiday with at least one session.",
            "weeks",
            WELL,
            CalculationRule.MAXIMUM,
        ),
        MeasureLine(
            "haf_hours",
            "Hours of a day",
            "Hours that a child could stay on a day, on average: all hours offered over all days. At least 4 are asked for.",
            "hours",
            WELL,
            RATIO,
            decimals=1,
            numerator_name="Hours offered",
            denominator_name="Days offered",
        ),
        MeasureLine(
            "haf_other_children",
            "Funding for other children",
            "Share of the funding used for children who are not on benefits-related free school meals. Up to 15% may be.",
            "%",
            WELL,
            RATIO,
            Direction.NEUTRAL,
            decimals=1,
            numerator_name="Pounds for other children",
            denominator_name="Pounds in all",
        ),
        MeasureLine(
            "haf_administration",
            "Money spent on administration",
            "Share of the money spent in the holiday that went on administration.",
            "%",
            WELL,
            RATIO,
            Direction.DOWN,
            decimals=1,
            numerator_name="Pounds on administration",
            denominator_name="Pounds in all",
        ),
        MeasureLine(
            "haf_better_off",
            "Children who say they made a friend or learned something new",
            "Of the children who were asked at the end of the holiday, the share who said yes.",
            "%",
            BETTER,
            RATIO,
            numerator_name="Children who said yes",
            denominator_name="Children who answered",
            hide_below=5,
        ),
        MeasureLine(
            "haf_easier",
            "Parents who say that the holiday was easier",
            "Of the parents who answered at the end of the holiday, the share who said that it was easier because of the club.",
            "%",
            BETTER,
            RATIO,
            numerator_name="Parents who said easier",
            denominator_name="Parents who answered",
            hide_below=5,
        ),
    ),
    questions=(
        Question("What did children say?", "In their words, without names."),
        Question("What did parents and carers say?", "In their words, without names."),
        Question(
            "Who could not come, and why?", "Such as transport, opening hours, or needs that were not met."
        ),
        Question(
            "One case study",
            "A child or family for whom it made a difference. Leave out what could identify them.",
            True,
        ),
        Question("Who sat on the steering group, and what did it decide?", "Name the organisations.", True),
        Question(
            "How was the food, and how do you know?", "Standards kept, who cooked, what was left over.", True
        ),
        Question("What was done for children with SEND or additional needs?", "", True),
        Question(
            "Which other money and gifts in kind came in?", "Match funding, venues, food, volunteers.", True
        ),
        Question("What will be different next year?", "", True),
    ),
    budget=(
        BudgetLine(MoneyHeading.DELIVERY, "Places for children"),
        BudgetLine(MoneyHeading.FOOD, "Meals and food education"),
        BudgetLine(MoneyHeading.TRANSPORT, "Getting children there and back"),
        BudgetLine(MoneyHeading.EQUIPMENT, "Equipment and venues"),
        BudgetLine(MoneyHeading.STAFF, "Co-ordination and support for children with SEND"),
        BudgetLine(MoneyHeading.ADMINISTRATION, "Administration"),
        BudgetLine(MoneyHeading.DELIVERY, "Match funding", MoneyKind.MATCH),
    ),
    notes=(
        "The number of different children in a year is not the sum of its holidays. Count it from the register.",
        "Age by year, race and religion are not required, so they are not asked for.",
        "The annual report is due by the end of June.",
    ),
    source=(
        "What the Department for Education asks of councils for the holiday activities and food programme, and the tables that "
        "councils publish. Days, hours and the 15% for other children are in the programme's guidance; the share of "
        "administration that is looked at is a setting, since grant terms change from year to year."
    ),
)
