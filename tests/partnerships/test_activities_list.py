import csv
import html
import io
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from outcomes.actions.setting_up import add_outcome, log_activity_for_outcomes
from partnerships.actions.activities import log_activity
from partnerships.models import ActivityKind, Visibility

QUERIES = 26


@pytest.fixture
def url(world):
    return reverse("activity-list", args=[world.partnership.slug])


@pytest.fixture
def log(world):
    def logged(title="Walk", **facts):
        given = {
            "partnership": world.partnership,
            "by": world.officer,
            "happened_on": date(2026, 1, 1),
        } | facts
        return log_activity(title=title, **given)

    return logged


def results(response):
    """The titles that the list shows, without their marks."""
    links = re.findall(r'class="tl-rows__link"[^>]*>(.*?)</a>', response.content.decode(), re.DOTALL)
    return [html.unescape(re.sub(r"</?mark>", "", link)) for link in links]


# --- Who ---------------------------------------------------------------------------------------------------------
def test_members_read_the_log_and_nobody_else(as_, client, url, world):
    for role in ("manager", "officer", "chair", "partner", "resident", "evaluator", "observer"):
        assert as_(role).get(url).status_code == 200, role
    assert as_(world.stranger).get(url).status_code == 404
    assert client.get(url).url.startswith(reverse("account_login"))


def test_what_an_author_keeps_back_shows_to_the_author_alone(as_, log, url):
    log("Kept back", visibility=Visibility.AUTHORS)
    log("Somebody else's", by=None, visibility=Visibility.AUTHORS)
    assert results(as_("officer").get(url)) == ["Kept back"]
    assert results(as_("manager").get(url)) == []


# --- What --------------------------------------------------------------------------------------------------------
def test_an_empty_log_says_what_to_do_to_those_who_may(as_, url):
    assert "Log the first activity" in as_("officer").get(url).content.decode()
    assert "Log the first activity" not in as_("observer").get(url).content.decode()


def test_a_row_says_when_what_with_whom_and_what_for(as_, url, world):
    log_activity_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        title="Walk",
        happened_on=date(2026, 3, 4),
        kind=ActivityKind.VISIT,
        organisations=[world.organisation],
        programme=world.programme,
        is_complete=False,
        outcomes=[add_outcome(partnership=world.partnership, title="People are active")],
    )
    page = as_("officer").get(url).content.decode()
    for text in (
        "March 2026",
        "4 March · Visit · Testborough Council · Holiday club",
        "Should help: People are active",
        "To finish",
        "1 activity",
    ):
        assert text in page


def test_filters_stand_in_the_address_and_come_back_filled_in(as_, log, url, world):
    log("In", kind=ActivityKind.VISIT, programme=world.programme)
    log("Out", kind=ActivityKind.VISIT)
    log("Out", programme=world.programme)
    page = as_("officer").get(url, {"kind": "visit", "programme": world.programme.pk})
    assert results(page) == ["In"]
    text = page.content.decode()
    assert '<option value="visit" selected>' in text
    assert "Kind: Visit" in text
    assert f'href="?programme={world.programme.pk}"' in text


def test_the_address_does_without_filters_that_are_not_used(as_, log, url):
    log()
    answer = as_("officer").get(url, {"q": "", "kind": "visit", "board": "", "before": "2026-02-01.5"})
    assert answer.url == f"{url}?kind=visit&before=2026-02-01.5"


def test_mine_and_to_finish_are_about_me(as_, log, url, world):
    log("Mine", is_complete=False)
    log("Done")
    log("Theirs", by=world.manager, is_complete=False)
    assert results(as_("officer").get(url, {"mine": "on", "to_finish": "on"})) == ["Mine"]


def test_an_outcome_narrows_the_list(as_, log, url, world):
    outcome = add_outcome(partnership=world.partnership, title="People are active")
    log_activity_for_outcomes(
        partnership=world.partnership,
        by=world.officer,
        title="In",
        happened_on=date(2026, 1, 1),
        outcomes=[outcome],
    )
    log("Out")
    assert results(as_("officer").get(url, {"outcome": outcome.pk})) == ["In"]


def test_matched_words_are_marked_and_what_people_typed_stays_text(as_, log, url):
    log("<script>alert(1)</script> swims", what_happened="They <b>swam</b> and went swimming")
    page = as_("officer").get(url, {"q": "swim"}).content.decode()
    assert "<mark>swims</mark>" in page
    assert "<mark>swimming</mark>" in page
    assert "<script>alert" not in page
    assert "<b>swam" not in page


def test_a_guess_says_that_it_is_one(as_, log, url):
    log("Swimming at the baths")
    page = as_("officer").get(url, {"q": "swimimng"})
    assert results(page) == ["Swimming at the baths"]
    assert "spelt much like them" in page.content.decode()


def test_nothing_found_offers_the_way_back(as_, log, url):
    log()
    page = as_("officer").get(url, {"q": "xylophone"}).content.decode()
    assert "No activities match" in page
    assert f'href="{url}"' in page


# --- Addresses that make no sense ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"until": "2026-13-45"},
        {"since": "2026-01-01", "until": "2025-12-01"},
        {"kind": "party"},
        {"programme": "x"},
        {"programme": "9" * 30},
        {"board": "-1"},
        {"organisation": "1 or 1=1"},
        {"person": "\x00"},
        {"q": "a\x00b"},
        {"q": "x" * 201},
        {"before": "2026"},
        {"before": "2026-01-01." + "9" * 40},
        {"after": "2027-01-01.5"},
        {"before": "1990-01-01.1"},
    ],
)
def test_a_filter_that_makes_no_sense_is_said_and_left_out(as_, log, url, query):
    log("Still here")
    page = as_("officer").get(url, query)
    assert page.status_code == 200
    assert results(page) == ["Still here"]
    assert "govuk-warning-text" in page.content.decode()


def test_what_another_partnership_has_filters_nothing_and_is_not_named(as_, log, url, world):
    from partnerships.actions.programmes import add_programme
    from partnerships.models import ProgrammeKind

    theirs = add_programme(partnership=world.other, name="Secret programme", kind=ProgrammeKind.OTHER)
    log("Still here")
    page = as_("officer").get(url, {"programme": theirs.pk})
    assert results(page) == ["Still here"]
    assert "Secret programme" not in page.content.decode()
    assert "There is no such programme here." in page.content.decode()


# --- Pages and cost ----------------------------------------------------------------------------------------------
def test_older_and_newer_lead_through_the_list_and_keep_the_filters(as_, log, url):
    for number in range(30):
        log(f"Walk {number}", happened_on=date(2026, 1, 1) + timedelta(number), kind=ActivityKind.VISIT)
    client = as_("officer")
    first = client.get(url, {"kind": "visit"})
    older = html.unescape(re.search(r'href="(\?[^"]*before=[^"]*)" rel="next"', first.content.decode())[1])
    assert "kind=visit" in older
    second = client.get(url + older)
    assert results(first) + results(second) == [f"Walk {n}" for n in range(29, -1, -1)]
    newer = html.unescape(re.search(r'href="(\?[^"]*after=[^"]*)" rel="prev"', second.content.decode())[1])
    assert results(client.get(url + newer)) == results(first)


@pytest.mark.parametrize("query", [{}, {"q": "walk"}])
def test_the_number_of_queries_does_not_grow_with_the_list(
    as_, log, url, world, query, django_assert_max_num_queries
):
    client = as_("officer")
    for number in range(2):
        log(f"Walk {number}", organisations=[world.organisation], people=[world.chair], board=world.board)
    client.get(url, query)
    with django_assert_max_num_queries(QUERIES) as few:
        client.get(url, query)
    for number in range(20):
        log(
            f"Walk {number}", organisations=[world.organisation], programme=world.programme, place=world.place
        )
    with django_assert_max_num_queries(QUERIES) as many:
        client.get(url, query)
    assert len(many.captured_queries) == len(few.captured_queries)


# --- Downloads ---------------------------------------------------------------------------------------------------
@pytest.fixture
def download(world, as_):
    def fetch(format, who="officer", **query):
        return as_(who).get(reverse("activity-export", args=[world.partnership.slug, format]), query)

    return fetch


def csv_rows(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sheet_rows(response):
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    headers, *rows = book["Activities"].iter_rows()
    return [dict(zip((cell.value for cell in headers), row, strict=True)) for row in rows]


def test_both_downloads_hold_exactly_what_the_list_shows(as_, log, url, download, world):
    for number in range(30):
        log(f"Walk {number}", happened_on=date(2026, 1, 1) + timedelta(number), kind=ActivityKind.VISIT)
    log("Another kind")
    log("Kept back", by=world.manager, kind=ActivityKind.VISIT, visibility=Visibility.AUTHORS)
    expected = [f"Walk {number}" for number in range(29, -1, -1)]
    in_csv, in_excel = csv_rows(download("csv", kind="visit")), sheet_rows(download("xlsx", kind="visit"))
    assert [row["What happened"] for row in in_csv] == expected
    assert [row["What happened"].value for row in in_excel] == expected
    page = as_("officer").get(url, {"kind": "visit"}).content.decode()
    assert f'{reverse("activity-export", args=[world.partnership.slug, "csv"])}?kind=visit"' in page


def test_a_guess_is_downloaded_as_it_is_shown(log, download):
    log("Swimming at the baths")
    log("Walk")
    assert [row["What happened"] for row in csv_rows(download("csv", q="swimimng"))] == [
        "Swimming at the baths"
    ]


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", '=HYPERLINK("//x")'])
def test_no_cell_of_a_download_runs(log, download, text):
    log(text, what_happened=text)
    (row,) = csv_rows(download("csv"))
    assert row["What happened"] == row["Details"] == "'" + text
    (row,) = sheet_rows(download("xlsx"))
    assert (row["What happened"].value, row["What happened"].data_type) == (text, "s")


def test_more_than_excel_is_good_for_is_said_and_csv_offered(log, download, monkeypatch, as_, url):
    log()
    log()
    monkeypatch.setattr("partnerships.views.activity_log.MOST_IN_EXCEL", 1)
    answer = download("xlsx", kind="meeting")
    assert answer.url == f"{url}?kind=meeting"
    assert len(csv_rows(download("csv"))) == 2


def test_who_may_download(log, download, client, world):
    log()
    assert download("csv", "observer").status_code == 200
    assert download("csv", world.stranger).status_code == 404
    assert client.get(reverse("activity-export", args=[world.partnership.slug, "csv"])).status_code == 302
    assert client.get(f"/p/{world.partnership.slug}/activities/export.exe").status_code == 404
