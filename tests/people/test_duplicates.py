"""People recorded twice: finding them, telling them apart, and making one of two."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.activities import log_activity
from partnerships.actions.moving import move_references
from partnerships.actions.seats import take_seat
from partnerships.errors import DomainError
from partnerships.models import Activity, Contact, SavedFilter, Seat, SeatKind
from partnerships.queries.references import pointing_at
from people.actions.memberships import add_member, add_person, give_role
from people.actions.person_merging import LEFT, merge_people, tell_apart, why_not_merge
from people.models import (
    Cohort,
    CohortPlace,
    Course,
    Influenced,
    Introduction,
    Membership,
    Offer,
    Person,
    PersonMerge,
    RealName,
)
from people.permissions import Role
from people.queries.duplicates import Known, duplicates_in, likely_pairs, likeness_of
from reports.queries.history import history_of
from tests.small_world import PASSWORD

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def two(world):
    """Ann Lee twice, neither of whom signs in."""
    facts = {"partnership": world.partnership, "by": world.manager}
    return (
        add_member(**facts, name="Ann Lee", role=Role.PARTNER, job_title="Youth worker"),
        add_member(**facts, name="Anne Lee", role=Role.OBSERVER),
    )


def merge(world, kept, merged, **changes):
    facts = {"partnership": world.partnership, "reason": "She told me.", "by": world.manager}
    return merge_people(kept=kept, merged=merged, **facts | changes)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Ann Lee", "ann  lee", 1, 1),
        ("Lee, Ann", "Ann Lee", 1, 1),
        ("Zoë Ångström", "Zoe Angstrom", 1, 1),
        ("A Lee", "Ann Lee", 0.8, 0.8),
        ("Ann Lee", "Anne Lee", 0.6, 0.99),
        ("Ann Lee", "Bob Lee", 0, 0.5),
        ("Ann Lee", "", 0, 0),
        ("李明", "李明", 1, 1),
    ],
)
def test_how_alike_names_are(one, other, least, most):
    assert least <= likeness_of(one, other) <= most
    assert likeness_of(one, other) == likeness_of(other, one)


def test_which_pairs_are_shown_and_why():
    place = frozenset({1})
    people = [
        Known(1, ("Ann Lee",), "youth worker", place),
        Known(2, ("Robin", "Anne Lee")),
        Known(3, ("Bob Lee",)),
        Known(4, ("Someone Else",), emails=frozenset({"x@y.example"})),
        Known(5, ("Another Name",), emails=frozenset({"x@y.example"})),
        Known(6, ("Anya Leeds Lee",), "youth worker", place),
    ]
    pairs = {(pair.one, pair.other): pair.reasons for pair in likely_pairs(people)}
    assert pairs[4, 5] == ("the same email address",)
    assert pairs[1, 2] == ("names that are alike",)
    assert pairs[1, 6] == ("names that are alike", "the same organisation and job title")
    assert (1, 3) not in pairs
    assert next(iter(likely_pairs(people))).reasons == ("the same email address",)


def test_a_thousand_people_are_compared_quickly():
    people = [Known(n, (f"Person{n % 97} Family{n // 3}",)) for n in range(3000)]
    assert all(pair.one < pair.other for pair in likely_pairs(people))


def test_a_real_name_finds_who_is_known_by_another(world, two):
    RealName.objects.create(partnership=world.partnership, person=world.resident, name="Ann Lee")
    found = {frozenset((one, other)) for one, other, _ in duplicates_in(world.partnership)}
    assert frozenset((two[0], world.resident)) in found
    assert frozenset(two) in found


def test_told_apart_they_are_not_shown_again(world, two):
    for one, other in (two, two[::-1]):
        tell_apart(partnership=world.partnership, one=one, other=other, by=world.manager)
    assert frozenset(two) not in {frozenset(p[:2]) for p in duplicates_in(world.partnership)}


def test_everything_that_names_the_one_names_the_other(world, two):
    kept, merged = two
    activity = log_activity(
        partnership=world.partnership, by=world.officer, title="A walk", happened_on=TODAY, people=[merged]
    )
    seat = take_seat(board=world.board, person=merged, starts_on=date(2024, 1, 1), by=world.manager)
    Offer.objects.create(partnership=world.partnership, person=merged, kind="knows", text="Bus routes")
    done = merge(world, kept, merged)
    assert list(activity.people.all()) == [kept]
    seat.refresh_from_db()
    assert seat.person == kept
    assert {role.role for role in kept.memberships.all()} == {Role.PARTNER, Role.OBSERVER}
    assert kept.offers.get().text == "Bus routes"
    left = {
        key.model._meta.label
        for key in pointing_at(Person)
        if key.model._base_manager.filter(**{key.name: merged}).exists()
    }
    assert left == {"people.PersonMerge"}
    assert done.moved["moved"]["partnerships.Seat"] == 1
    kept.refresh_from_db()
    assert kept.job_title == "Youth worker"


def test_history_keeps_what_it_said_and_can_still_be_read(world, two):
    kept, merged = two
    seat = take_seat(board=world.board, person=merged, starts_on=date(2024, 1, 1), by=world.manager)
    merge(world, kept, merged)
    said = [change for entry in history_of(seat) for change in entry.changes if change.field == "Person"]
    assert {(c.before, c.after) for c in said} == {("", "Anne Lee"), ("Anne Lee", "Ann Lee")}


def test_a_link_that_both_have_is_kept_once(world, two):
    kept, merged = two
    activity = log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="A walk",
        happened_on=TODAY,
        people=[kept, merged],
    )
    Contact.objects.bulk_create(Contact(partnership=world.partnership, person=person) for person in two)
    done = merge(world, kept, merged)
    assert list(activity.people.all()) == [kept]
    assert Contact.objects.get(person__in=two).person == kept
    assert done.moved["joined"] == {"partnerships.Activity_people": 1, "partnerships.Contact": 1}


@pytest.mark.parametrize(
    ("one", "other", "whole"),
    [
        ((2020, 2022), (2021, 2023), (2020, 2023)),
        ((2021, None), (2020, 2024), (2020, None)),
        ((2020, 2024), (2021, None), (2020, None)),
        ((2021, 2022), (2020, 2024), (2020, 2024)),
    ],
)
def test_overlapping_seats_and_roles_become_one_period(world, one, other, whole):
    people = [add_person(name=name) for name in ("Ann Lee", "Anne Lee")]
    for person, (first, last) in zip(people, (one, other), strict=True):
        ends = date(last, 12, 31) if last else None
        facts = {"starts_on": date(first, 1, 1), "ends_on": ends}
        take_seat(board=world.board, person=person, kind=SeatKind.MEMBER, **facts)
        give_role(partnership=world.partnership, person=person, role=Role.PARTNER, **facts)
    merge(world, *people)
    last = date(whole[1], 12, 31) if whole[1] else None
    for model in (Seat, Membership):
        held = model.objects.get(person__in=people)
        assert (held.person, held.starts_on, held.ends_on) == (people[0], date(whole[0], 1, 1), last)


def test_a_period_that_covers_several_of_the_other_joins_them_all(world):
    kept, merged = (add_person(name=name) for name in ("Ann Lee", "Anne Lee"))
    for first, last in ((2020, 2020), (2022, 2022)):
        take_seat(board=world.board, person=kept, starts_on=date(first, 1, 1), ends_on=date(last, 12, 31))
    take_seat(board=world.board, person=merged, starts_on=date(2020, 6, 1), ends_on=date(2023, 6, 1))
    merge(world, kept, merged)
    held = Seat.objects.get(person=kept)
    assert (held.starts_on, held.ends_on) == (date(2020, 1, 1), date(2023, 6, 1))


def test_own_things_of_one_name_keep_what_is_in_them(world, two):
    for number, person in enumerate(two):
        SavedFilter.objects.create(
            partnership=world.partnership, person=person, name="Mine", query=f"q={number}"
        )
    merge(world, *two)
    assert dict(SavedFilter.objects.filter(person=two[0]).values_list("name", "query")) == {
        "Mine": "q=0",
        "Mine (2)": "q=1",
    }


def test_two_who_were_introduced_to_each_other_are_not_one(world, two):
    kept, merged = two
    Introduction.objects.create(
        partnership=world.partnership, one=kept, other=merged, made_by=world.officer, made_on=TODAY
    )
    with pytest.raises(DomainError, match="Both are named in the same introduction"):
        merge(world, kept, merged)
    assert merged.memberships.exists()


def test_done_twice_it_is_refused_and_changes_nothing(world, two):
    merge(world, *two)
    for kept, merged in (two, two[::-1]):
        with pytest.raises(DomainError, match="part of another"):
            merge(world, kept, merged)
    assert PersonMerge.objects.count() == 1


def test_sign_in_of_the_kept_one_is_kept(world, two):
    kept, _ = two
    with pytest.raises(DomainError, match="Keep the one that signs in"):
        merge(world, kept, world.officer)
    merge(world, world.officer, kept)
    world.officer.refresh_from_db()
    assert world.officer.check_password(PASSWORD)
    assert world.officer.email == "officer@testborough.example"


def test_two_sign_ins_need_the_persons_word(world):
    with pytest.raises(DomainError) as refused:
        merge(world, world.officer, world.chair)
    assert refused.value.field == "asked_them"
    session = Client()
    session.force_login(world.chair, backend="django.contrib.auth.backends.ModelBackend")
    merge(world, world.officer, world.chair, asked_them=True)
    assert session.get(reverse("account")).status_code == 302
    world.chair.refresh_from_db()
    assert (world.chair.is_active, world.chair.email, world.chair.has_usable_password()) == (
        False,
        None,
        False,
    )
    assert {r.role for r in world.officer.memberships.all()} == {Role.OFFICER, Role.CHAIR}


def test_nobody_takes_over_a_colleagues_sign_in(world):
    with pytest.raises(DomainError, match="Ask another manager"):
        merge(world, world.manager, world.chair, asked_them=True)


def test_only_people_wholly_of_partnerships_that_one_manages(world, two):
    kept, merged = two
    take_seat(board=world.board, person=world.stranger, starts_on=date(2024, 1, 1))
    assert "another partnership" in why_not_merge(world.partnership, world.stranger, merged, world.manager)
    with pytest.raises(DomainError, match="another partnership"):
        merge(world, world.stranger, merged)
    give_role(partnership=world.other, person=world.manager, role=Role.MANAGER)
    manager = Person.objects.get(pk=world.manager.pk)
    assert why_not_merge(world.partnership, world.stranger, merged, manager) == ""
    assert "people of this partnership" in why_not_merge(
        world.partnership, kept, add_person(name="Nobody here"), manager
    )


def test_an_address_and_a_job_title_go_along(world, two):
    kept, merged = two
    Person.objects.filter(pk=merged.pk).update(email="ann@lee.example")
    Person.objects.filter(pk=kept.pk).update(job_title="")
    Person.objects.filter(pk=merged.pk).update(job_title="Coach")
    merge(world, kept, merged)
    kept.refresh_from_db()
    assert (kept.email, kept.job_title) == ("ann@lee.example", "Coach")


def test_nothing_that_points_at_a_person_is_forgotten_by_the_walk():
    """Each key is moved, or is named as one that is not."""
    keys = {f"{key.model._meta.label}.{key.name}" for key in pointing_at(Person)}
    assert {
        "partnerships.Seat.person",
        "people.Membership.person",
        "partnerships.Activity_people.person",
    } <= keys
    assert not any("Event." in key for key in keys)
    assert {label.split(".")[-1] for label in LEFT} >= {"EmailAddress", "Authenticator", "UserSession"}


def test_the_walk_refuses_what_one_record_cannot_stand_for(world, two):
    done = move_references(source=two[1], target=two[0], leave={"people.Membership"})
    assert "people.Membership" not in done.moved


def test_two_places_in_one_cohort_become_one_with_what_both_influenced(world, two):
    ours = world.partnership
    course = Course.objects.create(partnership=ours, name="System leadership")
    cohort = Cohort.objects.create(partnership=ours, course=course, name="First", starts_on=date(2025, 1, 1))
    for person, what in zip(two, ("A standing item", "A paper"), strict=True):
        place = CohortPlace.objects.create(partnership=ours, cohort=cohort, person=person)
        Influenced.objects.create(partnership=ours, place=place, what=what, happened_on=date(2025, 6, 1))
    merge(world, *two)
    (place,) = cohort.places.all()
    assert place.person == two[0]
    assert {one.what for one in place.influenced.all()} == {"A standing item", "A paper"}


def test_the_pages(world, as_, two):
    slug, (kept, merged) = world.partnership.slug, two
    client = as_("manager")
    listed = client.get(reverse("person-duplicates", args=[slug])).content.decode()
    assert "Ann Lee and Anne Lee" in listed
    address = reverse("person-merge", args=[slug, kept.pk, merged.pk])
    page = client.get(address).content.decode()
    assert "Youth worker" in page
    assert "Memberships" in page
    kept_form = client.post(address, {"reason": ""})
    assert kept_form.status_code == 200
    assert not PersonMerge.objects.exists()
    response = client.post(address, {"reason": "She told me."})
    assert response.url == reverse("person-detail", args=[slug, kept.pk])
    old = client.get(reverse("person-detail", args=[slug, merged.pk]))
    assert (old.status_code, old.url) == (302, reverse("person-detail", args=[slug, kept.pk]))
    assert client.get(address).status_code == 404


def test_saying_that_they_are_two(world, as_, two):
    address = reverse("person-apart", args=[world.partnership.slug, two[0].pk, two[1].pk])
    assert as_("manager").get(address).status_code == 200
    assert as_("manager").post(address).status_code == 302
    assert Activity.objects.count() == 0
    assert (
        "Ann Lee and Anne Lee"
        not in as_("manager")
        .get(reverse("person-duplicates", args=[world.partnership.slug]))
        .content.decode()
    )


def test_who_may_see_and_merge(world, as_, two):
    slug = world.partnership.slug
    for name, args in (
        ("person-duplicates", []),
        ("person-merge", [p.pk for p in two]),
        ("person-apart", [p.pk for p in two]),
    ):
        address = reverse(name, args=[slug, *args])
        assert as_("officer").get(address).status_code == 403
        assert as_("officer").post(address).status_code == 403
        assert as_(world.stranger).get(address).status_code == 404
        assert Client().get(address).status_code == 302


def test_the_list_asks_few_questions_however_many_pairs(world, as_):
    address = reverse("person-duplicates", args=[world.partnership.slug])

    def asked():
        client = as_("manager")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    before = asked()
    for number in range(12):
        add_member(partnership=world.partnership, name=f"Ann Lee{number}", role=Role.OBSERVER)
    assert asked() <= before + 1


def test_long_and_odd_names(world, as_):
    for name in ("😀 " * 70, "עדי כהן", "x" * 150, "' OR 1=1 --"):
        for _ in range(2):
            add_member(partnership=world.partnership, name=name, role=Role.OBSERVER)
    page = as_("manager").get(reverse("person-duplicates", args=[world.partnership.slug]))
    assert page.status_code == 200
