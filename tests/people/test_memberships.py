"""Roles with dates: who holds what today, and what ending one does at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.errors import DomainError, EditConflict
from partnerships.models import Partnership
from people.actions.memberships import (
    add_member,
    ask_for_second_factor,
    edit_person,
    end_membership,
    give_role,
)
from people.models import Membership, Person
from people.permissions import Permission, Role

TODAY = timezone.localdate()


def held_by(person, role):
    return Membership.objects.get(person=person, role=role)


def fresh(person):
    """Without what an earlier request has cached on the person."""
    return Person.objects.get(pk=person.pk)


def test_ending_a_role_today_takes_effect_at_once(world, as_):
    client = as_("officer")
    page = reverse("people-list", args=[world.partnership.slug])
    assert client.get(page).status_code == 200
    ended = end_membership(membership=held_by(world.officer, Role.OFFICER), by=world.manager)
    assert ended.ends_on == TODAY
    assert client.get(page).status_code == 404
    assert not fresh(world.officer).has_perm(Permission.VIEW, world.partnership)
    assert not Partnership.objects.visible_to(world.officer).exists()


def test_a_role_with_a_last_day_to_come_holds_until_then(world):
    tomorrow = TODAY + timedelta(days=1)
    end_membership(membership=held_by(world.officer, Role.OFFICER), on=tomorrow)
    current = Membership.objects.filter(person=world.officer)
    assert current.current(TODAY).exists()
    assert current.current(tomorrow).exists()
    assert not current.current(tomorrow + timedelta(days=1)).exists()


def test_a_role_taken_away_by_mistake_can_be_given_again_the_same_day(world):
    end_membership(membership=held_by(world.officer, Role.OFFICER))
    give_role(partnership=world.partnership, person=world.officer, role=Role.OFFICER)
    assert fresh(world.officer).has_perm(Permission.LOG_ACTIVITY, world.partnership)
    with pytest.raises(DomainError, match="already has this role in these dates"):
        give_role(partnership=world.partnership, person=world.officer, role=Role.OFFICER)


def test_a_role_that_has_not_begun_never_does(world):
    later = give_role(
        partnership=world.partnership,
        person=world.officer,
        role=Role.CHAIR,
        starts_on=TODAY + timedelta(days=9),
    )
    end_membership(membership=later)
    assert not Membership.objects.current(TODAY + timedelta(days=9)).filter(pk=later.pk).exists()


def test_a_role_ends_once(world):
    membership = end_membership(membership=held_by(world.officer, Role.OFFICER))
    with pytest.raises(DomainError, match="ended already"):
        end_membership(membership=membership)


def test_the_last_manager_stays(world):
    with pytest.raises(DomainError, match="last manager"):
        end_membership(membership=held_by(world.manager, Role.MANAGER))
    give_role(partnership=world.partnership, person=world.officer, role=Role.MANAGER)
    end_membership(membership=held_by(world.manager, Role.MANAGER))


def test_a_manager_who_never_signs_in_does_not_count(world):
    add_member(partnership=world.partnership, name="On paper only", role=Role.MANAGER)
    with pytest.raises(DomainError, match="last manager"):
        end_membership(membership=held_by(world.manager, Role.MANAGER))


def test_a_manager_elsewhere_does_not_count(world):
    give_role(partnership=world.other, person=world.officer, role=Role.MANAGER)
    with pytest.raises(DomainError, match="last manager"):
        end_membership(membership=held_by(world.manager, Role.MANAGER))


def test_the_last_day_is_not_before_the_first(world):
    membership = held_by(world.officer, Role.OFFICER)
    with pytest.raises(DomainError) as refused:
        end_membership(membership=membership, on=membership.starts_on - timedelta(days=1))
    assert refused.value.field == "ends_on"


def test_a_persons_role_is_not_for_systems_and_the_other_way_round(world):
    with pytest.raises(DomainError, match="systems only"):
        give_role(partnership=world.partnership, person=world.officer, role=Role.SYSTEM)
    system = Person.objects.create_user(None, name="Their software", is_system=True)
    with pytest.raises(DomainError, match="systems only"):
        give_role(partnership=world.partnership, person=system, role=Role.OFFICER)


def test_the_database_guards_dates_by_itself(world):
    given = {"partnership": world.partnership, "person": world.officer, "role": Role.CHAIR}
    with pytest.raises(IntegrityError, match="membership_ends_after_start"), transaction.atomic():
        Membership.objects.create(**given, starts_on=TODAY, ends_on=TODAY - timedelta(days=1))
    with pytest.raises(IntegrityError, match="membership_ended_has_last_day"), transaction.atomic():
        Membership.objects.create(**given, starts_on=TODAY, ended_at=timezone.now())
    with pytest.raises(IntegrityError, match="one_role_at_a_time"), transaction.atomic():
        Membership.objects.create(**{**given, "role": Role.OFFICER}, starts_on=date(2021, 1, 1))


def test_whoever_signs_in_looks_after_their_own_details(world):
    with pytest.raises(DomainError, match="change"):
        edit_person(person=world.officer, name="Renamed", by=world.manager)
    edit_person(person=world.officer, name="  Renamed   myself ", job_title="Lead", by=world.officer)
    world.officer.refresh_from_db()
    assert (world.officer.name, world.officer.job_title) == ("Renamed myself", "Lead")
    ada = add_member(partnership=world.partnership, name="Ada", role=Role.RESIDENT)
    assert edit_person(person=ada, name="Ada Lowe", by=world.manager).name == "Ada Lowe"


def test_choosing_roles_for_the_second_step_starts_from_what_one_has_seen(world):
    ask_for_second_factor(
        partnership=world.partnership,
        roles=[Role.OFFICER, Role.MANAGER],
        expected_version=1,
        by=world.manager,
    )
    world.partnership.refresh_from_db()
    assert world.partnership.second_factor_roles == ["manager", "officer"]
    with pytest.raises(EditConflict):
        ask_for_second_factor(partnership=world.partnership, roles=[], expected_version=1, by=world.manager)


def test_who_changed_a_role_is_kept(world, as_):
    membership = held_by(world.officer, Role.OFFICER)
    page = reverse("role-end", args=[world.partnership.slug, world.officer.pk, membership.pk])
    as_("manager").post(page, {"ends_on": TODAY.isoformat()})
    with connection.cursor() as cursor:
        cursor.execute(
            "select e.ends_on, c.metadata->>'user' from people_membershipevent e "
            "join pghistory_context c on c.id = e.pgh_context_id where e.pgh_obj_id = %s and e.pgh_label = 'update'",
            [membership.pk],
        )
        assert cursor.fetchall() == [(TODAY, str(world.manager.pk))]


def test_a_stranger_hears_nothing(world, as_):
    page = reverse("people-list", args=[world.partnership.slug])
    assert as_(world.stranger).get(page).status_code == 404
    asked = Client().get(page)
    assert asked.status_code == 302
    assert asked["Location"] == f"{reverse('account_login')}?next={page}"
