"""The same button pressed in two windows at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from partnerships.actions.activities import log_activity
from partnerships.actions.activity_review import accept, send_back, set_review, submit
from partnerships.actions.activity_sheets import log_sheet, upload_sheet
from partnerships.errors import DomainError
from partnerships.models import Activity, ReviewNote
from people.queries.named import people_to_name

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """What each call answered; a refusal counts as an answer."""
    together = Barrier(len(calls))

    def run(call):
        try:
            together.wait(30)
            return call()
        except DomainError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_a_spreadsheet_is_logged_once(world):
    rows = [{"row": 2, "cells": {"Date": ["A2", "1/2/2026"], "What happened": ["B2", "Walk"]}}]
    sheet = upload_sheet(
        partnership=world.partnership, by=world.officer, file_name="a.csv", sha256="0" * 64, rows=rows
    )
    people = people_to_name(world.partnership)

    def log():
        return log_sheet(sheet=sheet, by=world.officer, people=people.all(), answers={})

    first, second = at_once(log, log)
    assert first == second == [Activity.objects.get()]


def test_of_two_reviewers_one_decides(world):
    set_review(partnership=world.partnership, wanted=True, by=world.manager)
    activity = log_activity(
        partnership=world.partnership, by=world.officer, title="Walk", happened_on=date(2026, 1, 1)
    )
    submit(activity=activity, by=world.officer)
    answers = at_once(
        lambda: accept(activity=activity, expected_version=1, by=world.chair),
        lambda: send_back(activity=activity, expected_version=1, by=world.manager, comment="Who came?"),
    )
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    assert ReviewNote.objects.count() == 2
