"""Programmes: where they stand and why, who is in them, co-design, and their pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.programmes import add_programme, change_status, edit_programme
from partnerships.actions.setting_up import add_organisation
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Programme, Sector, StatusChange, Strategy, StrategyTheme
from partnerships.queries.programmes import ProgrammeFilters, is_co_created, programmes_of

TODAY = timezone.localdate()


def page(name, world, *args):
    return reverse(name, args=[world.partnership.slug, *args])


def turn(world, status, **said):
    world.programme.refresh_from_db()
    given = {"changed_on": TODAY, "reason": "Because"} | said
    return change_status(
        programme=world.programme,
        expected_version=world.programme.version,
        status=status,
        by=world.officer,
        **given,
    )


# --- Rules -----------------------------------------------------------------------------------------------------------
def test_a_status_changes_with_its_reason_and_context(world):
    turn(world, "paused", changed_on=TODAY - timedelta(9), context="The hall flooded")
    turn(world, "running", changed_on=TODAY - timedelta(2))
    world.programme.refresh_from_db()
    assert world.programme.status == "running"
    told = list(world.programme.status_changes.values_list("status", "context", "recorded_by"))
    assert told == [("running", "", world.officer.pk), ("paused", "The hall flooded", world.officer.pk)]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"status": "running"}, "status"),
        ({"reason": "   "}, "reason"),
        ({"changed_on": TODAY + timedelta(1)}, "changed_on"),
        ({"changed_on": TODAY - timedelta(10)}, "changed_on"),
    ],
)
def test_what_is_no_change_of_status(world, said, field):
    turn(world, "paused", changed_on=TODAY - timedelta(9))
    turn(world, "running", changed_on=TODAY - timedelta(9))
    with pytest.raises(DomainError) as refused:
        turn(world, **{"status": "stopped"} | said)
    assert refused.value.field == field
    assert StatusChange.objects.count() == 2


def test_two_change_the_status_at_once(world):
    said = {"status": "paused", "changed_on": TODAY, "reason": "Because", "by": world.officer}
    stale = Programme.objects.get(pk=world.programme.pk)
    change_status(programme=world.programme, expected_version=1, **said)
    with pytest.raises(EditConflict):
        change_status(programme=stale, expected_version=1, **said | {"status": "stopped"})
    assert StatusChange.objects.count() == 1


def test_co_design_counts_only_with_what_changed(world):
    with pytest.raises(DomainError) as refused:
        edit_programme(programme=world.programme, expected_version=1, by=world.officer, co_design="led")
    assert refused.value.field == "co_design_change"
    consulted = edit_programme(
        programme=world.programme,
        expected_version=1,
        by=world.officer,
        co_design="consulted",
        co_design_change="Hours",
    )
    assert not is_co_created(consulted)
    led = edit_programme(programme=consulted, expected_version=2, by=world.officer, co_design="led")
    assert is_co_created(led)


def test_what_is_named_belongs_to_the_partnership(world):
    theirs = add_organisation(partnership=world.other, name="Theirs", sector=Sector.COUNCIL)
    strategy = Strategy.objects.create(partnership=world.other, name="Their strategy")
    theme = StrategyTheme.objects.create(partnership=world.other, strategy=strategy, name="Theme")
    for field, value in (
        ("provider", theirs),
        ("commissioner", theirs),
        ("partners", [theirs]),
        ("places", [world.elsewhere]),
        ("themes", [theme]),
    ):
        with pytest.raises(DomainError) as refused:
            edit_programme(programme=world.programme, expected_version=1, by=world.officer, **{field: value})
        assert refused.value.field == field
        with pytest.raises(DomainError):
            add_programme(partnership=world.partnership, name=f"P {field}", kind="haf", **{field: value})
    assert not Programme.objects.filter(name__startswith="P ").exists()


def test_the_list_is_narrowed_by_kind_status_and_place(world):
    walk = add_programme(
        partnership=world.partnership,
        name="Walks",
        kind="social_prescribing",
        status="planned",
        places=[world.place],
    )
    found = lambda **wanted: set(programmes_of(world.partnership, ProgrammeFilters(**wanted)))  # noqa: E731
    assert found() == {walk, world.programme}
    assert found(kind="haf") == {world.programme}
    assert found(status="planned") == {walk}
    assert found(place=world.place) == {walk}
    assert found(place=world.elsewhere) == set()


# --- Pages -----------------------------------------------------------------------------------------------------------
FORMS = ("programme-edit", "programme-status", "programme-money-new", "programme-period-new")
FORMS += ("programme-periods-propose", "programme-outcomes")


def test_who_may_change_programmes(world, as_):
    for name in FORMS:
        address = page(name, world, world.programme.pk)
        assert as_("officer").get(address).status_code == 200, name
        for who in ("partner", "chair", "observer", "resident", "evaluator"):
            assert as_(who).get(address).status_code == 403, (name, who)
            assert as_(who).post(address).status_code == 403, (name, who)
        assert as_(world.stranger).get(address).status_code == 404


def test_an_officer_changes_where_it_stands_and_everybody_reads_why(world, as_):
    address = page("programme-status", world, world.programme.pk)
    text = as_("officer").get(address).content.decode()
    assert "Stands still for now and is meant to go on" in text
    assert 'value="running"' not in text
    sent = {
        "version": 1,
        "status": "paused",
        "changed_on": TODAY.isoformat(),
        "reason": "",
        "context": "Flood",
    }
    refused = as_("officer").post(address, sent)
    assert "Answer “Why did it change?”" in refused.content.decode()
    assert "Flood" in refused.content.decode()
    done = as_("officer").post(address, sent | {"reason": "The hall is closed <b>"})
    assert done.status_code == 302
    shown = as_("observer").get(page("programme-detail", world, world.programme.pk)).content.decode()
    assert "The hall is closed &lt;b&gt;" in shown
    assert "Flood" in shown
    assert "Paused" in shown
    assert address not in shown


def test_a_forged_partner_is_refused_and_what_was_typed_stays(world, as_):
    theirs = add_organisation(partnership=world.other, name="Theirs", sector=Sector.COUNCIL)
    sent = {"version": 1, "name": "Club", "kind": "haf", "partners": [theirs.pk], "summary": "Kept 🎈 مرحبا"}
    answer = as_("officer").post(page("programme-edit", world, world.programme.pk), sent)
    assert answer.status_code == 200
    assert "Kept 🎈 مرحبا" in answer.content.decode()
    assert not world.programme.partners.exists()


@pytest.mark.parametrize("text", ["x" * 20_000, "a\x00b"])
def test_texts_that_cannot_be_kept_are_refused(world, as_, text):
    sent = {"version": 1, "status": "paused", "changed_on": TODAY.isoformat(), "reason": text}
    assert as_("officer").post(page("programme-status", world, world.programme.pk), sent).status_code == 200
    assert not StatusChange.objects.exists()


def test_filters_stand_in_the_address_and_nonsense_is_said(world, as_):
    client = as_("observer")
    assert "Holiday club" in client.get(page("programme-list", world) + "?kind=haf").content.decode()
    none = client.get(page("programme-list", world) + "?status=stopped").content.decode()
    assert "No programmes match" in none
    odd = client.get(page("programme-list", world) + "?kind=nonsense").content.decode()
    assert "Holiday club" in odd
    assert "Select a valid choice" in odd


def test_the_list_asks_the_same_however_long(world, as_):
    client = as_("observer")

    def count():
        with CaptureQueriesContext(connection) as captured:
            client.get(page("programme-list", world))
        return len(captured)

    count()
    before = count()
    for number in range(6):
        add_programme(
            partnership=world.partnership, name=f"P{number}", kind="other", provider=world.organisation
        )
    assert count() == before
