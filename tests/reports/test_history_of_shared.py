"""The history of what several partnerships share: an organisation, a place. People elsewhere are not named in it."""

from __future__ import annotations

from datetime import date

import pghistory
import pytest
from django.urls import reverse

from partnerships.actions.boards import take_seat
from partnerships.models import Organisation, Place, PlaceKind, Seat
from people.actions import leadership
from people.actions.memberships import add_person

pytestmark = pytest.mark.django_db


def page(as_, world, who, kind, pk):
    return as_(who).get(reverse("history", args=[world.partnership.slug, kind, pk]))


def saved_by(person, record, **changes):
    with pghistory.context(user=person.pk):
        for name, value in changes.items():
            setattr(record, name, value)
        record.save()


def test_an_organisation_whose_name_was_corrected_here_and_elsewhere(as_, world):
    ours = world.organisation
    before = ours.name
    saved_by(world.manager, ours, name="Leisure Trust of the Borough")
    saved_by(world.stranger, ours, name="Leisure Trust of Two Boroughs")
    text = page(as_, world, "chair", "organisation", ours.pk).content.decode()
    for said in (
        before,
        "Leisure Trust of the Borough",
        world.manager.name,
        "Somebody of another partnership",
    ):
        assert said in text
    assert world.stranger.name not in text


def test_why_another_partnership_merged_it_stays_there(as_, world):
    ours = world.organisation
    saved_by(world.stranger, ours, merge_reason="Their secret reason")
    assert "Their secret reason" not in page(as_, world, "manager", "organisation", ours.pk).content.decode()


def test_a_place_of_ours_and_one_of_theirs(as_, world):
    place = Place.objects.create(
        name="Weir Side", kind=PlaceKind.NEIGHBOURHOOD, parent=world.place, added_by=world.partnership
    )
    saved_by(world.manager, place, name="Weirside")
    text = page(as_, world, "officer", "place", place.pk).content.decode()
    assert "Weirside" in text
    assert world.manager.name in text
    elsewhere = Place.objects.create(name="Their corner", kind=PlaceKind.NEIGHBOURHOOD, added_by=world.other)
    assert page(as_, world, "officer", "place", elsewhere.pk).status_code == 404


def test_who_may_read_it(as_, world):
    stranger = Organisation.objects.create(name="Nobody of ours", sector="other")
    assert page(as_, world, "manager", "organisation", stranger.pk).status_code == 404
    for kind, pk in (("organisation", world.organisation.pk), ("place", world.place.pk)):
        assert page(as_, world, "partner", kind, pk).status_code == 403
        assert page(as_, world, "stranger", kind, pk).status_code == 404
        assert page(as_, world, "chair", kind, pk).status_code == 200


def test_who_led_what_is_kept_apart_once_they_have_left(as_, world):
    lee = add_person(name="Lee Leaver")
    seat = take_seat(board=world.board, person=lee, kind="member", starts_on=date(2024, 1, 1))
    element = leadership.add_element(
        partnership=world.partnership, name="Champions", level="operational", by=world.manager
    )
    led = leadership.hand_over(
        element=element, owner=lee, authority="decides", starts_on=date(2025, 1, 1), by=world.manager
    )
    assert "Lee Leaver" in page(as_, world, "chair", "leading", led.pk).content.decode()
    Seat.objects.filter(pk=seat.pk).update(ends_on=date(2026, 1, 1))
    assert page(as_, world, "chair", "leading", led.pk).status_code == 404
    assert "Lee Leaver" in page(as_, world, "officer", "leading", led.pk).content.decode()
    assert page(as_, world, "chair", "element", element.pk).status_code == 200
