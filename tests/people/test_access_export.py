"""What is held about somebody: the page for themselves, and the copy to take away."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.activities import log_activity
from partnerships.actions.seats import take_seat
from partnerships.errors import DomainError
from partnerships.models import Draft
from people.actions.access import ask_for_copy, delete_old_copies, send_waiting_copies
from people.actions.memberships import add_member, give_role
from people.actions.offers import add_offer, change_offer, remove_offer
from people.jobs import tend_copies
from people.models import AccessExport, Introduction, Offer
from people.permissions import Role
from people.queries.access import HIDDEN, everything_about
from people.tasks.access import make_access_export

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def copied(world, django_capture_on_commit_callbacks):
    """`copied(person)`: their finished copy."""

    def make(person, by=None):
        with django_capture_on_commit_callbacks(execute=True):
            export = ask_for_copy(person=person, by=by or person)
        export.refresh_from_db()
        return export

    return make


def files_in(export) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(bytes(export.content))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_copy_holds_everything_that_names_the_person(world, copied):
    resident = world.resident
    take_seat(board=world.board, person=resident, starts_on=date(2024, 1, 1))
    log_activity(
        partnership=world.partnership, by=world.officer, title="A walk", happened_on=TODAY, people=[resident]
    )
    add_offer(partnership=world.partnership, person=resident, kind="knows", text="Bus routes", by=resident)
    files = files_in(copied(resident))
    data = json.loads(files["data.json"])
    assert data["you"]["Email address"] == "resident@testborough.example"
    kinds = {record["kind"]: record["rows"] for record in data["records"]}
    assert kinds["Seats"][0]["board"] == "Active Lives Board"
    assert kinds["Offers"][0]["text"] == "Bus routes"
    assert any(row["activity"] == "A walk" for row in kinds["Activities"])
    assert kinds["Memberships"][0]["role"] == "Resident contributor"
    assert kinds["What your record said, and when"][0]["Name"] == "Test resident contributor"
    assert "A walk" in files["read-me-first.html"]
    assert any(name.endswith("-seats.csv") for name in files)


def test_it_holds_no_secret_and_nobody_else(world, copied):
    Introduction.objects.create(
        partnership=world.partnership,
        one=world.resident,
        other=world.chair,
        made_by=world.officer,
        made_on=TODAY,
        why="Test chair knows the hall",
    )
    text = "".join(files_in(copied(world.resident)).values())
    assert "somebody else" in text
    for other in (world.chair, world.officer, world.manager):
        assert other.name not in text
        assert other.email not in text
    assert world.resident.password not in text
    assert "[name] knows the hall" in text


def test_an_activity_that_they_may_not_read_is_not_told(world, copied):
    log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Between officers",
        happened_on=TODAY,
        people=[world.resident],
        visibility="authors",
    )
    text = files_in(copied(world.resident))["data.json"]
    assert "Between officers" not in text
    assert HIDDEN in text
    assert "Between officers" in files_in(copied(world.officer))["data.json"]


def test_a_table_is_no_program_for_a_spreadsheet(world, copied):
    add_offer(
        partnership=world.partnership,
        person=world.resident,
        kind="knows",
        text="=HYPERLINK(1)",
        by=world.resident,
    )
    files = files_in(copied(world.resident))
    offers = next(text for name, text in files.items() if name.endswith("-offers.csv"))
    assert "'=HYPERLINK(1)" in offers


def test_markup_in_what_was_typed_stays_text(world, copied):
    add_offer(
        partnership=world.partnership,
        person=world.resident,
        kind="knows",
        text="<script>alert(1)</script>",
        by=world.resident,
    )
    assert "<script>" not in files_in(copied(world.resident))["read-me-first.html"]


def test_asked_twice_it_is_made_once(world, copied):
    first, second = copied(world.resident), copied(world.resident)
    assert first == second
    before = bytes(first.content)
    make_access_export(first.pk)
    first.refresh_from_db()
    assert bytes(first.content) == before


def test_it_is_gone_after_seven_days(world, copied, as_):
    export = copied(world.resident)
    address = reverse("access-export", args=[export.pk])
    response = as_("resident").get(address)
    assert response["Content-Type"] == "application/zip"
    assert "no-store" in response["Cache-Control"]
    assert delete_old_copies() == 0
    AccessExport.objects.filter(pk=export.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert as_("resident").get(address).status_code == 404
    tend_copies()
    export.refresh_from_db()
    assert export.content is None
    assert export.deleted_at is not None
    assert as_("resident").get(address).status_code == 404


def test_what_the_broker_lost_is_sent_again(world):
    export = AccessExport.objects.create(
        person=world.resident, asked_by=world.resident, asked_at=timezone.now() - timedelta(minutes=5)
    )
    assert send_waiting_copies() == 1
    export.refresh_from_db()
    assert export.made_at is not None
    assert send_waiting_copies() == 0


def test_nobody_else_can_download_it(world, copied, as_):
    address = reverse("access-export", args=[copied(world.resident).pk])
    for who in ("manager", "officer", world.stranger):
        assert as_(who).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_manager_gets_it_for_somebody_who_does_not_sign_in(world, copied, as_):
    person = add_member(partnership=world.partnership, name="Ann Lee", role=Role.RESIDENT)
    slug = world.partnership.slug
    address = reverse("person-copy", args=[slug, person.pk])
    assert as_("officer").post(address).status_code == 403
    assert as_("manager").get(address).status_code == 200
    export = copied(person, world.manager)
    assert reverse("access-export", args=[export.pk]) in as_("manager").get(address).content.decode()
    assert as_("manager").get(reverse("access-export", args=[export.pk])).status_code == 200
    give_role(partnership=world.other, person=person, role=Role.RESIDENT)
    assert as_("manager").get(reverse("access-export", args=[export.pk])).status_code == 404
    with pytest.raises(DomainError, match="another partnership"):
        ask_for_copy(person=person, by=world.manager)


def test_not_for_somebody_who_signs_in(world, as_):
    with pytest.raises(DomainError, match="gets their copy under"):
        ask_for_copy(person=world.resident, by=world.manager)
    address = reverse("person-copy", args=[world.partnership.slug, world.resident.pk])
    page = as_("manager").post(address)
    assert page.status_code == 200
    assert "Your account" in page.content.decode()


def test_the_page_of_what_is_held(world, as_):
    take_seat(board=world.board, person=world.resident, starts_on=date(2024, 1, 1))
    for visibility in ("partnership", "authors"):
        log_activity(
            partnership=world.partnership,
            by=world.officer,
            title="A walk",
            happened_on=TODAY,
            people=[world.resident],
            visibility=visibility,
        )
    page = as_("resident").get(reverse("held")).content.decode()
    assert "Testborough Together" in page
    assert "Member, Active Lives Board" in page
    assert "2, of which you may read 1" in page
    assert "Otherborough" not in page
    assert reverse("usersessions_list") in page


def test_asking_from_the_page(world, as_, django_capture_on_commit_callbacks):
    client = as_("resident")
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("access-export-ask"))
    assert response.url == reverse("held")
    export = AccessExport.objects.get(person=world.resident)
    assert reverse("access-export", args=[export.pk]) in client.get(reverse("held")).content.decode()


def test_what_one_knows_is_seen_only_where_one_agrees(world, as_):
    client = as_("resident")
    address = reverse("own-offer-new", args=[world.partnership.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"kind": "knows", "text": ""}).status_code == 200
    client.post(address, {"kind": "knows", "text": "Bus routes"})
    offer = Offer.objects.get()
    assert (offer.is_shown, offer.agreed_on) == (False, None)
    page = reverse("person-detail", args=[world.partnership.slug, world.resident.pk])
    assert "Bus routes" in client.get(page).content.decode()
    for who in ("officer", "manager"):
        assert "Bus routes" not in as_(who).get(page).content.decode()
    change = reverse("own-offer-edit", args=[offer.pk])
    sent = {"kind": "knows", "text": "Bus routes", "is_shown": "on", "version": "1"}
    assert client.post(change, sent).status_code == 302
    assert "Bus routes" in as_("officer").get(page).content.decode()
    assert client.post(change, sent | {"text": "Trams"}).status_code == 200, "an older version"
    assert as_("officer").get(change).status_code == 404
    assert as_("officer").post(reverse("own-offer-remove", args=[offer.pk])).status_code == 404
    assert client.post(reverse("own-offer-remove", args=[offer.pk])).status_code == 302
    assert not Offer.objects.exists()


def test_a_manager_writes_down_only_with_consent_and_not_for_who_signs_in(world, as_):
    person = add_member(partnership=world.partnership, name="Ann Lee", role=Role.RESIDENT)
    facts = {"partnership": world.partnership, "person": person, "kind": "helps", "text": "Lifts"}
    with pytest.raises(DomainError) as refused:
        add_offer(**facts, by=world.manager)
    assert refused.value.field == "agreed_on"
    with pytest.raises(DomainError) as refused:
        add_offer(**facts, agreed_on=TODAY, by=world.manager)
    assert refused.value.field == "agreed_how"
    with pytest.raises(DomainError) as refused:
        add_offer(**facts, agreed_on=TODAY + timedelta(1), agreed_how="so", by=world.manager)
    assert refused.value.field == "agreed_on"
    offer = add_offer(**facts, agreed_on=TODAY, agreed_how="at the forum", by=world.manager)
    assert offer.is_shown
    with pytest.raises(DomainError, match="says this for themselves"):
        add_offer(**facts | {"person": world.resident}, by=world.manager)
    own = add_offer(**facts | {"person": world.resident}, by=world.resident)
    with pytest.raises(DomainError, match="says this for themselves"):
        remove_offer(offer=own, by=world.manager)
    with pytest.raises(DomainError, match="says this for themselves"):
        change_offer(offer=own, kind="knows", text="x", expected_version=1, by=world.manager)
    slug = world.partnership.slug
    assert as_("manager").get(reverse("offer-new", args=[slug, world.resident.pk])).status_code == 403
    assert as_("manager").get(reverse("offer-new", args=[slug, person.pk])).status_code == 200
    assert as_("manager").post(reverse("offer-remove", args=[slug, person.pk, offer.pk])).status_code == 302
    assert as_("manager").get(reverse("offer-remove", args=[slug, person.pk, own.pk])).status_code == 404


def test_a_draft_is_in_it_and_a_new_room_would_be(world):
    Draft.objects.create(
        partnership=world.partnership,
        person=world.resident,
        form="activity",
        fields={"title": ["Mine"]},
        saved_at=timezone.now(),
    )
    held = everything_about(world.resident)
    drafts = next(table for table in held.tables if table.kind == "Drafts")
    assert "Mine" in str(drafts.rows)
