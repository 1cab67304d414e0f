"""Introductions: what is refused, what came of them, the growth of the network, and the pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.activities import log_activity
from partnerships.actions.programmes import add_programme
from partnerships.errors import DomainError, EditConflict
from partnerships.models import ActivityKind, ProgrammeKind
from people.actions.introductions import edit_introduction, introduce, say_what_came
from people.models import Introduction
from people.permissions import HUMAN_ROLES, ROLES, Permission
from people.queries.introductions import growth, introductions_of, is_waiting, waits_for_word

DAY = date(2026, 3, 2)


def made(world, **changes):
    given = {
        "one": world.partner,
        "other": world.resident,
        "made_by": world.officer,
        "made_on": DAY,
        "by": world.officer,
    }
    return introduce(partnership=world.partnership, **{**given, **changes})


def refused(field, action, **given):
    with pytest.raises(DomainError) as error:
        action(**given)
    assert error.value.field == field, error.value.message


def came(introduction, came_of_it, world, **changes):
    given = {
        "looked_at_on": DAY + timedelta(30),
        "by": world.officer,
        "expected_version": introduction.version,
    }
    return say_what_came(introduction=introduction, came_of_it=came_of_it, **{**given, **changes})


# --- Rules -------------------------------------------------------------------------------------------------------
def test_three_people_of_this_partnership(world):
    refused("other", made, world=world, other=world.partner)
    refused("made_by", made, world=world, made_by=world.partner)
    refused("one", made, world=world, one=world.stranger)
    refused("made_on", made, world=world, made_on=timezone.localdate() + timedelta(1))
    refused("made_on", made, world=world, made_on=date(2019, 12, 31))
    refused("why", made, world=world, why="x" * 2001)


def test_the_same_introduction_is_written_down_once(world):
    made(world)
    refused("other", made, world=world, one=world.resident, other=world.partner)
    assert made(world, made_on=DAY + timedelta(1))


def test_an_activity_of_another_partnership_is_refused(world):
    theirs = log_activity(partnership=world.other, by=world.stranger, title="Theirs", happened_on=DAY)
    refused("activity", made, world=world, activity=theirs)


def test_what_came_of_it(world):
    one = made(world)
    refused("came_of_it", came, introduction=one, came_of_it="riches", world=world)
    refused(
        "looked_at_on",
        came,
        introduction=one,
        came_of_it="contact",
        world=world,
        looked_at_on=DAY - timedelta(1),
    )
    refused("programme", came, introduction=one, came_of_it="programme", world=world)
    refused("programme", came, introduction=one, came_of_it="contact", world=world, programme=world.programme)
    theirs = add_programme(partnership=world.other, name="Theirs", kind=ProgrammeKind.HAF)
    refused("programme", came, introduction=one, came_of_it="programme", world=world, programme=theirs)
    found = came(one, "programme", world, programme=world.programme)
    assert (found.programme, found.version) == (world.programme, 2)
    with pytest.raises(EditConflict):
        came(one, "contact", world, expected_version=1)


def test_an_edit_keeps_the_rules(world):
    one = came(made(world), "contact", world)
    given = {"introduction": one, "by": world.officer}
    refused("made_on", edit_introduction, expected_version=2, made_on=DAY + timedelta(31), **given)
    refused("other", edit_introduction, expected_version=2, other=world.partner, **given)
    with pytest.raises(EditConflict):
        edit_introduction(expected_version=1, why="Because", **given)
    assert edit_introduction(expected_version=2, why=" Because ", **given).why == "Because"


def test_after_ninety_days_somebody_should_ask(world):
    today = timezone.localdate()
    late = made(world, made_on=today - timedelta(settings.INTRODUCTION_DAYS + 1))
    fresh = made(world, made_on=today - timedelta(settings.INTRODUCTION_DAYS))
    assert list(introductions_of(world.partnership).filter(waits_for_word())) == [late]
    assert (is_waiting(late), is_waiting(fresh)) == (True, False)
    asked = came(late, "", world, looked_at_on=today)
    assert not is_waiting(asked)
    assert not introductions_of(world.partnership).filter(waits_for_word()).exists()


def test_joint_work_comes_first_and_then_the_latest(world):
    old = came(made(world), "joint_work", world)
    middle = made(world, made_on=DAY + timedelta(1), other=world.chair)
    last = came(made(world, made_on=DAY + timedelta(2), one=world.evaluator), "nothing", world)
    assert list(introductions_of(world.partnership)) == [old, last, middle]


def test_pairs_add_up_by_quarter_and_count_once(world):
    came(made(world, made_on=date(2025, 11, 3)), "contact", world, looked_at_on=date(2026, 1, 1))
    made(world, one=world.resident, other=world.partner, made_on=date(2026, 2, 1))
    came(
        made(world, other=world.chair, made_on=date(2026, 5, 1)),
        "nothing",
        world,
        looked_at_on=date(2026, 6, 1),
    )
    found = growth(world.partnership, today=date(2026, 6, 30))
    assert [(quarter.label, quarter.pairs, quarter.new) for quarter in found] == [
        ("Oct to Dec 2025", 1, 1),
        ("Jan to Mar 2026", 1, 0),
        ("Apr to Jun 2026", 2, 1),
    ]
    assert dict(found[-1].came) == {
        "A programme": 0,
        "They work together": 0,
        "They are in contact": 1,
        "Not known yet": 0,
        "Nothing": 1,
    }
    assert growth(world.other) == []


# --- Pages -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name", ["introduction-list", "introduction-new", "introduction-edit", "introduction-came"]
)
def test_who_may_open_it(name, as_, world):
    one = made(world)
    here = [one.pk] if name in {"introduction-edit", "introduction-came"} else []
    path = reverse(name, args=[world.partnership.slug, *here])
    needed = {Permission.VIEW if name == "introduction-list" else Permission.LOG_ACTIVITY}
    if name == "introduction-edit":
        needed.add(Permission.EDIT_ANY_ACTIVITY)
    for role in HUMAN_ROLES:
        expected = 200 if needed <= ROLES[role].permissions else 403
        assert as_(role.value).get(path).status_code == expected, role
    assert as_("stranger").get(path).status_code == 404
    assert Client().get(path).url.startswith("/account/login/")
    if here:
        theirs = reverse(name, args=[world.other.slug, one.pk])
        assert as_("stranger").get(theirs).status_code == 404


def test_whoever_wrote_it_down_may_change_it(as_, world):
    one = made(world, made_by=world.chair, by=world.partner, one=world.manager)
    path = reverse("introduction-edit", args=[world.partnership.slug, one.pk])
    assert as_("partner").get(path).status_code == 200


def test_from_an_activity_to_what_came_of_it(as_, world):
    activity = log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Put them in touch",
        happened_on=DAY,
        kind=ActivityKind.INTRODUCTION,
        people=[world.officer, world.partner, world.resident],
    )
    path = reverse("introduction-new", args=[world.partnership.slug])
    page = as_("officer").get(f"{path}?activity={activity.pk}").content.decode()
    for person in (world.partner, world.resident, world.officer):
        assert f'<option value="{person.pk}" selected>' in page
    sent = {
        "one": world.partner.pk,
        "other": world.resident.pk,
        "made_by": world.officer.pk,
        "made_on": "2026-03-02",
        "activity": activity.pk,
    }
    as_("officer").post(path, sent)
    one = Introduction.objects.get()
    came_path = reverse("introduction-came", args=[world.partnership.slug, one.pk])
    answer = {"version": 1, "came_of_it": "joint_work", "looked_at_on": "2026-04-02", "note": "A walk a week"}
    assert as_("partner").post(came_path, answer).status_code == 302
    page = as_("observer").get(reverse("introduction-list", args=[world.partnership.slug])).content.decode()
    assert "A walk a week" in page
    assert "They work together" in page


def test_what_was_typed_is_kept_and_forged_people_are_refused(as_, world):
    path = reverse("introduction-new", args=[world.partnership.slug])
    sent = {
        "one": world.partner.pk,
        "other": world.partner.pk,
        "made_by": world.officer.pk,
        "made_on": "2026-03-02",
        "why": "Two of a kind",
    }
    page = as_("officer").post(path, sent).content.decode()
    assert "Choose two different people." in page
    assert "Two of a kind" in page
    assert as_("officer").post(path, sent | {"other": world.stranger.pk}).status_code == 200
    assert not Introduction.objects.exists()


def test_filters_and_empty_pages(as_, world):
    path = reverse("introduction-list", args=[world.partnership.slug])
    assert "No introductions yet" in as_("observer").get(path).content.decode()
    came(made(world, why="Swimming"), "contact", world)
    made(world, one=world.chair, why="Bees")
    for query, found, other in (
        ("q=bees", "Bees", "Swimming"),
        ("came=contact", "Swimming", "Bees"),
        ("came=unknown", "Bees", "Swimming"),
        (f"person={world.chair.pk}", "Bees", "Swimming"),
        ("to_ask=on", "Bees", "Swimming"),
    ):
        page = as_("observer").get(f"{path}?{query}").content.decode()
        assert found in page, query
        assert other not in page, query
    for odd in ("person=99999999", "since=never", "page=-3", "came=riches"):
        assert as_("observer").get(f"{path}?{odd}").status_code == 200


def test_the_list_asks_no_more_the_more_there_is(as_, world):
    path = reverse("introduction-list", args=[world.partnership.slug])
    client = as_("officer")

    def asked():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    came(made(world), "programme", world, programme=world.programme)
    before = asked()
    for number in range(1, 8):
        one = made(world, made_on=DAY + timedelta(number))
        came(one, "programme", world, programme=world.programme)
    assert asked() <= before <= 18
