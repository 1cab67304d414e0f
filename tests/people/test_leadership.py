"""Who leads what, handing over, the share outside the lead body, gaps, and the handover sheet."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.boards import add_board, take_seat
from partnerships.actions.commitments import make_commitment
from partnerships.actions.setting_up import add_organisation
from partnerships.errors import DomainError, EditConflict
from partnerships.models import (
    BoardLevel,
    OrganisationRole,
    PartnershipOrganisation,
    SeatKind,
    Sector,
)
from people.actions import leadership as actions
from people.actions.memberships import add_person, end_membership, give_role
from people.models import Authority, LeadershipElement, Leading, Membership
from people.permissions import Role
from people.queries import leadership as queries
from reports.queries.handover import handover_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
BEGAN = date(2021, 4, 1)


@pytest.fixture
def element(world):
    return actions.add_element(
        partnership=world.partnership, name="Link to schools", level=BoardLevel.STEERING, by=world.manager
    )


def lead(world, element, owner, starts_on=BEGAN, **facts):
    given = {"authority": Authority.TOGETHER, "by": world.manager} | facts
    return actions.hand_over(element=element, owner=owner, starts_on=starts_on, **given)


def page(world, as_, who="officer"):
    response = as_(who).get(reverse("leadership", args=[world.partnership.slug]))
    return " ".join(response.content.decode().split())


def test_handing_over_ends_the_one_before_on_the_day_before(world, element):
    first = lead(world, element, world.manager)
    second = lead(world, element, world.officer, starts_on=date(2023, 1, 10))
    first.refresh_from_db()
    assert first.ends_on == date(2023, 1, 9)
    assert second.ends_on is None
    element = queries.elements_of(world.partnership)[0]
    assert queries.leading_now(element) == second
    assert queries.leading_now(element, date(2023, 1, 9)) == first


def test_a_day_that_is_taken_lies_ahead_or_before_the_partnership_is_refused(world, element):
    lead(world, element, world.manager, starts_on=date(2023, 1, 10))
    for day, words in (
        (date(2023, 1, 10), "has led this since"),
        (date(2022, 1, 1), "has led this since"),
        (TODAY() + timedelta(days=1), "today or in the past"),
        (date(1999, 1, 1), "Check the year"),
    ):
        with pytest.raises(DomainError, match=words):
            lead(world, element, world.officer, starts_on=day)


def test_only_people_and_bodies_of_the_partnership_lead(world, element):
    with pytest.raises(DomainError, match="person of this partnership"):
        lead(world, element, world.stranger)
    with pytest.raises(DomainError, match="somebody else"):
        lead(world, element, world.officer, successor=world.officer)
    theirs = add_organisation(partnership=world.other, name="Their club", sector=Sector.SPORT)
    with pytest.raises(DomainError, match="organisation of this partnership"):
        lead(world, element, world.officer, organisation=theirs)
    assert not Leading.objects.exists()


def test_the_database_lets_nobody_lead_beside_another(world, element):
    lead(world, element, world.manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        Leading.objects.create(
            partnership=world.partnership,
            element=element,
            owner=world.officer,
            authority="decides",
            starts_on=date(2024, 1, 1),
        )


def test_two_who_change_at_once_are_told(world, element):
    leading = lead(world, element, world.manager)
    actions.edit_leading(leading=leading, expected_version=1, by=world.officer, note="Over coffee")
    with pytest.raises(EditConflict):
        actions.edit_leading(leading=leading, expected_version=1, by=world.officer, note="In writing")


def test_ending_a_part_of_the_work_ends_who_leads_it_and_frees_its_name(world, element):
    leading = lead(world, element, world.manager)
    actions.end_element(element=element, expected_version=1, by=world.manager)
    leading.refresh_from_db()
    assert leading.ends_on == TODAY()
    assert queries.elements_of(world.partnership) == []
    actions.add_element(
        partnership=world.partnership, name="Link to schools", level="steering", by=world.manager
    )


def test_gaps_name_the_most_pressing_reason(world, element):
    def why():
        return [gap.why for gap in queries.gaps(world.partnership, queries.elements_of(world.partnership))]

    assert why() == ["Nobody leads it"]
    person = add_person(name="Ros Leaving")
    role = give_role(partnership=world.partnership, person=person, role=Role.PARTNER, starts_on=BEGAN)
    leading = lead(world, element, person)
    assert why() == ["Nobody is named who could take over"]
    actions.edit_leading(leading=leading, expected_version=1, by=world.manager, successor=world.officer)
    assert why() == []
    Membership.objects.filter(pk=role.pk).update(ends_on=TODAY() + timedelta(days=30))
    assert why() == ["The role of its owner ends soon"]
    Membership.objects.filter(pk=role.pk).update(ends_on=TODAY() - timedelta(days=1))
    assert why() == ["Its owner has no role or seat here any more"]


def test_the_share_outside_counts_bodies_that_were_not_the_lead_on_the_day(world, element):
    club = add_organisation(partnership=world.partnership, name="Judo club", sector=Sector.SPORT)
    PartnershipOrganisation.objects.create(
        partnership=world.partnership,
        organisation=world.organisation,
        role=OrganisationRole.LEAD,
        starts_on=BEGAN,
    )
    other = actions.add_element(
        partnership=world.partnership, name="Training", level="operational", by=world.manager
    )
    lead(world, element, world.manager, organisation=world.organisation)
    lead(world, other, world.manager, organisation=world.organisation)
    today = date(2024, 8, 15)
    lead(world, other, world.officer, organisation=club, starts_on=date(2024, 7, 1))
    shares = queries.shares_outside(world.partnership, today=today)
    assert [share.on for share in shares][-3:] == [date(2024, 3, 31), date(2024, 6, 30), today]
    assert [(share.led, share.outside) for share in shares][-3:] == [(2, 0), (2, 0), (2, 1)]
    assert shares[-1].percent == 50
    assert len(shares) == queries.QUARTERS + 1


def test_a_quarter_ends_on_its_last_day_across_years():
    assert queries.quarter_ends(date(2024, 1, 1))[-2:] == [date(2023, 9, 30), date(2023, 12, 31)]


def test_the_page_tells_who_leads_and_what_is_missing(world, as_, element):
    assert "Nobody leads it" in page(world, as_)
    lead(world, element, world.manager)
    text = page(world, as_)
    assert "Led by <strong>Test partnership manager</strong>" in text
    assert "Decides together with others" in text


def test_forms_hand_over_and_keep_what_was_typed(world, as_, element):
    client, slug = as_("manager"), world.partnership.slug
    address = reverse("element-hand-over", args=[slug, element.pk])
    sent = {
        "owner": world.officer.pk,
        "starts_on_day": "1",
        "starts_on_month": "2",
        "starts_on_year": "2099",
        "authority": "decides",
        "note": "By e-mail",
    }
    refused = client.post(address, sent).content.decode()
    assert "today or in the past" in refused
    assert "By e-mail" in refused
    assert client.post(address, sent | {"starts_on_year": "2022"}).status_code == 302
    assert Leading.objects.get().owner == world.officer
    stranger = client.post(address, sent | {"owner": world.stranger.pk}).content.decode()
    assert "Choose a person of this partnership." in stranger


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        ("manager", 200, 200),
        ("officer", 200, 200),
        ("chair", 200, 403),
        ("evaluator", 200, 403),
        ("partner", 403, 403),
        ("resident", 403, 403),
        ("observer", 403, 403),
        ("stranger", 404, 404),
    ],
)
def test_leadership_has_permissions_of_its_own(world, as_, element, who, reads, writes):
    client, slug = as_(who), world.partnership.slug
    assert client.get(reverse("leadership", args=[slug])).status_code == reads
    assert client.get(reverse("element-new", args=[slug])).status_code == writes
    assert client.get(reverse("handover", args=[slug, world.manager.pk])).status_code == reads


# --- Handover sheet ----------------------------------------------------------------------------------------------
def test_a_handover_sheet_holds_all_that_hangs_on_somebody(world, as_, element):
    other = add_board(partnership=world.partnership, name="Residents' forum", level=BoardLevel.HYPER_LOCAL)
    take_seat(board=world.board, person=world.officer, kind=SeatKind.MEMBER, starts_on=BEGAN)
    take_seat(board=other, person=world.officer, kind=SeatKind.CHAIR, starts_on=BEGAN)
    lead(world, element, world.officer)
    make_commitment(
        partnership=world.partnership, what="Ask for a bench", owner=world.officer, by=world.officer
    )
    held = handover_of(world.officer, world.partnership, reader=world.manager)
    assert [seat.board for seat in held.seats] == [world.board, other]
    assert [set(one.boards) for one in held.only_links] == [{"Active Lives Board", "Residents' forum"}]
    assert len(held.breaks) == 1
    address = reverse("handover", args=[world.partnership.slug, world.officer.pk])
    text = " ".join(as_("chair").get(address).content.decode().split())
    for words in ("Residents&#x27; forum", "Link to schools", "Ask for a bench", "Nobody else sits on both."):
        assert words in text


def test_one_sees_ones_own_sheet_and_nobody_elses(world, as_):
    slug = world.partnership.slug
    own = as_("partner").get(reverse("handover", args=[slug, world.partner.pk]))
    assert own.status_code == 200
    assert "Nothing to hand over" in own.content.decode()
    assert as_("partner").get(reverse("handover", args=[slug, world.officer.pk])).status_code == 403
    assert as_("officer").get(reverse("handover", args=[slug, world.stranger.pk])).status_code == 404


def test_a_closed_membership_does_not_open_ones_own_sheet(world, as_):
    membership = Membership.objects.get(person=world.partner)
    end_membership(membership=membership, by=world.manager)
    address = reverse("handover", args=[world.partnership.slug, world.partner.pk])
    assert as_("partner").get(address).status_code == 404


def test_an_ended_element_cannot_be_forged_into_a_form(world, as_, element):
    LeadershipElement.objects.filter(pk=element.pk).update(ended_on=TODAY())
    slug = world.partnership.slug
    assert as_("manager").get(reverse("element-hand-over", args=[slug, element.pk])).status_code == 404
