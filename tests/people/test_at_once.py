"""Two do the same at the same moment: it happens once, and nothing is half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from partnerships.errors import DomainError
from people.actions.access import ask_for_copy
from people.actions.joining import join, make_joining_code
from people.actions.leaving import FORGOTTEN, forget
from people.actions.memberships import add_member, give_role
from people.actions.person_merging import merge_people
from people.models import AccessExport, Forgetting, Membership, Person, PersonMerge
from people.permissions import Role

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each answered, a refusal among them; they begin together, each on a connection of its own."""
    begin, answers = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        begin.wait()
        try:
            answers.append(act())
        except DomainError as refused:
            answers.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == len(acts)
    return answers


def refused(answers: list[object]) -> int:
    return sum(isinstance(answer, DomainError) for answer in answers)


def test_the_last_use_of_a_code(world):
    code = make_joining_code(
        partnership=world.partnership,
        name="Forum",
        uses_allowed=1,
        expires_on=timezone.localdate() + timedelta(3),
        by=world.manager,
    )
    acts = [lambda: join(code=code, name="Robin", password="lantern-otter-42-river")] * 2
    assert refused(at_once(*acts)) == 1
    assert Person.objects.filter(name="Robin").count() == 1
    assert Membership.objects.filter(person__name="Robin").count() == 1


def test_merging_the_same_two_both_ways_round(world):
    one, other = (
        add_member(partnership=world.partnership, name=name, role=Role.PARTNER)
        for name in ("Ann Lee", "Anne Lee")
    )
    facts = {"partnership": world.partnership, "reason": "She told me.", "by": world.manager}
    answers = at_once(
        lambda: merge_people(kept=one, merged=other, **facts),
        lambda: merge_people(kept=other, merged=one, **facts),
    )
    assert refused(answers) == 1
    merge = PersonMerge.objects.get()
    assert Membership.objects.get(person__in=[one, other]).person == merge.kept


def test_forgetting_twice(world):
    answers = at_once(*[lambda: forget(person=world.resident, by=world.resident)] * 2)
    assert answers[0] == answers[1]
    assert Forgetting.objects.get().person.name == FORGOTTEN


def test_the_last_two_managers_both_ask_to_be_forgotten(world):
    give_role(partnership=world.partnership, person=world.officer, role=Role.MANAGER)
    answers = at_once(
        lambda: forget(person=world.manager, by=world.manager),
        lambda: forget(person=world.officer, by=world.officer),
    )
    assert refused(answers) == 1
    assert Membership.objects.current().filter(role=Role.MANAGER).count() == 1


def test_asking_for_a_copy_twice(world):
    at_once(*[lambda: ask_for_copy(person=world.resident, by=world.resident)] * 2)
    assert AccessExport.objects.count() == 1
