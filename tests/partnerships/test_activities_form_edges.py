import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from outcomes.actions.setting_up import add_outcome
from partnerships.actions.activities import edit_activity
from partnerships.actions.boards import add_board
from partnerships.actions.programmes import add_programme
from partnerships.actions.setting_up import add_organisation
from partnerships.models import (
    Activity,
    BoardLevel,
    ProgrammeKind,
    Sector,
)
from people.models import Membership
from tests.partnerships.activity_form import hidden, says, sent


# --- Forged, ended, removed --------------------------------------------------------------------------------------
def test_records_of_another_partnership_are_neither_offered_nor_taken(as_, new, world, outcome):
    theirs = {
        "programme": add_programme(partnership=world.other, name="Their work", kind=ProgrammeKind.OTHER),
        "board": add_board(partnership=world.other, name="Their board", level=BoardLevel.STEERING),
        "organisations": add_organisation(partnership=world.other, name="Their club", sector=Sector.SPORT),
        "outcomes": add_outcome(partnership=world.other, title="Their outcome"),
        "place": world.elsewhere,
        "people": world.stranger,
    }
    page = as_("officer").get(new)
    for name, record in theirs.items():
        assert not says(page, str(record)), name
        refused = as_("officer").post(new, sent(**{name: record.pk}))
        assert says(refused, "no longer in this partnership"), name
    assert not Activity.objects.exists()


@pytest.mark.parametrize("key", ["x", "-1", "0", "9" * 30, "\x00", "1 or 1=1"])
@pytest.mark.parametrize("name", ["programme", "board", "place", "organisations", "people", "outcomes"])
def test_a_key_that_is_none_is_a_mistake_and_not_a_crash(as_, new, name, key):
    page = as_("officer").post(new, sent(**{name: key}))
    assert page.status_code == 200
    assert says(page, "Null characters" if key == "\x00" else "no longer in this partnership")


def test_a_person_removed_while_being_picked_is_said_and_the_others_stay(as_, new, world):
    client = as_("officer")
    client.get(new)
    world.partner.is_active = False
    world.partner.save()
    page = client.post(new, sent(people=[world.chair.pk, world.partner.pk]))
    assert says(page, "One of the people you chose is no longer in this partnership")
    assert re.search(rf'value="{world.chair.pk}"[^>]*checked', page.content.decode())


def test_somebody_whose_role_ended_can_still_be_named(as_, new, world):
    Membership.objects.filter(person=world.chair).update(ends_on=date(2021, 1, 1))
    as_("officer").post(new, sent(people=[world.chair.pk]))
    assert Activity.objects.get().people.get() == world.chair


def test_an_ended_board_says_so_and_is_refused_for_a_later_day(as_, new, world):
    world.board.ended_on = date(2026, 1, 31)
    world.board.save()
    client = as_("officer")
    assert says(client.get(new), "Active Lives Board (ended 31 January 2026)")
    assert says(client.post(new, sent(board=world.board.pk)), "ended on 31 January 2026")
    earlier = {"happened_on_day": 30, "happened_on_month": 1, "happened_on_year": 2026}
    client.post(new, sent(board=world.board.pk, **earlier))
    assert Activity.objects.get().board == world.board


# --- Two at once -------------------------------------------------------------------------------------------------
def test_the_second_of_two_editors_sees_both_texts_and_can_save_on_top(as_, edit, activity, world):
    first, second = as_("officer"), as_("manager")
    assert hidden(first.get(edit), "version") == "1"
    day = {"happened_on_day": 1, "happened_on_month": 1, "happened_on_year": 2026}
    first.post(edit, sent(version=1, title="Walk to the <lock>", what_happened="Dry", **day))
    mine = sent(version=1, title="Walk to the mill", what_happened="Wet", people=[world.officer.pk], **day)
    page = second.post(edit, mine)
    text = page.content.decode()
    assert page.status_code == 409
    assert "What Test officer saved at" in text
    for kept in ('value="Walk to the mill"', "Wet", "Nothing", "Test officer"):
        assert kept in text, kept
    assert (
        "When was it"
        not in re.search(r'<section class="tl-section tl-narrow".*?</section>', text, re.DOTALL)[0]
    )
    assert hidden(page, "version") == "2"
    activity.refresh_from_db()
    assert activity.title == "Walk to the <lock>"
    second.post(edit, mine | {"version": 2})
    activity.refresh_from_db()
    assert (activity.title, activity.version) == ("Walk to the mill", 3)


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "9" * 40])
def test_a_version_that_makes_no_sense_never_overwrites(as_, edit, activity, version):
    edit_activity(activity=activity, expected_version=1, by=None, title="Newer")
    assert as_("officer").post(edit, sent(version=version, title="Older")).status_code == 409
    activity.refresh_from_db()
    assert activity.title == "Newer"


# --- Text of every kind, and files -------------------------------------------------------------------------------
def test_long_notes_emoji_and_right_to_left_come_back_as_they_were(as_, new, world):
    notes = "שלום " * 1_000 + "👩‍👩‍👧 " * 500 + "ok " * 1_000
    page = as_("officer").post(new, sent(title="مرحبا 🎉 =1+1", what_happened=notes), follow=True)
    activity = Activity.objects.get()
    assert (activity.title, activity.what_happened) == ("مرحبا 🎉 =1+1", notes.strip())
    assert says(page, "مرحبا 🎉 =1+1")
    export = reverse("activity-export", args=[world.partnership.slug, "csv"])
    assert "مرحبا 🎉 =1+1" in b"".join(as_("officer").get(export).streaming_content).decode()


def test_a_title_that_is_a_formula_does_not_run_where_it_is_exported(as_, new, world):
    as_("officer").post(new, sent(title="=HYPERLINK(1)", what_happened="@SUM(A1)"))
    export = reverse("activity-export", args=[world.partnership.slug, "csv"])
    text = b"".join(as_("officer").get(export).streaming_content).decode()
    assert "'=HYPERLINK(1)" in text
    assert "'@SUM(A1)" in text


def test_too_long_is_said_and_kept(as_, new):
    page = as_("officer").post(new, sent(what_happened="x" * 20_001))
    assert says(page, "20000 characters or fewer")
    assert says(page, "x" * 20_001)


def test_a_file_goes_with_what_is_logged(as_, new, world):
    file = SimpleUploadedFile("notes.txt", b"Eleven ducks.")
    page = as_("officer").post(new, sent(file=file), follow=True)
    assert says(page, "notes")
    assert Activity.objects.get().attachments.get().file_name == "notes.txt"


def test_a_file_that_is_not_what_its_name_says_is_refused_and_nothing_logged(as_, new):
    file = SimpleUploadedFile("photo.png", b"MZ\x90\x00 a program")
    page = as_("officer").post(new, sent(file=file, what_happened="Kept text"))
    assert page.status_code == 200
    assert says(page, "Kept text")
    assert says(page, 'href="#id_file"')
    assert not Activity.objects.exists()


def test_a_file_is_attached_later_by_those_who_may_change_it(as_, activity, world):
    url = reverse("activity-file", args=[world.partnership.slug, activity.pk])
    assert as_("partner").get(url).status_code == 403
    assert as_(world.stranger).get(url).status_code == 404
    wrong = as_("officer").post(url, {"file": SimpleUploadedFile("a.pdf", b"no pdf"), "title": "Plan"})
    assert says(wrong, "Plan")
    done = as_("officer").post(
        url, {"file": SimpleUploadedFile("plan.txt", b"Ducks"), "title": "Plan of the pond"}, follow=True
    )
    assert says(done, "Plan of the pond")
