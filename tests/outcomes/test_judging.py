"""Rebases, the evidence of a measure, and the story behind its curve: what is kept, what is refused, what pages show."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes.actions.commentaries import edit_commentary, link_decision, write_commentary
from outcomes.actions.evidence import (
    add_standard,
    check_evidence,
    edit_standard,
    end_standard,
    move_standard,
    start_with_common_standards,
)
from outcomes.actions.observations import NewObservation, record_observations
from outcomes.actions.rebases import rebase, withdraw_rebase
from outcomes.actions.setting_up import add_measure, add_outcome
from outcomes.models import EvidenceCheck, EvidenceStandard, Measure, Rebase
from outcomes.queries.decisions_wanted import decisions_wanted
from outcomes.queries.evidence import Level, confidence_for, standing_standards
from outcomes.queries.readings import add_months, readings_for
from outcomes.queries.rebases import rebases_for
from partnerships.actions.activities import log_activity
from partnerships.actions.boards import add_board
from partnerships.actions.decisions import record_decision, remove_decision
from partnerships.actions.meetings import plan_meeting
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Visibility
from reports.queries.cross_system import collect
from reports.queries.periods import Period
from reports.renderers.cross_system import compose
from tests.outcomes.groups_world import neighbourhood

FIRST = date(2024, 1, 31)
POINT = add_months(FIRST, 12)


@pytest.fixture
def here(world):
    """Twelve ordinary months and then twelve that are worse: a chart with a concern at its end."""
    outcome = add_outcome(partnership=world.partnership, title="Everyone moves more", by=world.manager)
    world.measure = add_measure(
        outcome=outcome, name="Visits", unit="visits", decimals=0, direction="up", frequency="month"
    )
    values = [
        100,
        104,
        98,
        102,
        97,
        103,
        99,
        101,
        105,
        96,
        100,
        103,
        *[80, 78, 82, 79, 81, 77, 83, 80, 79, 82, 78, 81],
    ]
    ends = [add_months(FIRST, step) for step in range(len(values))]
    rows = [
        NewObservation(
            place=world.place,
            period_start=end.replace(day=1),
            period_end=end,
            period_label=f"{end:%B %Y}",
            value=Decimal(value),
        )
        for end, value in zip(ends, values, strict=True)
    ]
    record_observations(measure=world.measure, rows=rows, by=world.officer)
    return world


def put(here, point=POINT, **more):
    said = {
        "place": here.place,
        "cause": "change",
        "reason": "The pool closed for good.",
        "hides_knowingly": True,
        "by": here.officer,
    }
    return rebase(measure=here.measure, period_end=point, **said | more)


def read(here):
    return readings_for([here.measure], here.place, as_of=timezone.now())[here.measure.pk]


def page(here, name, *more):
    return reverse(name, args=[here.partnership.slug, here.measure.slug, *more])


# --- Rebases ------------------------------------------------------------------------------------------------------
def test_limits_begin_anew_and_the_chart_says_so_until_it_is_withdrawn(here):
    assert read(here).judgement.progress == "worse"
    before = timezone.now()
    made = put(here)
    reading = read(here)
    assert [one.reason for one in reading.rebases] == ["The pool closed for good."]
    assert len(reading.judgement.spc.segments) == 2
    assert reading.judgement.progress != "worse"
    withdraw_rebase(rebase=made, because="It opened again.", by=here.manager)
    assert read(here).judgement.progress == "worse"
    assert not rebases_for([here.measure], [here.place.pk], as_of=before)
    assert rebases_for([here.measure], [here.place.pk], as_of=made.created_at)
    with pytest.raises(DomainError, match="already"):
        withdraw_rebase(rebase=made, because="Twice.", by=here.manager)


@pytest.mark.parametrize(
    ("point", "said", "field"),
    [
        (date(2024, 3, 15), {}, "period_end"),
        (FIRST, {}, "period_end"),
        (POINT, {"reason": "  "}, "reason"),
        (POINT, {"hides_knowingly": False}, "hides_knowingly"),
    ],
)
def test_a_rebase_needs_a_point_a_reason_and_open_eyes(here, point, said, field):
    with pytest.raises(DomainError) as refused:
        put(here, point, **said)
    assert refused.value.field == field
    assert not Rebase.objects.exists()


def test_limits_begin_at_no_point_that_is_hidden_beside_others(here):
    """The form offers what the page shows, so no more may be taken."""
    elm, oak, ash = (neighbourhood(here, name) for name in ("Elm", "Oak", "Ash"))
    rows = [
        NewObservation(
            place=place,
            period_start=total.period_start,
            period_end=total.period_end,
            period_label=total.period_label,
            value=Decimal(value),
        )
        for total in here.measure.observations.all()
        for place, value in ((elm, total.value), (oak, 300), (ash, 3 if total.period_end == POINT else 400))
    ]
    record_observations(measure=here.measure, rows=rows, by=here.officer)
    Measure.objects.filter(pk=here.measure.pk).update(hide_below=5)
    with pytest.raises(DomainError) as refused:
        put(here, place=elm)
    assert refused.value.field == "period_end"
    assert put(here, add_months(POINT, -2), place=elm).place == elm


def test_the_periodic_report_tells_a_rebase_beside_its_measure(here):
    put(here)
    period = Period(date(2025, 10, 1), date(2025, 12, 31))
    told = str(compose(collect(here.partnership, period, as_of=timezone.now()), title="Quarter"))
    assert "Where limits were worked out anew" in told
    assert "From January 2025. The way of working changed: The pool closed for good." in told


def test_two_at_once_make_one(here):
    assert put(here) == put(here)
    with pytest.raises(DomainError, match="already"):
        put(here, by=here.manager, reason="Another reason.")
    assert Rebase.objects.count() == 1


def test_what_belongs_to_others_cannot_be_linked(here):
    theirs = log_activity(
        partnership=here.other, by=here.stranger, title="Theirs", happened_on=date(2025, 1, 1)
    )
    with pytest.raises(DomainError, match="this partnership"):
        put(here, activity=theirs)
    with pytest.raises(DomainError, match="place of this partnership"):
        put(here, place=here.elsewhere)


def test_the_page_shows_what_would_become_of_the_chart_and_warns(here, as_):
    sent = {"period_end": POINT.isoformat(), "cause": "change", "reason": "The pool closed.", "preview": "1"}
    shown = as_("officer").post(page(here, "rebase-new"), sent).content.decode()
    assert "What the chart would say" in shown
    assert "never there to hide a concern. As the chart stands" in shown
    assert "The pool closed." in shown
    assert not Rebase.objects.exists()
    del sent["preview"]
    refused = as_("officer").post(page(here, "rebase-new"), sent)
    assert refused.status_code == 200
    assert not Rebase.objects.exists()
    saved = as_("officer").post(page(here, "rebase-new"), sent | {"hides_knowingly": "on"})
    assert saved.status_code == 302
    assert Rebase.objects.get().created_by == here.officer


def test_a_private_activity_is_neither_found_nor_told_to_others(here, as_):
    private = log_activity(
        partnership=here.partnership,
        by=here.officer,
        title="Quiet talks on closure",
        happened_on=date(2025, 1, 1),
        visibility=Visibility.AUTHORS,
    )
    sent = {"period_end": POINT.isoformat(), "find": "closure", "preview": "1"}
    assert "Quiet talks" in as_("officer").post(page(here, "rebase-new"), sent).content.decode()
    assert "Quiet talks" not in as_("evaluator").post(page(here, "rebase-new"), sent).content.decode()
    forged = {
        "period_end": POINT.isoformat(),
        "cause": "change",
        "reason": "Why",
        "hides_knowingly": "on",
        "activity": private.pk,
    }
    as_("evaluator").post(page(here, "rebase-new"), forged)
    assert not Rebase.objects.filter(activity=private).exists()
    Rebase.objects.all().delete()
    put(here, activity=private)
    assert "Quiet talks" in as_("officer").get(page(here, "measure")).content.decode()
    assert "Quiet talks" not in as_("chair").get(page(here, "measure")).content.decode()


def test_who_may_rebase(here, as_, client):
    made = put(here)
    for address in (
        page(here, "rebase-new"),
        page(here, "rebase-withdraw", made.pk),
        page(here, "evidence-check"),
    ):
        assert as_("officer").get(address).status_code == 200
        assert as_("chair").get(address).status_code == 403
        assert as_(here.stranger).get(address).status_code == 404
        assert client.get(address).status_code == 302


# --- Evidence -----------------------------------------------------------------------------------------------------
def standards(here):
    start_with_common_standards(partnership=here.partnership, by=here.manager)
    return list(standing_standards(here.partnership))


def trust(here, at=None):
    return confidence_for([here.measure], as_of=at or timezone.now())[here.measure.pk]


def test_confidence_goes_by_the_standards_that_are_met_and_says_why(here):
    assert trust(here).level is Level.NOT_CHECKED
    ours = standards(here)
    assert start_with_common_standards(partnership=here.partnership, by=here.manager) == []
    assert trust(here).sentence == "Nobody has checked it against the 8 standards yet."
    answers = {one.pk: ("yes", "") for one in ours}
    answers[ours[5].pk] = ("no", "the sample is small")
    assert len(check_evidence(measure=here.measure, answers=answers, by=here.officer)) == 8
    found = trust(here)
    assert found.level is Level.HIGH
    assert found.sentence == "7 of 8 standards met; not met: enough cases (the sample is small)."
    then = timezone.now()
    answers |= {one.pk: ("no", "") for one in ours[:4]}
    assert len(check_evidence(measure=here.measure, answers=answers, by=here.chair)) == 4
    assert trust(here).level is Level.LOW
    assert trust(here, then).level is Level.HIGH


def test_what_was_checked_long_ago_says_so_until_somebody_looks_again(here):
    one = add_standard(
        partnership=here.partnership,
        name="Timely",
        by=here.manager,
        created_at=timezone.now() - timedelta(900),
    )
    long_ago = timezone.now() - timedelta(400)
    check_evidence(measure=here.measure, answers={one.pk: ("yes", "")}, by=here.officer, at=long_ago)
    assert trust(here).is_old
    assert "over a year before" in trust(here).sentence
    assert not check_evidence(measure=here.measure, answers={one.pk: ("yes", "")}, by=here.officer)
    assert check_evidence(
        measure=here.measure, answers={one.pk: ("yes", "")}, by=here.officer, all_again=True
    )
    assert not trust(here).is_old


def test_other_words_ask_for_new_checks_unless_they_mean_the_same(here):
    one = add_standard(partnership=here.partnership, name="Timely", by=here.manager)
    check_evidence(measure=here.measure, answers={one.pk: ("yes", "")}, by=here.officer)
    same = edit_standard(
        standard=one, expected_version=1, name="In good time", keeps_checks=True, by=here.manager
    )
    assert same.pk == one.pk
    assert trust(here).met == 1
    anew = edit_standard(standard=one, expected_version=2, name="Within a month", by=here.manager)
    assert anew.pk != one.pk
    assert (trust(here).level, trust(here).standards) == (Level.NOT_CHECKED, 1)
    assert EvidenceCheck.objects.count() == 1
    with pytest.raises(EditConflict):
        edit_standard(standard=anew, expected_version=9, name="Soon", by=here.manager)


def test_standards_move_and_end_and_are_named_once(here):
    ours = standards(here)
    move_standard(standard=ours[1], up=True, by=here.manager)
    move_standard(standard=ours[1], up=True, by=here.manager)
    assert list(standing_standards(here.partnership))[:2] == [ours[1], ours[0]]
    with pytest.raises(DomainError, match="already"):
        add_standard(partnership=here.partnership, name="TIMELY", by=here.manager)
    end_standard(standard=ours[0], by=here.manager)
    assert ours[0] not in standing_standards(here.partnership)
    with pytest.raises(DomainError, match="ended"):
        check_evidence(measure=here.measure, answers={ours[0].pk: ("yes", "")}, by=here.officer)


def test_pages_of_standards_and_checks(here, as_):
    slug = here.partnership.slug
    listed = reverse("evidence-standards", args=[slug])
    assert "Start with these" in as_("manager").get(listed).content.decode()
    assert "Start with these" not in as_("chair").get(listed).content.decode()
    start = reverse("evidence-standards-start", args=[slug])
    assert as_("officer").post(start).status_code == 403
    as_("manager").post(start)
    first, *_ = standing_standards(here.partnership)
    move = reverse("evidence-standard-move", args=[slug, first.pk, "down"])
    assert as_("manager").post(move).status_code == 302
    theirs = add_standard(partnership=here.other, name="Theirs", by=here.stranger)
    for name in ("evidence-standard-edit", "evidence-standard-end"):
        assert as_("manager").get(reverse(name, args=[slug, first.pk])).status_code == 200
        assert as_("manager").get(reverse(name, args=[slug, theirs.pk])).status_code == 404
    sent = {f"met_{first.pk}": "partly", f"note_{first.pk}": "only since\x00 2025"}
    check = page(here, "evidence-check")
    assert as_("officer").post(check, sent).status_code == 200
    assert as_("officer").post(check, sent | {f"note_{first.pk}": "only since 2025"}).status_code == 302
    assert "only since 2025" in as_("officer").get(check).content.decode()
    measure = as_("chair").get(page(here, "measure")).content.decode()
    assert "How far can the evidence be trusted?" in measure
    note_alone = as_("officer").post(check, {f"note_{first.pk}": "x" * 20_000})
    assert note_alone.status_code == 200
    assert EvidenceStandard.objects.filter(partnership=here.partnership).count() == 8


# --- Stories and what is proposed ---------------------------------------------------------------------------------
def decision_of(here, board=None):
    meeting = plan_meeting(board=board or here.board, held_on=date(2025, 3, 3), by=here.manager)
    return record_decision(meeting=meeting, what="Open on Sundays", by=here.chair)


def test_a_decision_that_a_story_names_stays(here):
    story = write_commentary(
        measure=here.measure, story="It fell.", what_we_propose="Ring.", for_board=here.board, by=here.officer
    )
    decision = decision_of(here)
    link_decision(commentary=story, decision=decision, by=here.officer)
    with pytest.raises(DomainError, match="so it stays"):
        remove_decision(decision=decision, by=here.chair)


def test_a_proposal_waits_for_its_board_until_the_decision_is_linked(here):
    with pytest.raises(DomainError, match="what the board should decide"):
        write_commentary(measure=here.measure, story="Why", for_board=here.board, by=here.officer)
    story = write_commentary(
        measure=here.measure,
        story="Why",
        what_we_propose="Open on Sundays",
        for_board=here.board,
        by=here.officer,
        partners=[(here.organisation, "Pays the  staff")],
    )
    waiting = decisions_wanted(here.partnership, as_of=timezone.now())
    assert [(one.board_name, one.proposal, one.measure_slug) for one in waiting] == [
        ("Active Lives Board", "Open on Sundays", here.measure.slug)
    ]
    before = timezone.now()
    link_decision(commentary=story, decision=decision_of(here), by=here.officer)
    assert decisions_wanted(here.partnership, as_of=timezone.now()) == ()
    assert len(decisions_wanted(here.partnership, as_of=before)) == 1
    story.refresh_from_db()
    with pytest.raises(DomainError, match="decided on this proposal"):
        edit_commentary(
            commentary=story,
            expected_version=story.version,
            story="Why",
            what_we_propose="Other",
            for_board=here.board,
            by=here.officer,
        )


def test_only_the_author_changes_a_story_and_says_what_was_decided(here, as_):
    story = write_commentary(measure=here.measure, story="Why", by=here.officer)
    with pytest.raises(DomainError, match="Only who wrote it"):
        edit_commentary(commentary=story, expected_version=1, story="Mine", by=here.chair)
    address = page(here, "commentary-edit", story.pk)
    assert as_("chair").get(address).status_code == 403
    sent = {
        "story": "Better",
        "version": 1,
        "rows": 3,
        "partner_0": here.organisation.pk,
        "part_0": "Runs it",
    }
    assert as_("officer").post(address, sent).status_code == 302
    stale = as_("officer").post(address, sent | {"story": "Stale"})
    assert "Somebody else saved this" in stale.content.decode()
    assert as_("evaluator").get(page(here, "commentary-decided", story.pk)).status_code == 403


def test_a_story_with_partners_a_period_and_an_ask_stands_on_one_sheet(here, as_):
    write = page(here, "commentary-new")
    sent = {
        "story": "<b>Why</b>",
        "what_works": "Walks",
        "what_we_propose": "Open on Sundays",
        "for_board": here.board.pk,
        "rows": "3",
        "period": f"{POINT.replace(day=1).isoformat()}_{POINT.isoformat()}",
        "partner_0": here.organisation.pk,
        "part_0": "Pays the staff",
    }
    more = as_("officer").post(write, sent | {"more": "1"}).content.decode()
    assert 'name="partner_5"' in more
    assert "Pays the staff" in more
    alone = as_("officer").post(write, sent | {"partner_0": ""}).content.decode()
    assert "Choose whose part this is" in alone
    assert as_("officer").post(write, sent).status_code == 302
    sheet = as_("chair").get(page(here, "turn-the-curve")).content.decode()
    for words in (
        "&lt;b&gt;Why",
        "about January 2025",
        "Walks",
        "Pays the staff",
        "Active Lives Board is asked",
        "<svg",
    ):
        assert words in sheet
    assert as_(here.stranger).get(page(here, "turn-the-curve")).status_code == 404
    plan_meeting(board=here.board, held_on=timezone.localdate() + timedelta(9), by=here.manager)
    officers = as_("officer").get(page(here, "turn-the-curve"))
    assert "Put it on the next agenda" in officers.content.decode()
    agenda = as_("officer").get(officers.context["agenda_url"]).content.decode()
    assert "Turn the curve: Visits" in agenda


def test_a_reworded_story_keeps_its_partners_in_step(here):
    story = write_commentary(
        measure=here.measure, story="Why", by=here.officer, partners=[(here.organisation, "Pays")]
    )
    with pytest.raises(DomainError, match="twice"):
        edit_commentary(
            commentary=story,
            expected_version=1,
            story="Why",
            by=here.officer,
            partners=[(here.organisation, "Pays"), (here.organisation, "Cleans")],
        )
    said = {"commentary": story, "story": "Why", "by": here.officer}
    edit_commentary(**said, expected_version=1, partners=[(here.organisation, "Cleans")])
    assert [one.part for one in story.partners.all()] == ["Cleans"]
    story.refresh_from_db()
    edit_commentary(**said, expected_version=story.version)
    assert not story.partners.exists()


def test_only_a_decision_of_the_board_that_was_asked_counts(here):
    story = write_commentary(
        measure=here.measure, story="Why", what_we_propose="x", for_board=here.board, by=here.officer
    )
    other = add_board(partnership=here.partnership, name="Another", level="steering")
    with pytest.raises(DomainError, match="board that was asked"):
        link_decision(commentary=story, decision=decision_of(here, other), by=here.officer)
