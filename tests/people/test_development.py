"""Training: cohorts, champions, and what people then set in motion."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.activities import log_activity
from partnerships.errors import DomainError
from people.actions import development as actions
from people.actions.memberships import add_person, give_role
from people.models import CohortPlace, Evidence, Influenced
from people.permissions import Role
from people.queries import development as queries

pytestmark = pytest.mark.django_db
BEGAN = date(2024, 3, 1)


@pytest.fixture
def cohort(world):
    course = actions.add_course(
        partnership=world.partnership, name="System leadership", purpose="Lead together", by=world.manager
    )
    return actions.add_cohort(course=course, name="Spring 2024", starts_on=BEGAN, by=world.manager)


@pytest.fixture
def place(world, cohort):
    return actions.give_places(cohort=cohort, people=[world.partner], by=world.manager)[0]


def test_a_place_is_given_once(world, cohort, place):
    assert actions.give_places(cohort=cohort, people=[world.partner], by=world.manager) == []
    with pytest.raises(DomainError, match="people of this partnership"):
        actions.give_places(cohort=cohort, people=[world.stranger], by=world.manager)
    assert CohortPlace.objects.count() == 1


def test_names_are_taken_once(world, cohort):
    with pytest.raises(DomainError, match="already training of this name"):
        actions.add_course(partnership=world.partnership, name="System  leadership", by=world.manager)
    with pytest.raises(DomainError, match="cohort of this name"):
        actions.add_cohort(course=cohort.course, name="Spring 2024", starts_on=BEGAN, by=world.manager)


def test_days_must_fit(world, cohort, place):
    with pytest.raises(DomainError, match="on or after the first"):
        actions.edit_cohort(cohort=cohort, expected_version=1, by=world.manager, ends_on=date(2024, 2, 1))
    tomorrow = timezone.localdate() + timedelta(days=1)
    note = {"place": place, "expected_version": 1, "by": world.manager}
    with pytest.raises(DomainError, match="today or in the past"):
        actions.note_attendance(attended="completed", champion_since=tomorrow, **note)
    with pytest.raises(DomainError, match="since when"):
        actions.note_attendance(attended="completed", champion_of="Judo", **note)
    later = actions.add_cohort(course=cohort.course, name="To come", starts_on=tomorrow, by=world.manager)
    ahead = actions.give_places(cohort=later, people=[world.partner], by=world.manager)[0]
    with pytest.raises(DomainError, match="has not begun"):
        actions.note_attendance(place=ahead, expected_version=1, attended="completed", by=world.manager)


def test_what_came_before_the_training_did_not_come_of_it(world, place):
    with pytest.raises(DomainError, match="before the training began"):
        actions.note_influence(
            place=place, what="A new rule", happened_on=date(2024, 2, 28), by=world.manager
        )


def test_strong_evidence_needs_something_to_show(world, place):
    told = {"place": place, "what": "A new rule", "happened_on": BEGAN, "by": world.manager}
    with pytest.raises(DomainError, match="something to show"):
        actions.note_influence(evidence=Evidence.STRONG, **told)
    activity = log_activity(
        partnership=world.partnership, by=world.officer, title="Front desk trained", happened_on=BEGAN
    )
    noted = actions.note_influence(evidence=Evidence.STRONG, activity=activity, **told)
    theirs = log_activity(partnership=world.other, by=world.stranger, title="Theirs", happened_on=BEGAN)
    with pytest.raises(DomainError, match="activity of this partnership"):
        actions.edit_influence(influenced=noted, expected_version=1, by=world.manager, activity=theirs)


def test_people_are_counted_once(world, cohort, place):
    second = actions.add_cohort(
        course=cohort.course, name="Autumn 2024", starts_on=date(2024, 9, 1), by=world.manager
    )
    again = actions.give_places(cohort=second, people=[world.partner, world.officer], by=world.manager)[0]
    actions.note_attendance(
        place=again,
        expected_version=1,
        attended="completed",
        champion_since=date(2024, 10, 1),
        by=world.manager,
    )
    for what in ("One", "Two"):
        actions.note_influence(place=place, what=what, happened_on=BEGAN, by=world.manager)
    found = queries.summary(world.partnership)
    assert (found.people, found.completed, found.champions, found.moved_something) == (2, 1, 1, 1)


def test_pages_tell_who_took_part_and_what_followed(world, as_, cohort, place):
    slug = world.partnership.slug
    sent = {
        "what": "The leisure centre trained its front desk",
        "happened_on_day": "2",
        "happened_on_month": "5",
        "happened_on_year": "2024",
        "evidence": "moderate",
    }
    address = reverse("influenced-new", args=[slug, place.pk])
    assert (
        "Enter what they set in motion" in as_("officer").post(address, sent | {"what": ""}).content.decode()
    )
    assert as_("officer").post(address, sent).status_code == 302
    text = as_("officer").get(reverse("cohort", args=[slug, cohort.pk])).content.decode()
    assert "The leisure centre trained its front desk" in text
    assert Influenced.objects.get().happened_on == date(2024, 5, 2)
    text = as_("evaluator").get(reverse("course-list", args=[slug])).content.decode()
    assert "1 set in motion" in text


def test_the_list_costs_the_same_however_many_cohorts(world, as_, cohort, django_assert_max_num_queries):
    for number in range(8):
        one = actions.add_cohort(
            course=cohort.course, name=f"Run {number}", starts_on=BEGAN, by=world.manager
        )
        actions.give_places(cohort=one, people=[world.partner], by=world.manager)
    client = as_("officer")
    with django_assert_max_num_queries(16):
        client.get(reverse("course-list", args=[world.partnership.slug]))


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        ("manager", 200, 200),
        ("officer", 200, 200),
        ("evaluator", 200, 403),
        ("chair", 403, 403),
        ("partner", 403, 403),
        ("resident", 403, 403),
        ("observer", 403, 403),
        ("stranger", 404, 404),
    ],
)
def test_development_has_permissions_of_its_own(world, as_, cohort, who, reads, writes):
    client, slug = as_(who), world.partnership.slug
    assert client.get(reverse("course-list", args=[slug])).status_code == reads
    assert client.get(reverse("cohort", args=[slug, cohort.pk])).status_code == reads
    assert client.get(reverse("cohort-places", args=[slug, cohort.pk])).status_code == writes


def test_people_are_added_by_picking(world, as_, cohort):
    newcomer = add_person(name="Newcomer")
    give_role(partnership=world.partnership, person=newcomer, role=Role.PARTNER)
    address = reverse("cohort-places", args=[world.partnership.slug, cohort.pk])
    assert as_("manager").post(address, {"people": [newcomer.pk]}).status_code == 302
    forged = as_("manager").post(address, {"people": [world.stranger.pk]})
    assert forged.status_code == 200
    assert "error" in forged.content.decode()
    assert list(cohort.places.values_list("person", flat=True)) == [newcomer.pk]
