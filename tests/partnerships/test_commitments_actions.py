"""The rules of commitments: what is promised, by whom, until when, and what may become of it."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from outcomes.actions.commitments import (
    close_commitment_for_outcomes,
    commit_next_step_for_outcomes,
    edit_commitment_for_outcomes,
    make_commitment_for_outcomes,
)
from outcomes.actions.setting_up import add_outcome, log_activity_for_outcomes
from partnerships.actions.activities import log_activity
from partnerships.actions.boards import add_board, edit_board, take_seat
from partnerships.actions.commitments import (
    commit_next_step,
    edit_commitment,
    make_commitment,
    take_on,
    undo_commitment,
)
from partnerships.actions.commitments_closing import (
    Successor,
    close_commitment,
    reopen_commitment,
    verify_commitment,
)
from partnerships.actions.programmes import add_programme
from partnerships.actions.setting_up import add_organisation
from partnerships.errors import DomainError, EditConflict
from partnerships.models import (
    BoardLevel,
    Comment,
    Commitment,
    CommitmentStatus,
    Contact,
    Decision,
    MeetingStatus,
    ProgrammeKind,
    Sector,
    Verdict,
    Visibility,
)
from people.actions.memberships import add_person
from tests.partnerships.commitments_world import close, day, meeting_of, promise


def refused(field=None, words=""):
    class Check:
        def __enter__(self):
            self.raises = pytest.raises(DomainError)
            self.info = self.raises.__enter__()
            return self

        def __exit__(self, *error):
            done = self.raises.__exit__(*error)
            assert self.info.value.field == field, self.info.value.message
            assert words in self.info.value.message
            return done

    return Check()


# --- Making --------------------------------------------------------------------------------------------------------
def test_a_promise_may_begin_without_an_owner_or_a_day(world):
    made = promise(world, "  Ask   for a route ")
    assert (made.what, made.owner, made.due_on, made.status) == ("Ask for a route", None, None, "open")
    assert made.created_by == world.officer


def test_an_owner_brings_the_organisation_of_their_seat_or_role(world):
    assert promise(world, owner=world.officer).owner_organisation == world.organisation
    club = add_organisation(partnership=world.partnership, name="Club", sector=Sector.SPORT)
    take_seat(board=world.board, person=world.officer, organisation=club, starts_on=day(-30))
    assert promise(world, owner=world.officer, board=world.board).owner_organisation == club
    assert promise(world, owner=world.officer).owner_organisation == world.organisation
    given = promise(world, owner=world.officer, board=world.board, owner_organisation=world.organisation)
    assert given.owner_organisation == world.organisation


def test_a_due_date_in_the_past_is_refused_unless_it_was_promised_before(world):
    with refused("due_on", "today or later"):
        promise(world, due_on=day(-1))
    assert promise(world, due_on=day()).due_on == day()
    held = meeting_of(world.board, on=day(-20))
    assert promise(world, meeting=held, due_on=day(-5)).due_on == day(-5)
    with refused("due_on", "when it was promised"):
        promise(world, meeting=held, due_on=day(-21))


def test_only_people_of_the_partnership_can_promise(world):
    for field in ("owner", "accountable", "enabler"):
        with refused(field):
            promise(world, **{field: world.stranger})
    contact = add_person(name="A headteacher")
    with refused("owner"):
        promise(world, owner=contact)
    Contact.objects.create(partnership=world.partnership, person=contact)
    assert promise(world, owner=contact).owner == contact
    seated = add_person(name="A seat holder")
    take_seat(board=world.board, person=seated, starts_on=day(-30))
    assert promise(world, owner=seated).owner == seated
    seated.is_active = False
    seated.save(update_fields=["is_active"])
    with refused("owner"):
        promise(world, owner=seated)


def test_records_of_another_partnership_are_refused(world):
    board = add_board(partnership=world.other, name="Theirs", level=BoardLevel.STEERING)
    meeting = meeting_of(board)
    decision = Decision.objects.create(partnership=world.other, meeting=meeting, what="Theirs")
    programme = add_programme(partnership=world.other, name="Theirs", kind=ProgrammeKind.HAF)
    activity = log_activity(partnership=world.other, by=world.stranger, title="Theirs", happened_on=day(-1))
    theirs = {
        "board": board,
        "programme": programme,
        "activity": activity,
        "owner_organisation": add_organisation(
            partnership=world.other, name="Their club", sector=Sector.SPORT
        ),
    }
    for field, record in theirs.items():
        with refused(field):
            promise(world, **{field: record})
    for field, record in {"meeting": meeting, "decision": decision}.items():
        with pytest.raises(DomainError):
            promise(world, **{field: record})
    with refused("outcomes"):
        make_commitment_for_outcomes(
            partnership=world.partnership,
            by=world.officer,
            what="A",
            outcomes=[add_outcome(partnership=world.other, title="Theirs")],
        )
    assert not Commitment.objects.exists()


def test_a_meeting_brings_its_board_and_a_decision_its_meeting(world):
    other = add_board(partnership=world.partnership, name="Forum", level=BoardLevel.HYPER_LOCAL)
    held = meeting_of(world.board)
    assert promise(world, meeting=held, board=other).board == world.board
    decision = Decision.objects.create(partnership=world.partnership, meeting=held, what="Light the path")
    made = promise(world, decision=decision)
    assert (made.meeting, made.board) == (held, world.board)
    with refused("meeting", "another meeting"):
        promise(world, decision=decision, meeting=meeting_of(other))


def test_ended_boards_and_cancelled_meetings_take_no_promises(world):
    cancelled = meeting_of(world.board, status=MeetingStatus.CANCELLED)
    with refused("meeting", "cancelled"):
        promise(world, meeting=cancelled)
    edit_board(board=world.board, expected_version=world.board.version, by=world.manager, ended_on=day(-10))
    world.board.refresh_from_db()
    with refused("board", "stopped meeting"):
        promise(world, board=world.board)
    assert promise(world, meeting=meeting_of(world.board, on=day(-30))).board == world.board


@pytest.mark.parametrize(
    ("field", "text"),
    [("what", "  "), ("what", "x" * 301), ("what", "a\x00b"), ("detail", "x" * 20_001), ("detail", "a\x00")],
)
def test_texts_that_do_not_fit_are_refused(world, field, text):
    with refused(field):
        promise(world, **{"what": "A", field: text})


def test_any_letters_do(world):
    text = "ניתן ליצור 🚲 قناة"
    made = promise(world, text, detail=text * 1000)
    made.refresh_from_db()
    assert (made.what, made.detail) == (text, (text * 1000).strip())


# --- Changing ------------------------------------------------------------------------------------------------------
def test_a_passed_due_date_may_stay_and_a_new_one_may_not_be_past(world):
    late = promise(world, overdue=10)
    kept = edit_commitment(
        commitment=late, expected_version=1, by=world.officer, what="New words", due_on=late.due_on
    )
    assert (kept.what, kept.due_on) == ("New words", late.due_on)
    with refused("due_on", "today or later"):
        edit_commitment(commitment=late, expected_version=2, by=world.officer, due_on=day(-1))


def test_an_edit_from_an_older_version_is_a_conflict(world):
    made = promise(world)
    edit_commitment(commitment=made, expected_version=1, by=world.officer, what="First")
    with pytest.raises(EditConflict):
        edit_commitment(commitment=made, expected_version=1, by=world.manager, what="Second")
    made.refresh_from_db()
    assert made.what == "First"


def test_another_meeting_leaves_the_decision_of_the_first_behind(world):
    held, later = meeting_of(world.board), meeting_of(world.board, on=day(-3))
    decision = Decision.objects.create(partnership=world.partnership, meeting=held, what="Light the path")
    made = promise(world, decision=decision)
    moved = edit_commitment(commitment=made, expected_version=1, by=world.officer, meeting=later)
    assert (moved.meeting, moved.decision) == (later, None)
    freed = edit_commitment(commitment=made, expected_version=2, by=world.officer, meeting=None, board=None)
    assert (freed.meeting, freed.board) == (None, None)


def test_a_person_who_left_stays_the_owner_while_other_things_change(world):
    made = promise(world, owner=world.partner)
    world.partner.is_active = False
    world.partner.save(update_fields=["is_active"])
    assert (
        edit_commitment(commitment=made, expected_version=1, by=world.officer, what="B").owner
        == world.partner
    )


def test_outcomes_are_set_as_given(world):
    first, second = (add_outcome(partnership=world.partnership, title=title) for title in ("One", "Two"))
    made = make_commitment_for_outcomes(
        partnership=world.partnership, by=world.officer, what="A", outcomes=[first]
    )
    edit_commitment_for_outcomes(
        commitment=made, expected_version=1, by=world.officer, what="A", outcomes=[second]
    )
    assert [link.outcome for link in made.outcome_links.all()] == [second]


def test_taking_on_what_nobody_owns(world):
    free = promise(world, due_on=day(3))
    taken = take_on(commitment=free, by=world.partner, due_on=day(9))
    assert (taken.owner, taken.due_on, taken.owner_organisation) == (
        world.partner,
        day(9),
        world.organisation,
    )
    assert take_on(commitment=free, by=world.partner).version == taken.version
    with refused(None, "has taken this on already"):
        take_on(commitment=free, by=world.officer)
    with refused("owner"):
        take_on(commitment=promise(world), by=world.stranger)
    with refused("due_on"):
        take_on(commitment=promise(world), by=world.officer, due_on=day(-1))
    late = promise(world, overdue=5)
    assert take_on(commitment=late, by=world.officer).due_on == day(-5)


# --- Closing -------------------------------------------------------------------------------------------------------
def test_kept_says_when_and_by_whom(world):
    kept = close(promise(world, owner=world.partner), by=world.partner, reason=" Done ")
    assert (kept.status, kept.closed_on, kept.closed_by, kept.reason) == (
        "kept",
        day(),
        world.partner,
        "Done",
    )


def test_changed_and_let_go_need_a_reason_and_kept_an_owner(world):
    for status in (CommitmentStatus.CHANGED, CommitmentStatus.LET_GO):
        with refused("reason"):
            close(promise(world), by=world.officer, status=status, reason="  ")
    with refused("status", "Nobody owns"):
        close(promise(world), by=world.officer)
    with refused("status"):
        close(promise(world), by=world.officer, status=CommitmentStatus.OPEN)
    assert close(promise(world, owner=world.officer), by=world.officer, reason="").reason == ""


def test_the_day_of_closing_lies_between_the_promise_and_today(world):
    made = promise(world, owner=world.officer, meeting=meeting_of(world.board, on=day(-20)))
    with refused("on", "today or in the past"):
        close(made, by=world.officer, on=day(1))
    with refused("on", "was promised on"):
        close(made, by=world.officer, on=day(-21))
    assert close(made, by=world.officer, on=day(-20)).closed_on == day(-20)


def test_changed_into_another_in_one_step(world):
    outcome = add_outcome(partnership=world.partnership, title="One")
    first = make_commitment_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        what="Open in May",
        owner=world.partner,
        accountable=world.chair,
        board=world.board,
        programme=world.programme,
        outcomes=[outcome],
    )
    closed = close_commitment_for_outcomes(
        commitment=first,
        expected_version=1,
        by=world.officer,
        status=CommitmentStatus.CHANGED,
        reason="The hall is let",
        into=Successor("Open in June", day(60)),
    )
    new = closed.changed_into
    assert (new.what, new.due_on, new.status) == ("Open in June", day(60), "open")
    assert (new.owner, new.accountable, new.board, new.programme) == (
        world.partner,
        world.chair,
        world.board,
        world.programme,
    )
    assert [link.outcome for link in new.outcome_links.all()] == [outcome]


def test_where_the_new_one_is_refused_nothing_is_closed(world):
    first = promise(world)
    with refused("into_due_on"):
        close(first, by=world.officer, status="changed", into=Successor("Later", day(-3)))
    with refused("status", "Only a changed"):
        close(first, by=world.officer, status="let_go", into=Successor("Later"))
    first.refresh_from_db()
    assert first.status == "open"
    assert Commitment.objects.count() == 1


def test_what_is_closed_stays_as_it_is(world):
    closed = close(promise(world, owner=world.officer), by=world.officer)
    for again in (
        lambda: close(closed, by=world.chair),
        lambda: edit_commitment(
            commitment=closed, expected_version=closed.version, by=world.officer, what="B"
        ),
        lambda: take_on(commitment=closed, by=world.chair),
    ):
        with refused(None, "was closed by Test officer"):
            again()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_at_once_one_is_told_who_was_faster(world):
    made = promise(world, owner=world.officer)
    begun, told = threading.Event(), []

    def second():
        begun.wait(5)
        try:
            close_commitment(
                commitment=made, expected_version=1, by=world.chair, status=CommitmentStatus.KEPT
            )
        except DomainError as error:
            told.append(error.message)
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        close_commitment(
            commitment=made,
            expected_version=1,
            by=world.officer,
            status=CommitmentStatus.LET_GO,
            reason="No money",
        )
        begun.set()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(5)
    made.refresh_from_db()
    assert made.status == "let_go"
    assert "closed by Test officer" in told[0]


# --- Afterwards ----------------------------------------------------------------------------------------------------
def verify(commitment, by, verdict=Verdict.ADEQUATE, note="I went to see it"):
    current = Commitment.objects.get(pk=commitment.pk)
    return verify_commitment(
        commitment=current, expected_version=current.version, by=by, verdict=verdict, note=note
    )


def test_somebody_else_verifies(world):
    made = promise(world, owner=world.partner)
    with refused(None, "is open"):
        verify(made, world.chair)
    close(made, by=world.officer)
    with refused(None, "You own"):
        verify(made, world.partner)
    with refused(None, "You closed"):
        verify(made, world.officer)
    with refused("verdict"):
        verify(made, world.chair, verdict="splendid")
    with refused("note"):
        verify(made, world.chair, verdict=Verdict.NOT_ADEQUATE, note=" ")
    seen = verify(made, world.chair)
    assert (seen.verdict, seen.verified_by, seen.verified_on) == ("adequate", world.chair, day())
    with refused(None, "has verified this already"):
        verify(made, world.manager)
    assert verify(made, world.chair, verdict=Verdict.NOT_ADEQUATE).verdict == "not_adequate"


def test_opening_again_takes_away_that_it_was_closed_and_verified(world):
    made = promise(world, owner=world.partner)
    with refused(None, "open already"):
        reopen_commitment(commitment=made, expected_version=1, by=world.officer, reason="A")
    closed = close(made, by=world.partner)
    verify(made, world.chair, verdict=Verdict.NOT_ADEQUATE)
    with refused("reason"):
        reopen_commitment(commitment=closed, expected_version=3, by=world.chair, reason=" ")
    again = reopen_commitment(commitment=closed, expected_version=3, by=world.chair, reason="Half is missing")
    assert (again.status, again.reason, again.verdict, again.closed_on, again.verified_by) == (
        "open",
        "Half is missing",
        "",
        None,
        None,
    )


def test_what_was_changed_into_another_is_not_opened_again(world):
    closed = close(promise(world), by=world.officer, status="changed", into=Successor("Later"))
    with refused(None, "another commitment"):
        reopen_commitment(commitment=closed, expected_version=closed.version, by=world.officer, reason="A")


# --- From a next step ----------------------------------------------------------------------------------------------
def log(world, **facts):
    given = {"next_step": "Ask for lights", "next_step_on": day(10), "happened_on": day(-5)} | facts
    return log_activity(partnership=world.partnership, by=world.officer, title="Walk", **given)


def test_a_next_step_becomes_a_commitment_once(world):
    activity = log(world, board=world.board, programme=world.programme)
    made = commit_next_step(activity=activity, by=world.chair)
    assert (made.what, made.owner, made.due_on, made.activity) == (
        "Ask for lights",
        world.officer,
        day(10),
        activity,
    )
    assert (made.board, made.programme, made.created_by) == (world.board, world.programme, world.chair)
    assert commit_next_step(activity=activity, by=world.officer) == made
    assert Commitment.objects.count() == 1


def test_a_next_step_that_is_late_becomes_one_that_is_late(world):
    activity = log(world, happened_on=day(-30), next_step_on=day(-10))
    assert commit_next_step(activity=activity, by=world.officer).due_on == day(-10)


def test_a_long_next_step_is_kept_whole(world):
    step = "Ask for lights.\n" + "And more. " * 100
    made = commit_next_step(activity=log(world, next_step=step), by=world.officer)
    assert len(made.what) <= 300
    assert made.what.endswith("…")
    assert made.detail == step.strip()


def test_an_author_who_left_leaves_it_without_an_owner(world):
    activity = log(world)
    world.officer.is_active = False
    world.officer.save(update_fields=["is_active"])
    assert commit_next_step(activity=activity, by=world.chair).owner is None


def test_next_steps_that_make_no_commitment(world):
    with refused(None, "no next step"):
        commit_next_step(activity=log(world, next_step="", next_step_on=None), by=world.officer)
    private = log(world, visibility=Visibility.AUTHORS)
    with refused(None, "Everybody in the partnership can read"):
        commit_next_step(activity=private, by=world.officer)


def test_it_should_help_what_its_activity_should_help(world):
    outcome = add_outcome(partnership=world.partnership, title="One")
    activity = log_activity_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        title="Walk",
        happened_on=day(-1),
        next_step="Walk again",
        outcomes=[outcome],
    )
    made = commit_next_step_for_outcomes(activity=activity, by=world.officer)
    assert [link.outcome for link in made.outcome_links.all()] == [outcome]


def test_taking_back_what_was_just_made(world):
    made = promise(world)
    with refused(None, "who made"):
        undo_commitment(commitment=made, by=world.chair)
    Comment.objects.create(partnership=world.partnership, commitment=made, text="Good", author=world.chair)
    with refused(None, "Others have worked"):
        undo_commitment(commitment=made, by=world.officer)
    edited = promise(world)
    edit_commitment(commitment=edited, expected_version=1, by=world.officer, what="B")
    with refused(None, "Others have worked"):
        undo_commitment(commitment=edited, by=world.officer)
    old = promise(world, created_at=timezone.now() - timedelta(days=2))
    with refused(None, "on the day"):
        undo_commitment(commitment=old, by=world.officer)
    undo_commitment(commitment=(new := promise(world)), by=world.officer)
    assert not Commitment.objects.filter(pk=new.pk).exists()


def test_a_commitment_written_down_earlier_says_so(world):
    when = timezone.now() - timedelta(days=40)
    made = make_commitment(
        partnership=world.partnership, by=world.officer, what="A", due_on=day(-30), created_at=when
    )
    assert made.created_at == when
    assert isinstance(made.due_on, date)
