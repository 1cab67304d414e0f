"""Who was there and what was decided, by which rule, and what became of it."""

from __future__ import annotations

import pytest

from partnerships.actions.agendas import add_item
from partnerships.actions.attendance import Attended, record_attendance
from partnerships.actions.commitments import make_commitment
from partnerships.actions.decisions import (
    edit_decision,
    follow_up_decision,
    record_decision,
    remove_decision,
)
from partnerships.actions.meetings import agree_minutes, cancel_meeting, mark_held, write_minutes
from partnerships.actions.rules import add_rule
from partnerships.actions.seats import take_seat
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Attendance, Decision, DecisionEffect
from tests.partnerships.meeting_world import address, board_address, date_fields, days, meeting_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(world):
    return meeting_on(world, days(-7))


def decide(world, meeting, what="Open on Sundays", **said):
    return record_decision(meeting=meeting, what=what, by=world.officer, **said)


# --- Attendance --------------------------------------------------------------------------------------------------
def test_what_is_written_later_replaces_what_was_written_before(world, meeting):
    def told(*people):
        record_attendance(meeting=meeting, people=people, by=world.officer)
        return list(Attendance.objects.order_by("person").values_list("person", "kind", "represented_by"))

    assert told(Attended(world.chair, "present"), Attended(world.resident, "apologies")) == [
        (world.chair.pk, "present", ""),
        (world.resident.pk, "apologies", ""),
    ]
    assert told(
        Attended(world.chair, "represented", represented_by=" Jo "), Attended(world.resident, "")
    ) == [(world.chair.pk, "represented", "Jo")]
    assert told(Attended(world.chair, "present", represented_by="Jo")) == [(world.chair.pk, "present", "")]


def test_represented_by_whom_must_be_said(world, meeting):
    with pytest.raises(DomainError) as refused:
        record_attendance(meeting=meeting, people=[Attended(world.chair, "represented")], by=world.officer)
    assert refused.value.field == f"represented_by_{world.chair.pk}"


def test_nobody_attended_what_is_to_come_or_was_cancelled(world, meeting):
    with pytest.raises(DomainError):
        record_attendance(meeting=meeting_on(world, days(1)), people=[], by=world.officer)
    cancel_meeting(meeting=meeting, reason="Snow", by=world.officer)
    with pytest.raises(DomainError):
        record_attendance(meeting=meeting, people=[], by=world.officer)


def test_one_page_for_everybody_who_had_a_seat_that_day_and_guests(world, as_, meeting):
    take_seat(board=world.board, person=world.resident, starts_on=days(-3))
    take_seat(board=world.board, person=world.partner, starts_on=days(-90), ends_on=days(-5))
    client, page = as_("officer"), address("attendance", meeting)
    text = client.get(page).content.decode()
    assert f"kind_{world.partner.pk}" in text
    assert f"kind_{world.resident.pk}" not in text, "They took their seat after the meeting."
    form = {
        f"kind_{world.chair.pk}": "present",
        f"kind_{world.partner.pk}": "represented",
        f"represented_by_{world.partner.pk}": "",
        "guests": [world.evaluator.pk],
    }
    refused = client.post(page, form).content.decode()
    assert f"Say who came for {world.partner.name}" in refused
    assert not Attendance.objects.exists()
    form[f"represented_by_{world.partner.pk}"] = "Jo Bloggs"
    assert client.post(page, form).status_code == 302
    text = client.get(address("meeting-detail", meeting)).content.decode()
    assert "represented by Jo Bloggs" in text
    assert world.evaluator.name in text
    assert "%" not in text.split("<main", 1)[1].split("Who was there", 1)[1].split("</dl>")[0]
    forged = client.post(page, form | {"guests": [world.stranger.pk]})
    assert forged.status_code == 200
    assert not Attendance.objects.filter(person=world.stranger).exists()


# --- Decisions ---------------------------------------------------------------------------------------------------
def test_a_decision_cites_a_rule_of_this_partnership_and_an_item_of_this_meeting(world, meeting):
    ours = add_rule(partnership=world.partnership, text="Nothing about us without us", by=world.manager)
    theirs = add_rule(partnership=world.other, text="Theirs", by=world.stranger)
    item = add_item(meeting=meeting, title="Pool", by=world.officer)
    other = add_item(meeting=meeting_on(world, days(3)), title="Other", by=world.officer)
    assert decide(world, meeting, rule=ours, agenda_item=item).rule == ours
    for wrong, field in (
        ({"rule": theirs}, "rule"),
        ({"agenda_item": other}, "agenda_item"),
        ({"what": " "}, "what"),
    ):
        with pytest.raises(DomainError) as refused:
            decide(world, meeting, **wrong)
        assert refused.value.field == field


def test_nothing_is_decided_before_the_meeting(world):
    with pytest.raises(DomainError, match="Nothing is decided there yet"):
        decide(world, meeting_on(world, days(1)))


def test_agreed_minutes_lock_a_decision_but_not_what_becomes_of_it(world, meeting):
    decision = decide(world, meeting)
    write_minutes(meeting=meeting, expected_version=1, minutes="Said.", notes={}, by=world.officer)
    mark_held(meeting=meeting, by=world.officer)
    agree_minutes(meeting=meeting, on=days(0), by=world.chair)
    for call in (
        lambda: decide(world, meeting),
        lambda: edit_decision(decision=decision, expected_version=1, what="Other", by=world.officer),
        lambda: remove_decision(decision=decision, by=world.officer),
    ):
        with pytest.raises(DomainError, match="agreed"):
            call()
    followed = follow_up_decision(
        decision=decision,
        expected_version=1,
        effect=DecisionEffect.DONE,
        effect_note="Seen.",
        effect_on=days(0),
        by=world.chair,
    )
    assert followed.effect == DecisionEffect.DONE


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"effect": "dropped", "effect_note": " "}, "effect_note"),
        ({"effect_on": days(1)}, "effect_on"),
        ({"effect_on": days(-8)}, "effect_on"),
    ],
)
def test_what_cannot_have_become_of_it(world, meeting, said, field):
    told = {"effect": "done", "effect_note": "Seen.", "effect_on": days(0)} | said
    with pytest.raises(DomainError) as refused:
        follow_up_decision(decision=decide(world, meeting), expected_version=1, by=world.chair, **told)
    assert refused.value.field == field


def test_a_decision_for_which_somebody_promised_something_stays(world, meeting):
    decision = decide(world, meeting)
    make_commitment(
        partnership=world.partnership, what="Ring", meeting=meeting, decision=decision, by=world.officer
    )
    with pytest.raises(DomainError, match="commitment"):
        remove_decision(decision=decision, by=world.officer)
    remove_decision(decision=decide(world, meeting, "Another"), by=world.officer)
    assert Decision.objects.get() == decision


def test_decisions_through_the_pages(world, as_, meeting):
    rule = add_rule(partnership=world.partnership, text="Nothing about us without us", by=world.manager)
    item = add_item(meeting=meeting, title="Pool", by=world.officer)
    client, page = as_("chair"), address("decision-new", meeting)
    assert f'value="{item.pk}" selected' in client.get(f"{page}?item={item.pk}").content.decode()
    form = {"what": "Open on Sundays 🌳", "why": "سلام", "rule": rule.pk, "agenda_item": item.pk}
    assert client.post(page, form).status_code == 302
    decision = Decision.objects.get()
    kept = client.post(page, form | {"what": "x" * 501})
    assert "x" * 501 in kept.content.decode()
    change = form | {"what": "Open on Sundays", "version": "1"}
    assert client.post(address("decision-edit", meeting, decision.pk), change).status_code == 302
    stale = client.post(address("decision-edit", meeting, decision.pk), change | {"what": "Never open"})
    assert "Never open" in stale.content.decode()
    follow = {"effect": "under_way", "effect_note": "Keys are cut.", "version": "2"}
    follow |= date_fields("effect_on", days(0))
    assert client.post(address("decision-follow-up", meeting, decision.pk), follow).status_code == 302
    text = as_("observer").get(board_address("decision-list", world.board)).content.decode()
    for said in ("Open on Sundays", "Under way", "Keys are cut.", "Nothing about us without us"):
        assert said in text
    assert "Say what became of it" not in text
    for name in ("decision-edit", "decision-follow-up", "decision-remove"):
        assert as_("observer").post(address(name, meeting, decision.pk)).status_code == 403
        assert as_("stranger").post(address(name, meeting, decision.pk)).status_code == 404
    assert client.post(address("decision-remove", meeting, decision.pk)).status_code == 302
    assert not Decision.objects.exists()


def test_two_people_saying_at_once_what_became_of_it(world, meeting):
    decision = decide(world, meeting)
    told = {"effect": DecisionEffect.DONE, "effect_note": "", "effect_on": days(0), "by": world.chair}
    follow_up_decision(decision=decision, expected_version=1, **told)
    with pytest.raises(EditConflict):
        follow_up_decision(decision=decision, expected_version=1, **told)


def test_a_decision_of_another_meeting_is_not_below_this_one(world, as_, meeting):
    other = meeting_on(world, days(-2))
    theirs = decide(world, other)
    assert as_("manager").get(address("decision-edit", meeting, theirs.pk)).status_code == 404
