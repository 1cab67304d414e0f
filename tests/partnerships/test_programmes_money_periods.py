"""The money of a programme and the periods of its calendar."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes.actions.programmes import drop_period, reschedule_period
from outcomes.actions.returns import NewCell, fill_in, open_returns
from outcomes.models import Return
from partnerships.actions.money import add_money_line, edit_money_line
from partnerships.actions.periods import NewPeriod, add_period, add_periods, edit_period
from partnerships.actions.setting_up import add_organisation
from partnerships.errors import DomainError, EditConflict
from partnerships.models import MoneyKind, MoneyLine, ProgrammePeriod, Sector
from partnerships.queries.money import money_of
from partnerships.queries.periods import easter_sunday, missing, proposed
from partnerships.renderers.programmes import money_facts, span_words

YEAR = {"starts_on": date(2026, 4, 1), "ends_on": date(2027, 3, 31)}
SUMMER = {
    "name": "Summer 2026",
    "starts_on": date(2026, 7, 24),
    "ends_on": date(2026, 8, 30),
    "returns_due_on": date(2026, 9, 20),
}


def page(name, world, *args):
    return reverse(name, args=[world.partnership.slug, world.programme.pk, *args])


def line(world, kind="budget", heading="delivery", amount="100", **more):
    return add_money_line(
        programme=world.programme, kind=kind, heading=heading, amount=Decimal(amount), **YEAR, **more
    )


# --- Money -----------------------------------------------------------------------------------------------------------
def test_totals_and_the_share_of_administration(world):
    assert money_of(world.programme).administration_of_budget is None
    line(world, amount="900")
    line(world, heading="administration", amount="100")
    line(world, kind="spent", amount="199.99")
    line(world, kind="match", heading="food", amount="50")
    money = money_of(world.programme)
    assert money.totals == {MoneyKind.BUDGET: 1000, MoneyKind.SPENT: Decimal("199.99"), MoneyKind.MATCH: 50}
    assert money.administration_of_budget == 10
    assert money.administration_of_spent == 0
    assert [one.heading for one in money.headings] == ["delivery", "food", "administration"]
    assert money_facts(money) == [
        "10% of the budget is set aside for administration.",
        "0% of what was spent went on administration.",
        "£199.99 of £1,000 is spent.",
    ]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"amount": Decimal(-1)}, "amount"),
        ({"amount": Decimal(10) ** 12}, "amount"),
        ({"ends_on": date(2026, 3, 31)}, "ends_on"),
    ],
)
def test_what_is_no_line_of_money(world, said, field):
    given = {"kind": "budget", "heading": "food", "amount": Decimal(1)} | YEAR | said
    with pytest.raises(DomainError) as refused:
        add_money_line(programme=world.programme, **given)
    assert refused.value.field == field


def test_a_funder_of_another_partnership_is_refused(world):
    theirs = add_organisation(partnership=world.other, name="Theirs", sector=Sector.COUNCIL)
    with pytest.raises(DomainError) as refused:
        line(world, funder=theirs)
    assert refused.value.field == "funder"


def test_two_edit_a_line_at_once(world):
    made = line(world)
    said = {"kind": "budget", "heading": "food", "by": world.officer} | YEAR
    edit_money_line(line=made, expected_version=1, amount=Decimal(5), **said)
    with pytest.raises(EditConflict):
        edit_money_line(line=made, expected_version=1, amount=Decimal(6), **said)


def test_an_officer_adds_changes_and_removes_a_line(world, as_):
    client = as_("officer")
    sent = {"kind": "budget", "heading": "food", "amount": "£1,250.50", "description": "Lunches"}
    sent |= {name: day.isoformat() for name, day in YEAR.items()}
    bad = client.post(page("programme-money-new", world), sent | {"amount": "lots"})
    assert "Enter an amount in pounds" in bad.content.decode()
    assert "Lunches" in bad.content.decode()
    assert client.post(page("programme-money-new", world), sent).status_code == 302
    made = MoneyLine.objects.get()
    assert made.amount == Decimal("1250.50")
    shown = as_("observer").get(page("programme-detail", world)).content.decode()
    assert "£1,250.50" in shown
    assert "April 2026 to March 2027" in shown
    change = page("programme-money-edit", world, made.pk)
    assert client.post(change, sent | {"amount": "12", "version": 1}).status_code == 302
    assert client.post(change, sent | {"amount": "13", "version": 1}).status_code == 200
    made.refresh_from_db()
    assert made.amount == 12
    assert client.get(page("programme-money-remove", world, made.pk)).status_code == 200
    assert MoneyLine.objects.exists()
    client.post(page("programme-money-remove", world, made.pk))
    assert not MoneyLine.objects.exists()


def test_spans_in_words():
    assert span_words(date(2026, 4, 1), date(2026, 4, 30)) == "April 2026"
    assert span_words(date(2026, 4, 2), date(2026, 4, 30)) == "2 April 2026 to 30 April 2026"


# --- Periods ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("year", "day"),
    [(2019, date(2019, 4, 21)), (2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)),
     (2038, date(2038, 4, 25)), (2049, date(2049, 4, 18)), (2076, date(2076, 4, 19))],
)  # fmt: skip
def test_easter(year, day):
    assert easter_sunday(year) == day


def test_what_a_calendar_proposes():
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    names = {
        kind: [one.name for one in proposed(kind, first, last)]
        for kind in ("month", "quarter", "holiday", "term", "year", "")
    }
    assert len(names["month"]) == 12
    assert names["month"][1] == "February 2026"
    assert names["quarter"][0] == "January to March 2026"
    assert names["holiday"] == ["Easter 2026", "Summer 2026", "Christmas 2026"]
    assert names["term"] == ["Spring term 2026", "Summer term 2026", "Autumn term 2026"]
    assert names["year"] == ["2026/27"]
    assert names[""] == []


@pytest.mark.parametrize("calendar", ["month", "quarter", "holiday", "term", "year"])
def test_proposals_never_overlap_and_holidays_lie_outside_terms(calendar):
    found = proposed(calendar, date(2024, 1, 1), date(2031, 12, 31))
    assert len(found) >= 8 - (calendar == "year")
    for one, other in itertools.pairwise(found):
        assert one.starts_on <= one.ends_on < other.starts_on, (one, other)
    holidays = proposed("holiday", date(2024, 1, 1), date(2031, 12, 31))
    for term in proposed("term", date(2024, 1, 1), date(2031, 12, 31)):
        for holiday in holidays:
            if not holiday.name.startswith("Christmas"):
                assert term.ends_on < holiday.starts_on or term.starts_on > holiday.ends_on, (term, holiday)


def test_a_period_has_a_name_of_its_own_and_overlaps_none(world):
    add_period(programme=world.programme, **SUMMER)
    for said, field in (
        (
            {"starts_on": date(2027, 7, 1), "ends_on": date(2027, 8, 1), "returns_due_on": date(2027, 9, 1)},
            "name",
        ),
        ({"name": "Other"}, "starts_on"),
        ({"name": " "}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"name": "Other", "ends_on": date(2026, 7, 1)}, "ends_on"),
        ({"name": "Other", "returns_due_on": date(2026, 7, 1)}, "returns_due_on"),
    ):
        with pytest.raises(DomainError) as refused:
            add_period(programme=world.programme, **SUMMER | said)
        assert refused.value.field == field


def test_many_periods_are_added_all_or_none(world):
    good = NewPeriod("Easter 2026", date(2026, 3, 30), date(2026, 4, 10), date(2026, 5, 1))
    with pytest.raises(DomainError):
        add_periods(programme=world.programme, periods=[good, NewPeriod(**SUMMER), NewPeriod(**SUMMER)])
    assert not ProgrammePeriod.objects.exists()
    with pytest.raises(DomainError):
        add_periods(programme=world.programme, periods=[])


@pytest.fixture
def asked(world):
    """A period that has begun, and the return that is owed for it."""
    today = timezone.localdate()
    world.programme.calendar = "holiday"
    world.programme.save()
    world.programme.partners.set([world.organisation])
    period = add_period(
        programme=world.programme,
        name="Now",
        starts_on=today - timedelta(5),
        ends_on=today + timedelta(5),
        returns_due_on=today + timedelta(20),
    )
    (owed,) = open_returns(programme=world.programme)
    return period, owed


def said(period, **changes):
    names = ("name", "starts_on", "ends_on", "returns_due_on")
    return {name: getattr(period, name) for name in names} | changes


def test_days_stay_once_partners_are_asked_and_the_due_day_moves_with_its_returns(world, asked):
    period, owed = asked
    with pytest.raises(DomainError) as refused:
        edit_period(
            period=period,
            expected_version=1,
            by=world.officer,
            **said(period, ends_on=period.ends_on + timedelta(1)),
        )
    assert refused.value.field == "ends_on"
    later = period.returns_due_on + timedelta(3)
    reschedule_period(
        period=period, expected_version=1, by=world.officer, **said(period, name="Then", returns_due_on=later)
    )
    owed.refresh_from_db()
    assert owed.due_on == later


def test_a_period_goes_with_empty_returns_and_stays_with_figures(world, asked):
    from outcomes.actions.setting_up import add_measure, add_outcome

    period, owed = asked
    outcome = add_outcome(partnership=world.partnership, title="Good holidays")
    measure = add_measure(
        outcome=outcome, name="Children", unit="children", direction="up", frequency="period",
        kind="performance", programme=world.programme,
    )  # fmt: skip
    fill_in(found=owed, expected_version=1, by=world.partner, cells={(measure.pk, None): NewCell(Decimal(4))})
    with pytest.raises(DomainError):
        drop_period(period=period, by=world.officer)
    assert Return.objects.exists()
    owed.refresh_from_db()
    fill_in(found=owed, expected_version=owed.version, by=world.partner, cells={(measure.pk, None): None})
    drop_period(period=period, by=world.officer)
    assert not ProgrammePeriod.objects.exists()
    assert not Return.objects.exists()


def test_an_officer_takes_holidays_with_their_days_checked(world, as_):
    world.programme.calendar = "holiday"
    world.programme.save()
    client, address = (
        as_("officer"),
        page("programme-periods-propose", world) + "?since=2027-01-01&until=2027-12-31",
    )
    text = client.get(address).content.decode()
    for name in ("Easter 2027", "Summer 2027", "Christmas 2027"):
        assert name in text
    sent = {"name_1": "Easter 2027", "starts_on_1": "2027-03-29", "ends_on_1": "", "due_after": "21"}
    refused = client.post(address, sent).content.decode()
    assert "Enter the last day, or empty the whole row." in refused
    far = client.post(address, sent | {"ends_on_1": "9999-12-31"}).content.decode()
    assert "Enter a year from 2000 to 2100." in far
    sent |= {
        "ends_on_1": "2027-04-09",
        "name_4": "Extra week",
        "starts_on_4": "2027-05-31",
        "ends_on_4": "2027-06-04",
    }
    assert client.post(address, sent).status_code == 302
    made = ProgrammePeriod.objects.values_list("name", "returns_due_on")
    assert list(made) == [("Easter 2027", date(2027, 4, 30)), ("Extra week", date(2027, 6, 25))]
    left = [one.name for one in missing(world.programme, date(2027, 1, 1), date(2027, 12, 31))]
    assert left == ["Summer 2027", "Christmas 2027"]


def test_an_officer_ticks_months_and_none_that_the_span_has_not(world, as_):
    world.programme.calendar = "month"
    world.programme.save()
    client, address = (
        as_("officer"),
        page("programme-periods-propose", world) + "?since=2027-01-01&until=2027-06-30",
    )
    assert "June 2027" in client.get(address).content.decode()
    forged = client.post(address, {"periods": ["2031-01-01"], "due_after": "5"})
    assert forged.status_code == 200
    assert (
        client.post(address, {"periods": ["2027-02-01", "2027-03-01"], "due_after": "5"}).status_code == 302
    )
    assert [str(one) for one in ProgrammePeriod.objects.all()] == ["February 2027", "March 2027"]


@pytest.mark.parametrize("query", ["?since=nonsense&until=2027-01-01", "?since=2027-02-01&until=2027-01-01", "?since=1000-01-01&until=9999-12-31", "?since=9999-01-01&until=9999-12-31", "?since=0001-01-01&until=0001-12-31"])  # fmt: skip
def test_a_span_that_makes_no_sense_is_said(world, as_, query):
    world.programme.calendar = "month"
    world.programme.save()
    answer = as_("officer").get(page("programme-periods-propose", world) + query)
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()


def test_a_period_of_another_programme_is_not_here(world, as_):
    from partnerships.actions.programmes import add_programme

    other = add_programme(partnership=world.partnership, name="Other", kind="haf")
    theirs = add_period(programme=other, **SUMMER)
    money = add_money_line(programme=other, kind="budget", heading="food", amount=Decimal(1), **YEAR)
    for name, record in (("programme-period-edit", theirs), ("programme-money-edit", money)):
        assert as_("officer").get(page(name, world, record.pk)).status_code == 404
