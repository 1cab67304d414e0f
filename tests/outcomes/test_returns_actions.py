"""Returns: asked for once, filled in as a draft, sent, sent back, accepted, opened again; and what is refused."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from outcomes.actions.observations import record_observation
from outcomes.actions.returns import NewCell, fill_in, open_due_returns, open_returns
from outcomes.actions.returns_deciding import NotReady, accept, not_needed, reopen, send_back, submit
from outcomes.models import Observation, Return, ReturnStatus, ReturnStep
from outcomes.queries.returns import grid_of, returns_waiting
from partnerships.errors import DomainError, EditConflict
from partnerships.models import ProgrammeStatus
from tests.outcomes.returns_world import cells_of, filled, make_returns, sent


@pytest.fixture
def made(world):
    return make_returns(world)


def accepted(found, made, world, **said):
    found = sent(found, made, world.partner, **said)
    return accept(found=found, expected_version=found.version, by=world.officer)


# --- Asking ------------------------------------------------------------------------------------------------------
def test_each_partner_owes_each_period_that_has_begun(made, world):
    found = Return.objects.filter(programme=world.programme)
    assert {(one.period.name, one.organisation.name) for one in found} == {
        ("Spring", "Leisure Trust"),
        ("Spring", "Saints Club"),
        ("Summer", "Leisure Trust"),
        ("Summer", "Saints Club"),
    }
    assert all(one.place == world.place and one.due_on == one.period.returns_due_on for one in found)
    assert open_returns(programme=world.programme) == []


def test_the_provider_owes_where_there_are_no_partners(made, world):
    Return.objects.all().delete()
    world.programme.partners.clear()
    world.programme.provider = world.organisation
    world.programme.save()
    assert {one.organisation for one in open_returns(programme=world.programme)} == {world.organisation}


def test_a_partner_merged_into_another_owes_as_the_one_that_is_kept(made, world):
    Return.objects.all().delete()
    made.club.merged_into = made.trust
    made.club.save()
    assert {one.organisation for one in open_returns(programme=world.programme)} == {made.trust}


def test_the_clock_asks_only_for_what_is_not_long_overdue(made, world):
    Return.objects.all().delete()
    open_due_returns()
    assert {one.period.name for one in Return.objects.all()} == {"Summer"}
    assert open_due_returns() == []


@pytest.mark.parametrize("status", [ProgrammeStatus.PLANNED, ProgrammeStatus.PAUSED, ProgrammeStatus.STOPPED])
def test_a_programme_that_does_not_run_owes_nothing_new(made, world, status):
    Return.objects.all().delete()
    world.programme.status = status
    world.programme.save()
    assert open_due_returns() == []


def test_the_clock_asks_when_the_period_begins(made, world):
    assert open_due_returns(today=made.winter.starts_on - timedelta(1)) == []
    assert len(open_due_returns(today=made.winter.starts_on)) == 2


# --- Filling in --------------------------------------------------------------------------------------------------
def test_a_draft_is_saved_any_number_of_times(made, world):
    found = made.of(made.summer, made.trust)
    key = (made.children.pk, None)
    found = fill_in(found=found, expected_version=1, by=world.partner, cells={key: NewCell(value=Decimal(5))})
    assert found.version == 2
    found = fill_in(found=found, expected_version=2, by=world.partner, way_forward=" Go on ")
    assert found.way_forward == "Go on"
    assert grid_of(found).said[key].value == 5
    found = fill_in(found=found, expected_version=3, by=world.partner, cells={key: None})
    assert not grid_of(found).cells
    with pytest.raises(EditConflict):
        fill_in(found=found, expected_version=3, by=world.officer, way_forward="Mine")


def test_a_pair_makes_its_value_and_nought_of_nought_none(made, world):
    found = made.of(made.summer, made.trust)
    key, part = (made.attended.pk, None), (made.attended.pk, made.primary.pk)
    pair = NewCell(numerator=Decimal(1), denominator=Decimal(3))
    empty = NewCell(numerator=Decimal(0), denominator=Decimal(0))
    found = fill_in(found=found, expected_version=1, by=world.partner, cells={key: pair, part: empty})
    cells = grid_of(found).cells
    assert cells[key].value == Decimal("33.333333")
    assert cells[part].value is None
    assert cells[part].numerator == 0


@pytest.mark.parametrize(
    "cell",
    [
        NewCell(),
        NewCell(value=Decimal(3), marker="x"),
        NewCell(marker="q"),
        NewCell(value=Decimal(10) ** 12),
        NewCell(value=Decimal(1), explanation="a" * 501),
        NewCell(value=Decimal(1), explanation="\x00"),
    ],
)
def test_cells_that_say_nothing_or_too_much_are_refused(made, world, cell):
    with pytest.raises(DomainError):
        fill_in(
            found=made.of(made.summer, made.trust),
            expected_version=1,
            by=world.partner,
            cells={(made.children.pk, None): cell},
        )


def test_cells_and_questions_of_another_form_are_refused(made, world):
    found = made.of(made.summer, made.trust)
    for forged in [(made.sessions.pk, made.primary.pk), (10**9, None)]:
        with pytest.raises(DomainError, match="no such cell"):
            fill_in(
                found=found,
                expected_version=1,
                by=world.partner,
                cells={forged: NewCell(value=Decimal(1))},
            )
    with pytest.raises(DomainError, match="no such question"):
        fill_in(found=found, expected_version=1, by=world.partner, answers={10**9: "Yes"})


# --- Sending -----------------------------------------------------------------------------------------------------
def test_it_is_sent_when_complete_and_then_locked(made, world):
    found = sent(made.of(made.summer, made.trust), made, world.partner)
    assert (found.status, found.submitted_by) == (ReturnStatus.SUBMITTED, world.partner)
    for action in (submit, fill_in):
        with pytest.raises(DomainError, match="waits to be accepted"):
            action(found=found, expected_version=found.version, by=world.partner)


@pytest.mark.parametrize("field", ["got_in_the_way", "way_forward"])
def test_both_questions_in_words_are_asked_first(made, world, field):
    found = filled(made.of(made.summer, made.trust), made, world.partner)
    found = fill_in(found=found, expected_version=found.version, by=world.partner, **{field: " "})
    with pytest.raises(DomainError) as refused:
        submit(found=found, expected_version=found.version, by=world.partner)
    assert refused.value.field == field


def test_mistakes_are_named_by_cell(made, world):
    part = (made.children.pk, made.primary.pk)
    changed = {part: NewCell(value=Decimal(31))}
    found = filled(made.of(made.summer, made.trust), made, world.partner, changed=changed)
    with pytest.raises(NotReady) as refused:
        submit(found=found, expected_version=found.version, by=world.partner)
    assert [finding.cell for finding in refused.value.findings] == [part]
    assert refused.value.findings[0].is_error


def test_what_is_odd_is_explained_and_then_taken(made, world):
    accepted(made.of(made.spring, made.trust), made, world, sessions=2)
    found = filled(made.of(made.summer, made.trust), made, world.partner, sessions=90)
    with pytest.raises(NotReady, match="2 figures"):  # Sessions, and the running total.
        submit(found=found, expected_version=found.version, by=world.partner)
    why = NewCell(value=Decimal(90), explanation="A new site opened")
    cells = {(made.sessions.pk, None): why, (made.so_far.pk, None): why}
    found = fill_in(found=found, expected_version=found.version, by=world.partner, cells=cells)
    assert submit(found=found, expected_version=found.version, by=world.partner).status == "submitted"


def test_a_programme_without_measures_has_nothing_to_send(made, world):
    from outcomes.models import Measure

    Measure.objects.update(frequency="year")
    found = made.of(made.summer, made.trust)
    found = fill_in(
        found=found, expected_version=1, by=world.partner, got_in_the_way="Nothing", way_forward="Nothing"
    )
    with pytest.raises(DomainError, match="no measures"):
        submit(found=found, expected_version=found.version, by=world.partner)


# --- Deciding ----------------------------------------------------------------------------------------------------
def test_sent_back_with_feedback_and_sent_again(made, world):
    found = sent(made.of(made.summer, made.trust), made, world.partner)
    with pytest.raises(DomainError, match="look at again"):
        send_back(found=found, expected_version=found.version, feedback=" ", by=world.officer)
    found = send_back(
        found=found, expected_version=found.version, feedback="Are these all?", by=world.officer
    )
    assert found.status == ReturnStatus.SENT_BACK
    with pytest.raises(DomainError, match="Only a return that was sent"):
        accept(found=found, expected_version=found.version, by=world.officer)
    found = submit(found=found, expected_version=found.version, by=world.partner)
    steps = ReturnStep.objects.filter(returned_in=found).values_list("status", "comment")
    assert list(steps) == [("submitted", ""), ("sent_back", "Are these all?"), ("submitted", "")]


def test_accepting_makes_the_partners_part_of_the_figures(made, world):
    found = accepted(made.of(made.summer, made.trust), made, world)
    rows = Observation.objects.filter(returned_in=found)
    assert rows.count() == 7
    assert {row.organisation for row in rows} == {made.trust}
    pair = rows.get(measure=made.attended, group=None)
    assert (pair.value, pair.numerator, pair.denominator, pair.status) == (50, 30, 60, "final")
    assert (pair.period_label, pair.place, pair.recorded_by) == ("Summer", world.place, world.officer)


def test_accepted_as_provisional_until_accepted_again(made, world):
    found = sent(made.of(made.summer, made.trust), made, world.partner)
    found = accept(found=found, expected_version=found.version, by=world.officer, provisional=True)
    assert set(found.observations.values_list("status", flat=True)) == {"provisional"}


def test_a_locked_return_is_opened_with_a_reason_and_supersedes_only_what_changed(made, world):
    found = accepted(made.of(made.summer, made.trust), made, world)
    with pytest.raises(DomainError, match="accepted and locked"):
        fill_in(found=found, expected_version=found.version, by=world.partner, way_forward="x")
    with pytest.raises(DomainError, match="Say why"):
        reopen(found=found, expected_version=found.version, reason="", by=world.officer)
    found = reopen(found=found, expected_version=found.version, reason="Two clubs missing", by=world.officer)
    before = Observation.objects.filter(returned_in=found, superseded_at=None)
    assert before.count() == 7, "The figures stay until it is accepted again."
    with pytest.raises(DomainError, match="count in totals"):
        not_needed(found=found, expected_version=found.version, reason="No", by=world.officer)
    cells = {
        (made.sessions.pk, None): NewCell(value=Decimal(14)),
        (made.children.pk, made.primary.pk): None,
        (made.children.pk, made.secondary.pk): None,
    }
    found = fill_in(found=found, expected_version=found.version, by=world.partner, cells=cells)
    found = submit(found=found, expected_version=found.version, by=world.partner)
    accept(found=found, expected_version=found.version, by=world.officer)
    now = Observation.objects.filter(returned_in=found, superseded_at=None)
    assert now.get(measure=made.sessions).value == 14
    assert now.get(measure=made.sessions).status == "revised"
    assert now.get(measure=made.children, group=None).status == "final"
    assert now.get(measure=made.children, group=made.primary).marker == "x"
    assert Observation.objects.filter(returned_in=found, superseded_at__isnull=False).count() == 3


def test_the_part_of_a_partner_leaves_the_whole_places_figure_alone(made, world):
    whole = record_observation(
        measure=made.sessions,
        by=world.officer,
        place=world.place,
        period_start=made.summer.starts_on,
        period_end=made.summer.ends_on,
        period_label="Summer",
        value=Decimal(99),
    )
    accepted(made.of(made.summer, made.trust), made, world)
    whole.refresh_from_db()
    assert whole.superseded_at is None
    assert Observation.objects.filter(measure=made.sessions, superseded_at=None).count() == 2


def test_not_needed_after_all_and_after_all_needed(made, world):
    found = made.of(made.summer, made.club)
    with pytest.raises(DomainError, match="Say why"):
        not_needed(found=found, expected_version=1, reason="", by=world.officer)
    found = not_needed(found=found, expected_version=1, reason="No club this summer", by=world.officer)
    with pytest.raises(DomainError, match="not needed"):
        submit(found=found, expected_version=found.version, by=world.partner)
    found = reopen(found=found, expected_version=found.version, reason="There was one", by=world.officer)
    assert found.status == ReturnStatus.OWED
    with pytest.raises(DomainError, match="is open"):
        reopen(found=found, expected_version=found.version, reason="Again", by=world.officer)


def test_a_second_acceptance_is_told_who_was_faster(made, world):
    found = sent(made.of(made.summer, made.trust), made, world.partner)
    version = found.version
    accept(found=found, expected_version=version, by=world.officer)
    with pytest.raises(DomainError, match="accepted already, by Test officer"):
        accept(found=found, expected_version=version, by=world.manager)
    assert Observation.objects.filter(returned_in=found).count() == 7


def test_what_waits_for_whom(made, world):
    from people.models import Membership

    Membership.objects.filter(person=world.partner).update(organisation=made.trust)
    found = sent(made.of(made.summer, made.club), made, world.officer)
    mine = returns_waiting(world.partnership, world.partner, may_send=True, may_accept=False)
    assert [one.period.name for one in mine.owed] == ["Spring", "Summer"]
    assert mine.to_accept == ()
    theirs = returns_waiting(world.partnership, world.officer, may_send=True, may_accept=True)
    assert theirs.owed == ()
    assert theirs.to_accept == (found,)
    assert not returns_waiting(world.partnership, world.chair, may_send=False, may_accept=False)


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once(world):
    made = make_returns(world)
    found = sent(made.of(made.summer, made.trust), made, world.partner)
    answers: list[str] = []
    begin = threading.Barrier(2)

    def try_it(who):
        begin.wait()
        try:
            accept(found=found, expected_version=found.version, by=who)
            answers.append("done")
        except DomainError as refused:
            answers.append(refused.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=(who,)) for who in (world.officer, world.manager)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "done" in answers
    assert any("accepted already" in answer for answer in answers)
    assert Observation.objects.filter(returned_in=found).count() == 7
    assert timezone.now() >= Return.objects.get(pk=found.pk).decided_at


def test_cells_are_complete(made):
    assert len(cells_of(made)) == 7
