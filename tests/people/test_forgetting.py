"""Leaving a partnership, and being forgotten by all of them."""

from __future__ import annotations

from datetime import date, timedelta

import pghistory
import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection, models
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.activities import log_activity
from partnerships.actions.seats import take_seat
from partnerships.errors import DomainError
from partnerships.models import Activity, OrganisationContact, Seat
from partnerships.queries.references import pointing_at
from people.actions.known_as import note_real_name
from people.actions.leaving import BLANKED, DELETED, FORGOTTEN, forget, leave
from people.actions.memberships import add_member, edit_person, give_role
from people.actions.offers import add_offer
from people.actions.person_merging import merge_people
from people.models import Forgetting, Invitation, Membership, Person, RealName, Voice
from people.permissions import Role
from people.queries.mentions import mentions_of, names_of
from tests.small_world import PASSWORD

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NAME, REAL, MAIL = "Wilhelmina Quist", "Wilhelmina Quistgaard", "w.quist@quisthome.example"
TELLING = ("quist", "0161 555 0199", "chief of quilts")


@pytest.fixture
def known(world, invited):
    """Somebody of whom everything is held that can be."""
    person = add_member(
        partnership=world.partnership,
        name=NAME,
        role=Role.RESIDENT,
        job_title="Chief of quilts",
        by=world.manager,
    )
    edit_person(person=person, name="Mina Quist", job_title="Chief of quilts", by=world.manager)
    edit_person(person=person, name=NAME, job_title="Chief of quilts", by=world.manager)
    Person.objects.filter(pk=person.pk).update(email=MAIL, sign_in_name="quist-heron-10")
    EmailAddress.objects.create(user=person, email=MAIL, primary=True)
    note_real_name(partnership=world.partnership, person=person, name=REAL)
    invited(MAIL, name=NAME, role=Role.OBSERVER, person=person)
    take_seat(board=world.board, person=person, starts_on=date(2024, 1, 1), by=world.manager)
    OrganisationContact.objects.create(
        partnership=world.partnership,
        organisation=world.organisation,
        role="Quilts",
        person=person,
        email=MAIL,
        phone="0161 555 0199",
        starts_on=date(2024, 1, 1),
    )
    Voice.objects.create(
        partnership=world.partnership,
        theme="Benches",
        words="We need benches.",
        said_on=TODAY,
        said_as="Mina Quist",
        speaker=person,
    )
    add_offer(
        partnership=world.partnership,
        person=person,
        kind="knows",
        text="How the Quists do it",
        agreed_on=TODAY,
        agreed_how="told me",
        by=world.manager,
    )
    log_activity(
        partnership=world.partnership, by=world.officer, title="A walk", happened_on=TODAY, people=[person]
    )
    return person


def still_telling() -> list[str]:
    """Every column of every table of the database in which something that tells who it was still stands."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if not model._meta.managed or model._meta.proxy:
                continue
            for field in model._meta.concrete_fields:
                if isinstance(field, models.BinaryField | models.GeneratedField):
                    continue
                for word in TELLING:
                    cursor.execute(
                        f'SELECT count(*) FROM "{model._meta.db_table}" WHERE "{field.column}"::text ILIKE %s',
                        [f"%{word}%"],
                    )
                    if cursor.fetchone()[0]:
                        found.append(f"{model._meta.label}.{field.name}")
    return found


def test_nothing_in_any_table_tells_who_it_was(world, known):
    assert {"people.Person.name", "people.PersonEvent.name", "people.InvitationEvent.email"} <= set(
        still_telling()
    )
    forget(person=known, how_asked="in a letter", by=world.manager)
    assert [column for column in still_telling() if column != "partnerships.OrganisationContact.role"] == []


def test_what_the_partnership_did_stays_whole(world, known, as_):
    before = {
        model: model.objects.count() for model in (Activity, Seat, Membership, Voice, OrganisationContact)
    }
    events = {model: model.pgh_event_model.objects.count() for model in (Person, Seat, Membership, Voice)}
    forget(person=known, how_asked="in a letter", by=world.manager)
    assert {model: model.objects.count() for model in before} == before
    assert all(model.pgh_event_model.objects.count() >= number for model, number in events.items())
    activity = Activity.objects.get(title="A walk")
    assert [str(person) for person in activity.people.all()] == [FORGOTTEN]
    page = as_("officer").get(reverse("activity-detail", args=[world.partnership.slug, activity.pk]))
    assert FORGOTTEN in page.content.decode()
    seat = Seat.objects.get(person=known)
    assert (seat.starts_on, seat.ends_on) == (date(2024, 1, 1), TODAY)
    assert not Membership.objects.current().filter(person=known).exists()


def test_history_is_still_append_only_afterwards(world, known):
    forget(person=known, how_asked="in a letter", by=world.manager)
    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        Person.pgh_event_model.objects.filter(pgh_obj=world.officer).update(name="Another")


def test_only_their_own_history_is_redacted(world, known):
    others = Person.pgh_event_model.objects.exclude(pgh_obj=known).order_by("pgh_id")
    before = list(others.values_list("name", "email", "job_title"))
    forget(person=known, how_asked="in a letter", by=world.manager)
    assert list(others.values_list("name", "email", "job_title")) == before


def test_they_can_never_sign_in_again(world):
    session = Client()
    session.force_login(world.resident, backend="django.contrib.auth.backends.ModelBackend")
    forget(person=world.resident, by=world.resident)
    assert session.get(reverse("account")).status_code == 302
    page = Client().post(
        reverse("account_login"), {"login": "resident@testborough.example", "password": PASSWORD}
    )
    assert page.status_code == 200
    assert not EmailAddress.objects.filter(user=world.resident).exists()


def test_done_twice_it_is_done_once(world, known):
    first = forget(person=known, how_asked="in a letter", by=world.manager)
    assert forget(person=known, how_asked="again", by=world.manager) == first
    assert Forgetting.objects.get().how_asked == "in a letter"


def test_what_was_merged_into_them_is_forgotten_with_them(world, known):
    twin = add_member(partnership=world.partnership, name="W Quist", role=Role.OBSERVER, by=world.manager)
    merge_people(
        partnership=world.partnership, kept=known, merged=twin, reason="Quist said", by=world.manager
    )
    forget(person=known, how_asked="in a letter", by=world.manager)
    assert [column for column in still_telling() if column != "partnerships.OrganisationContact.role"] == []


def test_an_open_invitation_is_withdrawn(world, known):
    forget(person=known, how_asked="in a letter", by=world.manager)
    assert Invitation.objects.get(person=known).revoked_at is not None


def test_not_while_they_are_the_only_manager(world):
    with pytest.raises(DomainError, match="You are the only manager of Testborough Together"):
        forget(person=world.manager, by=world.manager)
    give_role(partnership=world.partnership, person=world.officer, role=Role.MANAGER)
    forget(person=world.manager, by=world.manager)
    world.manager.refresh_from_db()
    assert world.manager.name == FORGOTTEN


def test_a_manager_says_how_they_asked(world, known):
    with pytest.raises(DomainError) as refused:
        forget(person=known, by=world.manager)
    assert refused.value.field == "how_asked"


def test_no_manager_forgets_somebody_of_another_partnership(world, known):
    give_role(partnership=world.other, person=known, role=Role.RESIDENT)
    with pytest.raises(DomainError, match="another partnership"):
        forget(person=known, how_asked="in a letter", by=world.manager)
    known.refresh_from_db()
    assert known.name == NAME


def test_every_text_about_a_person_is_blanked_deleted_or_stays_on_purpose():
    """A room made tomorrow that holds an address, a phone number or a name beside a person fails here until it is classified."""
    telling = {"name", "email", "phone", "said_as", "job_title"}
    stays = {
        # Names of things, not of people.
        *(f"{label}.name" for label in ("people.ApiClient", "partnerships.ActivityTemplate")),
    }
    seen = set()
    for key in pointing_at(Person):
        model = key.model
        if key.name in {"created_by", "by", "owner", "uploaded_by", "lead"} or model in DELETED:
            continue
        blanked = BLANKED.get(model, ("", {}))[1]
        for field in model._meta.concrete_fields:
            label = f"{model._meta.label}.{field.name}"
            if field.name in telling and field.name not in blanked and label not in stays:
                seen.add(label)
    names_of_things = {s for s in seen if s.split(".")[-1] == "name"}
    assert seen - names_of_things == set(), seen
    assert not {s for s in names_of_things if s.startswith("people.")} - {"people.ApiClient.name"}


def test_where_the_name_stands_in_text(world, known):
    hidden = log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Mina Quist in private",
        happened_on=TODAY,
        visibility="authors",
    )
    open_ = log_activity(
        partnership=world.partnership, by=world.officer, title="Thank you mina quist", happened_on=TODAY
    )
    assert {"Mina Quist", NAME, REAL} <= set(names_of(known))
    found = {m.kind: m for m in mentions_of(names_of(known), world.partnership, world.manager)}
    assert found["Activities"].records == (open_,)
    assert hidden not in found["Activities"].records
    assert mentions_of(names_of(known), world.other, world.stranger) == []


def test_the_managers_page(world, known, as_):
    slug = world.partnership.slug
    open_ = log_activity(
        partnership=world.partnership, by=world.officer, title=f"Thank you {NAME}", happened_on=TODAY
    )
    address = reverse("person-forget", args=[slug, known.pk])
    page = as_("manager").get(address).content.decode()
    assert reverse("activity-detail", args=[slug, open_.pk]) in page
    for wrong in ({"how_asked": "in a letter", "word": "yes"}, {"how_asked": " ", "word": "forget"}):
        page = as_("manager").post(address, wrong)
        assert page.status_code == 200
        known.refresh_from_db()
        assert known.name == NAME
    response = as_("manager").post(address, {"how_asked": "in a letter", "word": " Forget "})
    assert response.url == reverse("people-list", args=[slug])
    page = as_("manager").get(reverse("person-detail", args=[slug, known.pk]))
    assert "asked to be forgotten" in page.content.decode()
    for who in ("officer", "resident"):
        assert as_(who).get(address).status_code == 403
        assert as_(who).post(address, {"word": "forget"}).status_code == 403
    assert as_(world.stranger).get(address).status_code == 404


def test_forgetting_oneself(world, as_):
    client = as_("resident")
    page = client.get(reverse("forget-me")).content.decode()
    assert "What stays" in page
    assert client.post(reverse("forget-me"), {"word": "no"}).status_code == 200
    assert client.post(reverse("forget-me"), {"word": "forget"}).status_code == 302
    assert client.get(reverse("account")).status_code == 302
    world.resident.refresh_from_db()
    assert (world.resident.name, world.resident.is_active) == (FORGOTTEN, False)
    assert Forgetting.objects.get().by is None


def test_the_only_manager_is_told_why_not(as_):
    page = as_("manager").get(reverse("forget-me")).content.decode()
    assert "only manager" in page
    assert "Forget me" not in page
    assert as_("manager").post(reverse("forget-me"), {"word": "forget"}).status_code == 200


def test_leaving_ends_roles_and_seats_on_a_day(world):
    later = TODAY + timedelta(30)
    take_seat(board=world.board, person=world.officer, starts_on=date(2024, 1, 1))
    give_role(
        partnership=world.partnership,
        person=world.officer,
        role=Role.OBSERVER,
        starts_on=TODAY + timedelta(60),
    )
    leave(partnership=world.partnership, person=world.officer, on=later, by=world.manager)
    assert Seat.objects.get(person=world.officer).ends_on == later
    role = Membership.objects.get(person=world.officer, role=Role.OFFICER)
    assert (role.ends_on, role.ended_at) == (later, None)
    assert not Membership.objects.current(TODAY + timedelta(70)).filter(person=world.officer).exists()


def test_leaving_today_ends_access_at_once(world, as_):
    client = as_("officer")
    response = client.post(
        reverse("leave-partnership", args=[world.partnership.pk]),
        {"ends_on_day": TODAY.day, "ends_on_month": TODAY.month, "ends_on_year": TODAY.year},
    )
    assert response.url == reverse("held")
    assert client.get(reverse("home", args=[world.partnership.slug])).status_code == 404
    assert client.get(reverse("held")).status_code == 200
    assert client.get(reverse("leave-partnership", args=[world.partnership.pk])).status_code == 404


def test_a_seat_that_has_not_begun_never_will(world):
    take_seat(board=world.board, person=world.officer, starts_on=TODAY + timedelta(60))
    leave(partnership=world.partnership, person=world.officer, by=world.manager)
    assert not Seat.objects.filter(person=world.officer).exists()


def test_what_leaving_refuses(world, as_):
    with pytest.raises(DomainError, match="today or later"):
        leave(partnership=world.partnership, person=world.officer, on=TODAY - timedelta(1), by=world.manager)
    with pytest.raises(DomainError, match="last manager"):
        leave(partnership=world.partnership, person=world.manager, by=world.manager)
    with pytest.raises(DomainError, match="no role and no seat"):
        leave(partnership=world.partnership, person=world.stranger, by=world.manager)
    assert as_("resident").get(reverse("leave-partnership", args=[world.other.pk])).status_code == 404


def test_a_manager_ends_it_for_somebody(world, as_):
    address = reverse("person-leave", args=[world.partnership.slug, world.resident.pk])
    assert as_("officer").post(address).status_code == 403
    day = {"ends_on_day": TODAY.day, "ends_on_month": TODAY.month, "ends_on_year": TODAY.year}
    assert as_("manager").get(address).status_code == 200
    assert as_("manager").post(address, day).status_code == 302
    assert not Membership.objects.current().filter(person=world.resident).exists()


def test_who_did_it_is_in_history(world, known):
    with pghistory.context(user=world.manager.pk):
        forget(person=known, how_asked="in a letter", by=world.manager)
    assert Forgetting.objects.get(person=known).by == world.manager
    assert not RealName.objects.filter(person=known).exists()
