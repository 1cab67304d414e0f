"""Breakdowns of measures: declared, their groups kept, ordered, ended."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from outcomes.actions.breakdowns import Named, change_breakdown, declare_breakdown, end_breakdown
from outcomes.actions.observations import record_observation
from outcomes.actions.setting_up import add_measure, add_outcome
from outcomes.models import Group, MeasureBreakdown
from partnerships.errors import DomainError, EditConflict


@pytest.fixture
def here(world):
    outcome = add_outcome(partnership=world.partnership, title="Everyone moves more", by=world.manager)
    facts = {"outcome": outcome, "unit": "children", "direction": "up", "frequency": "month", "rule": "sum"}
    world.measure = add_measure(name="Children", **facts)
    world.other_measure = add_measure(name="Families", **facts)
    world.sex = declare_breakdown(
        measure=world.measure, dimension="Sex", adds_up=True, groups=["Girls", "Boys"], by=world.manager
    )
    return world


def names(dimension="Sex"):
    rows = Group.objects.filter(dimension=dimension).order_by("position")
    return list(rows.values_list("name", flat=True))


def change(here, groups, dimension="Sex", seen=None, adds_up=True):
    keys = seen if seen is not None else Group.objects.values_list("pk", flat=True)
    return change_breakdown(
        breakdown=here.sex,
        dimension=dimension,
        adds_up=adds_up,
        groups=[Named(name, pk) for name, pk in groups],
        seen=list(keys),
        by=here.manager,
    )


def test_a_dimension_that_is_known_keeps_its_groups(here):
    made = declare_breakdown(
        measure=here.other_measure,
        dimension=" sex ",
        adds_up=False,
        groups=["girls", "Not said"],
        by=here.manager,
    )
    assert (made.dimension, made.adds_up, names()) == ("Sex", False, ["Girls", "Boys", "Not said"])
    for dimension, groups in (("SEX", []), ("Age", []), ("", ["x"]), ("x" * 81, ["x"]), ("Age", ["x" * 121])):
        with pytest.raises(DomainError):
            declare_breakdown(
                measure=here.measure, dimension=dimension, adds_up=True, groups=groups, by=here.manager
            )


def test_groups_swap_names_and_places_for_every_measure(here):
    declare_breakdown(measure=here.other_measure, dimension="Sex", adds_up=True, by=here.manager)
    girls, boys = Group.objects.order_by("pk")
    change(
        here, [("Girls", boys.pk), ("Boys", girls.pk), ("Not said", None)], dimension="Gender", adds_up=False
    )
    assert names("Gender") == ["Girls", "Boys", "Not said"]
    girls.refresh_from_db()
    assert girls.name == "Boys"
    assert set(MeasureBreakdown.objects.values_list("dimension", "adds_up")) == {
        ("Gender", False),
        ("Gender", True),
    }


def test_what_somebody_did_not_see_is_not_overwritten(here):
    girls, boys = Group.objects.order_by("pk")
    with pytest.raises(EditConflict):
        change(here, [("Girls", girls.pk)], seen=[girls.pk])
    with pytest.raises(DomainError, match="twice"):
        change(here, [("Girls", girls.pk), ("Girls", boys.pk)])
    with pytest.raises(DomainError, match="at least one"):
        change(here, [])
    theirs = Group.objects.create(partnership=here.other, dimension="Sex", name="Theirs")
    with pytest.raises(DomainError, match="Choose groups"):
        change(here, [("Girls", girls.pk), ("Mine", theirs.pk)], seen=[girls.pk, boys.pk])
    rows = Group.objects.filter(partnership=here.partnership)
    assert list(rows.values_list("name", flat=True)) == ["Girls", "Boys"]


def test_a_group_with_figures_stays(here, as_):
    girls, boys = Group.objects.order_by("pk")
    record_observation(
        measure=here.measure, place=here.place, group=girls, period_start=date(2026, 4, 1), period_end=date(2026, 4, 30),
        period_label="April", value=Decimal(4), by=here.manager,
    )  # fmt: skip
    with pytest.raises(DomainError, match="has figures"):
        change(here, [("Boys", boys.pk)])
    change(here, [("Girls", girls.pk)])
    assert names() == ["Girls"]
    end_breakdown(breakdown=here.sex, by=here.manager)
    assert names() == ["Girls"]
    kept = MeasureBreakdown.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label", flat=True)
    assert list(kept)[-1] == "delete"


# --- Pages -----------------------------------------------------------------------------------------------------------
def url(here, name, *args):
    return reverse(name, args=[here.partnership.slug, here.measure.slug, *args])


def test_only_a_manager_changes_breakdowns(here, as_):
    pages = [
        url(here, "breakdown-new"),
        *(url(here, f"breakdown-{way}", here.sex.pk) for way in ("edit", "end")),
    ]
    for role in ("officer", "partner"):
        assert as_(role).get(url(here, "breakdown-list")).status_code == 200
        assert as_(role).post(url(here, "breakdown-move", here.sex.pk, "up")).status_code == 403
        for path in pages:
            assert as_(role).get(path).status_code == 403
            assert as_(role).post(path, {}).status_code == 403
    for path in [url(here, "breakdown-list"), *pages]:
        assert as_("manager").get(path).status_code == 200
        assert as_(here.stranger).get(path).status_code == 404
    path = reverse("breakdown-edit", args=[here.partnership.slug, here.other_measure.slug, here.sex.pk])
    assert as_("manager").get(path).status_code == 404


def test_groups_are_named_ordered_added_and_removed_in_the_browser(here, as_):
    client, path = as_("manager"), url(here, "breakdown-edit", here.sex.pk)
    girls, boys = Group.objects.order_by("pk")
    form = client.get(path).context["form"]
    sent = {
        "dimension": "Sex", "adds_up": "on", "more": "Another\r\n\r\nNot said", "seen": form["seen"].value(),
        f"name_{girls.pk}": "Girls and women", f"place_{girls.pk}": "2",
        f"name_{boys.pk}": "Boys and men", f"place_{boys.pk}": "1",
    }  # fmt: skip
    assert client.post(path, sent).status_code == 302
    assert names() == ["Boys and men", "Girls and women", "Another", "Not said"]
    stale = client.post(path, sent).content.decode()
    assert "Somebody else changed these groups" in stale
    made = client.post(url(here, "breakdown-new"), {"dimension": "Age band", "groups": "0 to 4\n5 to 11"})
    assert made.status_code == 302
    age = MeasureBreakdown.objects.get(dimension="Age band")
    assert (age.position, age.adds_up, names("Age band")) == (1, False, ["0 to 4", "5 to 11"])
    client.post(url(here, "breakdown-move", age.pk, "up"))
    assert [one.dimension for one in MeasureBreakdown.objects.all()] == ["Age band", "Sex"]
    page = client.get(url(here, "breakdown-list")).content.decode()
    assert "0 to 4" in page
    again = client.post(url(here, "breakdown-new"), {"dimension": "Place", "groups": ""}).content.decode()
    assert "Say which groups it consists of" in again
    assert 'value="Place"' in again
    assert client.post(url(here, "breakdown-end", age.pk)).status_code == 302
    assert names("Age band") == ["0 to 4", "5 to 11"]
