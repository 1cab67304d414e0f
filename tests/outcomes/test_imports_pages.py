"""The pages of imports, as people of each role meet them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from outcomes.models import BatchStatus, ImportBatch, ImportRecipe, Measure, Observation
from people.permissions import HUMAN_ROLES, Role
from tests.outcomes.imports_world import THREE, address, check, choices, prepare, save, send_file, upload, url

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
