"""The pages of people and organisations: who may open them, what they say, and how many queries they take."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.actions import setting_up
from partnerships.actions.activities import log_activity
from partnerships.actions.boards import take_seat
from partnerships.models import PartnershipOrganisation, Sector
from people.actions.memberships import add_member, end_membership, give_role
from people.models import Membership, Person
from people.permissions import HUMAN_ROLES, Permission, Role

READING = ["people-list", "person-detail", "organisation-list", "organisation-detail"]
MANAGING = [
    "person-add",
    "person-edit",
    "role-give",
    "role-end",
    "invitation-new",
    "invitation-list",
    "invitation-resend",
    "invitation-revoke",
    "second-factor",
    "organisation-add",
    "organisation-part-add",
    "organisation-part-end",
]


@pytest.fixture
def ada(world):
    return add_member(
        partnership=world.partnership, name="Ada Lowe", role=Role.RESIDENT, organisation=world.organisation
    )


@pytest.fixture
def address(world, ada, invited):
    """`address("role-end")`: the address of a page about something that exists."""
    invitation = invited()
    part = PartnershipOrganisation.objects.get(partnership=world.partnership, organisation=world.organisation)
    more = {
        "person-detail": [ada.pk],
        "person-edit": [ada.pk],
        "role-give": [ada.pk],
        "role-end": [ada.pk, ada.memberships.get().pk],
        "invitation-resend": [invitation.pk],
        "invitation-revoke": [invitation.pk],
        "organisation-detail": [world.organisation.pk],
        "organisation-part-add": [world.organisation.pk],
        "organisation-part-end": [world.organisation.pk, part.pk],
    }
    return lambda name: reverse(name, args=[world.partnership.slug, *more.get(name, [])])


@pytest.mark.parametrize("name", READING)
def test_every_role_may_read(as_, address, name):
    for role in HUMAN_ROLES:
        assert as_(role.value).get(address(name)).status_code == 200, role


@pytest.mark.parametrize("name", MANAGING)
def test_only_a_manager_may_change(as_, address, name):
    for role in HUMAN_ROLES:
        expected = 200 if role is Role.MANAGER else 403
        assert as_(role.value).get(address(name)).status_code == expected, role
    for role in ("officer", "observer"):
        assert as_(role).post(address(name)).status_code == 403


@pytest.mark.parametrize("name", READING + MANAGING)
def test_strangers_find_nothing_and_visitors_are_asked_to_sign_in(world, as_, address, name):
    assert as_(world.stranger).get(address(name)).status_code == 404
    assert as_(world.stranger).post(address(name)).status_code == 404
    assert Client().get(address(name))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", [name for name in READING + MANAGING if "list" not in name])
def test_records_of_another_partnership_are_not_found(world, as_, address, name):
    """The right partnership in the address does not open what belongs to another."""
    give_role(partnership=world.other, person=world.manager, role=Role.MANAGER)
    wrong = address(name).replace(f"/{world.partnership.slug}/", f"/{world.other.slug}/")
    has_record = any(part.isdecimal() for part in wrong.split("/"))
    assert as_("manager").get(wrong).status_code == (404 if has_record else 200)


def test_the_list_shows_roles_seats_and_organisations(world, as_, ada):
    page = as_("officer").get(reverse("people-list", args=[world.partnership.slug])).content.decode()
    for words in ("Ada Lowe", "Resident contributor", "Chair, Active Lives Board", "Testborough Council"):
        assert words in page
    assert "Does not sign in" not in page


def test_a_manager_sees_who_signs_in_and_who_is_invited(world, as_, ada, invited):
    invited("ada@example.org", person=ada, name="Ada Lowe", role=Role.PARTNER)
    add_member(partnership=world.partnership, name="Ben Lowe", role=Role.RESIDENT)
    rows = as_("manager").get(reverse("people-list", args=[world.partnership.slug])).context["rows"]
    tags = {row["title"]: row.get("tag", {}).get("text") for row in rows}
    assert (tags["Ada Lowe"], tags["Ben Lowe"], tags["Test officer"]) == ("Invited", "Does not sign in", None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=ada", {"Ada Lowe"}),
        ("q=LOWE ada", {"Ada Lowe"}),
        ("q=nobody", set()),
        ("role=chair", {"Test chair"}),
        ("when=before", {"Former officer"}),
    ],
)
def test_people_are_found(world, as_, ada, query, expected):
    former = add_member(partnership=world.partnership, name="Former officer", role=Role.OFFICER)
    end_membership(membership=former.memberships.get())
    page = as_("officer").get(f"{reverse('people-list', args=[world.partnership.slug])}?{query}")
    assert {row["title"] for row in page.context["rows"]} == expected
    assert ("Nobody fits these filters" in page.content.decode()) is (not expected)


def test_people_are_found_by_organisation_and_only_managers_find_by_address(world, as_):
    page = reverse("people-list", args=[world.partnership.slug])
    assert len(as_("observer").get(f"{page}?q=Council").context["rows"]) == len(HUMAN_ROLES)
    assert not as_("observer").get(f"{page}?q=chair@testborough").context["rows"]
    assert as_("manager").get(f"{page}?q=chair@testborough").context["rows"]
    for who, shown in (("observer", False), ("manager", True)):
        detail = as_(who).get(reverse("person-detail", args=[world.partnership.slug, world.chair.pk]))
        assert (world.chair.email in detail.content.decode()) is shown


def test_a_seat_holder_from_elsewhere_is_listed_and_sees_no_list(world, as_):
    take_seat(board=world.board, person=world.stranger, starts_on=date(2024, 1, 1))
    page = reverse("people-list", args=[world.partnership.slug])
    assert "Other officer" in as_("officer").get(page).content.decode()
    assert as_(world.stranger).get(page).status_code == 403


@pytest.mark.parametrize("name", ["people-list", "organisation-list"])
def test_a_longer_list_takes_no_more_queries(world, as_, name):
    client = as_("manager")
    page = reverse(name, args=[world.partnership.slug])
    client.get(page)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as taken:
            assert client.get(page).status_code == 200
        return len(taken)

    few = queries()
    for number in range(20):
        body = setting_up.add_organisation(
            partnership=world.partnership, name=f"Body {number}", sector=Sector.SPORT
        )
        person = add_member(
            partnership=world.partnership, name=f"Person {number}", role=Role.PARTNER, organisation=body
        )
        take_seat(board=world.board, person=person, organisation=body)
    assert queries() == few
    assert few <= 16


def test_a_long_list_has_pages(world, as_):
    for number in range(60):
        add_member(partnership=world.partnership, name=f"Person {number:02}", role=Role.RESIDENT)
    page = reverse("people-list", args=[world.partnership.slug])
    first = as_("officer").get(page)
    assert len(first.context["rows"]) == 50
    second = as_("officer").get(f"{page}?page=2")
    assert {row["title"] for row in first.context["rows"]}.isdisjoint(
        r["title"] for r in second.context["rows"]
    )


def test_the_page_of_a_person_keeps_what_was(world, as_, ada):
    end_membership(membership=ada.memberships.get())
    give_role(partnership=world.partnership, person=ada, role=Role.CHAIR)
    yesterday = timezone.localdate() - timedelta(days=1)
    take_seat(board=world.board, person=ada, starts_on=date(2021, 1, 1), ends_on=yesterday)
    page = as_("observer").get(reverse("person-detail", args=[world.partnership.slug, ada.pk]))

    def named(table):
        return [row[0]["text"] for row in page.context[table]["rows"]]

    assert named("roles_now") == ["Chair"]
    assert named("roles_before") == ["Resident contributor"]
    assert named("seats_now") == []
    assert named("seats_before") == ["Active Lives Board"]


def test_adding_a_person_gives_them_no_way_in(world, as_, mailoutbox):
    page = reverse("person-add", args=[world.partnership.slug])
    missing = as_("manager").post(page, {"name": "", "role": ""}).content.decode()
    assert "Enter name" in missing
    assert "Select role" in missing
    as_("manager").post(page, {"name": "Ben Lowe", "role": "resident", "organisation": world.organisation.pk})
    ben = Person.objects.get(name="Ben Lowe")
    assert not ben.has_usable_password()
    assert ben.memberships.get().organisation == world.organisation
    assert mailoutbox == []


def test_only_somebody_who_does_not_sign_in_is_edited_by_others(world, as_, ada):
    page = reverse("person-edit", args=[world.partnership.slug, ada.pk])
    as_("manager").post(page, {"name": "Ada M. Lowe", "job_title": "Neighbour"})
    ada.refresh_from_db()
    assert (ada.name, ada.job_title) == ("Ada M. Lowe", "Neighbour")
    signs_in = reverse("person-edit", args=[world.partnership.slug, world.officer.pk])
    assert as_("manager").get(signs_in).status_code == 403


def test_giving_and_ending_a_role(world, as_, ada):
    client = as_("manager")
    give = reverse("role-give", args=[world.partnership.slug, ada.pk])
    today = timezone.localdate()
    dates = {"starts_on": today.isoformat(), "ends_on": (today - timedelta(days=1)).isoformat()}
    refused = client.post(give, {"role": "chair", **dates}).content.decode()
    assert "The last day must be on or after the first" in refused
    client.post(give, {"role": "chair", "starts_on": today.isoformat()})
    held = Membership.objects.get(person=ada, role=Role.CHAIR)
    end = reverse("role-end", args=[world.partnership.slug, ada.pk, held.pk])
    assert "What they wrote and did stays" in client.get(end).content.decode()
    client.post(end, {"ends_on": today.isoformat()})
    assert not Membership.objects.current().filter(pk=held.pk).exists()
    assert client.get(end).status_code == 404


def test_a_manager_may_leave_when_another_stays(world, as_):
    client = as_("manager")
    held = Membership.objects.get(person=world.manager)
    page = reverse("role-end", args=[world.partnership.slug, world.manager.pk, held.pk])
    assert "This is your own role" in client.get(page).content.decode()
    today = timezone.localdate().isoformat()
    assert "last manager" in client.post(page, {"ends_on": today}).content.decode()
    give_role(partnership=world.partnership, person=world.officer, role=Role.MANAGER)
    assert client.post(page, {"ends_on": today})["Location"] == reverse("start")
    assert client.get(page).status_code == 404


def test_organisations_are_found_by_part_and_sector(world, as_):
    setting_up.add_organisation(
        partnership=world.partnership, name="Swim Club", sector=Sector.SPORT, role="delivery"
    )
    setting_up.add_organisation(partnership=world.other, name="Elsewhere Council", sector=Sector.COUNCIL)
    page = reverse("organisation-list", args=[world.partnership.slug])

    def found(query):
        return {row["title"] for row in as_("observer").get(f"{page}?{query}").context["rows"]}

    assert found("") == {"Swim Club", "Testborough Council"}
    assert found("sector=sport") == found("part=delivery") == found("q=swim") == {"Swim Club"}
    assert found("part=funder") == set()


def test_the_page_of_an_organisation_counts_what_others_may_see(world, as_):
    given = {"partnership": world.partnership, "by": world.officer, "happened_on": timezone.localdate()}
    log_activity(title="Shared visit", organisations=[world.organisation], **given)
    log_activity(title="My own note", organisations=[world.organisation], visibility="authors", **given)
    page = (
        as_("observer")
        .get(reverse("organisation-detail", args=[world.partnership.slug, world.organisation.pk]))
        .content.decode()
    )
    assert "Council (several sectors)" in page
    assert "1 activity" in page
    assert "Shared visit" in page
    assert "My own note" not in page
    assert "Test chair" in page


def test_an_organisation_is_added_once(world, as_):
    client = as_("manager")
    page = reverse("organisation-add", args=[world.partnership.slug])
    answers = {"name": "Swim Club", "sector": "sport", "part": "delivery", "org_id": "GB-CHC-1112345"}
    assert client.post(page, answers).status_code == 302
    refused = client.post(page, {**answers, "name": "Another Club"}).content.decode()
    assert "has this identifier. If that is the one you mean" in refused
    refused = client.post(page, {**answers, "name": "Third Club", "org_id": "charity 5"}).content.decode()
    assert "Enter an identifier like GB-CHC-1112345" in refused


def test_parts_begin_and_end(world, as_):
    client = as_("manager")
    slug, body = world.partnership.slug, world.organisation
    today = timezone.localdate()
    add = reverse("organisation-part-add", args=[slug, body.pk])
    client.post(add, {"part": "funder", "starts_on": today.isoformat()})
    assert (
        "plays the part of funder already"
        in client.post(add, {"part": "funder", "starts_on": today.isoformat()}).content.decode()
    )
    part = PartnershipOrganisation.objects.get(organisation=body, role="funder")
    end = reverse("organisation-part-end", args=[slug, body.pk, part.pk])
    refused = client.post(end, {"ends_on": (today - timedelta(days=1)).isoformat()}).content.decode()
    assert "The last day must be on or after the first" in refused
    client.post(end, {"ends_on": today.isoformat()})
    part.refresh_from_db()
    assert part.ends_on == today


def test_every_role_and_permission_is_on_the_page_for_everybody(db):
    page = Client().get(reverse("roles"))
    text = page.content.decode()
    for role in HUMAN_ROLES:
        assert role.label in text
    assert len(page.context["rows"]) == len(Permission)
    manager = [row["may"][HUMAN_ROLES.index(Role.MANAGER)] for row in page.context["rows"]]
    observer = [row["may"][HUMAN_ROLES.index(Role.OBSERVER)] for row in page.context["rows"]]
    assert all(manager)
    assert sum(observer) == 2


def test_ones_own_account(world, as_):
    client = as_("officer")
    page = client.get(reverse("account")).content.decode()
    for words in ("officer@testborough.example", "Officer for Testborough Council", "Authenticator app"):
        assert words in page
    client.post(reverse("account"), {"name": "Olu Officer", "job_title": "Lead"})
    world.officer.refresh_from_db()
    assert (world.officer.name, world.officer.job_title) == ("Olu Officer", "Lead")
    assert "Enter name" in client.post(reverse("account"), {"name": ""}).content.decode()
    assert Client().get(reverse("account")).status_code == 302
