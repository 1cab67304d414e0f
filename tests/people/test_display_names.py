"""Somebody who is known by another name: who sees the real one, and that nobody else does, anywhere."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.activities import log_activity
from people.actions.invitations import accept_invitation
from people.actions.known_as import note_real_name
from people.actions.memberships import add_member, edit_person, give_role
from people.models import Person, RealName
from people.permissions import Role
from people.queries.duplicates import duplicates_in
from people.queries.names import names_in
from people.queries.people import known_people_of, search_people
from reports.queries.history import KINDS

pytestmark = pytest.mark.django_db
REAL = "Anna Brightwater"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def robin(world):
    person = add_member(partnership=world.partnership, name="Robin", role=Role.RESIDENT, by=world.manager)
    note_real_name(partnership=world.partnership, person=person, name=REAL, by=world.manager)
    log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="A walk",
        happened_on=timezone.localdate(),
        people=[person],
    )
    return person


def detail(world, person) -> str:
    return reverse("person-detail", args=[world.partnership.slug, person.pk])


def test_managers_see_it_and_others_do_not(world, as_, robin):
    pages = [detail(world, robin), reverse("people-list", args=[world.partnership.slug])]
    for page in pages:
        assert REAL in as_("manager").get(page).content.decode()
        for who in ("officer", "chair", "partner", "resident", "evaluator", "observer"):
            shown = as_(who).get(page).content.decode()
            assert REAL not in shown
            assert "Robin" in shown


def test_each_partnership_knows_its_own(world, as_, robin):
    give_role(partnership=world.other, person=robin, role=Role.RESIDENT)
    give_role(partnership=world.other, person=world.stranger, role=Role.MANAGER)
    page = reverse("person-detail", args=[world.other.slug, robin.pk])
    shown = as_(world.stranger).get(page).content.decode()
    assert "Robin" in shown
    assert REAL not in shown


def test_a_managers_search_finds_it_and_no_other(world, as_, robin):
    found = known_people_of(world.partnership)
    assert robin in search_people(found, "brightwater", world.partnership, for_manager=True)
    assert robin not in search_people(found, "brightwater", world.partnership, for_manager=False)
    assert robin not in search_people(found, "brightwater", world.other, for_manager=True)
    address = reverse("people-list", args=[world.partnership.slug]) + "?q=brightwater"
    assert "Robin" in as_("manager").get(address).content.decode()
    assert "Robin" not in as_("officer").get(address).content.decode()
    anything = reverse("search", args=[world.partnership.slug]) + "?q=brightwater"
    for who in ("manager", "officer"):
        assert "Robin" not in as_(who).get(anything).content.decode()


def test_both_names_are_taken_out_of_text_that_leaves(world, robin):
    edit_person(person=robin, name="Robin Wren", by=world.manager)
    text = names_in(world.partnership).removed_from(f"{REAL} and Robin Wren came.")
    assert text == "[name] and [name] came."


def test_a_person_says_themselves_who_is_behind_their_name(world, as_):
    client = as_("resident")
    sent = {"name": "Robin", "job_title": "", "real_name": REAL}
    assert client.post(reverse("account"), sent).status_code == 302
    assert RealName.objects.get(person=world.resident).name == REAL
    assert f'value="{REAL}"' in client.get(reverse("account")).content.decode()
    assert REAL in client.get(reverse("held")).content.decode()
    client.post(reverse("account"), sent | {"real_name": ""})
    assert not RealName.objects.exists()


def test_a_real_name_that_is_the_shown_one_is_not_kept_twice(world, robin):
    note_real_name(partnership=world.partnership, person=robin, name="  robin ")
    assert not RealName.objects.exists()


def test_a_manager_notes_it_on_a_page(world, as_):
    address = reverse("person-real-name", args=[world.partnership.slug, world.resident.pk])
    assert as_("officer").get(address).status_code == 403
    assert as_("officer").post(address, {"name": REAL}).status_code == 403
    assert as_(world.stranger).get(address).status_code == 404
    assert as_("manager").get(address).status_code == 200
    assert as_("manager").post(address, {"name": "x" * 151}).status_code == 200
    assert as_("manager").post(address, {"name": REAL}).status_code == 302
    assert RealName.objects.get(person=world.resident, partnership=world.partnership).name == REAL


def test_an_invited_resident_may_choose_another_name(world, invited):
    invitation = invited("anna@bright.example", name=REAL, role=Role.RESIDENT)
    accept_invitation(invitation=invitation, name="Robin", password="lantern-otter-42-river")
    assert invitation.person.memberships.get().person.name == "Robin"
    assert RealName.objects.get(partnership=world.partnership).name == REAL
    other = invited("jo@bright.example", name="Jo Bloggs", role=Role.OFFICER)
    accept_invitation(invitation=other, name="Joanna Bloggs", password="lantern-otter-42-river")
    assert RealName.objects.count() == 1


def test_accepting_under_the_shown_name_takes_the_real_one_from_nobody(world, robin, invited):
    robin.memberships.update(ended_at=timezone.now(), ends_on=timezone.localdate())
    invitation = invited("anna@bright.example", name="Robin", role=Role.RESIDENT, person=robin)
    accept_invitation(invitation=invitation, name="Robin", password="lantern-otter-42-river")
    assert RealName.objects.get(person=robin).name == REAL


def test_what_somebody_was_called_before_has_no_page_of_history():
    """Earlier names stand in the history of a person, which nobody is shown."""
    assert Person not in KINDS.values()
    assert RealName not in KINDS.values()


def test_only_rooms_of_people_read_real_names():
    """One table, read by few: whoever adds to this list says why a page of theirs may show it."""
    readers = {
        str(path.relative_to(ROOT))
        for app in ("partnerships", "people", "outcomes", "learning", "reports", "config", "demo")
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
        and any(
            isinstance(node, ast.Name) and node.id == "RealName"
            for node in ast.walk(ast.parse(path.read_text()))
        )
    }
    assert readers == {
        "people/actions/known_as.py",  # writes it
        "people/actions/leaving.py",  # deletes it
        "people/queries/access.py",  # the person's own copy
        "people/queries/duplicates.py",  # for managers
        "people/queries/held.py",  # the person's own page
        "people/queries/mentions.py",  # for managers
        "people/queries/names.py",  # takes it out of text that leaves
        "people/queries/real_names.py",  # for managers
    }


def test_duplicates_show_it_to_managers_only(world, as_, robin):
    add_member(partnership=world.partnership, name=REAL, role=Role.OBSERVER)
    assert duplicates_in(world.partnership)
    address = reverse("person-duplicates", args=[world.partnership.slug])
    assert f"full name: {REAL}" in as_("manager").get(address).content.decode()
    assert as_("chair").get(address).status_code == 403


def test_who_holds_each_role(world, as_, robin):
    address = reverse("roles-here", args=[world.partnership.slug])
    shown = as_("officer").get(address).content.decode()
    assert "Robin" in shown
    assert REAL not in shown
    assert "no last day" in shown
    assert "Nobody reads a board only" in shown
    assert (
        reverse("role-end", args=[world.partnership.slug, robin.pk, robin.memberships.get().pk]) not in shown
    )
    assert as_(world.stranger).get(address).status_code == 404
    from partnerships.actions.seats import take_seat

    take_seat(board=world.board, person=world.stranger, starts_on=timezone.localdate())
    shown = as_("manager").get(address).content.decode()
    assert "1 person reads one board only" in shown
    assert "Other officer" in shown
    assert as_(world.stranger).get(address).status_code == 403
