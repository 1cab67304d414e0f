"""The pages that set up outcomes and measures."""

from __future__ import annotations

import pytest
from django.urls import reverse

from outcomes.actions.setting_up import add_measure, add_outcome, edit_measure, edit_outcome
from outcomes.models import Measure, Outcome
from partnerships.errors import DomainError, EditConflict
from people.permissions import HUMAN_ROLES, Role

SLUG = "testborough-together"


def url(name, *args):
    return reverse(name, args=[SLUG, *args])


@pytest.fixture
def here(world):
    world.outcome = add_outcome(partnership=world.partnership, title="Everyone moves more", by=world.manager)
    world.measure = add_measure(
        outcome=world.outcome,
        name="Active adults",
        unit="%",
        direction="up",
        frequency="year",
        by=world.manager,
    )
    world.theirs = add_outcome(partnership=world.other, title="Theirs")
    return world


def answers(outcome, **more):
    sent = {
        "outcome": outcome.pk, "name": "Children at holiday clubs", "kind": "indicator", "unit": "children", "decimals": "0",
        "direction": "up", "frequency": "quarter", "rule": "sum", "ownership": "ours", "due_after_days": "30", "quadrant": "", "tier": "secondary",
    }  # fmt: skip
    return sent | more


PAGES = ("outcome-new", "outcome-edit", "measure-new", "measure-edit")


def address(here, name):
    of = {
        "outcome-edit": [here.outcome.pk],
        "measure-edit": [here.measure.slug],
    }
    return url(name, *of.get(name, []))


@pytest.mark.parametrize("role", HUMAN_ROLES)
def test_only_a_manager_sets_up(here, as_, role):
    client = as_(role.value)
    for name in PAGES:
        expected = 200 if role == Role.MANAGER else 403
        assert client.get(address(here, name)).status_code == expected, name
        assert client.post(address(here, name), {}).status_code == expected, name
    assert Outcome.objects.filter(partnership=here.partnership).count() == 1


def test_strangers_and_the_anonymous(here, as_, client):
    for name in PAGES:
        assert as_(here.stranger).get(address(here, name)).status_code == 404
        assert "/login" in client.get(address(here, name)).url


def test_another_partnerships_outcome_is_not_found_nor_offered(here, as_):
    assert as_("manager").get(url("outcome-edit", here.theirs.pk)).status_code == 404
    answer = as_("manager").post(url("measure-new"), answers(here.theirs))
    assert "Select a valid choice" in answer.content.decode()
    assert not Measure.objects.filter(outcome=here.theirs).exists()


def test_an_outcome_is_added(here, as_):
    answer = as_("manager").post(
        url("outcome-new"), {"title": " Families get help in time ", "description": "Why"}
    )
    assert answer.url == url("dashboard")
    made = Outcome.objects.get(title="Families get help in time")
    assert (made.position, made.created_by, made.description) == (2, here.manager, "Why")


def test_a_title_is_used_once_and_what_was_typed_stays(here, as_):
    answer = as_("manager").post(url("outcome-new"), {"title": "EVERYONE moves more", "description": "Mine"})
    page = answer.content.decode()
    assert "There is already an outcome with this title" in page
    assert 'href="#id_title"' in page
    assert "Mine</textarea>" in page


def test_an_outcome_is_changed(here, as_):
    client, path = as_("manager"), url("outcome-edit", here.outcome.pk)
    assert 'value="Everyone moves more"' in client.get(path).content.decode()
    client.post(path, {"title": "Everyone is active", "description": "", "position": "5", "version": "1"})
    here.outcome.refresh_from_db()
    assert (here.outcome.title, here.outcome.position, here.outcome.version) == ("Everyone is active", 5, 2)
    # Its own title is no clash.
    client.post(path, {"title": "Everyone is ACTIVE", "position": "5", "version": "2"})
    here.outcome.refresh_from_db()
    assert here.outcome.title == "Everyone is ACTIVE"


def test_two_who_edit_at_once_are_told_and_neither_loses_text(here, as_):
    client, path = as_("manager"), url("outcome-edit", here.outcome.pk)
    edit_outcome(
        outcome=here.outcome, expected_version=1, title="Theirs was first", position=1, by=here.manager
    )
    answer = client.post(path, {"title": "Mine", "description": "My text", "position": "1", "version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else saved this while you were editing" in page
    assert 'value="Mine"' in page
    assert "My text</textarea>" in page
    assert {(row["label"], row["saved"], row["yours"]) for row in answer.context["differences"]} == {
        ("Title", "Theirs was first", "Mine"),
        ("Description", "", "My text"),
    }
    # Saving again, in sight of both, goes on top of what is saved now.
    assert 'name="version" value="2"' in page
    client.post(path, {"title": "Mine", "description": "My text", "position": "1", "version": "2"})
    here.outcome.refresh_from_db()
    assert (here.outcome.title, here.outcome.version) == ("Mine", 3)


@pytest.mark.parametrize("version", ["", "nonsense", "0", "99999999999999999999"])
def test_a_version_that_is_no_version_is_a_conflict_or_the_newest(here, as_, version):
    sent = {"title": "Mine", "position": "1", "version": version}
    status = as_("manager").post(url("outcome-edit", here.outcome.pk), sent).status_code
    assert status == (302 if version in ("", "nonsense") else 409)


def test_a_measure_is_added_with_everything_that_can_be_said_of_it(here, as_):
    sent = answers(
        here.outcome, kind="performance", programme=here.programme.pk, quadrant="how_much", tier="headline", definition="Who came",
        source="Our register", source_url="https://example.org/register", licence="OGL", hide_below="5",
    )  # fmt: skip
    answer = as_("manager").post(url("measure-new"), sent)
    made = Measure.objects.get(name="Children at holiday clubs")
    assert answer.url == url("measure", made.slug)
    assert (made.programme, made.quadrant, made.is_headline, made.hide_below) == (
        here.programme,
        "how_much",
        True,
        5,
    )
    assert (made.rule, made.ownership, made.due_after_days, made.frequency) == ("sum", "ours", 30, "quarter")
    assert (made.definition, made.source, made.source_url, made.licence) == (
        "Who came",
        "Our register",
        "https://example.org/register",
        "OGL",
    )
    assert made.created_by == here.manager


@pytest.mark.parametrize(
    ("change", "field", "because"),
    [
        ({"kind": "performance"}, "programme", "Choose the programme whose own measure this is"),
        ({"programme": "PROGRAMME"}, "programme", "A population indicator belongs to no programme"),
        ({"quadrant": "how_well"}, "quadrant_0", "Only a programme&#x27;s own measure answers"),
        ({"name": "active ADULTS"}, "name", "There is already a measure of this name"),
        ({"unit": ""}, "unit", "Enter unit"),
        ({"decimals": "9"}, "decimals", "less than or equal to 6"),
        ({"hide_below": "1"}, "hide_below", "greater than or equal to 2"),
        ({"direction": ""}, "direction_0", "Select which way is good"),
    ],
)
def test_a_measure_that_does_not_hold_together_is_refused_at_its_field(here, as_, change, field, because):
    change = {name: here.programme.pk if value == "PROGRAMME" else value for name, value in change.items()}
    page = as_("manager").post(url("measure-new"), answers(here.outcome, **change)).content.decode()
    assert because in page
    assert f'href="#id_{field}"' in page
    assert Measure.objects.count() == 1


def test_a_measure_is_changed_and_keeps_its_address(here, as_):
    client, path = as_("manager"), url("measure-edit", here.measure.slug)
    form = client.get(path).context["form"]
    assert form["outcome"].value() == here.outcome.pk
    answer = client.post(
        path, answers(here.outcome, name="Physically active adults", unit="%", rule="latest", version="1")
    )
    assert answer.url == url("measure", "active-adults")
    here.measure.refresh_from_db()
    assert (here.measure.name, here.measure.slug, here.measure.version) == (
        "Physically active adults",
        "active-adults",
        2,
    )


def test_two_who_change_a_measure_at_once_are_told(here, as_):
    edit_measure(
        measure=here.measure, expected_version=1, outcome=here.outcome, name="Active adults", unit="per cent", direction="up",
        frequency="year", by=here.manager,
    )  # fmt: skip
    sent = answers(here.outcome, name="Active adults", unit="%", rule="latest", version="1")
    answer = as_("manager").post(url("measure-edit", here.measure.slug), sent)
    assert answer.status_code == 409
    differing = {row["label"]: (row["saved"], row["yours"]) for row in answer.context["differences"]}
    assert differing["Unit"] == ("per cent", "%")
    assert differing["How often there is a figure"] == ("Yearly", "Quarterly")


def test_a_measure_does_not_move_to_another_partnership(here):
    with pytest.raises(DomainError, match="outcome of this partnership"):
        edit_measure(
            measure=here.measure,
            expected_version=1,
            outcome=here.theirs,
            name="Active adults",
            by=here.manager,
        )
    with pytest.raises(EditConflict):
        edit_measure(
            measure=here.measure,
            expected_version=9,
            outcome=here.outcome,
            name="Active adults",
            by=here.manager,
        )


def test_a_measure_called_new_does_not_take_the_address_of_the_form(here):
    made = add_measure(outcome=here.outcome, name="New", unit="%", direction="up", frequency="year")
    assert made.slug == "new-2"


def test_after_adding_a_measure_an_import_goes_on(here, as_):
    back = url("import-list")
    answer = as_("manager").post(f"{url('measure-new')}?next={back}", answers(here.outcome))
    assert answer.url == f"{back}?measure=children-at-holiday-clubs"


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "/account/", "/p/otherborough-together/"]
)
def test_no_address_leads_elsewhere(here, as_, back):
    answer = as_("manager").post(f"{url('measure-new')}?next={back}", answers(here.outcome))
    assert answer.url == url("measure", "children-at-holiday-clubs")


def test_an_outcome_in_the_address_is_chosen_already(here, as_):
    form = as_("manager").get(f"{url('measure-new')}?outcome={here.outcome.pk}").context["form"]
    assert form["outcome"].value() == str(here.outcome.pk)
    assert as_("manager").get(f"{url('measure-new')}?outcome=nonsense").status_code == 200


# --- Tiers, rules, owners ----------------------------------------------------------------------------------------------
def test_a_tier_is_one_answer(here, as_):
    client = as_("manager")
    for tier, headline, wanted in (
        ("headline", True, False),
        ("development", False, True),
        ("secondary", False, False),
    ):
        path = url("measure-edit", here.measure.slug)
        here.measure.refresh_from_db()
        sent = answers(here.outcome, tier=tier, version=here.measure.version, owner=here.officer.pk)
        assert client.post(path, sent).status_code == 302
        here.measure.refresh_from_db()
        assert (here.measure.is_headline, here.measure.is_in_development) == (headline, wanted)
        assert here.measure.owner == here.officer
        form = client.get(path).context["form"]
        assert form["tier"].value() == tier
        assert form["owner"].value() == here.officer.pk


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"unit": "%"}, "Percentages and rates can’t be added up"),
        (
            {"unit": "per 1,000 people", "rule": "latest", "rule_across_places": "sum"},
            "Percentages and rates",
        ),
        ({"is_running_total": "on", "rule_across_periods": "sum"}, "Each figure counts everything so far"),
        ({"tier": ""}, "Select how it is shown"),
        ({"rule_across_groups": "guess"}, "Select a valid choice"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(here, as_, wrong, said):
    page = as_("manager").post(url("measure-new"), answers(here.outcome, **wrong)).content.decode()
    assert said in page
    assert "Children at holiday clubs" in page
    assert Measure.objects.count() == 1


def test_an_owner_is_of_this_partnership(here, as_):
    page = as_("manager").post(url("measure-new"), answers(here.outcome, owner=here.stranger.pk))
    assert "Select a valid choice" in page.content.decode()
    with pytest.raises(DomainError):
        add_measure(
            outcome=here.outcome, name="x", unit="x", direction="up", frequency="year", owner=here.stranger
        )


def test_each_example_of_a_rule_is_what_the_rule_makes():
    from outcomes.forms.measures_setup import RULE_EXAMPLES
    from outcomes.statistics.folding import Part, fold

    worked = {
        "sum": ("20", fold("sum", [Part(12), Part(8)])),
        "max": ("55", fold("max", [Part(40), Part(55)])),
        "latest": ("230", fold("latest", [Part(230, known_at=2), Part(210, known_at=1)])),
        "weighted_mean": ("8.25", fold("weighted_mean", [Part(6, denominator=10), Part(9, denominator=30)])),
        "ratio_of_sums": ("35", fold("ratio_of_sums", [Part(50, 5, 10), Part(33.3, 30, 90)], 100)),
    }
    for rule, (text, part) in worked.items():
        assert part.value == pytest.approx(float(text))
        assert text in RULE_EXAMPLES[rule]
    assert fold("unique_count", [Part(30), Part(50)]) is None


def test_a_wanted_measure_is_not_missing(here, as_):
    add_measure(
        outcome=here.outcome, name="Joy", unit="%", direction="up", frequency="year", is_in_development=True
    )
    page = as_("observer").get(url("outcome-detail", here.outcome.pk)).content.decode()
    assert "We want this and do not have it yet" in page
    assert "Joy" in page
    dashboard = as_("observer").get(url("dashboard")).content.decode()
    assert "We want Joy and do not have it yet." in dashboard
    assert dashboard.count("Joy") == 1
    own = as_("observer").get(url("measure", "joy")).content.decode()
    assert "We want this and do not have it yet" in own
