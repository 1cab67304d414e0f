"""Programmes from templates: all of it in one step or nothing, and templates of one's own."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes.actions.programme_templates import edit_template, end_template, keep_as_template, use_template
from outcomes.actions.programmes import link_outcomes
from outcomes.actions.returns import NewCell, fill_in
from outcomes.actions.returns_deciding import submit
from outcomes.actions.setting_up import add_measure, add_outcome
from outcomes.blueprints import BUILT_IN, Blueprint, from_content
from outcomes.models import (
    Group,
    Measure,
    MeasureBreakdown,
    Outcome,
    ProgrammeOutcome,
    ProgrammeTemplate,
    Return,
    ReturnQuestion,
)
from outcomes.queries.dashboard import dashboard
from outcomes.queries.programme_templates import blueprint_of, offered, offered_as
from outcomes.queries.programmes import holiday_findings, readings_of, returns_by_period, score_changes
from partnerships.actions.money import add_money_line
from partnerships.actions.periods import NewPeriod
from partnerships.actions.setting_up import add_organisation
from partnerships.errors import DomainError, EditConflict
from partnerships.models import MoneyLine, Programme, ProgrammePeriod, Sector

TODAY = timezone.localdate()
HAF = BUILT_IN["haf"]


def page(name, world, *args):
    return reverse(name, args=[world.partnership.slug, *args])


def period(name, ago, days=11):
    first = TODAY - timedelta(ago)
    return NewPeriod(name, first, first + timedelta(days), first + timedelta(days + 21))


@pytest.fixture
def clubs(world):
    return [
        add_organisation(partnership=world.partnership, name=name, sector=Sector.SPORT)
        for name in ("Athletic Trust", "Kitchen")
    ]


def make(world, template=HAF, **said):
    given = {
        "name": "Holidays",
        "provider": world.organisation,
        "new_outcome": "Good holidays for everyone",
        "starts_on": TODAY - timedelta(100),
    }
    return use_template(partnership=world.partnership, template=template, by=world.officer, **given | said)


# --- The blueprints ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", BUILT_IN)
def test_a_blueprint_survives_being_kept(key):
    blueprint = BUILT_IN[key]
    again = from_content(
        name=blueprint.name,
        kind=blueprint.kind,
        description=blueprint.description,
        content=blueprint.as_content(),
    )
    assert again == blueprint


@pytest.mark.parametrize("key", BUILT_IN)
def test_a_blueprint_is_sound(key):
    blueprint: Blueprint = BUILT_IN[key]
    keys = [line.key for line in blueprint.measures]
    assert len(set(keys)) == len(keys)
    assert len({line.name.casefold() for line in blueprint.measures}) == len(keys)
    assert blueprint.source
    assert any(line.heading == "administration" for line in blueprint.budget)
    assert {line.quadrant for line in blueprint.measures} == {"how_much", "how_well", "better_off"}
    for line in blueprint.measures:
        assert (line.rule == "ratio_of_sums") == bool(line.numerator_name and line.denominator_name), line.key
        assert line.definition, line.key
        if "different" in line.definition.casefold() and line.unit in ("children", "families"):
            assert line.rule == "unique_count", line.key


def test_haf_asks_for_no_age_by_year_race_or_religion():
    words = " ".join(part.dimension for line in HAF.measures for part in line.breakdowns).casefold()
    assert not {word for word in ("age", "race", "ethnic", "religion") if word in words.split()}


# --- Using one -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", BUILT_IN)
def test_one_step_makes_all_of_it(world, clubs, key):
    template = BUILT_IN[key]
    programme = make(
        world,
        template,
        partners=clubs,
        places=[world.place],
        how="Somewhere to go",
        periods=[period("First", 60), period("Second", 20), period("Next", -40)],
        budget=[(template.budget[0], Decimal(900)), (template.budget[-1], Decimal(100))],
    )
    made = Measure.objects.filter(programme=programme)
    assert list(made.order_by("position").values_list("template_key", flat=True)) == [
        m.key for m in template.measures
    ]
    assert {m.outcome.title for m in made} == {"Good holidays for everyone"}
    assert programme.calendar == template.calendar
    assert programme.periods.count() == 3
    asked = ReturnQuestion.objects.filter(programme=programme)
    assert list(asked.values_list("text", flat=True)) == [q.text for q in template.questions]
    assert list(MoneyLine.objects.values_list("amount", flat=True).order_by("-amount")) == [900, 100]
    assert ProgrammeOutcome.objects.get().how == "Somewhere to go"
    owed = Return.objects.filter(programme=programme)
    assert {(r.period.name, r.organisation.name) for r in owed} == {
        (name, club.name) for name in ("First", "Second") for club in clubs
    }
    for line in template.measures:
        kept = MeasureBreakdown.objects.filter(measure__template_key=line.key)
        assert [row.dimension for row in kept] == [part.dimension for part in line.breakdowns]
        for part in line.breakdowns:
            names = Group.objects.filter(dimension=part.dimension).values_list("name", flat=True)
            assert list(names) == list(part.parts)


def test_only_what_is_wanted_under_the_outcomes_that_are_said(world):
    one = add_outcome(partnership=world.partnership, title="One")
    two = add_outcome(partnership=world.partnership, title="Two")
    make(
        world,
        new_outcome="",
        outcome=one,
        outcomes={"haf_meals": two},
        measures=["haf_meals", "haf_children"],
    )
    told = {m.template_key: m.outcome for m in Measure.objects.all()}
    assert told == {"haf_meals": two, "haf_children": one}
    assert ProgrammeOutcome.objects.count() == 2


def test_a_second_programme_has_names_of_its_own(world):
    make(world)
    make(world, name="More holidays", new_outcome="", outcome=Outcome.objects.get())
    make(world, name="x" * 200, new_outcome="", outcome=Outcome.objects.get())
    names = list(Measure.objects.filter(template_key="haf_children").values_list("name", flat=True))
    assert len({name.casefold() for name in names}) == 3
    assert "Children who attended (More holidays)" in names
    assert Measure.objects.count() == 3 * len(HAF.measures)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "Holiday club"}, "name"),
        ({"name": " "}, "name"),
        ({"new_outcome": ""}, "outcome"),
        ({"new_outcome": "Taken"}, "new_outcome"),
        ({"measures": []}, "measures"),
        ({"periods": [period("One", 60), period("Two", 58)]}, "starts_on"),
        ({"budget": [(HAF.budget[0], Decimal(-1))]}, "amount"),
    ],
)
def test_all_of_it_or_nothing(world, said, field):
    add_outcome(partnership=world.partnership, title="Taken")
    with pytest.raises(DomainError) as refused:
        make(world, **said)
    assert refused.value.field == field
    assert Programme.objects.count() == 1
    assert Outcome.objects.count() == 1
    assert not any(model.objects.exists() for model in (Measure, ProgrammePeriod, Return, MoneyLine, Group))


def test_an_outcome_of_another_partnership_is_refused(world):
    theirs = add_outcome(partnership=world.other, title="Theirs")
    with pytest.raises(DomainError):
        make(world, new_outcome="", outcome=theirs)
    with pytest.raises(DomainError):
        link_outcomes(programme=world.programme, links={theirs: ""}, by=world.officer)
    assert not ProgrammeOutcome.objects.exists()


def test_a_chairs_dashboard_shows_the_headline_only(world):
    make(world)
    found = dashboard(world.partnership, as_of=timezone.now(), viewer=world.chair)
    assert [reading.measure.template_key for reading in found.readings] == ["haf_children"]


# --- What the figures say ----------------------------------------------------------------------------------------------
def send(world, found, figures):
    keys = {m.template_key: m.pk for m in Measure.objects.filter(programme=found.programme)}
    cells = {(keys[key], None): cell for key, cell in figures.items()}
    filled = fill_in(
        found=found,
        expected_version=found.version,
        by=world.partner,
        cells=cells,
        answers={q.pk: "Good" for q in ReturnQuestion.objects.filter(programme=found.programme)},
        got_in_the_way="Rain",
        way_forward="A hall",
    )
    return filled


def test_a_holidays_rules_are_checked_by_partner(world, clubs):
    programme = make(
        world,
        partners=clubs,
        measures=["haf_days", "haf_hours"],
        periods=[period("Easter", 60)],
    )
    first, second = Return.objects.filter(programme=programme).order_by("organisation__name")
    explained = "Only a part of the offer"
    figures = {
        "haf_days": NewCell(Decimal(3), explanation=explained),
        "haf_hours": NewCell(numerator=Decimal(15), denominator=Decimal(3)),
    }
    sent = send(world, first, figures)
    submit(found=sent, expected_version=sent.version, by=world.partner)
    found = holiday_findings(programme, list(programme.periods.all()), returns_by_period(programme))
    (told,) = found[first.period_id]
    assert told.found.organisation == first.organisation
    assert [(f.rule, f.kept) for f in told.findings] == [("days", False), ("hours", True)]
    assert told.findings[1].text == "A day had 5 hours; at least 4 are asked for."
    assert second.status == "owed"


def test_scores_move_only_where_thirty_answered_twice(world):
    from outcomes.actions.observations import NewObservation, record_observations

    keys = ["ons4_happy_start", "ons4_happy_end", "ons4_anxious_start", "ons4_anxious_end"]
    programme = make(world, BUILT_IN["social-prescribing"], measures=keys)

    def tell(key, month, total, pairs):
        record_observations(
            measure=Measure.objects.get(template_key=key),
            by=world.officer,
            rows=[
                NewObservation(
                    place=world.place,
                    period_start=TODAY.replace(year=2025, month=month, day=1),
                    period_end=TODAY.replace(year=2025, month=month, day=28),
                    period_label=f"{month}",
                    value=Decimal(total) / pairs,
                    numerator=Decimal(total),
                    denominator=Decimal(pairs),
                )
            ],
        )

    for month in (1, 2):
        tell("ons4_happy_start", month, 80, 20)
        tell("ons4_happy_end", month, 120, 20)
    tell("ons4_anxious_start", 1, 50, 10)
    tell("ons4_anxious_end", 1, 40, 10)
    tell("ons4_anxious_start", 2, 150, 30)  # nobody told the end of these
    tell("ons4_anxious_start", 3, 150, 30)
    tell("ons4_anxious_end", 3, 150, 29)
    happy, anxious = score_changes(readings_of(programme, as_of=timezone.now()))
    assert happy.change.sentence == "From 4.0 to 6.0 (up 2.0), 40 people who answered twice."
    assert anxious.change.value is None
    assert anxious.sentence.startswith("Too few to tell: 10 people")
    assert anxious.sentence.endswith(
        "1 period is left out: the pairs at the start and at the end are not as many."
    )


# --- Templates of one's own --------------------------------------------------------------------------------------------
def kept(world, **said):
    programme = make(world, periods=[period("First", 60)])
    given = {"name": "Our holidays"} | said
    return programme, keep_as_template(programme=programme, by=world.manager, **given)


def test_a_programme_becomes_a_template_without_anything_of_ours(world):
    programme = make(
        world,
        name="Harbour holidays",
        partners=[world.organisation],
        budget=[(HAF.budget[0], Decimal(77123))],
    )
    template = keep_as_template(programme=programme, name="Ours", by=world.manager)
    text = str(template.content)
    for word in ("Harbour", "77123", world.organisation.name, world.place.name, world.officer.name):
        assert word not in text
    again = blueprint_of(programme)
    assert [line.key for line in again.measures] == [line.key for line in HAF.measures]
    assert again.measures == HAF.measures
    assert again.questions == HAF.questions
    assert [line.description for line in again.budget] == ["Places for children"]


def test_what_is_kept_can_be_used_again(world):
    _, template = kept(world)
    offer = offered_as(world.partnership, f"own-{template.pk}")
    make(world, offer.blueprint, name="Second", new_outcome="", outcome=Outcome.objects.get())
    assert Measure.objects.count() == 2 * len(HAF.measures)


def test_a_template_is_seen_by_others_only_when_it_is_shared(world):
    _, template = kept(world)
    key = f"own-{template.pk}"
    assert offered_as(world.other, key) is None
    shared = edit_template(
        template=template, expected_version=1, name="Our holidays", description="For the summer", is_shared=True,
        measures=["haf_children", "haf_meals"], by=world.manager,
    )  # fmt: skip
    offer = offered_as(world.other, key)
    assert offer.record is None
    assert [line.key for line in offer.blueprint.measures] == ["haf_children", "haf_meals"]
    end_template(template=shared, by=world.manager)
    assert offered_as(world.other, key) is None
    assert len(offered(world.partnership)) == len(BUILT_IN)


def test_what_a_template_cannot_be(world):
    programme, template = kept(world)
    with pytest.raises(DomainError):
        keep_as_template(programme=programme, name="our HOLIDAYS", by=world.manager)
    with pytest.raises(DomainError):
        keep_as_template(programme=world.programme, name="Nothing in it", by=world.manager)
    said = {"name": "X", "description": "", "is_shared": False, "by": world.manager}
    with pytest.raises(DomainError):
        edit_template(template=template, expected_version=1, measures=[], **said)
    edit_template(template=template, expected_version=1, measures=["haf_meals"], **said)
    with pytest.raises(EditConflict):
        edit_template(template=template, expected_version=1, measures=["haf_meals"], **said)
    template.refresh_from_db()
    end_template(template=template, by=world.manager)
    with pytest.raises(DomainError):
        end_template(template=template, by=world.manager)


# --- Pages -----------------------------------------------------------------------------------------------------------
def test_an_officer_makes_a_whole_programme_from_one_form(world, as_):
    outcome = add_outcome(partnership=world.partnership, title="Good holidays")
    client, address = as_("officer"), page("programme-from-template", world)
    assert "Holiday Activities and Food" in client.get(address).content.decode()
    form = client.get(address + "?template=haf").content.decode()
    assert "Children who attended" in form
    assert "Age by year, race and religion are not required" in form
    assert "Or a new outcome" not in form
    sent = {
        "name": "Holidays", "starts_on": "2026-04-01", "outcome": outcome.pk, "measures": ["haf_children", "haf_days"],
        "name_1": "Easter 2027", "starts_on_1": "2027-03-29", "ends_on_1": "2027-04-09", "due_after": "21",
        "amount_1": "12,000", "provider": world.organisation.pk,
    }  # fmt: skip
    refused = client.post(address + "?template=haf", sent | {"name": "Holiday club"})
    assert "There is already a programme of this name." in refused.content.decode()
    assert "Easter 2027" in refused.content.decode()
    done = client.post(address + "?template=haf", sent)
    assert done.status_code == 302
    text = client.get(done.url).content.decode()
    for words in ("Children who attended", "Easter 2027", "£12,000", "Good holidays"):
        assert words in text
    assert client.get(address + "?template=nothing").status_code == 404


def test_months_are_set_up_from_the_first_day_on(world, as_):
    outcome = add_outcome(partnership=world.partnership, title="Well and connected")
    sent = {
        "name": "Link workers", "starts_on": "2027-01-15", "outcome": outcome.pk, "measures": ["sp_referrals"],
        "periods_until": "2027-04-30", "due_after": "15",
    }  # fmt: skip
    address = page("programme-from-template", world) + "?template=social-prescribing"
    wrong = as_("officer").post(address, sent | {"periods_until": "2037-01-01"})
    assert "within three years" in wrong.content.decode()
    far = as_("officer").post(address, sent | {"starts_on": "9999-12-31", "periods_until": ""})
    assert "Enter a year from 2000 to 2100." in far.content.decode()
    assert as_("officer").post(address, sent).status_code == 302
    names = [str(one) for one in ProgrammePeriod.objects.all()]
    assert names == ["January 2027", "February 2027", "March 2027", "April 2027"]


def test_who_may_use_and_who_may_keep_templates(world, as_):
    programme, template = kept(world)
    use = page("programme-from-template", world)
    keep = page("programme-keep-template", world, programme.pk)
    edit = page("programme-template-edit", world, template.pk)
    end = page("programme-template-end", world, template.pk)
    assert as_("manager").get(use + f"?template=own-{template.pk}").status_code == 200
    assert as_("chair").get(use).status_code == 403
    for address in (keep, edit, end):
        assert as_("manager").get(address).status_code == 200
        assert as_("officer").get(address).status_code == 403
        assert as_(world.stranger).get(address).status_code == 404
        assert as_("officer").post(address).status_code == 403


def test_a_manager_keeps_changes_shares_and_ends_a_template(world, as_):
    programme = make(world)
    client = as_("manager")
    client.post(page("programme-keep-template", world, programme.pk), {"name": "Ours", "is_shared": "on"})
    template = ProgrammeTemplate.objects.get()
    assert template.is_shared
    sent = {"version": 1, "name": "Ours", "measures": ["haf_meals"], "description": "Short"}
    keys = [row["key"] for row in template.content["measures"]]
    moved = {f"place_{n}": n for n in range(1, len(keys) + 1)} | {"place_1": 3, "place_4": 1}
    ordered = sent | moved | {"measures": keys[:4]}
    assert client.post(page("programme-template-edit", world, template.pk), ordered).status_code == 302
    template.refresh_from_db()
    after = [row["key"] for row in template.content["measures"]]
    assert after == [keys[3], keys[1], keys[0], keys[2]]
    assert client.get(page("programme-template-edit", world, template.pk)).context["form"].keys == after
    sent |= {"version": 2, "measures": keys[:1]}
    refused = client.post(page("programme-template-edit", world, template.pk), sent | {"place_1": "first"})
    assert refused.context["form"].errors["place_1"]
    assert client.post(page("programme-template-edit", world, template.pk), sent).status_code == 302
    template.refresh_from_db()
    assert (template.is_shared, len(template.content["measures"])) == (False, 1)
    forged = sent | {"version": 3, "measures": ["nothing"]}
    assert client.post(page("programme-template-edit", world, template.pk), forged).status_code == 200
    client.post(page("programme-template-end", world, template.pk))
    template.refresh_from_db()
    assert template.ended_on == TODAY
    history = client.get(page("history", world, "programme-template", template.pk)).content.decode()
    assert "haf_meals" not in history


def test_outcomes_are_linked_with_how(world, as_):
    one = add_outcome(partnership=world.partnership, title="One")
    two = add_outcome(partnership=world.partnership, title="Two")
    address = page("programme-outcomes", world, world.programme.pk)
    client = as_("officer")
    client.post(address, {f"helps_{one.pk}": "on", f"how_{one.pk}": "By going along"})
    client.post(address, {f"helps_{one.pk}": "on", f"how_{one.pk}": "By listening", f"helps_{two.pk}": "on"})
    assert dict(ProgrammeOutcome.objects.values_list("outcome__title", "how")) == {
        "One": "By listening",
        "Two": "",
    }
    lost = client.post(address, {f"how_{two.pk}": "A sentence about nothing"})
    assert "Tick the outcome that this sentence is about" in lost.content.decode()
    client.post(address, {})
    assert not ProgrammeOutcome.objects.exists()


def test_a_programmes_page_asks_the_same_however_much_there_is(world, as_, clubs):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    programme = make(world, partners=clubs, measures=["haf_children"], periods=[period("First", 60)])
    add_money_line(
        programme=programme, kind="spent", heading="food", amount=Decimal(1), starts_on=TODAY, ends_on=TODAY,
        funder=world.organisation,
    )  # fmt: skip
    client = as_("manager")

    def count():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page("programme-detail", world, programme.pk)).status_code == 200
        return len(captured)

    count()
    before = count()
    from outcomes.actions.returns import open_returns
    from partnerships.actions.periods import add_periods

    add_periods(programme=programme, periods=[period(f"P{n}", 80 + 20 * n) for n in range(4)])
    open_returns(programme=programme)
    for number in range(4):
        add_money_line(
            programme=programme,
            kind="budget",
            heading="food",
            amount=Decimal(number),
            starts_on=TODAY,
            ends_on=TODAY,
        )
        add_measure(
            outcome=Outcome.objects.get(), name=f"M{number}", unit="x", direction="up", frequency="period",
            kind="performance", programme=programme,
        )  # fmt: skip
    assert count() == before
