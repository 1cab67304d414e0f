"""Practices that spread: as exact as they are known, and no more."""

import io
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from partnerships.actions.setting_up import add_organisation
from partnerships.actions.spread import edit_adoption, record_adoption
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Adoption, Place, PlaceKind, Sector
from partnerships.queries.spread import when_iso, when_words


def page(name, world, *args):
    return reverse(name, args=[world.partnership.slug, *args])


def record(world, **said):
    given = {"practice": "Go along on the first visit", "to_wider_system": "The county"} | said
    return record_adoption(partnership=world.partnership, by=world.officer, **given)


def when(day="", month="", year=""):
    return {"when_day": day, "when_month": month, "when_year": year}


# --- Rules -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("precision", "words", "iso"),
    [("day", "4 June 2026", "2026-06-04"), ("month", "June 2026", "2026-06"), ("year", "2026", "2026")],
)
def test_a_date_is_told_as_exactly_as_it_is_known(precision, words, iso):
    one = Adoption(adopted_on=date(2026, 6, 4), precision=precision)
    assert (when_words(one), when_iso(one)) == (words, iso)
    assert when_words(Adoption()) == "Date not known"


def test_what_is_no_adoption(world):
    theirs = add_organisation(partnership=world.other, name="Theirs", sector=Sector.COUNCIL)
    for said, field in (
        ({"practice": " "}, "practice"),
        ({"to_wider_system": ""}, "to_place"),
        ({"adopted_on": timezone.localdate() + timedelta(1)}, "adopted_on"),
        ({"from_place": world.place, "to_place": world.place}, "to_place"),
        ({"from_organisation": world.organisation, "to_organisation": world.organisation}, "to_organisation"),
        ({"to_organisation": theirs}, "to_organisation"),
        ({"to_place": world.elsewhere}, "to_place"),
    ):
        with pytest.raises(DomainError) as refused:
            record(world, **said)
        assert refused.value.field == field, said
    assert not Adoption.objects.exists()


def test_a_council_anywhere_may_have_taken_it_up(world):
    leeds = Place.objects.create(name="Leeds", kind=PlaceKind.LOCAL_AUTHORITY, code="E08000035")
    assert record(world, to_place=leeds, to_wider_system="").to_place == leeds


def test_two_edit_at_once(world):
    one = record(world)
    said = {"practice": "Go along", "to_wider_system": "The county", "by": world.officer}
    edit_adoption(adoption=one, expected_version=1, **said)
    with pytest.raises(EditConflict):
        edit_adoption(adoption=one, expected_version=1, **said)


# --- Pages -----------------------------------------------------------------------------------------------------------
def test_only_who_runs_programmes_records_and_everybody_reads(world, as_):
    one = record(world)
    for name, args in (("spread-new", ()), ("spread-edit", (one.pk,))):
        assert as_("officer").get(page(name, world, *args)).status_code == 200
        assert as_("chair").get(page(name, world, *args)).status_code == 403
        assert as_(world.stranger).get(page(name, world, *args)).status_code == 404
    assert "Go along on the first visit" in as_("resident").get(page("spread-list", world)).content.decode()
    theirs = record_adoption(partnership=world.other, practice="Theirs", to_wider_system="X")
    assert as_("officer").get(page("spread-edit", world, theirs.pk)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (when("4", "6", "2025"), (date(2025, 6, 4), "day")),
        (when("", "june", "2025"), (date(2025, 6, 1), "month")),
        (when("", "", "2025"), (date(2025, 1, 1), "year")),
        (when(), (None, "day")),
        ({"when": "2025-06"}, (date(2025, 6, 1), "month")),
    ],
)
def test_the_boxes_that_nobody_can_fill_in_stay_empty(world, as_, typed, kept):
    sent = {"practice": "Go along", "to_wider_system": "The county", "programme": world.programme.pk}
    assert as_("officer").post(page("spread-new", world), sent | typed).status_code == 302
    one = Adoption.objects.get()
    assert (one.adopted_on, one.precision) == kept
    form = as_("officer").get(page("spread-edit", world, one.pk)).content.decode()
    if typed.get("when_year") and not typed["when_month"]:
        assert (
            'name="when_year" type="text" inputmode="numeric" value="2025"' in form or 'value="2025"' in form
        )
        month = re.search(r'<input[^>]*name="when_month"[^>]*>', form).group()
        assert "value=" not in month
    told = as_("observer").get(page("programme-detail", world, world.programme.pk)).content.decode()
    assert "Go along: taken up by The county" in told


@pytest.mark.parametrize(
    "typed",
    [
        when("4", "", "2025"),
        when("4", "6", ""),
        when("31", "2", "2025"),
        when("", "13", "2025"),
        when("", "", "x"),
    ],
)
def test_dates_that_are_none_are_said_and_stay_in_the_boxes(world, as_, typed):
    sent = {"practice": "Go along", "to_wider_system": "The county"}
    answer = as_("officer").post(page("spread-new", world), sent | typed)
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert not Adoption.objects.exists()


def test_the_new_form_knows_the_programme_it_came_from(world, as_):
    text = as_("officer").get(page("spread-new", world) + f"?programme={world.programme.pk}").content.decode()
    assert f'<option value="{world.programme.pk}" selected>' in text
    assert as_("officer").get(page("spread-new", world) + "?programme=9999999999999").status_code == 200


def test_downloads_run_nothing(world, as_):
    record(world, practice="=HYPERLINK(1)", adopted_on=date(2025, 6, 1), precision="month")
    text = b"".join(as_("observer").get(page("spread-csv", world)).streaming_content).decode()
    assert "'=HYPERLINK(1)" in text
    assert ",2025-06," in text
    book = load_workbook(io.BytesIO(as_("observer").get(page("spread-xlsx", world)).getvalue()))
    cell = book["What spread"]["B2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_the_list_is_empty_and_asks_the_same_however_long(world, as_):
    client = as_("observer")
    assert "Nothing is recorded yet" in client.get(page("spread-list", world)).content.decode()

    def count():
        with CaptureQueriesContext(connection) as captured:
            client.get(page("spread-list", world))
        return len(captured)

    record(world, to_place=world.place, from_organisation=world.organisation, programme=world.programme)
    before = count()
    for number in range(5):
        record(world, practice=f"P{number}", to_place=world.place, from_organisation=world.organisation)
    assert count() == before
