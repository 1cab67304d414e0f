"""The pages of imports, as people of each role meet them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from outcomes.actions import imports
from outcomes.imports import table
from outcomes.models import BatchStatus, ImportBatch, ImportRecipe, Measure, Observation
from outcomes.queries import imports as queries
from outcomes.tasks import check_file, save_figures
from outcomes.tasks.imports_progress import tell
from partnerships.models import Place
from people.permissions import HUMAN_ROLES, Role
from tests.outcomes.imports_world import THREE, check, prepare, save, upload

SLUG = "testborough-together"
GET_PAGES = (
    "import-list",
    "import-new",
    "import-detail",
    "import-map",
    "import-preview",
    "import-progress",
    "import-refused",
    "import-undo",
)
BUTTONS = ("import-layout", "import-confirm", "import-give-up", "import-again")
MAY = {Role.MANAGER, Role.OFFICER}


@pytest.fixture
def here(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return prepare(world)


def url(name, *args):
    return reverse(name, args=[SLUG, *args])


def address(name, batch):
    return url(name) if name in ("import-list", "import-new") else url(name, batch.pk)


def send_file(client, content, name="figures.csv", **more):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post(url("import-new"), {"file": file, **more})


def choices(measure, **more):
    """What the columns page sends."""
    sent = {
        "measure": measure.pk, "layout": "long", "place_column": "code", "period_column": "period", "value_column": "value",
        "merged": "refuse", "year_type": "auto", "status": "final", "recipe_name": "",
    }  # fmt: skip
    return sent | more


# --- who may come in ---


@pytest.mark.parametrize("role", HUMAN_ROLES)
def test_only_those_who_may_import_come_in(here, as_, role):
    batch = save(here, THREE)
    client = as_(role.value)
    for name in GET_PAGES:
        status = client.get(address(name, batch)).status_code
        assert status in ((200, 302) if role in MAY else (403,)), (name, status)
    for name in BUTTONS:
        status = client.post(address(name, batch)).status_code
        assert status in ((200, 302) if role in MAY else (403,)), (name, status)
    recipe = ImportRecipe.objects.get()
    assert client.post(url("import-recipe-remove", recipe.pk)).status_code == (302 if role in MAY else 403)


def test_a_stranger_learns_nothing_and_nobody_signs_in_first(here, as_, client):
    batch = save(here, THREE)
    stranger = as_(here.stranger)
    for name in GET_PAGES:
        assert stranger.get(address(name, batch)).status_code == 404
        assert client.get(address(name, batch)).status_code == 302
    for name in BUTTONS:
        assert stranger.post(address(name, batch)).status_code == 404
        assert "/login" in client.post(address(name, batch)).url


def test_an_import_of_another_partnership_is_not_found_below_ones_own(here, as_):
    batch, recipe = save(here, THREE), ImportRecipe.objects.get()
    stranger = as_(here.stranger)
    for name in GET_PAGES[2:]:
        assert stranger.get(reverse(name, args=[here.other.slug, batch.pk])).status_code == 404
    assert stranger.post(reverse("import-confirm", args=[here.other.slug, batch.pk])).status_code == 404
    assert (
        stranger.post(reverse("import-recipe-remove", args=[here.other.slug, recipe.pk])).status_code == 404
    )


def test_buttons_are_not_links(here, as_):
    batch = check(here, THREE)
    for name in BUTTONS:
        assert as_("officer").get(address(name, batch)).status_code == 405


# --- from a file to figures ---


def test_an_officer_brings_in_a_file(here, as_):
    client = as_("officer")
    assert "No figures have been imported yet" in client.get(url("import-list")).content.decode()
    answer = send_file(client, THREE, source="Sport England, April 2026")
    batch = ImportBatch.objects.get()
    assert answer.url == url("import-map", batch.pk)
    page = client.get(answer.url).content.decode()
    assert "3 rows below" in page
    assert "E06000032" in page
    answer = client.post(answer.url, choices(here.measure))
    assert answer.url == url("import-preview", batch.pk)
    page = client.get(answer.url).content.decode()
    assert "Save 3 figures" in page
    assert "Luton" in page
    answer = client.post(url("import-confirm", batch.pk), follow=True)
    assert "Saved: 3 new and 0 changed figures of Active adults." in answer.content.decode()
    saved = Observation.objects.filter(batch=batch)
    assert {(o.source, o.recorded_by) for o in saved} == {("Sport England, April 2026", here.officer)}
    assert "3 new, 0 changed, 0 refused" in client.get(url("import-list")).content.decode()


def test_the_same_file_again_says_so_and_offers_nothing_to_save(here, as_):
    save(here, THREE)
    answer = send_file(as_("officer"), THREE)
    page = as_("officer").get(answer.url).content.decode()
    assert "There is nothing to save" in page
    assert "Exactly this file was imported on" in page
    assert "import-confirm" not in page
    assert "confirm/" not in page


def test_a_file_whose_headings_are_known_goes_straight_to_its_preview(here, as_):
    save(here, THREE)
    answer = send_file(as_("officer"), THREE.replace("58.1", "58.4"))
    page = as_("officer").get(answer.url)
    assert page.context["verdict"] == "changed"
    assert [cell["text"] for cell in page.context["table"]["rows"][0]] == [
        "3",
        "Luton",
        "2023/24",
        "58.1%",
        "58.4%",
    ]


@pytest.mark.parametrize(
    ("content", "name", "because"),
    [
        (b"", "empty.csv", "The file is empty"),
        (b"%PDF-1.7\n%", "figures.csv", "This is a PDF, whatever its name says"),
        (b"code,period,value\n", "only-headings.csv", "headings, but no rows below them"),
        (b"<html>", "figures.csv", "This is a web page"),
        (b"a\x00b,c\n1,2\n", "figures.csv", "bytes that no table of text holds"),
        (b"PK\x03\x04" + b"0" * 100, "figures.xlsx", "The workbook is damaged"),
    ],
)
def test_what_is_no_table_is_refused_on_the_upload_page(here, as_, content, name, because):
    answer = send_file(as_("officer"), content, name=name, source="Somebody")
    page = answer.content.decode()
    assert (answer.status_code, ImportBatch.objects.count()) == (200, 0)
    assert because in page
    assert 'href="#id_file"' in page  # the error summary leads to the field
    assert 'value="Somebody"' in page  # what was typed is kept


def test_an_upload_without_a_file_says_so(here, as_):
    assert "Select file of figures" in as_("officer").post(url("import-new"), {}).content.decode()


def test_choices_that_are_refused_stay_as_they_were_made(here, as_):
    batch = upload(here, THREE)
    answer = as_("officer").post(
        url("import-map", batch.pk), choices(here.measure, value_column="", recipe_name="My file")
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Select the column with the figures" in page
    assert 'href="#id_value_column"' in page
    assert 'value="My file"' in page
    batch.refresh_from_db()
    assert batch.status == BatchStatus.UPLOADED


def test_without_a_measure_chosen_the_page_asks_for_one(here, as_):
    batch = upload(here, THREE)
    answer = as_("officer").post(url("import-map", batch.pk), choices(here.measure) | {"measure": ""})
    assert "Select measure" in answer.content.decode()


def test_filters_and_every_other_choice_arrive_in_the_mapping(here, as_):
    text = "code,period,sex,value,n,d,lo,hi\nE06000032,2023/24,All,58,5,9,55,61\nE06000032,2023/24,Girls,50,1,3,45,56\n"
    batch = upload(here, text)
    sent = choices(
        here.measure, filter_1="2=All", filter_column="code", filter_value="E06000032", numerator_column="n", denominator_column="d",
        lower_column="lo", upper_column="hi", year_type="academic", status="provisional", merged="keep", place_kind="region",
        times_100="on", fill_down="on", decimal_comma="on", place_column_2="sex", recipe_name="A",
    )  # fmt: skip
    as_("officer").post(url("import-map", batch.pk), sent)
    kept = ImportRecipe.objects.get().mapping
    assert kept["filters"] == [["sex", "All"], ["code", "E06000032"]]
    assert (
        kept["numerator_column"],
        kept["denominator_column"],
        kept["lower_column"],
        kept["upper_column"],
    ) == ("n", "d", "lo", "hi")
    assert (kept["year_type"], kept["status"], kept["merged"], kept["place_kind"]) == (
        "academic",
        "provisional",
        "keep",
        "region",
    )
    assert (kept["times_100"], kept["fill_down"], kept["decimal_comma"], kept["place_columns"]) == (
        True,
        True,
        True,
        ["code", "sex"],
    )
    # The page shows them again.
    form = as_("officer").get(url("import-map", batch.pk)).context["form"]
    again = {field.name: field.value() for field in form}
    for name in (
        "filter_1",
        "numerator_column",
        "year_type",
        "status",
        "merged",
        "place_kind",
        "place_column",
        "place_column_2",
        "recipe_name",
    ):
        assert str(again[name]) == sent[name]


def test_headings_can_be_looked_for_elsewhere(here, as_):
    client, batch = as_("officer"), upload(here, "some,words,here\ncode,period,value\nE06000032,2023/24,58\n")
    answer = client.post(url("import-layout", batch.pk), {"heading_row": "2", "heading_rows": "1"})
    assert answer.url == url("import-map", batch.pk)
    assert client.get(answer.url).context["form"]["place_column"].value() == "code"
    refused = client.post(url("import-layout", batch.pk), {"heading_row": "40", "heading_rows": "1"})
    assert "No headings were found" in refused.content.decode()
    assert 'href="#id_heading_row"' in refused.content.decode()
    wrong = client.post(url("import-layout", batch.pk), {"heading_row": "x", "heading_rows": "1"})
    assert wrong.status_code == 200
    assert wrong.context["layout_form"].errors


def test_a_measure_can_be_added_on_the_way_by_those_who_may(here, as_):
    batch = upload(here, THREE)
    path = url("import-map", batch.pk)
    assert "Add a measure that is missing" not in as_("officer").get(path).content.decode()
    page = as_("manager").get(path)
    assert page.context["new_measure_url"] == f"{url('measure-new')}?next={path}"
    measure = Measure.objects.get()
    assert as_("manager").get(f"{path}?measure={measure.slug}").context["form"].initial["measure"] == measure


def test_with_no_measure_at_all_the_upload_page_says_what_to_do(here, as_):
    Measure.objects.all().delete()
    assert "Ask a partnership manager to add one" in as_("officer").get(url("import-new")).content.decode()
    assert url("measure-new") in as_("manager").get(url("import-new")).content.decode()


# --- the preview ---


def test_rows_are_shown_by_what_becomes_of_them(here, as_):
    save(here, THREE)
    batch = check(here, THREE.replace("58.1", "58.4") + "E06009999,2023/24,1\nE08000016,2023/24,50\n")
    client, path = as_("officer"), url("import-preview", batch.pk)
    found = {
        verdict: [
            [cell["text"] for cell in row]
            for row in client.get(f"{path}?rows={verdict}").context["table"]["rows"]
        ]
        for verdict in ("new", "changed", "unchanged", "refused")
    }
    assert found["new"] == [["6", "Barnsley", "2023/24", "50.0%", "E08000016 is now E08000038."]]
    assert found["changed"] == [["3", "Luton", "2023/24", "58.1%", "58.4%"]]
    assert [row[0] for row in found["unchanged"]] == ["2", "4"]
    assert found["refused"] == [
        ["5", "E06009999", "2023/24", "1", "No place with the code E06009999 is known here."]
    ]


def test_unknown_places_are_grouped_and_the_way_out_is_told(here, as_):
    rows = "".join(f"E0700{n:04},2023/24,{n}\n" for n in range(200, 260)) * 2
    batch = check(here, THREE + rows + "E06000032,soon,1\n")
    path = url("import-preview", batch.pk)
    page = as_("officer").get(f"{path}?rows=refused")
    groups = {
        item["group"].title: (item["group"].rows, item["group"].advice) for item in page.context["groups"]
    }
    assert groups["60 places not known here"][0] == 120
    assert "manage.py import_places" in groups["60 places not known here"][1]
    assert groups["Period not understood"][0] == 1
    only = as_("officer").get(f"{path}?rows=refused&reason=period")
    assert len(only.context["table"]["rows"]) == 1
    Place.objects.bulk_create(
        Place(name=f"P{n}", kind="local_authority", code=f"E09{n:06}") for n in range(260)
    )
    page = as_("officer").get(f"{path}?rows=refused")
    assert "newer or older" in page.context["groups"][0]["group"].advice


def test_long_lists_are_paged_and_need_few_queries(here, as_, django_assert_max_num_queries):
    text = "code,period,value\n" + "".join(f"E06000032,{year},1\n" for year in range(1901, 2100))
    save(here, text)
    batch = check(here, text.replace(",1\n", ",2\n"))
    client, path = as_("officer"), url("import-preview", batch.pk)
    client.get(path)
    with django_assert_max_num_queries(10):
        page = client.get(f"{path}?rows=changed&page=2")
    assert len(page.context["table"]["rows"]) == 50
    assert page.context["page_obj"].paginator.num_pages == 4


def test_the_list_of_imports_needs_as_many_queries_for_many_as_for_one(
    here, as_, django_assert_max_num_queries
):
    for n in range(8):
        check(here, THREE.replace("58.1", f"5{n}.5"))
    client = as_("officer")
    client.get(url("import-list"))
    with django_assert_max_num_queries(8):
        assert len(client.get(url("import-list")).context["rows"]) == 8


def test_nonsense_in_the_address_shows_the_first_page(here, as_):
    path = url("import-preview", check(here, THREE).pk)
    for query in (
        "?rows=nonsense",
        "?rows=refused&reason=nonsense",
        "?page=minus",
        "?page=99",
        "?rows=changed",
    ):
        assert as_("officer").get(path + query).status_code == 200


def test_refused_rows_can_be_taken_away_and_are_no_formulas(here, as_):
    batch = check(here, 'code,period,value\n"=HYPERLINK(1)",2023/24,58\nE06009999,2023/24,"5,5"\n')
    answer = as_("officer").get(url("import-refused", batch.pk))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="figures-refused-rows.csv"'
    assert lines[0] == "row,column,place,period,figure,reason"
    assert lines[1].startswith("2,,'=HYPERLINK(1),2023/24,58,No place called")
    assert lines[2] == '3,,E06009999,2023/24,"5,5",No place with the code E06009999 is known here.'


def test_a_file_can_be_put_aside(here, as_):
    batch = check(here, THREE)
    answer = as_("officer").post(url("import-give-up", batch.pk), follow=True)
    assert "put aside. Nothing was saved" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.status == BatchStatus.GIVEN_UP
    # Every page of it leads to what it was.
    for name in ("import-map", "import-preview"):
        assert as_("officer").get(url(name, batch.pk)).url == url("import-detail", batch.pk)
    answer = as_("officer").post(url("import-confirm", batch.pk), follow=True)
    assert "Upload the file again" in answer.content.decode()


# --- work in the background ---


def test_a_long_check_shows_how_far_it_has_come(here, as_, monkeypatch):
    monkeypatch.setattr(table, "PROFILED", 1)
    monkeypatch.setattr(check_file, "delay", lambda *arguments: None)
    batch = check(here, THREE)
    client, path = as_("officer"), url("import-preview", batch.pk)
    page = client.get(path).content.decode()
    assert "Checking the file" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'data-poll-url="{url("import-progress", batch.pk)}"' in page
    tell(batch.pk, batch.attempt, 0.42, 1234)
    part = client.get(url("import-progress", batch.pk)).content.decode()
    assert "42% done, 1,234 rows read." in part
    assert 'value="42"' in part
    check_file(batch.pk, batch.attempt)
    part = client.get(url("import-progress", batch.pk)).content.decode()
    assert "data-poll-url" not in part
    assert f'href="{path}"' in part
    assert "Save 3 figures" in client.get(path).content.decode()


def test_work_that_seems_lost_can_be_started_again(
    here, as_, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(table, "PROFILED", 1)
    batch = check(here, THREE)
    client, path = as_("officer"), url("import-preview", batch.pk)
    assert client.get(path).context["again_url"] == ""
    ImportBatch.objects.update(asked_at=timezone.now() - timedelta(minutes=10))
    assert client.get(path).context["again_url"] == url("import-again", batch.pk)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("import-again", batch.pk))
    batch.refresh_from_db()
    assert batch.status == BatchStatus.PREVIEWED


def test_a_long_saving_shows_that_it_goes_on(here, as_, monkeypatch):
    monkeypatch.setattr(imports, "WRITTEN_AT_ONCE", 0)
    monkeypatch.setattr(save_figures, "delay", lambda *arguments: None)
    batch = check(here, THREE)
    answer = as_("officer").post(url("import-confirm", batch.pk), follow=True)
    assert "Saving the figures" in answer.content.decode()
    save_figures(batch.pk)
    assert "Undo this import" in as_("officer").get(url("import-detail", batch.pk)).content.decode()


def test_a_file_that_failed_says_why_on_the_columns_page(here, as_):
    batch = upload(here, THREE)
    ImportBatch.objects.update(status=BatchStatus.FAILED, problem="After row 4 a cell is longer.")
    assert as_("officer").get(url("import-detail", batch.pk)).url == url("import-map", batch.pk)
    assert "After row 4 a cell is longer." in as_("officer").get(url("import-map", batch.pk)).content.decode()


# --- undoing ---


def test_an_import_is_undone_from_its_page(here, as_):
    batch = save(here, THREE)
    client = as_("officer")
    page = client.get(url("import-detail", batch.pk)).content.decode()
    assert "Test officer" in page
    assert url("import-undo", batch.pk) in page
    answer = client.post(url("import-undo", batch.pk), follow=True)
    assert "The import was undone" in answer.content.decode()
    assert not Observation.objects.filter(superseded_at=None).exists()
    assert (
        "not one that can be undone now: undone" in client.get(url("import-undo", batch.pk)).content.decode()
    )
    assert "undone already" in client.post(url("import-undo", batch.pk)).content.decode()


def test_figures_changed_since_are_listed_and_left_only_when_that_is_ticked(here, as_):
    first = save(here, THREE)
    save(here, THREE.replace("58.1", "58.4"))
    client, path = as_("officer"), url("import-undo", first.pk)
    page = client.get(path)
    assert [[cell["text"] for cell in row] for row in page.context["table"]["rows"]] == [
        ["Luton", "2023/24", "58.1%", "58.4%", "Test officer"]
    ]
    refused = client.post(path)
    assert "1 figure of this import has been changed since" in refused.content.decode()
    assert Observation.objects.filter(superseded_at=None).count() == 3
    client.post(path, {"leave_changed": "on"})
    assert [float(o.value) for o in Observation.objects.filter(superseded_at=None)] == [58.4]


def test_changed_since_counts_by_hand_and_by_undoing_of_others(here):
    first = save(here, THREE)
    assert queries.changed_since(first) == (0, [])
    second = save(here, THREE.replace("58.1", "58.4"))
    assert queries.changed_since(first)[0] == 1
    imports.undo_import(batch=second, by=here.officer)
    assert queries.changed_since(first)[0] == 0  # what it had said stands again


def test_saved_choices_are_listed_and_can_be_removed(here, as_):
    save(here, THREE)
    recipe = ImportRecipe.objects.get()
    assert recipe.name in as_("officer").get(url("import-list")).content.decode()
    answer = as_("officer").post(url("import-recipe-remove", recipe.pk), follow=True)
    assert "were removed" in answer.content.decode()
    assert not ImportRecipe.objects.exists()


def test_figures_that_differ_never_look_alike_in_the_preview(here):
    save(here, "code,period,value,lo\nE06000032,2023/24,58.04,50\n", lower_column="lo")
    batch = check(here, "code,period,value,lo\nE06000032,2023/24,58.01 [p],51\n", lower_column="lo")
    (row,) = queries.shown_rows(batch, queries.staged_rows(batch, "changed"))
    assert (row.before, row.figure) == ("58.04% (50)", "58.01% (51; provisional)")
