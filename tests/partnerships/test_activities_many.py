from datetime import date, timedelta

import pytest
from django.utils import timezone

from outcomes.actions.setting_up import add_outcome, log_activities_for_outcomes, log_activity_for_outcomes
from outcomes.models import ActivityOutcome
from partnerships.actions.activities import NewActivity, log_activities
from partnerships.actions.programmes import add_programme
from partnerships.errors import DomainError
from partnerships.models import Activity, ActivityKind, ProgrammeKind, Visibility

DAY = date(2025, 3, 4)


def told(activity):
    names = (
        "partnership_id", "created_by_id", "title", "happened_on", "kind", "minutes", "what_happened", "next_step",
        "next_step_on", "next_step_done_on", "programme_id", "board_id", "place_id", "visibility", "is_complete", "version",
        "created_at", "updated_at",
    )  # fmt: skip
    activity.refresh_from_db()
    return [
        *(getattr(activity, name) for name in names),
        sorted(activity.organisations.values_list("name", flat=True)),
        sorted(activity.people.values_list("name", flat=True)),
        sorted(activity.outcome_links.values_list("outcome__title", flat=True)),
    ]


def test_many_at_once_leave_what_one_by_one_leaves(world):
    outcome = add_outcome(partnership=world.partnership, title="More people are active")
    written = timezone.now() - timedelta(30)
    entries = [
        {"title": "  Walk ", "happened_on": DAY, "created_at": written},
        {
            "title": "Board",
            "happened_on": DAY,
            "kind": ActivityKind.EVENT,
            "minutes": 90,
            "what_happened": "Talked.",
            "next_step": "Write it up",
            "next_step_on": DAY + timedelta(7),
            "programme": world.programme,
            "board": world.board,
            "place": world.place,
            "organisations": [world.organisation, world.organisation],
            "people": [world.officer, world.chair, world.officer],
            "visibility": Visibility.AUTHORS,
            "is_complete": False,
            "created_at": written,
        },
    ]
    helped = [[], [outcome, outcome]]
    one_by_one = [
        log_activity_for_outcomes(
            partnership=world.partnership, by=world.officer, outcomes=list(dict.fromkeys(outcomes)), **entry
        )
        for entry, outcomes in zip(entries, helped, strict=True)
    ]
    at_once = log_activities_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        entries=[(NewActivity(**entry), outcomes) for entry, outcomes in zip(entries, helped, strict=True)],
    )
    assert [told(activity) for activity in at_once] == [told(activity) for activity in one_by_one]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"happened_on": timezone.localdate() + timedelta(1)}, "happened_on"),
        ({"happened_on": date(2019, 12, 31)}, "happened_on"),
        ({"minutes": 0}, "minutes"),
        ({"next_step_on": DAY}, "next_step"),
        ({"next_step_done_on": DAY}, "next_step"),
        ({"place": "elsewhere"}, "place"),
        ({"programme": "theirs"}, "programme"),
    ],
)
def test_one_that_is_refused_stops_all(world, wrong, field):
    if wrong.get("place"):
        wrong = {"place": world.elsewhere}
    if wrong.get("programme"):
        wrong = {"programme": add_programme(partnership=world.other, name="Theirs", kind=ProgrammeKind.OTHER)}
    good = {"title": "Walk", "happened_on": DAY}
    with pytest.raises(DomainError) as refused:
        log_activities(
            partnership=world.partnership,
            by=world.officer,
            entries=[NewActivity(**good), NewActivity(**good | wrong)],
        )
    assert refused.value.field == field
    assert not Activity.objects.exists()


def test_an_outcome_of_another_partnership_stops_all(world):
    outcome = add_outcome(partnership=world.other, title="Theirs")
    with pytest.raises(DomainError):
        log_activities_for_outcomes(
            partnership=world.partnership,
            by=world.officer,
            entries=[(NewActivity(title="Walk", happened_on=DAY), [outcome])],
        )
    assert not Activity.objects.exists()
    assert not ActivityOutcome.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_entries(world, django_assert_max_num_queries):
    entries = [
        NewActivity(
            title=f"Walk {n}",
            happened_on=DAY,
            organisations=[world.organisation],
            people=[world.chair],
            place=world.place,
        )
        for n in range(60)
    ]
    with django_assert_max_num_queries(9):
        log_activities(partnership=world.partnership, by=world.officer, entries=entries)
    assert Activity.objects.filter(organisations=world.organisation, people=world.chair).count() == 60
