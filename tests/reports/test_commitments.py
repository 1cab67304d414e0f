"""Commitments on the home page, in the search box and in the periodic report."""

import html
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.activities import log_activity
from partnerships.actions.commitments import commit_next_step
from partnerships.actions.commitments_closing import Successor, verify_commitment
from partnerships.models import Agreement, AgreementKind, Meeting, MeetingStatus, Seat, Visibility
from reports.queries.cross_system import collect
from reports.queries.history import history_of
from reports.queries.periods import Period
from reports.queries.search import search
from reports.renderers.cross_system import compose
from tests.partnerships.commitments_world import close, day, meeting_of, promise


def home(world):
    return reverse("home", args=[world.partnership.slug])


def shown(client, world):
    return html.unescape(client.get(home(world)).content.decode())


# --- Home ----------------------------------------------------------------------------------------------------------
def test_overdue_and_unowned_ones_come_first_then_what_is_due_and_to_verify(world, as_):
    promise(world, "Soon due", owner=world.partner, due_on=day(5))
    promise(world, "Far away", owner=world.partner, due_on=day(50))
    done = close(
        promise(world, "Look at this", owner=world.officer, accountable=world.partner), by=world.officer
    )
    promise(world, "Mine and late", overdue=4, owner=world.partner)
    promise(world, "Who does it", due_on=day(9))
    promise(world, "Somebody else's late one", overdue=2, owner=world.chair)
    seen = shown(as_("partner"), world)
    order = [
        "Mine and late",
        "Who does it",
        "2 commitments of the partnership are overdue",
        "Soon due",
        "Look at this",
    ]
    assert sorted(order, key=seen.index) == order
    assert seen.index("Overdue or without an owner") < seen.index("Waiting for you")
    assert "Far away" not in seen
    assert "Somebody else's late one" not in seen
    assert reverse("commitment-verify", args=[world.partnership.slug, done.pk]) in seen
    verify_commitment(commitment=done, expected_version=2, by=world.partner, verdict="adequate")
    assert "Look at this" not in shown(as_("partner"), world)


def test_who_answers_for_it_is_told_too_and_who_owns_or_closed_it_need_not_verify(world, as_):
    promise(world, "Theirs, and late", overdue=4, owner=world.partner, accountable=world.chair)
    close(promise(world, "My own", owner=world.chair, accountable=world.chair), by=world.officer)
    close(promise(world, "I closed it", owner=world.officer, accountable=world.chair), by=world.chair)
    seen = shown(as_("chair"), world)
    assert "Theirs, and late" in seen
    assert "My own" not in seen
    assert "I closed it" not in seen


def test_it_is_taken_on_from_there_by_those_who_may(world, as_):
    free = promise(world, "Who does it")
    url = reverse("commitment-take-on", args=[world.partnership.slug, free.pk])
    assert f'action="{url}"' in shown(as_("partner"), world)
    observer = shown(as_("observer"), world)
    assert "Who does it" in observer
    assert url not in observer
    as_("partner").post(url)
    free.refresh_from_db()
    assert free.owner == world.partner


def test_nothing_is_said_where_nothing_is_overdue_or_unowned(world, as_):
    promise(world, owner=world.officer, due_on=day(90))
    assert "Overdue or without an owner" not in shown(as_("officer"), world)


def test_a_next_step_that_became_a_commitment_waits_once(world, as_):
    activity = log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Walk",
        happened_on=day(-1),
        next_step="Ask for lamps",
        next_step_on=day(3),
    )
    assert "From “Walk”" in shown(as_("officer"), world)
    commit_next_step(activity=activity, by=world.officer)
    seen = shown(as_("officer"), world)
    assert "From “Walk”" not in seen
    assert "Ask for lamps" in seen


def test_next_meetings_of_ones_own_boards(world, as_):
    url = [reverse("board-detail", args=[world.partnership.slug, world.board.pk])]
    for number, on in enumerate((day(-3), day(3), day(30), day(60), day(90))):
        meeting_of(world.board, on=on, title=f"Meeting {number}", where="Town hall")
    Meeting.objects.filter(title="Meeting 2").update(status=MeetingStatus.CANCELLED)
    seen = shown(as_("chair"), world)
    assert "Your next meetings" in seen
    assert [n for n in range(5) if f"Meeting {n}" in seen] == [1, 3, 4]
    assert "Town hall" in seen
    assert url[0] in seen
    assert "Your next meetings" not in shown(as_("officer"), world)
    Seat.objects.create(
        partnership=world.partnership, board=world.board, person=world.stranger, starts_on=day(-5)
    )
    elsewhere = shown(as_(world.stranger), world)
    assert "Meeting 1" in elsewhere
    assert "Waiting for you" not in elsewhere


def test_agreements_to_renew_are_for_those_who_can(world, as_):
    given = {"partnership": world.partnership, "kind": AgreementKind.values[0]}
    Agreement.objects.create(**given, title="Sharing of data", renews_on=day(50))
    Agreement.objects.create(**given, title="Not yet", renews_on=day(61))
    Agreement.objects.create(**given, title="Over", renews_on=day(5), ended_on=day(-1))
    seen = shown(as_("manager"), world)
    assert "Sharing of data" in seen
    assert "Not yet" not in seen
    assert "Over<" not in seen
    assert "Sharing of data" not in shown(as_("officer"), world)


def test_home_asks_the_same_number_of_questions_however_much_was_promised(world, as_):
    client = as_("manager")

    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(home(world)).status_code == 200
        return len(captured)

    def more(number):
        given = {"board": world.board, "programme": world.programme}
        promise(world, f"Free {number}", **given)
        promise(world, f"Late {number}", overdue=3, owner=world.manager, **given)
        promise(world, f"Soon {number}", owner=world.manager, due_on=day(4), **given)
        close(
            promise(world, f"Done {number}", owner=world.officer, accountable=world.manager), by=world.officer
        )
        meeting_of(world.board, on=day(5 + number))

    more(0)
    asked()
    before = asked()
    for number in range(1, 6):
        more(number)
    assert asked() == before
    assert before <= 32


# --- Search and history --------------------------------------------------------------------------------------------
def test_the_box_that_finds_anything_finds_them(world):
    made = promise(world, "Ask the wardens for lamps", due_on=day(9))
    promise(world, "Ask the wardens", partnership=world.other, by=world.stranger)
    (found,) = search(world.partnership, world.officer, "wardens lamps")
    assert (found.heading, [hit.title for hit in found.hits]) == ("Commitments", [made.what])
    near = search(world.partnership, world.officer, "Ask the wardns for lampps")
    assert [hits.is_guess for hits in near if hits.heading == "Commitments"] == [True]


def test_its_history_says_who_changed_what(world, as_):
    made = close(promise(world, owner=world.officer), by=world.officer)
    fields = {change.field for entry in history_of(made) for change in entry.changes}
    assert {"Status", "Closed on", "What was done, or why"} <= fields
    url = reverse("history", args=[world.partnership.slug, "commitment", made.pk])
    assert as_("evaluator").get(url).status_code == 200
    assert as_("partner").get(url).status_code == 403
    assert as_(world.stranger).get(url).status_code == 404


# --- The periodic report -------------------------------------------------------------------------------------------
@pytest.fixture
def period():
    return Period(day(-40), day(-10))


def told(world, period):
    content = collect(world.partnership, period, as_of=timezone.now())
    return content, compose(content, title="Report")


def ago(days):
    return {"created_at": timezone.now() - timedelta(days=days)}


def test_it_counts_what_was_promised_kept_changed_and_let_go_in_the_period(world, period):
    org = {"owner": world.partner}
    close(promise(world, "Kept", **ago(60), **org), by=world.partner, on=day(-20), reason="Done in time")
    close(
        promise(world, "Let go", **ago(35), **org),
        by=world.partner,
        status="let_go",
        on=day(-12),
        reason="Rain",
    )
    close(
        promise(world, "Changed", **ago(35)),
        by=world.officer,
        status="changed",
        on=day(-30),
        into=Successor("Instead", day(40)),
        **ago(30),
    )
    close(promise(world, "Before", **ago(80), **org), by=world.partner, on=day(-50))
    close(promise(world, "Kept since", **ago(60), due_on=day(-15), **org), by=world.partner, on=day(-2))
    promise(world, "Late then", **ago(60), due_on=day(-15), **org)
    promise(world, "Late since", **ago(60), due_on=day(-5))
    promise(world, "Made since", **ago(3))
    promise(world, "Elsewhere", partnership=world.other, by=world.stranger, **ago(20))
    content, document = told(world, period)
    found = content.promises
    assert (found.made, found.kept, found.changed, found.let_go) == (3, 1, 1, 1)
    assert (found.open, found.overdue, found.unowned) == (4, 2, 2)
    assert [one.what for one in found.closed] == ["Let go", "Kept", "Changed"]
    assert [one.what for one in found.late] == ["Kept since", "Late then"]
    section = next(one for one in document.sections if one.heading.startswith("What was promised"))
    figures = {label: number for label, number, _ in section.blocks[0].figures}
    assert figures["Commitments made"] == "3"
    assert figures["Overdue at the end"] == "2"
    assert any("3 commitments were made, 1 kept, 1 changed and 1 let go" in line for line in document.summary)
    text = str(document)
    for words in ("Done in time", "Rain", "Testborough Council", "Nobody owns it"):
        assert words in text
    assert "Test partner" not in text
    assert "Elsewhere" not in text


def test_it_asks_three_questions_however_much_was_promised(world, period):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            collect(world.partnership, period, as_of=timezone.now())
        return len(captured)

    promise(world, "One", **ago(30), due_on=day(-15), owner=world.partner, board=world.board)
    asked()
    before = asked()
    for number in range(6):
        made = promise(
            world, f"More {number}", **ago(30), due_on=day(-15), owner=world.partner, board=world.board
        )
        if number % 2:
            close(made, by=world.partner, on=day(-12))
    assert asked() == before


def test_a_next_step_that_became_a_commitment_is_told_of_once(world, period):
    activity = log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Walk",
        happened_on=day(-30),
        next_step="Ask for lamps",
        next_step_on=day(-20),
        created_at=timezone.now() - timedelta(days=30),
    )
    assert [one.pk for one in told(world, period)[0].open_steps] == [activity.pk]
    commit_next_step(activity=activity, by=world.officer)
    assert told(world, period)[0].open_steps == ()


def test_a_partnership_without_promises_says_so(world, period):
    _, document = told(world, period)
    assert "Nothing was promised in this period" in str(document)


def test_history_tells_no_title_of_an_activity_that_some_may_not_see(world, as_):
    quiet = log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Between us",
        happened_on=day(-1),
        visibility=Visibility.AUTHORS,
    )
    made = promise(world, activity=quiet)
    url = reverse("history", args=[world.partnership.slug, "commitment", made.pk])
    told = html.unescape(as_("manager").get(url).content.decode())
    assert "An activity that not everybody sees" in told
    assert "Between us" not in told
