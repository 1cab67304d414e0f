"""The pages of commitments: who may come, what they show and what they keep."""

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from outcomes.actions.commitments import make_commitment_for_outcomes
from outcomes.actions.setting_up import add_outcome
from partnerships.actions.activities import edit_activity, log_activity
from partnerships.actions.boards import add_board
from partnerships.actions.commitments import edit_commitment
from partnerships.actions.commitments_closing import Successor
from partnerships.models import BoardLevel, Commitment, Decision, Seat, Visibility
from partnerships.queries.commitments import count, of_board
from partnerships.renderers.commitments import became_of, commitment_row
from tests.partnerships.commitments_world import close, day, meeting_of, promise

WRITES = ("edit", "close", "reopen")


def page(world, name, *args):
    return reverse(f"commitment-{name}", args=[world.partnership.slug, *args])


def text_of(response):
    return html.unescape(response.content.decode())


def titles(response):
    return [
        html.unescape(one)
        for one in re.findall(r'class="tl-rows__link"[^>]*>(.*?)</a>', response.content.decode())
    ]


def dated(name, on):
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


# --- Who -----------------------------------------------------------------------------------------------------------
def test_members_read_and_nobody_else(world, as_, client):
    made = promise(world, owner=world.partner)
    for url in (page(world, "list"), page(world, "detail", made.pk)):
        for role in ("manager", "officer", "chair", "partner", "resident", "evaluator", "observer"):
            assert as_(role).get(url).status_code == 200, (role, url)
        assert as_(world.stranger).get(url).status_code == 404
        assert client.get(url).url.startswith(reverse("account_login"))


def test_a_seat_holder_from_elsewhere_reads_none_of_these_pages(world, as_):
    made = promise(world, board=world.board)
    Seat.objects.create(
        partnership=world.partnership, board=world.board, person=world.stranger, starts_on=day(-5)
    )
    for url in (page(world, "list"), page(world, "detail", made.pk), page(world, "export", "csv")):
        assert as_(world.stranger).get(url).status_code == 403
    (row,) = [commitment_row(one, "any", links=False) for one in of_board(world.board)]
    assert (row["title"], row["url"]) == (made.what, "")


def test_those_without_the_permission_write_nothing(world, as_):
    made = promise(world, owner=world.evaluator)
    activity = log_activity(
        partnership=world.partnership, by=world.officer, title="A", happened_on=day(-1), next_step="B"
    )
    posts = [
        page(world, "new"),
        *(page(world, name, made.pk) for name in (*WRITES, "take-on", "verify", "undo")),
        page(world, "from-next-step", activity.pk),
    ]
    for role in ("evaluator", "observer"):
        for url in posts:
            assert as_(role).post(url, {"what": "x"}).status_code == 403, (role, url)
    assert Commitment.objects.count() == 1


@pytest.mark.parametrize("role", ["partner", "resident"])
def test_partners_and_residents_change_only_their_own(world, as_, role):
    theirs, own = promise(world, owner=world.chair), promise(world, owner=getattr(world, role))
    for name in WRITES:
        assert as_(role).get(page(world, name, theirs.pk)).status_code == 403
        assert as_(role).get(page(world, name, own.pk)).status_code == 200
        assert as_("chair").get(page(world, name, own.pk)).status_code == 200
    shown = text_of(as_("partner").get(page(world, "detail", theirs.pk)))
    assert "Close it" not in shown


def test_ids_of_another_partnership_lead_nowhere(world, as_):
    theirs = promise(world, partnership=world.other, by=world.stranger)
    for name in ("detail", *WRITES, "take-on", "verify"):
        assert as_("manager").get(page(world, name, theirs.pk)).status_code == 404
    board = add_board(partnership=world.other, name="Theirs", level=BoardLevel.STEERING)
    meeting = meeting_of(board)
    decision = Decision.objects.create(partnership=world.other, meeting=meeting, what="Theirs")
    for query in (
        f"board={board.pk}",
        f"meeting={meeting.pk}",
        f"decision={decision.pk}",
        "activity=999999",
        "board=x",
        "board=" + "9" * 30,
    ):
        assert as_("manager").get(f"{page(world, 'new')}?{query}").status_code == 404, query
    sent = as_("manager").post(
        page(world, "new"), {"what": "A", "board": board.pk, "owner": world.stranger.pk}
    )
    assert text_of(sent).count("no longer in this partnership") >= 2
    assert Commitment.objects.count() == 1


# --- The list ------------------------------------------------------------------------------------------------------
def test_filters_stand_in_the_address(world, as_):
    outcome = add_outcome(partnership=world.partnership, title="One")
    promise(world, "late", overdue=5, owner=world.officer)
    promise(world, "free", due_on=day(30), board=world.board)
    make_commitment_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        what="helps",
        owner=world.chair,
        programme=world.programme,
        outcomes=[outcome],
    )
    close(promise(world, "done", owner=world.chair), by=world.chair, reason="It was fun")
    chair = as_("chair")
    expected = {
        "": ["late", "free", "helps"],
        "status=closed": ["done"],
        "status=kept": ["done"],
        "status=let_go": [],
        "status=all": ["late", "free", "helps", "done"],
        "overdue=on": ["late"],
        "unowned=on": ["free"],
        "mine=on": ["helps"],
        f"owner={world.officer.pk}": ["late"],
        f"board={world.board.pk}": ["free"],
        f"programme={world.programme.pk}": ["helps"],
        f"outcome={outcome.pk}": ["helps"],
        f"until={day(-1)}": ["late"],
        f"since={day()}": ["free"],
        "q=LAT": ["late"],
        "q=fun&status=all": ["done"],
        "q=test+officer": ["late"],
    }
    for query, found in expected.items():
        response = chair.get(f"{page(world, 'list')}?{query}")
        assert sorted(titles(response)) == sorted(found), query
    counts = re.findall(r'tl-subnav__count">(\d+)', chair.get(page(world, "list")).content.decode())
    assert counts == ["3", "1", "1", "1", "1"]


def test_unused_filters_leave_the_address_and_nonsense_is_said(world, as_):
    promise(world)
    url = page(world, "list")
    assert as_("officer").get(f"{url}?q=&status=&board=&mine=on").url == f"{url}?mine=on"
    said = text_of(as_("officer").get(f"{url}?since=31/2/2026&board=99999&status=splendid&page=x"))
    assert "Enter a real date" in said
    assert "There is no such board here." in said
    assert "Ask for an indoor route" in said


def test_empty_lists_say_what_to_do_to_those_who_may(world, as_):
    assert "Make a commitment" in text_of(as_("officer").get(page(world, "list")))
    shown = text_of(as_("observer").get(page(world, "list")))
    assert "No open commitments" in shown
    assert "Make a commitment" not in shown
    assert "No commitments match" in text_of(as_("officer").get(f"{page(world, 'list')}?q=nothing"))


def test_the_list_has_pages_and_asks_the_same_number_of_questions(world, as_):
    client = as_("chair")

    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(world, "list")).status_code == 200
        return len(captured)

    people = [world.officer, world.partner, world.chair, world.resident]
    for number in range(3):
        promise(
            world, f"Promise {number}", owner=people[number], board=world.board, programme=world.programme
        )
    asked()
    before = asked()
    for number in range(3, 40):
        promise(world, f"Promise {number}", owner=people[number % 4], board=world.board)
    assert asked() == before
    assert len(titles(client.get(page(world, "list")))) == 25
    assert len(titles(client.get(f"{page(world, 'list')}?page=2"))) == 15
    assert len(titles(client.get(f"{page(world, 'list')}?page=99"))) == 15


def test_downloads_hold_exactly_what_is_shown_and_nothing_that_runs(world, as_):
    private = log_activity(
        partnership=world.partnership,
        by=world.manager,
        title="Between us",
        happened_on=day(-1),
        visibility=Visibility.AUTHORS,
    )
    promise(world, '=HYPERLINK("http://bad")', owner=world.officer, due_on=day(3), activity=private)
    for number in range(30):
        promise(world, f"Promise {number}", owner=world.officer)
    close(promise(world, "@closed", owner=world.officer), by=world.officer, reason="+1")
    client, query = as_("officer"), f"?owner={world.officer.pk}"
    sent = client.get(page(world, "export", "csv") + query)
    rows = list(csv.DictReader(io.StringIO(b"".join(sent.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 31
    assert rows[0]["Commitment"] == '\'=HYPERLINK("http://bad")'
    assert (rows[0]["Owner"], rows[0]["Due"]) == ("Test officer", day(3).isoformat())
    assert not any("Between us" in row["Activity it came from"] for row in rows)
    book = load_workbook(io.BytesIO(b"".join(client.get(page(world, "export", "xlsx") + "?status=closed"))))
    cells = list(book["Commitments"].iter_rows(values_only=True))
    assert len(cells) == 2
    assert "Narrowed to: Status: Closed, in any way." in [
        row[0] for row in book["About"].iter_rows(values_only=True)
    ]
    assert all(cell.data_type != "f" for row in book["Commitments"].iter_rows() for cell in row)
    assert client.get(page(world, "export", "csv").replace("csv", "pdf")).status_code == 404


# --- One -----------------------------------------------------------------------------------------------------------
def test_its_page_tells_the_whole_story(world, as_):
    held = meeting_of(world.board)
    decision = Decision.objects.create(partnership=world.partnership, meeting=held, what="Light the path")
    made = promise(world, "Count the lamps", decision=decision, programme=world.programme, due_on=day(5))
    officer, chair = as_("officer"), as_("chair")
    officer.post(page(world, "take-on", made.pk), {})
    officer.post(
        page(world, "edit", made.pk),
        {
            "what": "Count all lamps",
            "owner": world.officer.pk,
            "meeting": held.pk,
            "version": 2,
            **dated("due_on", day(8)),
        },
    )
    officer.post(
        page(world, "close", made.pk),
        {"status": "kept", "reason": "53 lamps", "version": 3, **dated("on", day())},
    )
    chair.post(
        page(world, "verify", made.pk), {"verdict": "not_adequate", "note": "Two are missing", "version": 4}
    )
    again = chair.get(page(world, "detail", made.pk))
    assert "Open it again if it still has to be done" in text_of(again)
    chair.post(page(world, "reopen", made.pk), {"reason": "Count the two", "version": 5})
    shown = text_of(officer.get(page(world, "detail", made.pk)))
    story = [
        "Opened again by Test chair",
        "Found not adequate by Test chair",
        "Kept, closed by Test officer",
        "Due day changed from",
        "Test officer took it on",
        "Made by Test officer, with nobody to do it yet, due",
    ]
    places = [shown.index(line) for line in story]
    assert places == sorted(places)
    for words in ("Count all lamps", "Light the path", "Active Lives Board", "53 lamps", "Two are missing"):
        assert words in shown
    made.refresh_from_db()
    assert (made.status, made.decision) == ("open", decision)


def test_it_does_not_name_an_activity_that_the_reader_may_not_see(world, as_):
    private = log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Between us",
        happened_on=day(-1),
        visibility=Visibility.AUTHORS,
    )
    made = promise(world, activity=private)
    assert "Between us" in text_of(as_("officer").get(page(world, "detail", made.pk)))
    assert "Between us" not in text_of(as_("chair").get(page(world, "detail", made.pk)))
    assert as_("chair").get(f"{page(world, 'new')}?activity={private.pk}").status_code == 404
    form = text_of(as_("officer").get(f"{page(world, 'new')}?activity={private.pk}"))
    assert "Write only what all may read" in form


def test_its_page_asks_the_same_number_of_questions_however_long_the_story(world, as_):
    made, client = promise(world, owner=world.officer), as_("chair")
    url = page(world, "detail", made.pk)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    asked()
    before = asked()
    for number in range(6):
        made = edit_commitment(
            commitment=made, expected_version=made.version, by=world.officer, due_on=day(number + 1)
        )
    for number in range(4):
        activity = log_activity(
            partnership=world.partnership, by=world.officer, title=f"A{number}", happened_on=day(-1)
        )
        activity.commitments.add(made)
    assert asked() == before


@pytest.mark.parametrize("what", ["x" * 300, "🚲 " * 50, "ناتج عن التعاون", "<script>alert(1)</script>"])
def test_odd_words_are_shown_as_they_are(world, as_, what):
    made = promise(world, what, detail="y " * 9000)
    response = as_("observer").get(page(world, "detail", made.pk))
    assert made.what in text_of(response)
    assert "<script>alert(1)" not in response.content.decode()


# --- Making and changing -------------------------------------------------------------------------------------------
def test_making_one(world, as_):
    outcome = add_outcome(partnership=world.partnership, title="One")
    sent = as_("partner").post(
        page(world, "new"),
        {
            "what": "Open the hall",
            "owner": world.partner.pk,
            "accountable": world.chair.pk,
            "programme": world.programme.pk,
            "outcomes": [outcome.pk],
            **dated("due_on", day(20)),
        },
    )
    made = Commitment.objects.get()
    assert sent.url == page(world, "detail", made.pk)
    assert (made.owner, made.accountable, made.programme, made.due_on) == (
        world.partner,
        world.chair,
        world.programme,
        day(20),
    )
    assert made.created_by == world.partner
    assert made.outcome_links.get().outcome == outcome


def test_what_was_typed_stays_where_something_is_refused(world, as_):
    sent = as_("officer").post(
        page(world, "new"),
        {"what": "Open the hall", "detail": "Ask first", "owner": world.chair.pk, **dated("due_on", day(-3))},
    )
    shown = text_of(sent)
    assert "The due date must be today or later." in shown
    assert 'value="Open the hall"' in shown
    assert "Ask first" in shown
    assert f'<option value="{world.chair.pk}" selected' in shown
    for wrong in ({"what": ""}, {"what": "a\x00b"}, {"what": "x" * 301}, {"what": "A", "due_on_day": "40"}):
        assert as_("officer").post(page(world, "new"), wrong).status_code == 200
    assert not Commitment.objects.exists()


def test_links_from_elsewhere_fill_in_where_it_comes_from(world, as_):
    held = meeting_of(world.board)
    decision = Decision.objects.create(partnership=world.partnership, meeting=held, what="Light the path")
    activity = log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Night walk",
        happened_on=day(-1),
        next_step="Ask for lamps",
        next_step_on=day(9),
        programme=world.programme,
    )
    form = text_of(as_("officer").get(f"{page(world, 'new')}?activity={activity.pk}"))
    assert "From the activity: <strong>Night walk" in form
    assert 'value="Ask for lamps"' in form
    assert f'<option value="{world.programme.pk}" selected' in form
    url = f"{page(world, 'new')}?decision={decision.pk}"
    assert "Light the path" in text_of(as_("officer").get(url))
    as_("officer").post(url, {"what": "Buy lamps", "meeting": held.pk})
    made = Commitment.objects.get()
    assert (made.decision, made.meeting, made.board) == (decision, held, world.board)


def test_two_who_change_it_at_once_are_told(world, as_):
    made = promise(world, owner=world.officer)
    assert 'name="version" value="1"' in text_of(as_("officer").get(page(world, "edit", made.pk)))
    as_("chair").post(page(world, "edit", made.pk), {"what": "First", "version": 1})
    late = text_of(as_("officer").post(page(world, "edit", made.pk), {"what": "Second", "version": 1}))
    assert "Somebody else saved this" in late
    assert 'value="Second"' in late
    assert 'name="version" value="2"' in late
    made.refresh_from_db()
    assert made.what == "First"


def test_somebody_who_left_can_stay_in_the_form(world, as_):
    made = promise(world, owner=world.partner)
    world.partner.is_active = False
    world.partner.save(update_fields=["is_active"])
    sent = as_("officer").post(
        page(world, "edit", made.pk), {"what": "New", "owner": world.partner.pk, "version": 1}
    )
    assert sent.status_code == 302
    other = as_("officer").post(page(world, "new"), {"what": "New", "owner": world.partner.pk})
    assert "no longer in this partnership" in text_of(other)


# --- What becomes of it --------------------------------------------------------------------------------------------
def test_closing_as_changed_makes_the_next_one(world, as_):
    made = promise(world, owner=world.officer)
    url = page(world, "close", made.pk)
    refused = as_("officer").post(url, {"status": "changed", "version": 1, **dated("on", day())})
    assert "Say what changed, and why." in text_of(refused)
    mixed = as_("officer").post(
        url, {"status": "kept", "into_what": "Other", "version": 1, **dated("on", day())}
    )
    assert "Choose “Changed”" in text_of(mixed)
    early = as_("officer").post(
        url,
        {
            "status": "changed",
            "reason": "Rain",
            "into_what": "Other",
            "version": 1,
            **dated("on", day()),
            **dated("into_due_on", day(-9)),
        },
    )
    assert "The due date must be today or later." in text_of(early)
    as_("officer").post(
        url, {"status": "changed", "reason": "Rain", "into_what": "Other", "version": 1, **dated("on", day())}
    )
    made.refresh_from_db()
    assert (made.status, made.changed_into.what, made.changed_into.owner) == (
        "changed",
        "Other",
        world.officer,
    )
    assert "It goes on as" in text_of(as_("chair").get(page(world, "detail", made.pk)))
    assert "It was changed from" in text_of(as_("chair").get(page(world, "detail", made.changed_into.pk)))


def test_the_second_who_closes_is_told_who_was_first(world, as_):
    made = promise(world, owner=world.officer)
    sent = {"status": "kept", "version": 1, **dated("on", day())}
    as_("officer").post(page(world, "close", made.pk), sent)
    late = as_("chair").post(page(world, "close", made.pk), sent | {"status": "let_go", "reason": "No money"})
    assert "was closed by Test officer" in text_of(late)
    assert "No money" in text_of(late)


def test_taking_on_in_one_click(world, as_):
    late = promise(world, overdue=3)
    as_("partner").post(page(world, "take-on", late.pk))
    late.refresh_from_db()
    assert (late.owner, late.due_on) == (world.partner, day(-3))
    assert "has taken this on already" in text_of(as_("chair").post(page(world, "take-on", late.pk)))


# --- From an activity ----------------------------------------------------------------------------------------------
def log(world, **facts):
    given = {"title": "Walk", "happened_on": day(-2), "next_step": "Ask for lamps", "next_step_on": day(9)}
    return log_activity(partnership=world.partnership, by=world.officer, **given | facts)


def test_one_click_makes_a_next_step_a_commitment_and_another_takes_it_back(world, as_):
    activity, client = log(world), as_("chair")
    url = reverse("activity-detail", args=[world.partnership.slug, activity.pk])
    assert "Make it a commitment" in text_of(client.get(url))
    assert client.post(page(world, "from-next-step", activity.pk)).url == url
    client.post(page(world, "from-next-step", activity.pk))
    made = Commitment.objects.get()
    shown = text_of(client.get(url))
    assert "The next step is a commitment now. Test officer owns it." in shown
    assert page(world, "detail", made.pk) in shown
    assert "Make it a commitment" not in shown
    assert "take it back" in text_of(client.get(page(world, "detail", made.pk)))
    assert client.post(page(world, "undo", made.pk)).url == url
    assert not Commitment.objects.exists()
    assert "Make it a commitment" in text_of(client.get(url))


def test_who_may_not_commit_is_not_offered_it(world, as_):
    activity = log(world)
    url = reverse("activity-detail", args=[world.partnership.slug, activity.pk])
    assert "Make it a commitment" not in text_of(as_("evaluator").get(url))
    quiet = log(world, visibility=Visibility.AUTHORS)
    sent = as_("officer").post(page(world, "from-next-step", quiet.pk), follow=True)
    assert "Everybody in the partnership can read a commitment" in text_of(sent)
    assert as_("chair").post(page(world, "from-next-step", quiet.pk)).status_code == 404


# --- What became of them -------------------------------------------------------------------------------------------
def test_what_a_board_was_promised_and_what_became_of_it(world):
    assert became_of(count(of_board(world.board))) == ""
    for status in ("kept", "kept", "let_go"):
        close(promise(world, board=world.board, owner=world.officer), by=world.officer, status=status)
    close(promise(world, board=world.board), by=world.officer, status="changed", into=Successor("Next"))
    promise(world, board=world.board, overdue=4)
    promise(world)
    counts = count(of_board(world.board))
    assert became_of(counts) == (
        "6 commitments: 2 kept, 1 changed, 1 let go, 2 open. Of the open ones, 1 overdue and 2 without an owner."
    )


def test_an_edited_activity_keeps_its_commitment(world):
    activity = log(world)
    made = promise(world, activity=activity)
    edit_activity(activity=activity, expected_version=1, by=world.officer, next_step="Other words")
    assert activity.commitments_made.get() == made
    assert made.created_at < timezone.now() + timedelta(seconds=1)
