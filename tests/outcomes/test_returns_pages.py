"""The pages of returns: who may come to which, the grid, the draft, what is checked before sending, and the spreadsheet."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from outcomes.actions.returns_deciding import accept
from outcomes.imports.returns import box_name
from outcomes.models import Return, ReturnQuestion
from outcomes.queries.returns import grid_of
from outcomes.statistics.return_checks import Box
from people.models import Membership
from tests.outcomes.returns_world import cells_of, filled, make_returns, sent

FILLING = ("edit", "send", "return.xlsx", "upload")
DECIDING = ("send-back", "accept", "reopen", "not-needed")


@pytest.fixture
def made(world):
    made = make_returns(world)
    Membership.objects.filter(person=world.partner).update(organisation=made.trust)
    return made


def url(world, found, tail=""):
    tail = f"{tail}/" if tail and "." not in tail else tail
    return f"/p/{world.partnership.slug}/returns/{found.pk}/{tail}"


def typed(made, **changed):
    """A complete form as a browser sends it."""
    data = {"got_in_the_way": "Nothing", "way_forward": "Go on"}
    for (measure, group), cell in cells_of(made).items():
        for box in Box:
            number = getattr(cell, box.value)
            if number is not None:
                data[box_name(measure, group, box)] = str(number)
    return data | changed


def total(measure):
    return box_name(measure.pk, None, Box.VALUE)


# --- Who may -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("tail", ["", *FILLING, *DECIDING])
def test_strangers_and_the_anonymous_learn_nothing(made, world, as_, client, tail):
    found = made.of(made.summer, made.trust)
    assert as_("stranger").get(url(world, found, tail)).status_code == 404
    assert client.get(url(world, found, tail)).status_code == 302


@pytest.mark.parametrize("tail", FILLING)
def test_partners_fill_in_their_own_and_officers_any(made, world, as_, tail):
    own, other = made.of(made.summer, made.trust), made.of(made.summer, made.club)
    assert as_("partner").get(url(world, own, tail)).status_code == 200
    assert as_("partner").get(url(world, other, tail)).status_code == 403
    assert as_("officer").get(url(world, other, tail)).status_code == 200
    for who in ("chair", "observer", "resident"):
        assert as_(who).get(url(world, own, tail)).status_code == 403
    data = {"version": 1, "way_forward": "Mine"}
    assert as_("partner").post(url(world, other, "edit"), data).status_code == 403
    assert as_("partner").post(url(world, other, "draft"), data).status_code == 403


@pytest.mark.parametrize("tail", DECIDING)
def test_only_those_who_may_accept_decide(made, world, as_, tail):
    found = made.of(made.summer, made.trust)
    assert as_("officer").get(url(world, found, tail)).status_code == 200
    for who in ("partner", "chair"):
        assert as_(who).get(url(world, found, tail)).status_code == 403
        assert as_(who).post(url(world, found, tail), {"reason": "x"}).status_code == 403


def test_a_return_of_another_partnership_is_not_there(made, world, as_):
    found = made.of(made.summer, made.trust)
    Return.objects.filter(pk=found.pk).update(partnership=world.other)
    assert as_("manager").get(url(world, found)).status_code == 404


def test_readers_see_no_small_counts(made, world, as_):
    made.children.hide_below = 5
    made.children.save()
    sent(made.of(made.summer, made.trust), made, world.partner, children=8)
    found = made.of(made.summer, made.trust)
    for who, small in (("chair", False), ("partner", True)):
        page = as_(who).get(url(world, found)).content.decode()
        assert ("4 children" in page) == small
        assert ("Hidden" in page) != small


# --- The list ----------------------------------------------------------------------------------------------------
def test_the_list_has_mine_first_and_names_who_is_missing(made, world, as_):
    page = as_("partner").get(f"/p/{world.partnership.slug}/returns/")
    assert [row["title"] for row in page.context["owed"]] == [
        "Holiday club, Spring: Leisure Trust",
        "Holiday club, Summer: Leisure Trust",
    ]
    assert page.context["missing"] == [{"what": "Holiday club, Spring", "who": "Leisure Trust, Saints Club"}]
    officer = as_("officer").get(f"/p/{world.partnership.slug}/returns/")
    assert officer.context["owed"] == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("status=overdue", 2),
        ("status=accepted", 0),
        ("status=owed", 4),
        ("organisation={club}", 2),
        ("period={summer}&organisation={club}", 1),
        ("programme=999999", 4),
        ("status=wrong", 4),
        ("page=99", 4),
    ],
)
def test_filters_live_in_the_address(made, world, as_, query, count):
    query = query.format(club=made.club.pk, summer=made.summer.pk)
    page = as_("chair").get(f"/p/{world.partnership.slug}/returns/?{query}")
    assert len(page.context["rows"]) == count


def test_a_long_list_costs_no_more_queries(made, world, as_, django_assert_max_num_queries):
    client = as_("officer")
    with django_assert_max_num_queries(30):
        client.get(f"/p/{world.partnership.slug}/returns/")


def test_an_empty_list_says_what_comes(world, as_):
    assert "No returns yet" in as_("chair").get(f"/p/{world.partnership.slug}/returns/").content.decode()


# --- The grid ----------------------------------------------------------------------------------------------------
def test_every_box_has_a_name_of_its_own(made, world, as_):
    page = as_("partner").get(url(world, made.of(made.summer, made.trust), "edit")).content.decode()
    for words in ("Unique children", "primary", "places offered", "What got in the way?"):
        assert words in page
    assert page.count("data-box") == 3 + 1 + 6 + 2 + 1


def test_saving_keeps_what_is_understood_and_says_what_is_not(made, world, as_):
    found = made.of(made.summer, made.trust)
    data = typed(made, version=1, then="send", **{total(made.sessions): "1,2", total(made.children): "1,234"})
    answer = as_("partner").post(url(world, found, "edit"), data)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "could be a decimal number" in page
    assert 'value="1,2"' in page
    cells = grid_of(found).said
    assert cells[(made.children.pk, None)].value == 1234
    assert (made.sessions.pk, None) not in cells
    again = as_("partner").post(
        url(world, found, "edit"), data | {"version": answer.context["version"], total(made.sessions): "12"}
    )
    assert again.status_code == 302
    assert again["Location"].endswith("/send/")


@pytest.mark.parametrize(
    ("text", "kept"), [("x", "x"), ("..", "x"), ("z", "z"), ("n/a", "x"), ("", None), (" 1 234 ", "1234")]
)
def test_markers_and_numbers_as_people_type_them(made, world, as_, text, kept):
    found = made.of(made.summer, made.trust)
    as_("partner").post(url(world, found, "edit"), typed(made, version=1, **{total(made.sessions): text}))
    said = grid_of(found).said.get((made.sessions.pk, None))
    assert kept == (None if said is None else said.marker or str(said.value.normalize().to_integral()))


@pytest.mark.parametrize("text", ["c", "-5-", "=1+1", "٣", "\U0001f600", "1" * 41, "12%", "\x00"])
def test_what_is_no_number_is_said_beside_its_box(made, world, as_, text):
    found = made.of(made.summer, made.trust)
    data = typed(made, version=1, **{total(made.sessions): text})
    answer = as_("partner").post(url(world, found, "edit"), data)
    assert answer.status_code == 200
    assert total(made.sessions) in answer.context["form"].errors


def test_long_and_right_to_left_text_is_kept_or_refused_in_words(made, world, as_):
    found = made.of(made.summer, made.trust)
    data = typed(made, version=1, way_forward="a" * 20_000, got_in_the_way="لا شيء 🙂")
    answer = as_("partner").post(url(world, found, "edit"), data)
    assert answer.status_code == 200
    assert "way_forward" in answer.context["form"].errors
    found.refresh_from_db()
    assert (found.got_in_the_way, found.way_forward) == ("لا شيء 🙂", "")


def test_somebody_else_was_faster(made, world, as_):
    found = filled(made.of(made.summer, made.trust), made, world.officer)
    data = typed(made, version=1, way_forward="Mine")
    answer = as_("partner").post(url(world, found, "edit"), data)
    page = answer.content.decode()
    assert "Somebody else saved this" in page
    assert "Mine" in page
    assert answer.context["version"] == found.version
    draft = as_("partner").post(url(world, found, "draft"), data)
    assert draft.status_code == 409
    assert "Somebody else" in draft.json()["message"]


def test_the_draft_saves_itself_and_says_what_to_look_at(made, world, as_):
    found = made.of(made.summer, made.trust)
    part = box_name(made.children.pk, made.primary.pk, Box.VALUE)
    data = typed(made, version=1, **{part: "31", total(made.sessions): "many"})
    answer = as_("partner").post(url(world, found, "draft"), data)
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert said["fields"] == {"version": 2}
    assert {finding["box"] for finding in said["findings"]} == {part, total(made.sessions)}
    assert grid_of(found).said[(made.children.pk, made.primary.pk)].value == 31
    json.dumps(said)


def test_what_is_odd_is_asked_about_and_the_answer_stays(made, world, as_):
    spring = sent(made.of(made.spring, made.trust), made, world.partner, sessions=2)
    accept(found=spring, expected_version=spring.version, by=world.officer)
    found = made.of(made.summer, made.trust)
    data = typed(made, version=1, then="send", **{total(made.sessions): "90"})
    as_("partner").post(url(world, found, "edit"), data)
    why = f"why-{made.sessions.pk}-0"
    assert f'name="{why}"' in as_("partner").get(url(world, found, "edit")).content.decode()
    check = as_("partner").get(url(world, found, "send"))
    assert [one["text"] for one in check.context["odd"]] == [
        "Sessions offered is 45 times what it was last time (2)."
    ]
    assert not check.context["is_ready"]
    explained = data | {"version": 2, why: "A new site"}
    as_("partner").post(url(world, found, "edit"), explained)
    check = as_("partner").get(url(world, found, "send"))
    assert check.context["is_ready"]
    assert check.context["explained"][0]["why"] == "A new site"
    done = as_("partner").post(url(world, found, "send"), {"version": check.context["version"]}, follow=True)
    assert "An officer looks at it next" in done.content.decode()


def test_what_is_missing_leads_to_its_box(made, world, as_):
    check = as_("partner").get(url(world, made.of(made.summer, made.trust), "send"))
    assert len(check.context["wrong"]) == 5 + 2
    assert check.context["wrong"][0]["url"].endswith(f"/edit/#id_{total(made.children)}")
    refused = as_("partner").post(url(world, made.of(made.summer, made.trust), "send"), {"version": 1})
    assert refused.status_code == 200
    assert "Say what got in the way" in refused.content.decode()


def test_a_return_that_was_sent_is_not_filled_in_again(made, world, as_):
    found = sent(made.of(made.summer, made.trust), made, world.partner)
    for tail in ("edit", "send"):
        assert as_("partner").get(url(world, found, tail))["Location"] == url(world, found)
    refused = as_("partner").post(url(world, found, "edit"), typed(made, version=found.version))
    assert "waits to be accepted" in refused.content.decode()


def test_questions_of_the_programme_and_the_yearly_ones_once(made, world, as_):
    asked = {"partnership": world.partnership, "programme": world.programme}
    always = ReturnQuestion.objects.create(**asked, text="What did parents say?")
    yearly = ReturnQuestion.objects.create(**asked, text="One case study", is_annual=True)
    assert [q.pk for q in grid_of(made.of(made.spring, made.trust)).questions] in (
        [always.pk],
        [always.pk, yearly.pk],
    )
    every = [grid_of(one).questions for one in Return.objects.filter(organisation=made.trust)]
    assert all(always in questions for questions in every)
    found = made.of(made.summer, made.trust)
    as_("partner").post(url(world, found, "edit"), typed(made, version=1, **{f"answer-{always.pk}": "Good"}))
    assert grid_of(found).answers == {always.pk: "Good"}


# --- Deciding ----------------------------------------------------------------------------------------------------
def test_sent_back_changed_and_accepted(made, world, as_):
    found = sent(made.of(made.summer, made.trust), made, world.partner)
    officer = as_("officer")
    empty = officer.post(url(world, found, "send-back"), {"version": found.version, "feedback": ""})
    assert "should the partner look at again" in empty.content.decode()
    officer.post(url(world, found, "send-back"), {"version": found.version, "feedback": "All clubs?"})
    assert "All clubs?" in as_("partner").get(url(world, found, "edit")).content.decode()
    check = as_("partner").get(url(world, found, "send"))
    as_("partner").post(url(world, found, "send"), {"version": check.context["version"]})
    found.refresh_from_db()
    officer.post(url(world, found, "accept"), {"version": found.version})
    late = as_("manager").post(url(world, found, "accept"), {"version": found.version})
    assert "accepted already, by Test officer" in late.content.decode()
    assert "All clubs?" in officer.get(url(world, found)).content.decode()


# --- The spreadsheet ---------------------------------------------------------------------------------------------
def workbook(made, world, as_, found):
    answer = as_("partner").get(url(world, found, "return.xlsx"))
    assert answer["Content-Type"].startswith("application/vnd.openxml")
    return load_workbook(io.BytesIO(answer.content))


def upload(book, world, as_, found):
    file = io.BytesIO()
    book.save(file)
    file = SimpleUploadedFile("return.xlsx", file.getvalue())
    return as_("partner").post(url(world, found, "upload"), {"file": file})


def row_of(sheet, name):
    return next(row[0].row for row in sheet.iter_rows() if name in str(row[0].value or "").split("|"))


def test_out_filled_offline_and_back(made, world, as_):
    made.sessions.name = "=2+5"
    made.sessions.save()
    found = filled(made.of(made.summer, made.trust), made, world.partner)
    book = workbook(made, world, as_, found)
    sheet = book.active
    assert sheet.protection.sheet
    assert sheet.column_dimensions["A"].hidden
    row = row_of(sheet, total(made.sessions))
    assert (sheet.cell(row, 2).value, sheet.cell(row, 2).data_type) == ("=2+5", "s")
    assert sheet.cell(row, 2).protection.locked
    assert not sheet.cell(row, 4).protection.locked
    sheet.cell(row, 4).value = 15
    sheet.cell(row_of(sheet, total(made.so_far)), 4).value = "lots"
    sheet.cell(row_of(sheet, total(made.children)), 5).value = 31
    sheet.cell(row_of(sheet, "way_forward"), 4).value = "More sites"
    preview = upload(book, world, as_, found)
    assert [(c["name"], c["before"], c["after"]) for c in preview.context["changes"]] == [
        ("Unique children, primary", "15 children", "31 children"),
        ("=2+5", "12 sessions", "15 sessions"),
        ("What is the way forward?", "Go on", "More sites"),
    ]
    assert len(preview.context["problems"]) == 1
    assert "lots" in preview.context["problems"][0]
    assert any("more than the total" in one["message"] for one in preview.context["findings"])
    assert grid_of(found).said[(made.sessions.pk, None)].value == 12, "Nothing is saved by the preview."
    data = dict(preview.context["hidden"]) | {"version": preview.context["version"], "then": "send"}
    assert as_("partner").post(url(world, found, "edit"), data).status_code == 302
    said = grid_of(found).said
    assert said[(made.sessions.pk, None)].value == 15
    assert said[(made.so_far.pk, None)].value == 12


def test_the_same_file_changes_nothing(made, world, as_):
    found = filled(made.of(made.summer, made.trust), made, world.partner)
    preview = upload(workbook(made, world, as_, found), world, as_, found)
    assert preview.context["changes"] == []
    assert "Nothing would change" in preview.content.decode()


def test_files_that_are_not_what_they_should_be(made, world, as_):
    found, other = made.of(made.summer, made.trust), made.of(made.spring, made.trust)
    wrong = upload(workbook(made, world, as_, other), world, as_, found)
    assert "of another return" in wrong.content.decode()
    book = workbook(made, world, as_, found)
    book.active["A1"] = "Hello"
    assert "not a spreadsheet that was downloaded here" in upload(book, world, as_, found).content.decode()
    for content in (b"PK\x03\x04 no", b"hello"):
        file = SimpleUploadedFile("return.xlsx", content)
        answer = as_("partner").post(url(world, found, "upload"), {"file": file})
        assert "damaged" in answer.content.decode()
    big = SimpleUploadedFile("return.xlsx", b"0" * (2 * 1024 * 1024 + 1))
    assert "2 MB" in as_("partner").post(url(world, found, "upload"), {"file": big}).content.decode()
