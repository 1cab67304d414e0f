"""Activities filled in offline."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from partnerships.actions.activities import log_activity
from partnerships.actions.activity_sheets import (
    clear_old_sheets,
    give_up_sheet,
    log_sheet,
    preview,
    upload_sheet,
)
from partnerships.actions.own_kinds import add_own_kind
from partnerships.actions.programmes import add_programme
from partnerships.errors import DomainError
from partnerships.models import Activity, ActivitySheet, SheetStatus
from partnerships.queries.activity_sheets import COLUMNS, day_from, known_in
from partnerships.renderers.activity_sheet import blank_sheet
from people.actions.naming import person_named
from people.models import Person
from people.queries.named import people_to_name

HEAD = ["Date", "What happened", "Kind", "Organisations", "People", "Board", "Minutes"]


def book(*rows, head=HEAD, name="log.xlsx"):
    made = Workbook()
    made.active.append(head)
    for row in rows:
        made.active.append(row)
    file = io.BytesIO()
    made.save(file)
    return SimpleUploadedFile(name, file.getvalue())


def csv(text, name="log.csv"):
    return SimpleUploadedFile(name, text.encode())


@pytest.fixture
def new(world):
    return reverse("activity-sheet-new", args=[world.partnership.slug])


@pytest.fixture
def sheet(world):
    def kept(*rows, head=HEAD, by=None):
        typed = [
            {
                "row": n,
                "cells": {
                    name: [f"{chr(65 + place)}{n}", text]
                    for place, (name, text) in enumerate(zip(head, row, strict=False))
                },
            }
            for n, row in enumerate(rows, 2)
        ]
        return upload_sheet(
            partnership=world.partnership,
            by=by or world.officer,
            file_name="a.csv",
            sha256="0" * 64,
            rows=typed,
        )

    return kept


@pytest.fixture
def look(world):
    def looked(kept, **answers):
        people = people_to_name(world.partnership)
        return preview(sheet=kept, by=world.officer, people=people, answers=answers)

    return looked


@pytest.fixture
def go(world):
    def gone(kept, again=(), by=None, **answers):
        people = people_to_name(world.partnership)
        return log_sheet(sheet=kept, by=by or world.officer, people=people, answers=answers, again=again)

    return gone


def problems(found):
    return [(problem.cell, problem.message) for entry in found.entries for problem in entry.row.problems]


# --- What cells mean ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    ["3/6/2026", "03/06/26", "3.6.2026", "3-6-26", "3 June 2026", "3rd Jun 26", "Wed 3 June 2026", "June 3, 2026",
     "2026-06-03", "2026-06-03 00:00:00", "3-Jun-2026", "46176"],
)  # fmt: skip
def test_days_as_people_here_write_them(text):
    assert day_from(text) == date(2026, 6, 3)


@pytest.mark.parametrize(
    "text", ["31/2/2026", "3/6", "June", "tomorrow", "3/6/202", "13/13/2026", "٣/٦/٢٠٢٦", "1/1/1/1", "99"]
)
def test_what_is_no_day(text):
    with pytest.raises(ValueError):  # noqa: PT011 - what it says is for the page to say
        day_from(text)


def test_a_row_becomes_an_activity(world, sheet, go):
    add_own_kind(partnership=world.partnership, name="Door knocking", by=world.manager)
    (activity,) = go(
        sheet(["1/2/2026", " Mill Street ", "door knocking", "testborough  council", "Test chair; Test officer",
               "Active Lives Board", "1h 30"])
    )  # fmt: skip
    assert (activity.title, activity.happened_on, activity.minutes) == ("Mill Street", date(2026, 2, 1), 90)
    assert activity.get_kind_display() == "Door knocking"
    assert list(activity.organisations.all()) == [world.organisation]
    assert set(activity.people.all()) == {world.chair, world.officer}
    assert (activity.board, activity.created_by) == (world.board, world.officer)


def test_what_is_wrong_is_said_by_cell(world, sheet, look):
    tomorrow = timezone.localdate() + timedelta(1)
    found = look(
        sheet(
            ["", "", "", "", "", "", ""],
            ["31/2/2026", "Walk", "Vist", "Nobody Ltd", "", "Active Live Board", "long"],
            [f"{tomorrow:%d/%m/%Y}", "Walk"],
            ["1/2/2019", "Walk"],
            ["1/2/2026", "x" * 201],
        )
    )
    said = dict(problems(found))
    assert said["A2"] == "Enter the day on which it happened."
    assert said["B2"] == "Enter what happened, in a few words."
    assert "is not a date" in said["A3"]
    assert "Did you mean “Visit”?" in said["C3"]
    assert "There is no “Nobody Ltd” here." in said["D3"]
    assert "Did you mean “Active Lives Board”?" in said["F3"]
    assert "is not a number of minutes" in said["G3"]
    assert "today or in the past" in said["A4"]
    assert "began on" in said["A5"]
    assert "200 characters or fewer" in said["B6"]
    assert not any(entry.is_right for entry in found.entries)


def test_records_of_another_partnership_are_unknown(world, sheet, look):
    add_programme(partnership=world.other, name="Their work", kind="other")
    head = ["Date", "What happened", "Programme", "People", "Place"]
    found = look(sheet(["1/2/2026", "Walk", "Their work", "Other officer", "Otherborough"], head=head))
    assert [cell for cell, _ in problems(found)] == ["C2", "E2", "D2"]


def test_a_name_with_two_meanings_is_asked_about(world, sheet, look, go):
    twin = Person.objects.create(name="Test chair", job_title="Gardener")
    person_named(partnership=world.partnership, name="Somebody Else", by=world.officer)
    from partnerships.models import Contact

    Contact.objects.create(partnership=world.partnership, person=twin)
    kept = sheet(["1/2/2026", "Walk", "", "", "Test chair"], ["2/2/2026", "Talk", "", "", "test chair"])
    (question,) = look(kept).questions
    assert (question.column, question.text) == ("People", "test chair")
    assert any("Gardener" in label for _, label in question.options)
    with pytest.raises(DomainError):
        go(kept)
    with pytest.raises(DomainError):
        go(kept, **{question.key: str(world.stranger.pk)})
    made = go(kept, **{question.key: str(twin.pk)})
    assert [list(activity.people.all()) for activity in made] == [[twin], [twin]]


# --- Once --------------------------------------------------------------------------------------------------------
def test_logging_twice_logs_once(world, sheet, go):
    kept = sheet(["1/2/2026", "Walk"], ["2/2/2026", "Talk"])
    first = go(kept)
    assert {one.pk for one in go(kept)} == {one.pk for one in first}
    assert Activity.objects.count() == 2
    kept.refresh_from_db()
    assert kept.status == SheetStatus.LOGGED
    assert kept.logged_at


def test_what_is_logged_already_is_left_out_unless_wanted(world, sheet, look, go):
    logged = log_activity(
        partnership=world.partnership, by=world.manager, title="walk", happened_on=date(2026, 2, 1)
    )
    rows = (["1/2/2026", "Walk"], ["2/2/2026", "Talk"], ["2/2/2026", "TALK"])
    kept = sheet(*rows)
    entries = look(kept).entries
    assert [(entry.same_as, entry.same_row) for entry in entries] == [
        ([logged.pk], None),
        ([], None),
        ([], 3),
    ]
    assert [activity.title for activity in go(kept)] == ["Talk"]
    assert [activity.title for activity in go(sheet(*rows), again=[2])] == ["Walk"]
    with pytest.raises(DomainError):
        go(sheet(*rows))


def test_rows_that_are_wrong_stay_out_and_the_others_go_in(world, sheet, go):
    assert [one.title for one in go(sheet(["1/2/2026", "Walk"], ["x", "Talk"]))] == ["Walk"]


def test_a_sheet_given_up_logs_nothing_and_old_ones_go(world, sheet, go):
    kept, used = sheet(["1/2/2026", "Walk"]), sheet(["1/2/2026", "Talk"])
    give_up_sheet(sheet=kept, by=world.officer)
    with pytest.raises(DomainError):
        go(kept)
    go(used)
    give_up_sheet(sheet=used, by=world.officer)
    assert ActivitySheet.objects.get(pk=used.pk).status == SheetStatus.LOGGED
    ActivitySheet.objects.update(uploaded_at=timezone.now() - timedelta(31))
    clear_old_sheets()
    assert not ActivitySheet.objects.exists()
    assert Activity.objects.count() == 1


# --- Files -------------------------------------------------------------------------------------------------------
def test_the_blank_sheet_has_lists_and_runs_nothing(world):
    add_programme(partnership=world.partnership, name="=cmd|' /C calc'!A0", kind="other")
    known = known_in(world.partnership, people_to_name(world.partnership))
    made = load_workbook(blank_sheet("Ours", known))
    rows = made["Activities"]
    assert [cell.value.rstrip(" *") for cell in rows[1]] == list(COLUMNS)
    assert {check.formula1.split("$")[1] for check in rows.data_validations.dataValidation} == {
        "A",
        "B",
        "C",
        "D",
    }
    cells = [cell for row in made["Lists"] for cell in row if cell.value]
    assert "=cmd|' /C calc'!A0" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} == {"s"}


def test_filled_in_and_sent_back_in_the_browser(as_, world, new):
    client = as_("officer")
    assert client.get(reverse("activity-sheet-blank", args=[world.partnership.slug])).status_code == 200
    page = client.post(
        new, {"file": book([date(2026, 2, 1), "Walk 👋", "Visit"], ["x", "مرحبا"])}, follow=True
    )
    text = page.content.decode()
    assert "1 activity can be logged" in text
    assert "A3" in text
    assert "Log 1 activity" in text
    url = page.redirect_chain[-1][0]
    done = client.post(url, follow=True).content.decode()
    assert "1 activity is logged." in done
    assert "Walk 👋" in done
    client.post(url)
    assert Activity.objects.get().kind == "visit"
    assert "Logged" in client.get(new).content.decode()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (lambda: SimpleUploadedFile("a.xlsx", b"%PDF-1.7 nothing"), "This is a PDF"),
        (lambda: SimpleUploadedFile("a.xlsx", b""), "The file is empty"),
        (lambda: SimpleUploadedFile("a.xlsx", b"PK\x03\x04 no zip"), "damaged"),
        (lambda: csv("a,b\n1,2\n"), "were not found"),
        (lambda: csv("Date,What happened\n"), "no rows that are filled in"),
        (lambda: csv("Date,What happened\n" + "1/2/2026,Walk\n" * 501), "500 at most"),
        (lambda: csv("<html></html>", "a.csv"), "web page"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_it_should_be(as_, new, file, said):
    page = as_("officer").post(new, {"file": file()}).content.decode()
    assert said in page
    assert not ActivitySheet.objects.exists()


def test_csv_with_semicolons_headings_further_down_and_another_order(as_, new):
    text = "Our log;;\nKind;WHAT HAPPENED *;Date *\nVisit;Walk;1/2/2026\n;;\n"
    page = as_("officer").post(new, {"file": csv(text)}, follow=True).content.decode()
    assert "Row 3" in page
    assert "1 activity can be logged" in page


def test_a_sheet_is_ones_own(as_, client, world, new, sheet):
    url = reverse("activity-sheet", args=[world.partnership.slug, sheet(["1/2/2026", "Walk"]).pk])
    assert as_("officer").get(url).status_code == 200
    assert as_("manager").get(url).status_code == 403
    for page in (url, new):
        assert as_("chair").get(page).status_code == 403
        assert as_(world.stranger).get(page).status_code == 404
        assert client.get(page).url.startswith(reverse("account_login"))


def test_a_long_sheet_costs_what_a_short_one_does(as_, world, sheet, django_assert_max_num_queries):
    client, slug = as_("officer"), world.partnership.slug
    row = ["1/2/2026", "Walk", "", "Testborough Council", "Test chair", "Active Lives Board"]
    few, many = sheet(row), sheet(*[row] * 200)
    client.get(reverse("activity-sheet", args=[slug, few.pk]))
    with django_assert_max_num_queries(24) as asked:
        client.get(reverse("activity-sheet", args=[slug, few.pk]))
    with django_assert_max_num_queries(len(asked)):
        client.get(reverse("activity-sheet", args=[slug, many.pk]))
