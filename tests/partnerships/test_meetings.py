"""Meetings and their agendas: planned, changed, cancelled, held; standing items carry over by themselves."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.actions import agendas
from partnerships.actions.boards import add_board, close_board
from partnerships.actions.documents import attach_document, remove_document
from partnerships.actions.meetings import (
    agree_minutes,
    cancel_meeting,
    edit_meeting,
    mark_held,
    plan_again,
    plan_meeting,
    plan_meetings,
    reopen_minutes,
    write_minutes,
)
from partnerships.actions.seats import take_seat
from partnerships.errors import DomainError, EditConflict
from partnerships.models import AgendaItem, Document, Meeting, MeetingStatus, StandingItem
from partnerships.queries.agendas import agenda_of, length_of, papers_missing
from partnerships.renderers.meetings import length_sentence
from tests.partnerships.meeting_world import address, board_address, date_fields, days, meeting_on
from tests.partnerships.test_documents import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def titles(meeting):
    return [item.title for item in agenda_of(meeting)]


def standing(world, title, **said):
    return agendas.add_standing_item(board=world.board, title=title, by=world.officer, **said)


def pdf(name="paper.pdf"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, PDF)


# --- Planning ----------------------------------------------------------------------------------------------------
def test_every_six_weeks_until_a_day_with_papers_due_as_long_before_each(world):
    made = plan_meetings(
        board=world.board,
        held_on=date(2027, 1, 12),
        every_weeks=6,
        until=date(2027, 4, 6),
        starts_at=time(10),
        papers_due_on=date(2027, 1, 5),
        by=world.officer,
    )
    assert [(m.held_on, m.papers_due_on) for m in made] == [
        (date(2027, 1, 12), date(2027, 1, 5)),
        (date(2027, 2, 23), date(2027, 2, 16)),
        (date(2027, 4, 6), date(2027, 3, 30)),
    ]


def test_all_of_several_are_planned_or_none(world):
    meeting_on(world, date(2027, 2, 23), starts_at=time(10))
    with pytest.raises(DomainError, match="at this time on 23 February 2027"):
        plan_meetings(
            board=world.board,
            held_on=date(2027, 1, 12),
            every_weeks=6,
            until=date(2027, 4, 6),
            starts_at=time(10),
            by=world.officer,
        )
    assert Meeting.objects.count() == 1


def test_not_more_than_can_be_meant(world):
    with pytest.raises(DomainError, match="60 at most") as refused:
        plan_meetings(board=world.board, held_on=days(1), every_weeks=1, until=days(7 * 70), by=world.officer)
    assert refused.value.field == "until"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"ends_at": time(10)}, "starts_at"),
        ({"starts_at": time(10), "ends_at": time(10)}, "ends_at"),
        ({"papers_due_on": date(2027, 1, 13)}, "papers_due_on"),
        ({"link": "javascript:alert(1)"}, "link"),
    ],
)
def test_what_cannot_be_planned(world, said, field):
    with pytest.raises(DomainError) as refused:
        meeting_on(world, date(2027, 1, 12), **said)
    assert refused.value.field == field


def test_two_meetings_of_a_board_never_at_one_time_unless_one_is_cancelled(world):
    first = meeting_on(world, days(9))
    with pytest.raises(DomainError):
        meeting_on(world, days(9))
    cancel_meeting(meeting=first, reason="Snow", by=world.officer)
    meeting_on(world, days(9))
    with pytest.raises(DomainError, match="has a meeting at this time"):
        plan_again(meeting=first, by=world.officer)


def test_a_closed_board_meets_no_more(world):
    close_board(board=world.board, expected_version=1, on=days(3), because="Merged", by=world.manager)
    world.board.refresh_from_db()
    with pytest.raises(DomainError, match="stopped meeting"):
        meeting_on(world, days(4))
    assert meeting_on(world, days(3)).held_on == days(3)


# --- Held, cancelled, planned again ------------------------------------------------------------------------------
def test_a_meeting_to_come_was_not_held(world):
    meeting = meeting_on(world, days(1))
    with pytest.raises(DomainError, match="still to come"):
        mark_held(meeting=meeting, by=world.officer)
    past = meeting_on(world, days(0))
    assert mark_held(meeting=past, by=world.officer).status == MeetingStatus.HELD
    with pytest.raises(DomainError, match="was held"):
        cancel_meeting(meeting=past, reason="Snow", by=world.officer)
    with pytest.raises(DomainError, match="today or earlier"):
        edit_meeting(meeting=past, expected_version=2, held_on=days(3), by=world.officer)
    assert plan_again(meeting=past, by=world.officer).status == MeetingStatus.PLANNED


def test_cancelling_wants_a_reason(world):
    meeting = meeting_on(world, days(1))
    with pytest.raises(DomainError) as refused:
        cancel_meeting(meeting=meeting, reason="  ", by=world.officer)
    assert refused.value.field == "reason"


def test_two_people_changing_a_meeting_at_once(world):
    meeting = meeting_on(world, days(5))
    edit_meeting(meeting=meeting, expected_version=1, where="Library", by=world.officer)
    with pytest.raises(EditConflict):
        edit_meeting(meeting=meeting, expected_version=1, where="Town hall", by=world.chair)
    meeting.refresh_from_db()
    assert meeting.where == "Library"


# --- Standing items ----------------------------------------------------------------------------------------------
def test_standing_items_come_onto_each_new_agenda_in_their_order(world):
    standing(world, "Minutes of the last meeting", minutes=5)
    standing(world, "Any other business", lead=world.chair)
    meeting = meeting_on(world, days(10))
    items = agenda_of(meeting)
    assert [(i.title, i.minutes, i.lead) for i in items] == [
        ("Minutes of the last meeting", 5, None),
        ("Any other business", None, world.chair),
    ]


def test_one_added_later_comes_onto_planned_meetings_to_come_only(world):
    past, cancelled, coming = (meeting_on(world, days(n)) for n in (-5, 4, 8))
    cancel_meeting(meeting=cancelled, reason="Snow", by=world.officer)
    agendas.add_item(meeting=coming, title="Budget", by=world.officer)
    standing(world, "Any other business")
    assert [titles(m) for m in (past, cancelled, coming)] == [[], [], ["Budget", "Any other business"]]


def test_one_that_ends_leaves_agendas_where_nobody_worked_on_it(world):
    ends = standing(world, "Covid update")
    past, coming, worked_on = (meeting_on(world, days(n)) for n in (-5, 8, 15))
    StandingItem.objects.filter(pk=ends.pk).update(starts_on=days(-30))
    item = worked_on.agenda.get()
    attach_document(parent=item, file=pdf(), by=world.officer)
    agendas.end_standing_item(item=StandingItem.objects.get(), by=world.officer)
    assert [titles(m) for m in (past, coming, worked_on)] == [[], [], ["Covid update"]]
    assert titles(meeting_on(world, days(20))) == []
    assert titles(meeting_on(world, days(0))) == []
    assert StandingItem.objects.get().ends_on == days(-1)


def test_a_changed_standing_item_changes_where_no_meeting_says_it_differently(world):
    item = standing(world, "AOB", minutes=5)
    one, two = (meeting_on(world, days(n)) for n in (8, 15))
    other = two.agenda.get()
    agendas.edit_item(item=other, expected_version=1, title="AOB and thanks", minutes=5, by=world.officer)
    agendas.edit_standing_item(
        item=item, expected_version=1, title="Any other business", minutes=10, by=world.officer
    )
    assert [(i.title, i.minutes) for m in (one, two) for i in agenda_of(m)] == [
        ("Any other business", 10),
        ("AOB and thanks", 10),
    ]


def test_the_same_does_not_stand_twice(world):
    standing(world, "Any other business")
    with pytest.raises(DomainError) as refused:
        standing(world, "any other  business")
    assert refused.value.field == "title"


def test_a_standing_item_taken_off_one_agenda_stays_on_the_others(world):
    standing(world, "AOB")
    one, two = (meeting_on(world, days(n)) for n in (8, 15))
    agendas.remove_item(item=one.agenda.get(), by=world.officer)
    assert (titles(one), titles(two)) == ([], ["AOB"])


# --- The agenda --------------------------------------------------------------------------------------------------
def test_items_move_up_and_down_and_stay_in_one_order(world):
    meeting = meeting_on(world, days(8))
    made = [agendas.add_item(meeting=meeting, title=t, by=world.officer) for t in "ABC"]
    AgendaItem.objects.update(position=1)
    agendas.move_item(item=made[2], up=True, by=world.officer)
    assert titles(meeting) == ["A", "C", "B"]
    agendas.move_item(item=made[0], up=True, by=world.officer)
    agendas.move_item(item=made[1], up=False, by=world.officer)
    assert titles(meeting) == ["A", "C", "B"]
    agendas.move_item(item=made[0], up=False, by=world.officer)
    assert titles(meeting) == ["C", "A", "B"]


def test_an_item_with_minutes_or_a_decision_stays(world):
    meeting = meeting_on(world, days(-1))
    item = agendas.add_item(meeting=meeting, title="Budget", by=world.officer)
    write_minutes(
        meeting=meeting, expected_version=1, minutes="", notes={item.pk: "Agreed."}, by=world.officer
    )
    with pytest.raises(DomainError):
        agendas.remove_item(item=AgendaItem.objects.get(), by=world.officer)


def test_how_long_the_items_take_against_the_meeting(world):
    meeting = meeting_on(world, days(8), starts_at=time(10), ends_at=time(11))
    agendas.add_item(meeting=meeting, title="Budget", minutes=50, by=world.officer)
    agendas.add_item(meeting=meeting, title="Plan", minutes=25, by=world.officer)
    agendas.add_item(meeting=meeting, title="AOB", by=world.officer)
    length = length_of(meeting, agenda_of(meeting))
    assert (length.planned, length.untimed, length.available, length.over) == (75, 1, 60, 15)
    assert "15 minutes longer than the meeting" in length_sentence(length)
    assert "1 item does not say how long" in length_sentence(length)


def test_a_paper_is_missing_until_it_is_there(world):
    meeting = meeting_on(world, days(8))
    item = agendas.add_item(meeting=meeting, title="Budget", needs_paper=True, by=world.officer)
    assert papers_missing(agenda_of(meeting)) == [item]
    paper = attach_document(parent=item, file=pdf(), by=world.officer)
    assert paper.meeting == meeting
    assert papers_missing(agenda_of(meeting)) == []
    agendas.remove_item(item=item, by=world.officer)
    assert Document.objects.get().agenda_item is None


# --- Minutes -----------------------------------------------------------------------------------------------------
@pytest.fixture
def agreed(world):
    meeting = meeting_on(world, days(-7))
    item = agendas.add_item(meeting=meeting, title="Budget", by=world.officer)
    attach_document(parent=item, file=pdf(), by=world.officer)
    write_minutes(
        meeting=meeting, expected_version=1, minutes="All came.", notes={item.pk: "Said."}, by=world.officer
    )
    mark_held(meeting=meeting, by=world.officer)
    return agree_minutes(meeting=meeting, on=days(0), by=world.chair)


def test_agreed_minutes_lock_everything_until_they_are_opened_again(world, agreed):
    item = agreed.agenda.get()
    refused = [
        lambda: agendas.add_item(meeting=agreed, title="New", by=world.officer),
        lambda: agendas.edit_item(item=item, expected_version=1, title="New", by=world.officer),
        lambda: agendas.move_item(item=item, up=True, by=world.officer),
        lambda: agendas.remove_item(item=item, by=world.officer),
        lambda: edit_meeting(meeting=agreed, expected_version=agreed.version, where="X", by=world.officer),
        lambda: plan_again(meeting=agreed, by=world.officer),
        lambda: remove_document(document=Document.objects.get(), by=world.officer),
        lambda: attach_document(parent=agreed, file=pdf(), by=world.officer),
        lambda: write_minutes(
            meeting=agreed, expected_version=agreed.version, minutes="", notes={}, by=world.officer
        ),
    ]
    for call in refused:
        with pytest.raises(DomainError, match="agreed"):
            call()
    opened = reopen_minutes(meeting=agreed, by=world.chair)
    assert edit_meeting(meeting=opened, expected_version=opened.version, where="X", by=world.officer)


def test_minutes_are_agreed_after_the_meeting_when_there_are_some(world):
    meeting = meeting_on(world, days(-2))
    with pytest.raises(DomainError, match="was held"):
        agree_minutes(meeting=meeting, on=days(0), by=world.chair)
    mark_held(meeting=meeting, by=world.officer)
    with pytest.raises(DomainError, match="no minutes yet"):
        agree_minutes(meeting=meeting, on=days(0), by=world.chair)
    meeting.refresh_from_db()
    write_minutes(meeting=meeting, expected_version=2, minutes="Said.", notes={}, by=world.officer)
    for day in (days(-3), days(1)):
        with pytest.raises(DomainError) as refused:
            agree_minutes(meeting=meeting, on=day, by=world.chair)
        assert refused.value.field == "agreed_on"


# --- Pages -------------------------------------------------------------------------------------------------------
READ = ("meeting-detail", "meeting-pack", "meeting-minutes")
PREPARE = ("meeting-edit", "meeting-cancel", "minutes-edit", "minutes-agree", "minutes-reopen", "attendance", "paper-new", "agenda", "decision-new")  # fmt: skip
PRESSED = ("meeting-held", "meeting-again")


def test_who_may_read_and_who_may_prepare(world, as_, client):
    meeting = meeting_on(world, days(-1), title="Annual review")
    for name in (*READ, *PREPARE):
        page = address(name, meeting)
        assert client.get(page).status_code == 302
        assert as_("stranger").get(page).status_code == 404
        for role in ("observer", "resident", "partner", "evaluator"):
            expected = 200 if name in READ else 403
            assert as_(role).get(page).status_code == expected, (role, name)
            if name in PREPARE:
                assert as_(role).post(page).status_code == 403
        for role in ("chair", "officer", "manager"):
            assert as_(role).get(page).status_code == 200, (role, name)
    for name in PRESSED:
        assert as_("observer").post(address(name, meeting)).status_code == 403
        assert as_("officer").get(address(name, meeting)).status_code == 405
    assert Meeting.objects.get().status == MeetingStatus.PLANNED


def test_a_seat_holder_from_elsewhere_reads_the_meeting_and_its_papers_and_nothing_else(world, as_):
    take_seat(board=world.board, person=world.stranger, starts_on=days(-1))
    meeting = meeting_on(world, days(5))
    paper = attach_document(parent=meeting, file=pdf(), by=world.officer)
    stranger = as_("stranger")
    for name in READ:
        assert stranger.get(address(name, meeting)).status_code == 200
    file = reverse("document", args=[world.partnership.slug, paper.pk])
    assert stranger.get(file).status_code == 200
    assert stranger.get(address("meeting-edit", meeting)).status_code == 403
    assert stranger.post(address("paper-new", meeting), {"file": pdf()}).status_code == 403
    other = add_board(partnership=world.partnership, name="Other board", level="steering")
    theirs = plan_meeting(board=other, held_on=days(5), by=world.officer)
    assert stranger.get(address("meeting-detail", theirs)).status_code == 403
    hidden = attach_document(parent=theirs, file=pdf(), by=world.officer)
    assert stranger.get(reverse("document", args=[world.partnership.slug, hidden.pk])).status_code == 403


def test_a_meeting_of_another_board_is_not_below_this_one(world, as_):
    other = add_board(partnership=world.partnership, name="Other board", level="steering")
    theirs = plan_meeting(board=other, held_on=days(5), by=world.officer)
    page = reverse("meeting-detail", args=[world.partnership.slug, world.board.pk, theirs.pk])
    assert as_("manager").get(page).status_code == 404


def test_planning_changing_and_cancelling_through_the_pages(world, as_):
    client = as_("officer")
    form = {"starts_at": "2.30 pm", "ends_at": "16:00", "where": "Town hall 🌳", "link": "example.org/join"}
    form |= date_fields("held_on", days(9)) | {"every_weeks": ""}
    assert client.post(board_address("meeting-new", world.board), form).status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.starts_at, meeting.ends_at, meeting.link) == (
        time(14, 30),
        time(16),
        "https://example.org/join",
    )
    text = client.get(address("meeting-detail", meeting)).content.decode()
    assert "2:30pm to 4pm" in text
    assert "in 9 days" in text
    twice = client.post(board_address("meeting-new", world.board), form)
    assert "has a meeting at this time" in twice.content.decode()
    assert "2.30 pm" in twice.content.decode()
    several = form | {"every_weeks": "6"}
    assert (
        "Enter the day until which"
        in client.post(board_address("meeting-new", world.board), several).content.decode()
    )
    several |= date_fields("until", days(9 + 7 * 12)) | date_fields("held_on", days(10))
    assert client.post(board_address("meeting-new", world.board), several).status_code == 302
    assert Meeting.objects.count() == 1 + 2
    change = form | {"version": "1", "where": "Library"}
    assert client.post(address("meeting-edit", meeting), change).status_code == 302
    stale = client.post(address("meeting-edit", meeting), change | {"where": "Pub"})
    assert "Somebody else saved this" in stale.content.decode()
    assert client.post(address("meeting-cancel", meeting), {"reason": "Snow"}).status_code == 302
    text = client.get(address("meeting-detail", meeting)).content.decode()
    assert "Cancelled" in text
    assert "Snow" in text
    client.post(address("meeting-again", meeting))
    assert Meeting.objects.get(pk=meeting.pk).status == MeetingStatus.PLANNED


@pytest.mark.parametrize("said", ["25:00", "2:75", "half past", "13pm", "2"])
def test_a_time_that_is_none(world, as_, said):
    form = {"starts_at": said} | date_fields("held_on", days(9))
    answer = as_("officer").post(board_address("meeting-new", world.board), form)
    assert answer.status_code == 200
    assert not Meeting.objects.exists()


def test_the_agenda_page_works_with_plain_forms(world, as_):
    client, meeting = as_("chair"), meeting_on(world, days(9), starts_at=time(10))
    page = address("agenda", meeting)
    for title in ("Budget", "Plan"):
        form = {"title": title, "purpose": "decision", "minutes": "30", "needs_paper": "on"}
        assert client.post(page, form).status_code == 302
    text = client.get(page).content.decode()
    assert "10:30am" in text
    assert "Paper missing" in text
    plan = AgendaItem.objects.get(title="Plan")
    client.post(address("agenda-item-move", meeting, plan.pk, "up"))
    assert titles(meeting) == ["Plan", "Budget"]
    change = {"title": "The plan", "purpose": "discussion", "minutes": "", "version": "1"}
    assert client.post(address("agenda-item-edit", meeting, plan.pk), change).status_code == 302
    client.post(address("agenda-item-remove", meeting, AgendaItem.objects.get(title="Budget").pk))
    assert titles(meeting) == ["The plan"]
    kept = client.post(page, {"title": "x" * 201, "purpose": "decision"})
    assert "x" * 201 in kept.content.decode()
    forged = client.post(page, {"title": "Ours", "purpose": "decision", "lead": world.stranger.pk})
    assert forged.status_code == 200
    assert titles(meeting) == ["The plan"]


def test_a_paper_is_uploaded_to_an_item_and_a_wrong_file_is_told(world, as_):
    client, meeting = as_("officer"), meeting_on(world, days(9))
    item = agendas.add_item(meeting=meeting, title="Budget", needs_paper=True, by=world.officer)
    page = address("paper-new", meeting)
    assert "Budget" in client.get(f"{page}?item={item.pk}").content.decode()
    wrong = client.post(page, {"file": pdf("paper.docx"), "title": "Budget paper"})
    assert "inside it is a PDF" in wrong.content.decode()
    assert "Budget paper" in wrong.content.decode()
    assert client.post(page, {"file": pdf(), "agenda_item": item.pk}).status_code == 302
    assert item.papers.get().title == "paper"
    other = meeting_on(world, days(10))
    theirs = agendas.add_item(meeting=other, title="Theirs", by=world.officer)
    assert client.post(page, {"file": pdf(), "agenda_item": theirs.pk}).status_code == 200
    assert Document.objects.count() == 1


def test_minutes_are_typed_item_by_item_and_never_lost(world, as_, client):
    meeting = meeting_on(world, days(-1))
    item = agendas.add_item(meeting=meeting, title="Budget", by=world.officer)
    page = address("minutes-edit", meeting)
    long = "سلام 🌳 " + "x" * 19_000
    form = {f"notes_{item.pk}": long, "minutes": "All well.", "version": "1"}
    assert client.post(page, form).status_code == 302
    client.force_login(world.officer, backend="django.contrib.auth.backends.ModelBackend")
    assert "All well." in client.get(page).content.decode()
    too_long = client.post(page, form | {f"notes_{item.pk}": "y" * 20_001})
    assert "y" * 20_001 in too_long.content.decode()
    assert client.post(page, form).status_code == 302
    stale = client.post(page, form | {"minutes": "Other words."})
    assert "Other words." in stale.content.decode()
    item.refresh_from_db()
    assert item.notes == long
    assert long in client.get(address("meeting-minutes", meeting)).content.decode()


def test_standing_items_through_the_pages(world, as_):
    client, page = as_("officer"), board_address("standing-items", world.board)
    assert "Nothing stands on every agenda yet" in client.get(page).content.decode()
    for title in ("Minutes", "AOB"):
        assert client.post(page, {"title": title, "minutes": "5"}).status_code == 302
    aob = StandingItem.objects.get(title="AOB")
    client.post(board_address("standing-item-move", world.board, aob.pk, "up"))
    assert titles(meeting_on(world, days(5))) == ["AOB", "Minutes"]
    change = {"title": "Any other business", "minutes": "10", "version": "1"}
    assert client.post(board_address("standing-item-edit", world.board, aob.pk), change).status_code == 302
    client.post(board_address("standing-item-end", world.board, aob.pk))
    assert titles(Meeting.objects.get()) == ["Minutes"]
    for role in ("observer", "partner"):
        assert as_(role).get(page).status_code == 403
        assert as_(role).post(page, {"title": "X"}).status_code == 403


def test_pages_of_a_long_agenda_ask_no_more_often(world, as_):
    client, meeting = as_("officer"), meeting_on(world, days(-1))

    def grow():
        item = agendas.add_item(meeting=meeting, title="Item", lead=world.chair, by=world.officer)
        attach_document(parent=item, file=pdf(), by=world.officer)

    def asked(page):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    pages = [address(name, meeting) for name in (*READ, "agenda")]
    pages += [board_address("meeting-list", world.board), board_address("board-detail", world.board)]
    grow()
    for page in pages:
        client.get(page)
    before = [asked(page) for page in pages]
    for _ in range(4):
        grow()
    for number in range(4):
        meeting_on(world, days(number + 3))
    assert [asked(page) - few for page, few in zip(pages, before, strict=True)] <= [0, 0, 0, 0, 0, 3]
