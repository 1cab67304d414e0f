"""The search box finds every kind of record, and in each role only what its pages show."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from outcomes.actions.setting_up import log_activity_for_outcomes
from partnerships.actions.agendas import add_item
from partnerships.actions.boards import add_board, take_seat
from partnerships.actions.decisions import record_decision
from partnerships.actions.documents import attach_document
from partnerships.actions.meetings import plan_meeting
from partnerships.actions.rules import add_rule
from partnerships.models import (
    Agreement,
    AgreementKind,
    BoardLevel,
    Place,
    PlaceKind,
    SeatKind,
    Strategy,
    StrategyTheme,
    Visibility,
)
from people.actions.introductions import introduce
from people.actions.memberships import add_person
from people.models import Audience, Voice
from reports.queries.search import search

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
EVERYBODY = ("manager", "officer", "chair", "partner", "resident", "observer")


def paper(name="heron.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


def fill(world, ours, by, place):
    """One of each kind, each with the word heron in it."""
    board = add_board(partnership=ours, name="Heron board", level=BoardLevel.STEERING)
    meeting = plan_meeting(board=board, held_on=DAY, by=by)
    add_item(meeting=meeting, title="The heron question", minutes=20, by=by)
    record_decision(meeting=meeting, what="Herons may stay", by=by)
    attach_document(parent=meeting, title="Heron paper", file=paper(), by=by)
    add_rule(partnership=ours, text="Ask the heron first", by=by)
    strategy = Strategy.objects.create(partnership=ours, name="Wetlands 2040")
    StrategyTheme.objects.create(strategy=strategy, partnership=ours, name="Room for herons")
    agreed = Agreement.objects.create(partnership=ours, title="Heron agreement", kind=AgreementKind.GRANT)
    agreed.parties.add(world.organisation)
    Place.objects.create(
        name="Heron Side", kind=PlaceKind.NEIGHBOURHOOD, parent=place, added_by=ours, is_fictional=True
    )
    return board


@pytest.fixture
def herons(world):
    world.herons = fill(world, world.partnership, world.manager, world.place)
    Voice.objects.create(
        partnership=world.partnership,
        theme="Herons by the school",
        words="We like them.",
        said_on=DAY,
        said_as="A child",
        audience=Audience.PARTNERSHIP,
    )
    introduce(
        partnership=world.partnership,
        one=world.chair,
        other=world.partner,
        made_by=world.officer,
        made_on=DAY,
        why="Both watch herons",
        by=world.officer,
    )
    return world


def found(world, who, text):
    person = getattr(world, who) if isinstance(who, str) else who
    return {
        hits.heading: [hit.title for hit in hits.hits] for hits in search(world.partnership, person, text)
    }


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_kind_is_found_in_every_role_that_reads_its_page(as_, herons, who):
    titles = found(herons, who, "heron")
    assert titles == {
        "Voices": ["Herons by the school"],
        "Boards": ["Heron board"],
        "Decisions": ["Herons may stay"],
        "Meetings": ["Heron board"],
        "Papers and files": ["Heron paper"],
        "Places": ["Heron Side"],
        "Strategies": ["Wetlands 2040"],
        "Agreements": ["Heron agreement"],
        "Simple rules": ["Ask the heron first"],
        "Introductions": ["Test chair and Test partner"],
    }
    for hits in search(herons.partnership, getattr(herons, who), "heron"):
        assert as_(who).get(hits.hits[0].url).status_code == 200, hits.heading


def test_every_word_must_occur(herons):
    assert found(herons, "officer", "question board")["Meetings"] == ["Heron board"]
    assert "Meetings" not in found(herons, "officer", "question xylophone")


def test_nothing_of_another_partnership_is_found(herons):
    theirs = Place.objects.create(
        name="Otherborough", kind=PlaceKind.LOCAL_AUTHORITY, code="E08000099", is_fictional=True
    )
    ours = herons.partnership
    before = found(herons, "manager", "heron")
    fill(herons, herons.other, herons.stranger, theirs)
    herons.partnership = ours
    assert found(herons, "manager", "heron") == before


def test_a_voice_of_the_forum_and_a_file_of_a_private_activity_stay_there(herons):
    Voice.objects.update(audience=Audience.FORUM, board=herons.herons)
    private = log_activity_for_outcomes(
        partnership=herons.partnership,
        by=herons.officer,
        title="Not ready",
        happened_on=DAY,
        visibility=Visibility.AUTHORS,
    )
    attach_document(parent=private, title="Kingfisher notes", file=paper("k.pdf"), by=herons.officer)
    assert "Voices" not in found(herons, "partner", "heron")
    assert found(herons, "partner", "kingfisher") == {}
    assert "Papers and files" in found(herons, "officer", "kingfisher")


def test_people_who_left_and_their_introductions_are_found_by_few(herons):
    left = add_person(name="Ida Kestrel")
    take_seat(board=herons.herons, person=left, kind=SeatKind.MEMBER, starts_on=date(2023, 1, 1), ends_on=DAY)
    introduce(
        partnership=herons.partnership,
        one=left,
        other=herons.partner,
        made_by=herons.officer,
        made_on=date(2025, 1, 1),
        by=herons.officer,
    )
    assert found(herons, "chair", "kestrel") == {}
    assert found(herons, "officer", "kestrel") == {
        "People": ["Ida Kestrel"],
        "Introductions": ["Ida Kestrel and Test partner"],
    }


def test_more_of_everything_asks_the_database_no_more_often(as_, herons):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            as_("officer").get(reverse("search", args=[herons.partnership.slug]), {"q": "heron"})
        return len(queries)

    asked()
    before = asked()
    for number in range(3):
        board = add_board(partnership=herons.partnership, name=f"Heron {number}", level=BoardLevel.STEERING)
        meeting = plan_meeting(board=board, held_on=DAY, by=herons.officer)
        record_decision(meeting=meeting, what=f"Herons {number}", by=herons.officer)
        attach_document(parent=meeting, title="Heron", file=paper(), by=herons.officer)
    assert asked() == before
