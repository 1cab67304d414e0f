"""Baselines, milestones and targets: which way they make, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes.actions.setting_up import add_measure, add_outcome
from outcomes.actions.targets import add_target, edit_target, remove_target, set_target
from outcomes.models import Target
from outcomes.queries.readings import readings_for
from outcomes.queries.targets import target_path
from partnerships.errors import DomainError, EditConflict

THIS_YEAR = timezone.localdate().year


@pytest.fixture
def here(world):
    world.outcome = add_outcome(partnership=world.partnership, title="Everyone moves more", by=world.manager)
    world.measure = add_measure(
        outcome=world.outcome, name="Active adults", unit="%", direction="up", frequency="year"
    )

    def put(kind, year, value, **more):
        return add_target(
            measure=world.measure,
            place=world.place,
            kind=kind,
            due_on=date(year, 3, 31),
            value=Decimal(value),
            by=world.manager,
            **more,
        )

    world.put = put
    return world


def path(here, as_of=None):
    return target_path(here.measure, here.place, as_of or timezone.now())


def test_a_path_goes_from_the_baseline_by_milestones_to_the_target(here):
    here.put("target", THIS_YEAR + 4, 70, note="The  board's \n aim")
    here.put("baseline", THIS_YEAR - 2, 60)
    here.put("milestone", THIS_YEAR + 2, 66)
    found = path(here)
    assert [(p.label, p.text, p.note) for p in found.points] == [
        ("Baseline", "60.0%", ""),
        ("Milestone", "66.0%", ""),
        ("Target", "70.0%", "The board's aim"),
    ]
    assert found.expected(date(THIS_YEAR + 2, 3, 31)) == 66
    assert found.expected(date(THIS_YEAR + 3, 3, 31)) == pytest.approx(68, abs=0.01)
    assert found.expected(date(THIS_YEAR - 3, 3, 31)) is None
    assert found.expected(date(THIS_YEAR + 5, 3, 31)) is None


def test_the_goal_is_a_target_and_never_a_baseline_or_a_milestone(here):
    here.put("baseline", THIS_YEAR - 2, 60)
    assert readings_for([here.measure], here.place, as_of=timezone.now())[here.measure.pk].goal is None
    here.put("milestone", THIS_YEAR + 2, 66)
    here.put("target", THIS_YEAR + 4, 70)
    here.put("milestone", THIS_YEAR + 3, 68)
    goal = readings_for([here.measure], here.place, as_of=timezone.now())[here.measure.pk].goal
    assert goal.text == "70.0%"
    assert goal.milestone_sentence == f"The next milestone is 66.0% by March {THIS_YEAR + 2}."


def test_a_milestone_behind_the_next_target_is_not_next(here):
    here.put("target", THIS_YEAR + 1, 62)
    here.put("target", THIS_YEAR + 4, 70)
    here.put("milestone", THIS_YEAR + 2, 66)
    today = timezone.localdate()
    assert path(here).goal(today).value == 62
    assert path(here).next_milestone(today) is None
    assert path(here).next_milestone(date(THIS_YEAR + 1, 6, 1)).value == 66
    assert path(here).goal(date(THIS_YEAR + 9, 1, 1)).value == 70


def refused(here, kind, year, match, field="due_on"):
    with pytest.raises(DomainError, match=match) as told:
        here.put(kind, year, 65)
    assert told.value.field == field


def test_what_makes_no_way_is_refused(here):
    here.put("baseline", THIS_YEAR - 3, 60)
    here.put("milestone", THIS_YEAR + 1, 66)
    here.put("target", THIS_YEAR + 4, 70)
    refused(here, "target", THIS_YEAR - 4, "A baseline comes first")
    refused(here, "milestone", THIS_YEAR + 5, "after the last target")
    refused(here, "milestone", THIS_YEAR + 4, "There is already a target for 31 March")
    refused(here, "baseline", THIS_YEAR - 5, "There is already a baseline", field="kind")
    assert Target.objects.count() == 3


def test_a_baseline_is_not_to_come_and_not_behind_a_target(here):
    refused(here, "baseline", THIS_YEAR + 1, "in the future")
    here.put("target", THIS_YEAR - 3, 70)
    refused(here, "baseline", THIS_YEAR - 2, "A baseline comes first")


def test_each_place_has_a_way_of_its_own(here):
    here.put("baseline", THIS_YEAR - 2, 60)
    set_target(measure=here.measure, place=here.elsewhere, due_on=date(THIS_YEAR - 3, 1, 1), value=Decimal(1))
    assert len(path(here).points) == 1
    ours = Target.objects.get(kind="baseline")
    with pytest.raises(DomainError, match="A baseline comes first"):
        edit_target(target=ours, expected_version=1, by=here.manager, place=here.elsewhere)


def test_a_change_is_checked_too(here):
    here.put("baseline", THIS_YEAR - 2, 60)
    goal = here.put("target", THIS_YEAR + 4, 70)
    with pytest.raises(DomainError, match="A baseline comes first"):
        edit_target(target=goal, expected_version=1, by=here.manager, due_on=date(THIS_YEAR - 3, 3, 31))
    edit_target(target=goal, expected_version=1, by=here.manager, value=Decimal(71), note="Agreed")
    with pytest.raises(EditConflict):
        edit_target(target=goal, expected_version=1, by=here.manager, value=Decimal(72))
    assert Target.objects.get(pk=goal.pk).value == 71


def test_what_is_removed_is_kept_in_the_history_and_milestones_do_not_lose_their_end(here):
    first = here.put("target", THIS_YEAR + 1, 62)
    last = here.put("target", THIS_YEAR + 4, 70)
    here.put("milestone", THIS_YEAR + 2, 66)
    with pytest.raises(DomainError, match="Milestones lie on the way"):
        remove_target(target=last, expected_version=1, by=here.manager)
    with pytest.raises(EditConflict):
        remove_target(target=first, expected_version=2, by=here.manager)
    remove_target(target=first, expected_version=1, by=here.manager)
    remove_target(target=first, expected_version=1, by=here.manager)
    kept = Target.pgh_event_model.objects.filter(pgh_obj_id=first.pk).order_by("pgh_id")
    assert [event.pgh_label for event in kept] == ["insert", "delete"]


def test_an_earlier_day_sees_the_target_of_that_day(here):
    long_ago = timezone.now() - timedelta(days=300)
    goal = here.put("target", THIS_YEAR + 4, 70, created_at=long_ago)
    edit_target(target=goal, expected_version=1, by=here.manager, value=Decimal(75))
    assert [p.value for p in path(here).points] == [75]
    then = timezone.now() - timedelta(days=100)
    assert [p.value for p in path(here, then).points] == [70]
    assert path(here, then).points[0].pk == goal.pk
    assert not path(here, long_ago - timedelta(days=1)).points
    remove_target(target=goal, expected_version=2, by=here.manager)
    assert not path(here).points
    assert [p.value for p in path(here, then).points] == [70]


def test_an_earlier_day_sees_a_moved_target_in_the_place_that_it_had(here):
    goal = here.put("target", THIS_YEAR + 4, 70, created_at=timezone.now() - timedelta(days=300))
    now = timezone.now()
    for place, days in ((here.elsewhere, 150), (here.place, 100)):
        event = Target.pgh_event_model.objects.get(pgh_obj_id=goal.pk, pgh_label="insert")
        event.pk, event.pgh_label, event.place = None, "update", place
        with patch("django.utils.timezone.now", return_value=now - timedelta(days=days)):
            event.save(force_insert=True)

    def stood(place, days):
        return len(target_path(here.measure, place, now - timedelta(days=days)).points)

    assert [(stood(here.place, days), stood(here.elsewhere, days)) for days in (250, 120, 50)] == [
        (1, 0),
        (0, 1),
        (1, 0),
    ]


# --- Pages -----------------------------------------------------------------------------------------------------------
def url(here, name, *args):
    return reverse(name, args=[here.partnership.slug, here.measure.slug, *args])


def sent(here, year, **more):
    day = {"due_on_day": "31", "due_on_month": "3", "due_on_year": str(year)}
    return {"kind": "target", "place": here.place.pk, "value": "65.5", "note": ""} | day | more


def test_only_a_manager_changes_targets_and_everybody_reads_them(here, as_):
    goal = here.put("target", THIS_YEAR + 2, 70)
    pages = [url(here, "target-new"), *(url(here, f"target-{way}", goal.pk) for way in ("edit", "remove"))]
    for role in ("officer", "partner", "observer"):
        assert as_(role).get(url(here, "target-list")).status_code == 200
        for path in pages:
            assert as_(role).get(path).status_code == 403
            assert as_(role).post(path, sent(here, 2030)).status_code == 403
    for path in [url(here, "target-list"), *pages]:
        assert as_(here.stranger).get(path).status_code == 404
        assert as_("manager").get(path).status_code == 200
    other = add_measure(outcome=here.outcome, name="Other", unit="%", direction="up", frequency="year")
    path = reverse("target-edit", args=[here.partnership.slug, other.slug, goal.pk])
    assert as_("manager").get(path).status_code == 404


def test_a_target_is_added_changed_and_removed(here, as_):
    client, year = as_("manager"), THIS_YEAR + 2
    assert client.get(url(here, "target-new")).context["form"]["place"].value() == here.place.pk
    answer = client.post(url(here, "target-new"), sent(here, year), follow=True)
    assert f"The target for Testborough is 65.5% by 31 March {year}." in answer.content.decode()
    goal = Target.objects.get()
    assert (goal.value, goal.created_by) == (Decimal("65.5"), here.manager)
    again = client.post(url(here, "target-new"), sent(here, year, note="Kept"))
    assert "There is already a target for 31 March" in again.content.decode()
    assert 'value="Kept"' in again.content.decode()
    form = client.get(url(here, "target-edit", goal.pk)).context["form"]
    assert form["value"].value() == "65.5"
    client.post(url(here, "target-edit", goal.pk), sent(here, year, value="66", note="Agreed", version=1))
    stale = client.post(url(here, "target-edit", goal.pk), sent(here, year, value="67", version=1))
    assert "Somebody else saved this" in stale.content.decode()
    page = client.get(url(here, "target-list")).content.decode()
    assert f"Target: 66.0% by 31 March {year}" in page
    client.post(url(here, "target-remove", goal.pk), {"version": 2})
    assert not Target.objects.exists()
    page = client.get(url(here, "target-list")).content.decode()
    assert f"Target of 66.0% for Testborough, 31 March {year}" in page
    assert "Removed (1)" not in as_("partner").get(url(here, "target-list")).content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"place": "999999"}, "Select a valid choice"),
        ({"value": "NaN"}, "Enter a number"),
        ({"value": "1e30"}, "digits"),
        ({"due_on_day": "31", "due_on_month": "2"}, "Enter a real date"),
        ({"kind": "wish"}, "Select a valid choice"),
        ({"note": "x" * 301}, "at most 300"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(here, as_, wrong, said):
    page = as_("manager").post(url(here, "target-new"), sent(here, 2030, **wrong)).content.decode()
    assert said in page
    assert not Target.objects.exists()


def test_a_place_that_the_partnership_does_not_cover_has_no_target(here, as_):
    page = as_("manager").post(url(here, "target-new"), sent(here, 2030, place=here.elsewhere.pk))
    assert "Select a valid choice" in page.content.decode()


def test_the_page_asks_as_much_for_many_targets_as_for_one(here, as_, django_assert_max_num_queries):
    client = as_("manager")
    for year in range(THIS_YEAR + 1, THIS_YEAR + 16):
        here.put("target", year, 70)
    client.get(url(here, "target-list"))
    with django_assert_max_num_queries(14):
        client.get(url(here, "target-list"))
