"""Activities: what everyone in the partnership can see, without the people."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from outcomes.actions.setting_up import log_activity_for_outcomes
from partnerships.actions.activities import log_activity
from partnerships.actions.activity_review import set_review, submit
from partnerships.actions.own_kinds import add_own_kind
from partnerships.models import Activity, Visibility
from people.models import Person
from tests.api.conftest import read


def test_only_what_is_shared_leaves(partner, activities):
    found = partner.get("activities").json()["items"]
    assert [row["id"] for row in found] == [str(activities.shared.pk)]
    assert partner.get(f"activities/{activities.shared.pk}").json() == found[0]
    for hidden in (activities.private, activities.elsewhere):
        assert partner.get(f"activities/{hidden.pk}").status_code == 404
    assert partner.get("activities/999999999999999999999").status_code == 404


def test_an_activity_that_is_taken_back_is_gone(partner, activities):
    Activity.objects.filter(pk=activities.shared.pk).update(visibility=Visibility.AUTHORS)
    assert partner.get("activities").json()["items"] == []
    assert partner.get(f"activities/{activities.shared.pk}").status_code == 404


def test_everything_but_people_is_there(partner, world, figures, activities):
    (row,) = partner.get("activities").json()["items"]
    assert row["happened_on"] == "2026-03-02"
    assert (row["kind"], row["minutes"]) == ("event", 90)
    assert (row["programme"], row["programme_id"]) == ("Holiday club", str(world.programme.pk))
    assert row["board"] == "Active Lives Board"
    assert (row["place_code"], row["place_name"]) == ("E05099999", "Mill ward")
    assert [organisation["name"] for organisation in row["organisations"]] == ["Testborough Council"]
    assert row["outcomes"] == [{"id": str(figures.outcome.pk), "title": "More people are active"}]
    assert row["next_step_on"] == "2026-03-20"


LISTS = (
    "activities",
    "boards",
    "meetings",
    "decisions",
    "outcomes",
    "measures",
    "observations",
    "programmes",
    "reports",
)


@pytest.mark.parametrize(
    "path", ["", "observations.csv", *LISTS, *(f"{path}?format=csv&page_size=1000" for path in LISTS)]
)
def test_names_of_people_leave_nowhere(partner, world, activities, report, path):
    """Neither of those named on an activity, nor of who wrote something, nor in the texts of activities."""
    text = read(partner.get(path))
    assert len(text) > 20
    for person in Person.objects.filter(is_system=False):
        assert person.name.casefold() not in text.casefold(), person.name
    assert "priya" not in text.replace("Priyanka", "").casefold()


def test_names_in_texts_are_taken_out(partner, activities):
    (row,) = partner.get("activities").json()["items"]
    assert row["title"] == "Walk with [name]"
    assert row["what_happened"] == "[name] and [name] walked. Priyanka did not."
    assert row["next_step"] == "Ring [name]"


def test_names_of_people_leave_by_no_single_record(partner, world, activities, report):
    for path in (f"activities/{activities.shared.pk}", f"reports/{report.pk}"):
        body = partner.get(path).json()
        assert not {"people", "created_by", "author", "logged_by", "asked_by", "recorded_by"} & body.keys()
    document = read(partner.get(f"reports/{report.pk}"))
    assert world.officer.name not in document, "who logged the activity with the open step"
    assert world.chair.name not in document.replace("PRIYA SHAH and Test chair walked", "")
    assert "The pool reopened." in document


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({}, 4),
        ({"kind": "event"}, 1),
        ({"from": "2026-03-02"}, 2),
        ({"to": "2026-03-01"}, 2),
        ({"from": "2026-03-02", "to": "2026-03-02"}, 1),
        ({"place": "E05099999"}, 1),
        ({"changed_since": "2999-01-01"}, 0),
        ({"changed_since": "2020-01-01T00:00:00Z"}, 4),
    ],
)
def test_filters(partner, world, activities, asked, number):
    for day in (date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 9)):
        log_activity_for_outcomes(
            partnership=world.partnership, by=world.officer, title=f"On {day}", happened_on=day
        )
    assert len(partner.get("activities", **asked).json()["items"]) == number


def test_a_place_holds_those_inside_it(partner, world, activities):
    world.place.code = "E08099999"
    world.place.save()
    assert len(partner.get("activities", place="E08099999").json()["items"]) == 1


def test_a_programme_s_activities(partner, world, activities):
    assert len(partner.get("activities", programme=world.programme.pk).json()["items"]) == 1


def test_csv_has_the_same_columns_and_no_formula(partner, world, activities):
    log_activity_for_outcomes(
        partnership=world.partnership, by=world.officer, title="=1+1", happened_on=date(2026, 3, 4)
    )
    found = partner.get("activities").json()["items"]
    rows = list(csv.DictReader(io.StringIO(read(partner.get("activities", format="csv")))))
    assert list(rows[0]) == list(found[0])
    assert rows[0]["organisations"] == "Testborough Council"
    assert rows[0]["outcomes"] == "More people are active"
    assert [row["id"] for row in rows] == [row["id"] for row in found]
    assert rows[1]["title"] == "'=1+1"


@pytest.mark.parametrize("path", ["activities", "activities?format=csv"])
def test_the_number_of_queries_does_not_grow(
    partner, world, figures, activities, path, django_assert_num_queries
):
    for number in range(12):
        log_activity_for_outcomes(
            partnership=world.partnership,
            by=world.officer,
            outcomes=[figures.outcome],
            title=f"Activity {number}",
            happened_on=date(2026, 1, 1),
            organisations=[world.organisation],
            people=[world.chair],
        )
    with django_assert_num_queries(9):
        partner.get(path)


def test_own_kinds_authors_and_review_are_told_without_names(partner, world):
    kind = add_own_kind(partnership=world.partnership, name="Door knocking", by=world.manager)
    set_review(partnership=world.partnership, wanted=True, by=world.manager)
    activity = log_activity(
        partnership=world.partnership, by=world.officer, title="Mill Street", happened_on=date(2026, 3, 1),
        kind="other", own_kind=kind, authors=[world.partner],
    )  # fmt: skip
    for_board = log_activity(
        partnership=world.partnership, by=world.officer, title="Fees", happened_on=date(2026, 3, 1),
        board=world.board, visibility=Visibility.BOARD,
    )  # fmt: skip
    submit(activity=activity, by=world.officer)
    row = partner.get(f"activities/{activity.pk}").json()
    assert (row["kind"], row["own_kind"], row["author_count"], row["review"]) == (
        "other",
        "Door knocking",
        2,
        "submitted",
    )
    assert partner.get(f"activities/{for_board.pk}").status_code == 404
    assert for_board.title not in partner.get("activities").content.decode()
