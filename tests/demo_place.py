"""The demo, loaded once for a whole folder of tests and rolled back after it, with one of everything that has a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import TestCase
from django.utils import timezone

FIGURES = "area_code,period,value\nE92000001,2001/02,61.5\nE99999999,2001/02,58.1\n"
EARLIER = "area_code,period,value\nE92000001,2000/01,60.5\n"


class RollBack(Exception):
    """Leaves a block as if it had never been entered."""


@contextmanager
def rolled_back() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise RollBack
    except RollBack:
        pass


@dataclass
class Things:
    """One of each kind of record that a partnership has, by the name of what it is."""

    partnership: Any
    manager: Any
    activity: Any
    commitment: Any
    outcome: Any
    measure: Any
    target: Any
    breakdown: Any
    framework: Any
    framework_item: Any
    outcome_link: Any
    outcome_adoption: Any
    commentary: Any
    group: Any
    remark: Any
    embed: Any
    rebase: Any
    stone: Any
    contribution: Any
    contribution_evidence: Any
    explanation: Any
    standard: Any
    programme: Any
    holidays: Any
    money_line: Any
    period: Any
    adoption: Any
    programme_template: Any
    board: Any
    seat: Any
    learning: Any
    organisation: Any
    part: Any
    member: Any
    membership: Any
    invitation: Any
    joining_code: Any
    other_member: Any
    offer: Any
    agreement: Any
    contact: Any
    correction: Any
    place: Any
    rule: Any
    story: Any
    strategy: Any
    theme: Any
    definition: Any
    report: Any
    batch: Any
    saved_batch: Any
    recipe: Any
    client: Any
    secret: str
    owed: Any
    meeting: Any
    item: Any
    standing: Any
    decision: Any
    vacancy: Any
    paper: Any
    voice: Any
    message: Any
    effect: Any
    follow_up: Any
    introduction: Any
    wanted_link: Any
    element: Any
    leading: Any
    course: Any
    cohort: Any
    cohort_place: Any
    influenced: Any
    comment: Any
    own_kind: Any
    template: Any
    sheet: Any
    notice: Any


@dataclass
class DemoPlace:
    """The demo partnership and its neighbour, the people who sign in, and a partner's system of each partnership."""

    ours: Things
    theirs: Things
    people: dict[str, Any]

    @property
    def slug(self) -> str:
        return self.ours.partnership.slug


@contextmanager
def demo_place(data_folder: Any) -> Iterator[DemoPlace]:
    """Everything in one transaction that is never committed. What waits for a commit is run at once."""
    from demo import loading
    from partnerships.models import Partnership
    from people.models import Person
    from people.permissions import HUMAN_ROLES, Role

    before, settings.DATA_DIR = settings.DATA_DIR, data_folder
    try:
        with rolled_back():
            assert loading.load()
            people = {
                role.value: Person.objects.get(email=f"{role.value}@brackenford.example")
                for role in HUMAN_ROLES
            }
            people["stranger"] = Person.objects.get(email="officer@thornmere.example")
            people["seat"] = Person.objects.get(email="seat@thornmere.example")
            theirs = Partnership.objects.get(slug="thornmere-moves")
            their_manager = add_to(theirs, "Their manager", Role.MANAGER)
            with TestCase.captureOnCommitCallbacks(execute=True):
                ours = things(
                    Partnership.objects.get(slug="brackenford-together"), people["manager"], people["seat"]
                )
                found = DemoPlace(ours, things(theirs, their_manager), people)
            # Otherwise the keys of every row would be checked anew at the end of each test.
            connection.check_constraints()
            yield found
    finally:
        settings.DATA_DIR = before


def add_to(partnership: Any, name: str, role: Any) -> Any:
    from people.actions.memberships import add_person, give_role

    person = add_person(name=name)
    give_role(partnership=partnership, person=person, role=role)
    return person


def things(partnership: Any, by: Any, seated: Any = None) -> Things:
    """What the demo has of each kind, and what it has none of made by the action that a page would call.

    The board is the one on which `seated` sits.
    """
    from learning.actions.entries import write_entry
    from learning.models import LearningEntry, Verdict
    from outcomes.actions import setting_up as outcomes
    from outcomes.actions.breakdowns import declare_breakdown
    from outcomes.actions.commentaries import write_commentary
    from outcomes.actions.imports import confirm_import
    from outcomes.actions.targets import set_target
    from outcomes.blueprints import BUILT_IN
    from outcomes.models import Commentary, Measure, MeasureBreakdown, Outcome, ProgrammeTemplate, Target
    from partnerships.actions.activities import log_activity
    from partnerships.actions.commitments import make_commitment
    from partnerships.actions.money import add_money_line
    from partnerships.actions.periods import add_period
    from partnerships.actions.programmes import add_programme
    from partnerships.actions.spread import record_adoption
    from partnerships.models import (
        Activity,
        Adoption,
        Board,
        Commitment,
        CommitmentStatus,
        Programme,
        ReportFrequency,
        Seat,
        Visibility,
    )
    from people.actions.api_clients import make_api_client
    from people.actions.invitations import invite
    from people.actions.joining import make_joining_code
    from people.actions.offers import add_offer
    from people.actions.opening import open_influence
    from people.models import Membership
    from people.permissions import Role, Scope
    from reports.actions.reports import ask_for_report, define_report
    from reports.models import Report, ReportDefinition
    from reports.queries.periods import last_complete

    today = timezone.localdate()
    made = {"partnership": partnership, "by": by}

    def first(model: Any, **wanted: Any) -> Any:
        return model.objects.filter(partnership=partnership, **wanted).first()

    activity = first(Activity, visibility=Visibility.PARTNERSHIP, created_by=by) or log_activity(
        **made, title="Walk along the canal", happened_on=today - timedelta(3)
    )
    commitment = first(Commitment, status=CommitmentStatus.OPEN) or make_commitment(
        **made, what="Mend the lights along the canal", owner=by
    )
    outcome = first(Outcome) or outcomes.add_outcome(**made, title="More people out of doors")
    measure = first(Measure, is_headline=True) or outcomes.add_measure(
        outcome=outcome,
        name="Adults out of doors",
        slug="out-of-doors",
        unit="%",
        direction="up",
        frequency="year",
        by=by,
    )
    place = partnership.covered.get(is_main=True).place
    target = Target.objects.filter(measure=measure).first() or set_target(
        measure=measure, place=place, due_on=today + timedelta(400), value=Decimal("70"), by=by
    )
    commentary = first(Commentary, measure=measure, author=by) or write_commentary(
        measure=measure, story="More paths.", by=by
    )
    learning = first(LearningEntry) or write_entry(
        **made,
        title="Paths need lights",
        expected="Walks all winter",
        happened="None after October",
        verdict=Verdict.DID_NOT_WORK,
    )
    definition = first(ReportDefinition) or define_report(
        **made, name="Quarterly report", frequency=ReportFrequency.QUARTER
    )
    programme = first(Programme)
    line = programme.money.first() or add_money_line(
        programme=programme,
        kind="budget",
        heading="food",
        amount=Decimal(1200),
        starts_on=today - timedelta(30),
        ends_on=today,
        by=by,
    )
    period = programme.periods.first() or add_period(
        programme=programme,
        name="Last holiday",
        starts_on=today - timedelta(30),
        ends_on=today - timedelta(25),
        returns_due_on=today,
        by=by,
    )
    report, _ = ask_for_report(
        definition=definition, period=last_complete(definition.frequency, today), by=by
    )
    board = first(Board, seats__person=seated, seats__ends_on=None) if seated else first(Board)
    part = own_part(partnership)
    # Somebody who does not sign in, whose details others may therefore correct.
    member = add_to(partnership, "Sam Walker", Role.OBSERVER)
    owed = return_of(partnership, first(Programme), by)
    client = make_api_client(
        **made, name="Leisure trust warehouse", scopes=list(Scope), organisation=owed.organisation
    )
    # Closed until a partnership opens it; here it answers.
    open_influence(partnership=partnership, is_open=True, expected_version=partnership.version, by=by)
    batch = import_of(partnership, measure, by, FIGURES)
    saved = confirm_import(batch=import_of(partnership, measure, by, EARLIER), by=by)
    return Things(
        partnership=partnership,
        manager=by,
        activity=activity,
        commitment=commitment,
        outcome=outcome,
        measure=measure,
        target=target,
        commentary=commentary,
        **on_the_page_of(measure, place, by),
        programme=programme,
        holidays=first(Programme, kind="haf") or add_programme(**made, name="Holiday sports", kind="haf"),
        money_line=line,
        period=period,
        adoption=first(Adoption)
        or record_adoption(**made, practice="Walks with a guide", to_wider_system="The county"),
        programme_template=first(ProgrammeTemplate)
        or ProgrammeTemplate.objects.create(
            partnership=partnership,
            name="Ours",
            kind=programme.kind,
            content=BUILT_IN["haf"].as_content(),
        ),
        board=board,
        seat=Seat.objects.filter(board=board, ends_on__isnull=True).first(),
        learning=learning,
        organisation=part.organisation,
        part=part,
        **own_page(partnership, part.organisation, place, by),
        member=member,
        membership=first(Membership, person=member),
        invitation=invite(
            **made, name="Jo Bloggs", email=f"jo@{partnership.slug}.example", role=Role.OBSERVER
        ),
        other_member=add_to(partnership, "Samuel Walker", Role.OBSERVER),
        offer=add_offer(
            partnership=partnership,
            person=member,
            kind="knows",
            text="The paths along the canal",
            agreed_on=today,
            agreed_how="told us at the forum",
            by=by,
        ),
        joining_code=make_joining_code(
            **made, name="Library forum", uses_allowed=20, expires_on=today + timedelta(60)
        ),
        definition=definition,
        report=report or first(Report),
        batch=batch,
        saved_batch=saved,
        recipe=batch.recipe,
        client=client.client,
        secret=client.secret,
        owed=owed,
        **meeting_of(board, by),
        **voice_of(partnership, board, by, member),
        **log_of(activity, by),
        **judged_of(measure, place, by),
        **map_of(outcome, activity, by),
        breakdown=MeasureBreakdown.objects.filter(measure=measure).first()
        or declare_breakdown(
            measure=measure, dimension="Canal side", adds_up=True, groups=["North bank", "South bank"], by=by
        ),
        **frameworks_of(partnership, outcome, by),
        **leading_of(partnership, board, by, member),
    )


def leading_of(partnership: Any, board: Any, by: Any, member: Any) -> dict[str, Any]:
    """A wanted link, a part of the work that somebody leads, and training from which something followed."""
    from partnerships.actions.boards import add_board
    from people.actions import development, leadership
    from people.actions.wanted_links import want_link

    made = {"partnership": partnership, "by": by}
    today = timezone.localdate()
    element = leadership.add_element(**made, name="Keys of the hall", level="hyper_local")
    course = development.add_course(**made, name="Chairing a meeting")
    cohort = development.add_cohort(course=course, name="Winter", starts_on=today - timedelta(40), by=by)
    (place,) = development.give_places(cohort=cohort, people=[member], by=by)
    apart = add_board(**made, name="Board of the keys", level="operational")
    return {
        "wanted_link": want_link(**made, one=board, other=apart, why="So that somebody has the keys."),
        "element": element,
        "leading": leadership.hand_over(
            element=element, owner=member, starts_on=today - timedelta(30), authority="decides", by=by
        ),
        "course": course,
        "cohort": cohort,
        "cohort_place": place,
        "influenced": development.note_influence(
            place=place, what="Meetings end on time", happened_on=today - timedelta(9), by=by
        ),
    }


def frameworks_of(partnership: Any, outcome: Any, by: Any) -> dict[str, Any]:
    """A framework that the partnership shares, an outcome that stands for one of its items, and a body that shares it."""
    from outcomes.actions.adoptions import adopt_outcome
    from outcomes.actions.framework_links import link_outcome
    from outcomes.actions.frameworks import load_framework
    from outcomes.imports.frameworks import Item
    from partnerships.actions.setting_up import add_organisation
    from partnerships.models import Sector

    items = [Item("D", "Ducks"), Item("D1", "Ducks are fed", "With corn.", "D")]
    framework = load_framework(name="Canal framework", items=items, shared_by=partnership, by=by).framework
    item = framework.items.get(code="D1")
    # A body that no account of the sweeps is from, so that whoever sets up outcomes alone may change what it says.
    body = add_organisation(partnership=partnership, name="Duck keepers", sector=Sector.VOLUNTARY)
    return {
        "framework": framework,
        "framework_item": item,
        "outcome_link": link_outcome(outcome=outcome, item=item, by=by),
        "outcome_adoption": adopt_outcome(
            outcome=outcome, organisation=body, adopted_on=timezone.localdate(), by=by
        ),
    }


def map_of(outcome: Any, activity: Any, by: Any) -> dict[str, Any]:
    """A stepping stone with one of everything that can hang on it."""
    from outcomes.actions import contribution

    stone = contribution.add_stone(outcome=outcome, title="People know the paths", by=by)
    return {
        "stone": stone,
        "contribution": contribution.add_contribution(stone=stone, what=activity, by=by),
        "contribution_evidence": contribution.add_evidence(
            stone=stone, what_it_shows="Maps are asked for", by=by
        ),
        "explanation": contribution.add_explanation(outcome=outcome, what="A dry summer", by=by),
    }


def judged_of(measure: Any, place: Any, by: Any) -> dict[str, Any]:
    """A standard for evidence, and a rebase: by hand, since the measure of these pages need not be a monthly one."""
    from outcomes.actions.evidence import add_standard
    from outcomes.models import EvidenceStandard, Rebase

    partnership, day = measure.partnership, timezone.localdate().replace(day=1) - timedelta(1)
    return {
        "standard": EvidenceStandard.objects.filter(partnership=partnership, ended_on=None).first()
        or add_standard(partnership=partnership, name="In good time", by=by),
        "rebase": Rebase.objects.create(
            partnership=partnership,
            measure=measure,
            place=place,
            period_end=day,
            period_label=f"{day:%B %Y}",
            cause="change",
            reason="The pool closed for good.",
            created_by=by,
        ),
    }


def log_of(activity: Any, by: Any) -> dict[str, Any]:
    """What belongs to the log: something said about an activity, a kind, a template and a spreadsheet to look through."""
    from partnerships.actions.activity_sheets import upload_sheet
    from partnerships.actions.activity_templates import keep_template
    from partnerships.actions.comments import write_comment
    from partnerships.actions.own_kinds import add_own_kind

    made = {"partnership": activity.partnership, "by": by}
    rows = [{"row": 2, "cells": {"Date": ["A2", "x"], "What happened": ["B2", "Fed the ducks"]}}]
    return {
        "comment": write_comment(about=activity, text="Were there ducks?", by=by),
        "own_kind": add_own_kind(**made, name="Duck count"),
        "template": keep_template(**made, name="Ducks", fields={"title": ["Ducks"]}, is_shared=True),
        "notice": notice_of(activity, by),
        "sheet": upload_sheet(**made, file_name="ducks.csv", sha256="0" * 64, rows=rows),
    }


def notice_of(activity: Any, by: Any) -> Any:
    """Something that the manager was told."""
    from django.urls import reverse

    from partnerships.models import Notice, NoticeKind
    from partnerships.tasks.telling import tell

    path = reverse("activity-detail", args=[activity.partnership.slug, activity.pk])
    given = {"partnership": activity.partnership, "kind": NoticeKind.DISCUSSION, "path": path}
    tell(**given, occasion="ducks", sentence="There were ducks", people=[by.pk], activity=activity)
    return Notice.objects.get(partnership=activity.partnership, person=by, occasion="ducks")


def voice_of(partnership: Any, board: Any, by: Any, member: Any) -> dict[str, Any]:
    """A voice that waits for an answer, from which something followed all the same, and an introduction."""
    from people.actions.introductions import introduce
    from people.actions.messages import add_effect, carry_voice
    from people.actions.voices import give_code, record_voice
    from people.models import Audience, EffectKind, Way
    from people.permissions import Role

    today = timezone.localdate()
    voice = record_voice(
        partnership=partnership,
        theme="Ducks on the canal",
        words="My gran walks further when there are ducks.",
        said_on=today - timedelta(90),
        said_as="a boy of nine",
        audience=Audience.PARTNERSHIP,
        consent_note="His gran agreed",
        board=board,
        by=by,
    )
    message = carry_voice(
        voice=voice, to_whom="The canal trust", carried_on=today - timedelta(80), way=Way.LETTER, by=by
    )
    effect = add_effect(
        voice=voice, kind=EffectKind.PRACTICE, what="Corn instead of bread", message=message, by=by
    )
    introduction = introduce(
        partnership=partnership,
        one=by,
        other=member,
        made_by=add_to(partnership, "Robin Lock", Role.OBSERVER),
        made_on=today,
        by=by,
    )
    return {
        "voice": voice,
        "message": message,
        "effect": effect,
        "follow_up": give_code(voice=voice, by=by),
        "introduction": introduction,
    }


def meeting_of(board: Any, by: Any) -> dict[str, Any]:
    """A meeting that has been, with one of everything that belongs to it, and a seat that nobody holds."""
    from partnerships.actions.agendas import add_standing_item
    from partnerships.actions.decisions import record_decision
    from partnerships.actions.documents import attach_document
    from partnerships.actions.meetings import plan_meeting
    from partnerships.actions.seats import open_vacancy
    from partnerships.models import SeatKind

    today = timezone.localdate()
    standing = add_standing_item(board=board, title="Ducks", starts_on=today - timedelta(1), by=by)
    meeting = plan_meeting(board=board, held_on=today - timedelta(1), by=by)
    item = meeting.agenda.get(standing_item=standing)
    file = SimpleUploadedFile("ducks.txt", b"There are eleven.")
    return {
        "meeting": meeting,
        "item": item,
        "standing": standing,
        "decision": record_decision(meeting=meeting, what="Feed the ducks", agenda_item=item, by=by),
        "vacancy": open_vacancy(board=board, kind=SeatKind.MEMBER, by=by),
        "paper": attach_document(parent=item, file=file, by=by),
    }


def own_page(partnership: Any, organisation: Any, place: Any, by: Any) -> dict[str, Any]:
    """What the partnership's own page holds, and what another partnership proposes about its organisation."""
    from partnerships.actions.agreements import add_agreement
    from partnerships.actions.contacts import add_contact
    from partnerships.actions.corrections import correct_organisation
    from partnerships.actions.local_places import add_place
    from partnerships.actions.rules import add_rule
    from partnerships.actions.stories import tell_story
    from partnerships.actions.strategies import add_strategy
    from partnerships.models import (
        Agreement,
        OrganisationContact,
        Partnership,
        Place,
        SimpleRule,
        StoryVersion,
        Strategy,
    )

    made = {"partnership": partnership, "by": by}
    today = timezone.localdate()

    def first(model: Any) -> Any:
        return model.objects.filter(partnership=partnership).first()

    strategy = first(Strategy) or add_strategy(**made, name="Borough plan", themes=["Out of doors"])
    return {
        "agreement": first(Agreement)
        or add_agreement(**made, title="Terms", kind="partnership", parties=[organisation]),
        "contact": first(OrganisationContact)
        or add_contact(**made, organisation=organisation, role="Keys", phone="01632 960 001"),
        "correction": correct_organisation(
            organisation=organisation,
            partnership=Partnership.objects.exclude(pk=partnership.pk).first(),
            expected_version=organisation.version,
            name=f"{organisation.name} (West)",
            sector=organisation.sector,
            reason="There are two of them",
            may_manage=lambda one: one.pk != partnership.pk,
            by=by,
        ),
        # With a place in it, so that all of its page is there to be read.
        "place": Place.objects.filter(added_by=partnership, children__isnull=False).first()
        or add_place(**made, name="Weir Side", kind="neighbourhood", parent=place),
        "rule": first(SimpleRule) or add_rule(**made, text="Outside if we can"),
        "story": first(StoryVersion)
        or tell_story(
            **made, text="We went out.", told_on=today, after_version=0, other_contributors="All of us"
        ),
        "strategy": strategy,
        "theme": strategy.themes.first(),
    }


def on_the_page_of(measure: Any, place: Any, by: Any) -> dict[str, Any]:
    """A group with a figure, something that was said, and an address for other websites."""
    from outcomes.actions.embeds import allow_embedding, make_embed
    from outcomes.actions.observations import record_observation
    from outcomes.actions.remarks import write_remark
    from outcomes.actions.setting_up import add_group

    partnership, year = measure.partnership, timezone.localdate().year - 2
    told = measure.observations.filter(group__isnull=False, place=place).first()
    if told is None:
        told = record_observation(
            measure=measure,
            place=place,
            group=add_group(partnership=partnership, dimension="Sex", name="Women", position=1),
            period_start=date(year, 1, 1),
            period_end=date(year, 12, 31),
            period_label=str(year),
            value=Decimal(40),
            by=by,
        )
    allow_embedding(partnership=partnership, allows=True, by=by)
    return {
        "group": told.group,
        "remark": write_remark(measure=measure, text="Ask those who stay at home.", by=by),
        "embed": make_embed(measure=measure, place=place, shown_where="Our website", by=by),
    }


def return_of(partnership: Any, programme: Any, by: Any) -> Any:
    """A return that can be filled in, in the demo by its partner; the programme gets a period where nothing is asked for."""
    from outcomes.actions.returns import open_returns
    from outcomes.models import Return
    from partnerships.actions.periods import NewPeriod, add_periods
    from partnerships.actions.programmes import edit_programme

    today = timezone.localdate()
    owed = Return.objects.filter(partnership=partnership, status__in=["sent_back", "owed"])
    if not owed.exists():
        programme = edit_programme(
            programme=programme, expected_version=programme.version, by=by, calendar="month"
        )
        period = NewPeriod("This month", today - timedelta(20), today + timedelta(5), today + timedelta(30))
        add_periods(programme=programme, periods=[period], by=by)
        open_returns(programme=programme, by=by)
    return owed.select_related("organisation").order_by("-status", "pk").first()


def own_part(partnership: Any) -> Any:
    """The part of an organisation that plays one nowhere else."""
    from partnerships.models import PartnershipOrganisation

    elsewhere = PartnershipOrganisation.objects.exclude(partnership=partnership).values("organisation")
    return partnership.organisation_roles.exclude(organisation__in=elsewhere).first()


def import_of(partnership: Any, measure: Any, by: Any, figures: str) -> Any:
    """An import with a new and a refused row that waits for somebody to confirm it."""
    from outcomes.actions.imports import map_columns, upload_figures
    from outcomes.imports.mapping import Mapping

    file = SimpleUploadedFile("figures.csv", figures.encode())
    batch = upload_figures(partnership=partnership, file=file, by=by)
    mapping = Mapping(place_columns=["area_code"], period_column="period", value_column="value")
    return map_columns(batch=batch, measure=measure, mapping=mapping, recipe_name="Yearly figures", by=by)
