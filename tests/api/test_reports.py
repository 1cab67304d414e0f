"""Reports, as they were frozen."""

from __future__ import annotations

from datetime import date

import pytest

from reports.actions.reports import ask_for_report
from reports.queries.periods import Period
from reports.renderers.document import from_json


def test_the_list_names_what_was_made(partner, report):
    waiting, _ = ask_for_report(
        definition=report.definition, period=Period(date(2025, 10, 1), date(2025, 12, 31)), by=None
    )
    (row,) = partner.get("reports").json()["items"]
    assert row["id"] == str(report.pk)
    assert (row["name"], row["frequency"]) == ("Quarterly report", "quarter")
    assert (row["period_start"], row["period_end"]) == ("2026-01-01", "2026-03-31")
    assert partner.get(f"reports/{waiting.pk}").status_code == 404
    assert partner.get(f"reports/{waiting.pk}/report.pdf").status_code == 404


def test_the_document_is_the_frozen_one(partner, report):
    body = partner.get(f"reports/{report.pk}").json()
    assert body["document"] == report.document
    assert from_json(body["document"]).title == "Quarterly report"


def test_the_pdf_is_the_frozen_one(partner, report):
    response = partner.get(f"reports/{report.pk}/report.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response.content == bytes(report.pdf)
    assert response.content.startswith(b"%PDF")
    assert 'filename="testborough-together-2026-01.pdf"' in response["Content-Disposition"]


@pytest.mark.parametrize("path", ["", "/report.pdf"])
def test_what_is_frozen_need_not_be_sent_again(partner, report, path):
    first = partner.get(f"reports/{report.pk}{path}")
    assert first["Last-Modified"]
    for condition in (
        {"if-none-match": first["ETag"]},
        {"if-modified-since": first["Last-Modified"]},
    ):
        again = partner.get(f"reports/{report.pk}{path}", headers=condition)
        assert again.status_code == 304


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"from": "2026-01-01"}, 1),
        ({"from": "2026-01-02"}, 0),
        ({"to": "2026-03-31"}, 1),
        ({"to": "2026-03-30"}, 0),
        ({"changed_since": "2999-01-01"}, 0),
    ],
)
def test_filters(partner, report, asked, number):
    assert len(partner.get("reports", **asked).json()["items"]) == number


def test_a_report_of_another_partnership_is_not_there(partner, world, report):
    from people.actions.api_clients import make_api_client
    from people.permissions import Scope
    from tests.api.conftest import signed_in

    made = make_api_client(partnership=world.other, name="Theirs", scopes=list(Scope), by=world.stranger)
    theirs = signed_in(made.client, made.secret)
    assert theirs.get("reports").json()["items"] == []
    for path in (f"reports/{report.pk}", f"reports/{report.pk}/report.pdf"):
        assert theirs.get(path).status_code == 404


def test_the_number_of_queries_does_not_grow(partner, report, django_assert_num_queries):
    for month in range(1, 6):
        other, _ = ask_for_report(
            definition=report.definition, period=Period(date(2025, month, 1), date(2025, month, 28)), by=None
        )
        type(report).objects.filter(pk=other.pk).update(
            status="made",
            document=report.document,
            pdf=report.pdf,
            as_of=report.as_of,
            made_at=report.made_at,
        )
    with django_assert_num_queries(4):
        assert len(partner.get("reports").json()["items"]) == 6
