"""The pages of places and of organisations that partnerships share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from partnerships.actions.activities import log_activity
from partnerships.actions.local_places import add_place
from partnerships.actions.merging import merge_organisations
from partnerships.actions.organisations import add_part
from partnerships.actions.setting_up import add_organisation
from partnerships.models import (
    AuthorityDeprivation,
    CouncilIdentifier,
    Organisation,
    OrganisationCorrection,
    OrganisationRole,
    Place,
    PlaceKind,
    Sector,
)
from people.actions.memberships import give_role
from people.permissions import Role


def page(world, name, *args):
    return reverse(name, args=[world.partnership.slug, *args])


@pytest.fixture
def hill(world):
    return add_place(
        partnership=world.partnership, name="Hill", kind="neighbourhood", parent=world.place, by=world.manager
    )


# --- Places --------------------------------------------------------------------------------------------------------------
def test_the_tree_opens_by_its_links_alone(world, as_, hill):
    client, listed = as_("observer"), page(world, "place-list")
    html = client.get(listed).content.decode()
    assert f"?open={world.place.pk}#place-{world.place.pk}" in html
    opened = client.get(f"{listed}?open={world.place.pk}").content.decode()
    assert f'id="place-{hill.pk}"' in opened
    assert f'id="place-{hill.pk}"' not in html
    for odd in ("?open=99999999999999999999", "?open=x", "?open=٣", "?q=%00", "?q=" + "x" * 500):
        assert client.get(listed + odd).status_code == 200
    assert "Hill" in client.get(listed + "?q=hill").content.decode()
    assert "No place has this name" in client.get(listed + "?q=zzzz").content.decode()


def test_the_page_of_a_place_says_what_is_known_and_done_there(world, as_, hill):
    old = Place.objects.create(
        name="Oldborough",
        kind=PlaceKind.LOCAL_AUTHORITY,
        code="E07000001",
        is_current=False,
        valid_to=date(2023, 3, 31),
    )
    old.successors.add(world.place)
    AuthorityDeprivation.objects.create(
        place=world.place,
        year=2025,
        average_score=Decimal("28.6"),
        average_score_rank=51,
        average_rank=1,
        average_rank_rank=1,
        share_most_deprived=Decimal("0.184"),
        source="English Indices of Deprivation 2025, MHCLG",
    )
    log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Walk on the hill",
        happened_on=date(2026, 3, 1),
        place=hill,
    )
    world.programme.places.add(hill)
    html = as_("observer").get(page(world, "place-detail", world.place.pk)).content.decode()
    for said in (
        "took over from",
        "Oldborough (E07000001)",
        "51 of the local authorities",
        "18.4%",
        "Walk on the hill",
        "Holiday club",
        "Yes, it is the main place",
    ):
        assert said in html, said
    gone = as_("observer").get(page(world, "place-detail", old.pk)).content.decode()
    assert "ended on 31 March 2023. It was taken over by" in gone
    assert "was in use until 31 March 2023" in gone


def test_who_else_covers_a_place_is_told_only_to_who_may_know(world, as_):
    world.other.covered.create(partnership=world.other, place=world.place)
    url = page(world, "place-detail", world.place.pk)
    assert "Otherborough Together" not in as_("officer").get(url).content.decode()
    give_role(partnership=world.other, person=world.officer, role=Role.OBSERVER)
    assert "Otherborough Together" in as_("officer").get(url).content.decode()


def test_a_place_is_added_and_alike_ones_are_shown_first(world, as_, hill):
    client, url = as_("manager"), page(world, "place-new")
    answers = {"name": "Hills", "kind": "neighbourhood", "parent": world.place.pk}
    asked = client.post(url, answers).content.decode()
    assert "Is it one of these?" in asked
    assert 'value="Hills"' in asked
    assert client.post(url, answers | {"is_another": "on"}).status_code == 302
    made = Place.objects.get(name="Hills")
    assert made.added_by == world.partnership
    for wrong in (
        {"parent": world.elsewhere.pk},
        {"kind": "nation"},
        {"small_areas": "Hill Street"},
        {"name": "a\x00b"},
    ):
        assert client.post(url, answers | {"name": "Vale"} | wrong).status_code == 200
    assert not Place.objects.filter(name="Vale").exists()
    assert as_("officer").post(url, answers).status_code == 403


def test_own_places_are_changed_and_closed_and_others_are_not_there(world, as_, hill):
    client = as_("manager")
    change = page(world, "place-edit", hill.pk)
    answers = {
        "name": "Hilltop",
        "kind": "neighbourhood",
        "parent": world.place.pk,
        "small_areas": "E01000001",
        "version": 1,
    }
    assert client.post(change, answers).status_code == 302
    assert "Somebody else saved this" in client.post(change, answers).content.decode()
    assert client.get(page(world, "place-edit", world.place.pk)).status_code == 404
    assert client.get(page(world, "place-close", world.place.pk)).status_code == 404
    theirs = add_place(partnership=world.other, name="Dale", kind="neighbourhood", parent=world.elsewhere)
    for name in ("place-detail", "place-edit", "place-cover", "place-uncover", "place-main", "place-close"):
        assert client.get(page(world, name, theirs.pk)).status_code == 404
    closing = {"on": "2026-03-31", "successors": [theirs.pk], "version": 2}
    assert client.post(page(world, "place-close", hill.pk), closing).status_code == 200
    closing["successors"] = [world.place.pk]
    assert client.post(page(world, "place-close", hill.pk), closing).status_code == 302
    hill.refresh_from_db()
    assert (hill.is_current, hill.valid_to) == (False, date(2026, 3, 31))


def test_covering_and_the_main_place_on_pages(world, as_):
    client = as_("manager")
    assert client.post(page(world, "place-cover", world.elsewhere.pk)).status_code == 302
    assert client.post(page(world, "place-cover", world.elsewhere.pk)).status_code == 302
    assert world.partnership.covered.count() == 2
    refused = client.post(page(world, "place-uncover", world.place.pk)).content.decode()
    assert "Choose another main place first" in refused
    assert client.post(page(world, "place-main", world.elsewhere.pk)).status_code == 302
    assert client.post(page(world, "place-uncover", world.place.pk)).status_code == 302
    assert [one.place for one in world.partnership.covered.all()] == [world.elsewhere]
    assert as_("officer").post(page(world, "place-cover", world.place.pk)).status_code == 403


# --- Organisations ---------------------------------------------------------------------------------------------------------
def test_a_council_is_offered_with_its_identifier(world, as_):
    CouncilIdentifier.objects.create(org_id="GB-LAE-LUT", name="Luton Borough Council", gss_code="E06000032")
    client, url = as_("manager"), page(world, "organisation-add")
    answers = {"name": "Luton Council", "sector": "council", "part": "system"}
    asked = client.post(url, answers).content.decode()
    assert "Luton Borough Council, GB-LAE-LUT, E06000032" in asked
    assert client.post(url, answers | {"council": "GB-LAE-XXX"}).status_code == 200
    assert client.post(url, answers | {"council": "GB-LAE-LUT"}).status_code == 302
    assert Organisation.objects.get(name="Luton Council").org_id == "GB-LAE-LUT"
    other = answers | {"name": "Luton Youth Council", "council": "none"}
    assert client.post(url, other).status_code == 302
    assert Organisation.objects.get(name="Luton Youth Council").org_id is None


def test_a_correction_of_what_others_use_is_proposed_and_answered(world, as_):
    give_role(partnership=world.other, person=world.stranger, role=Role.MANAGER)
    add_part(partnership=world.other, organisation=world.organisation, role=OrganisationRole.FUNDER)
    client, url = as_("manager"), page(world, "organisation-edit", world.organisation.pk)
    html = client.get(url).content.decode()
    assert "Another partnership uses this organisation too" in html
    assert "Otherborough" not in html, "who else is here is nobody's business"
    answers = {"name": "Testborough MBC", "sector": "council", "reason": "Their sign", "version": 1}
    assert client.post(url, answers).status_code == 302
    correction = OrganisationCorrection.objects.get()
    theirs = reverse("organisation-detail", args=[world.other.slug, world.organisation.pk])
    assert (
        "Another partnership proposes a correction: Testborough MBC"
        in as_("stranger").get(theirs).content.decode()
    )
    answer = reverse("organisation-correction", args=[world.other.slug, world.organisation.pk, correction.pk])
    page_of_it = as_("stranger").get(answer).content.decode()
    assert "Testborough Council becomes Testborough MBC" in page_of_it
    assert "Testborough Together" not in page_of_it
    mine = page(world, "organisation-correction", world.organisation.pk, correction.pk)
    assert client.get(mine).status_code == 404, "nobody answers their own"
    assert as_("stranger").post(answer, {"answer": "yes"}).status_code == 302
    world.organisation.refresh_from_db()
    assert world.organisation.name == "Testborough MBC"
    assert as_("stranger").get(answer).status_code == 404, "it has been answered"


def test_a_merge_is_shown_first_and_old_links_lead_on(world, as_):
    twin = add_organisation(
        partnership=world.partnership, name="Testborough Borough Council", sector=Sector.COUNCIL
    )
    client = as_("manager")
    assert (
        "Testborough Borough Council" in client.get(page(world, "organisation-duplicates")).content.decode()
    )
    url = page(world, "organisation-merge", twin.pk)
    assert "Which record is to be kept?" in client.get(url).content.decode()
    asked = f"{url}?into={world.organisation.pk}"
    assert "This moves:" in client.get(asked).content.decode()
    refused = client.post(asked, {"reason": ""}).content.decode()
    assert "This moves:" in refused
    assert client.post(url, {"reason": "Same"}).status_code == 302, "first say which is kept"
    assert Organisation.objects.get(pk=twin.pk).merged_into is None
    assert client.post(asked, {"reason": "Same address"}).status_code == 302
    old = client.get(page(world, "organisation-detail", twin.pk))
    assert (old.status_code, old.url) == (302, page(world, "organisation-detail", world.organisation.pk))
    assert "Testborough Borough Council, merged on" in client.get(old.url).content.decode()
    assert client.get(asked).status_code == 404, "it is no record of its own any more"
    assert as_("observer").get(page(world, "organisation-detail", twin.pk)).status_code == 302
    assert as_("stranger").get(page(world, "organisation-detail", twin.pk)).status_code == 404


def test_a_merge_with_what_others_use_is_not_offered(world, as_):
    twin = add_organisation(partnership=world.partnership, name="Twin", sector=Sector.COUNCIL)
    add_part(partnership=world.other, organisation=twin, role=OrganisationRole.LEAD)
    url = page(world, "organisation-merge", twin.pk) + f"?into={world.organisation.pk}"
    html = as_("manager").get(url).content.decode()
    assert "Another partnership uses one of them too" in html
    assert "This moves:" not in html
    sent = as_("manager").post(url, {"reason": "Same"})
    assert "Another partnership uses one of them too" in sent.content.decode()
    theirs = add_organisation(partnership=world.other, name="Theirs alone", sector=Sector.SPORT)
    forged = page(world, "organisation-merge", world.organisation.pk) + f"?into={theirs.pk}"
    assert "This moves:" not in as_("manager").get(forged).content.decode()


def test_a_merged_record_is_known_in_no_list(world, as_):
    twin = add_organisation(partnership=world.partnership, name="Twin", sector=Sector.COUNCIL)
    merge_organisations(
        kept=world.organisation, merged=twin, reason="Same", may_manage=lambda one: True, by=world.manager
    )
    assert "Twin" not in as_("manager").get(page(world, "organisation-list")).content.decode()
