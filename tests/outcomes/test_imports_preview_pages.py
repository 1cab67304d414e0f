"""The pages that show what a file would change, save it and take it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from outcomes.actions import imports
from outcomes.imports import table
from outcomes.models import BatchStatus, ImportBatch, ImportRecipe, Observation
from outcomes.queries import imports as queries
from outcomes.tasks import check_file, save_figures
from outcomes.tasks.imports_progress import tell
from partnerships.models import Place
from people.permissions import Role
from tests.outcomes.imports_world import THREE, check, prepare, save, upload, url

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
    assert lines[0] == "row,column,place,group,period,figure,reason"
    assert lines[1].startswith("2,,'=HYPERLINK(1),,2023/24,58,No place called")
    assert lines[2] == '3,,E06009999,,2023/24,"5,5",No place with the code E06009999 is known here.'


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
