"""How often the busiest pages ask the database: a number each, which does not grow with what there is."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.actions.entries import write_entry
from learning.models import LearningEntry, Verdict
from outcomes.actions.observations import NewObservation, record_observations
from outcomes.actions.setting_up import add_measure, add_outcome
from outcomes.models import Measure, Outcome
from partnerships.actions.activities import NewActivity, log_activities
from partnerships.actions.boards import add_board, take_seat
from partnerships.actions.commitments import make_commitment
from partnerships.actions.programmes import add_programme
from partnerships.models import (
    Activity,
    Board,
    BoardLevel,
    Commitment,
    Organisation,
    Programme,
    ProgrammeKind,
)
from people.actions.memberships import add_member
from people.models import Membership
from people.permissions import Role

pytestmark = pytest.mark.django_db
# Signing in costs four of them, and who may come in two more.
MOST = {
    "": 40,
    "outcomes/": 16,
    "outcomes/shared/": 14,
    "frameworks/": 14,
    "measures/{measure}/": 30,
    "measures/{measure}/compare/": 10,
    "activities/": 24,
    "commitments/": 16,
    "learning/": 14,
    "boards/": 12,
    "programmes/": 12,
    "people/": 16,
    "people/organisations/": 14,
    "reports/": 12,
    "search/?q=walk": 32,
}


def counted(visit, path: str) -> int:
    visit("manager").get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert visit("manager").get(path).status_code == 200
    return len(asked)


def one_of_each_waits(demo) -> None:
    """The first of a kind may cost a question of its own, which the second must not."""
    given = {"partnership": demo.ours.partnership, "by": demo.people["manager"]}
    today = timezone.localdate()
    step = {"next_step": "Walk first", "next_step_on": today}
    activity = NewActivity(title="First walk", happened_on=today, **step)
    (activity,) = log_activities(**given, entries=[activity])
    words = {"title": "First lesson", "expected": "More", "happened": "Less", "verdict": Verdict.MIXED}
    write_entry(**given, **words, activity=activity, owner=given["by"], review_on=today)
    for owner in (given["by"], None):
        make_commitment(**given, what="Walk first", due_on=today, owner=owner)


def double(demo) -> None:
    """As much again of everything that these pages list."""
    partnership, by, today = demo.ours.partnership, demo.people["manager"], timezone.localdate()
    ours = {"partnership": partnership}
    organisations = list(Organisation.objects.filter(roles__partnership=partnership)[:3])
    people = [m.person for m in Membership.objects.filter(**ours).select_related("person")[:3]]
    for number in range(Programme.objects.filter(**ours).count()):
        add_programme(**ours, name=f"Walk programme {number}", kind=ProgrammeKind.HAF, by=by)
    for number in range(Board.objects.filter(**ours).count()):
        board = add_board(**ours, name=f"Walk board {number}", level=BoardLevel.STRATEGIC, by=by)
        for person in people:
            take_seat(board=board, person=person, starts_on=today, by=by)
    programme, board = Programme.objects.filter(**ours).first(), Board.objects.filter(**ours).first()
    log_activities(
        **ours,
        by=by,
        entries=[
            NewActivity(
                title=f"Walk {number}",
                happened_on=today - timedelta(number % 60),
                next_step="Walk again",
                next_step_on=today,
                programme=programme,
                board=board,
                organisations=organisations,
                people=people,
            )
            for number in range(Activity.objects.filter(**ours).count())
        ],
    )
    for number in range(Commitment.objects.filter(**ours).count()):
        owner = people[number % 3] if number % 4 else None
        given = {"owner": owner, "board": board, "programme": programme}
        make_commitment(**ours, by=by, what=f"Walk on {number}", due_on=today, **given)
    for number in range(LearningEntry.objects.filter(**ours).count()):
        activity = Activity.objects.filter(**ours)[number]
        write_entry(
            **ours,
            by=by,
            title=f"Walk lesson {number}",
            expected="More",
            happened="Less",
            verdict=Verdict.MIXED,
            activity=activity,
            owner=by,
            review_on=today,
        )
    place = partnership.covered.get(is_main=True).place
    for number in range(Outcome.objects.filter(**ours).count()):
        outcome = add_outcome(**ours, title=f"Walk outcome {number}", by=by)
        for second in range(4):
            measure = add_measure(
                outcome=outcome,
                name=f"Walk measure {number} {second}",
                unit="%",
                direction="up",
                frequency="year",
                by=by,
            )
            rows = [
                NewObservation(
                    place=place,
                    period_start=today.replace(year=today.year - back, month=1, day=1),
                    period_end=today.replace(year=today.year - back, month=12, day=31),
                    period_label=str(today.year - back),
                    value=Decimal(50 + back),
                )
                for back in range(1, 6)
            ]
            record_observations(measure=measure, by=by, rows=rows)
    for number in range(Membership.objects.filter(**ours).count()):
        add_member(**ours, name=f"Walker {number}", role=Role.OBSERVER, organisation=organisations[0], by=by)


def test_busy_pages_ask_a_bounded_number_of_questions_however_much_there_is(demo, visit):
    paths = {name: f"/p/{demo.slug}/" + name.format(measure=demo.ours.measure.slug) for name in MOST}
    one_of_each_waits(demo)
    before = {name: counted(visit, path) for name, path in paths.items()}
    # Those of a template stand on their programme's page, not on these.
    listed = Measure.objects.filter(partnership=demo.ours.partnership, template_key="")
    measures = listed.count()
    double(demo)
    assert listed.count() >= 2 * measures - 2
    after = {name: counted(visit, path) for name, path in paths.items()}
    assert {name: n for name, n in after.items() if n > MOST[name]} == {}
    assert {name: n for name, n in after.items() if n > before[name]} == {}
