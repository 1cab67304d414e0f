"""The story behind a measure's curve: written and changed by its author, and the decision that came of what it proposes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from outcomes.models import Commentary, CommentaryPartner, Measure
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Board, Decision, Organisation
from partnerships.queries.activities import organisations_of

MOST_PARTNERS = 20


@dataclass(frozen=True, slots=True)
class Period:
    """The period that a story is about."""

    start: date
    end: date
    label: str


@transaction.atomic
def write_commentary(
    *,
    measure: Measure,
    story: str,
    by: Any,
    what_works: str = "",
    what_we_propose: str = "",
    period: Period | None = None,
    partners: Collection[tuple[Organisation, str]] = (),
    for_board: Board | None = None,
    written_on: date | None = None,
    created_at: datetime | None = None,
) -> Commentary:
    said = _checked(measure, story, what_works, what_we_propose, period, for_board)
    commentary = Commentary.objects.create(
        partnership_id=measure.partnership_id,
        measure=measure,
        written_on=written_on or timezone.localdate(),
        author=by,
        created_by=by,
        created_at=created_at or timezone.now(),
        **said,
    )
    _set_partners(commentary, partners)
    return commentary


@transaction.atomic
def edit_commentary(
    *,
    commentary: Commentary,
    expected_version: int,
    story: str,
    by: Any,
    what_works: str = "",
    what_we_propose: str = "",
    period: Period | None = None,
    partners: Collection[tuple[Organisation, str]] = (),
    for_board: Board | None = None,
) -> Commentary:
    """Change one's own story. What a board decided on stays as it was proposed to it."""
    if commentary.author_id != by.pk:
        raise DomainError("Only who wrote it can change it. Write your own beside it.")
    said = _checked(commentary.measure, story, what_works, what_we_propose, period, for_board)
    commentary = Commentary.objects.select_for_update(of=("self",)).get(pk=commentary.pk)
    if commentary.decision_id:
        if said["for_board"] != commentary.for_board:
            raise DomainError("This board decided on it already.", field="for_board")
        if said["what_we_propose"] != commentary.what_we_propose:
            raise DomainError(
                "The board decided on this proposal, so it stays as it was. Write a new story for a new one.",
                field="what_we_propose",
            )
    edited = save_edit(commentary, expected_version=expected_version, changes=said)
    _set_partners(edited, partners)
    return edited


def _checked(
    measure: Measure,
    story: str,
    what_works: str,
    what_we_propose: str,
    period: Period | None,
    for_board: Board | None,
) -> dict[str, Any]:
    if not story.strip():
        raise DomainError("Enter the story behind the numbers.", field="story")
    if for_board is not None and for_board.partnership_id != measure.partnership_id:
        raise DomainError("Choose a board of this partnership.", field="for_board")
    if for_board is not None and not what_we_propose.strip():
        raise DomainError("Say what the board should decide.", field="what_we_propose")
    if period is not None and period.end < period.start:
        raise DomainError("Choose a period of this measure.", field="period")
    return {
        "story": story.strip(),
        "what_works": what_works.strip(),
        "what_we_propose": what_we_propose.strip(),
        "period_start": period.start if period else None,
        "period_end": period.end if period else None,
        "period_label": period.label if period else "",
        "for_board": for_board,
    }


def _set_partners(commentary: Commentary, partners: Collection[tuple[Organisation, str]]) -> None:
    wanted = {organisation.pk: " ".join(part.split()) for organisation, part in partners}
    if len(wanted) < len(partners):
        raise DomainError("An organisation stands here twice. Say its whole part in one row.")
    if len(wanted) > MOST_PARTNERS:
        raise DomainError(f"Name the {MOST_PARTNERS} partners who matter most.")
    ours = organisations_of(commentary.partnership).filter(pk__in=wanted)
    if ours.count() < len(wanted):
        raise DomainError("Choose organisations of this partnership.")
    known = {partner.organisation_id: partner for partner in commentary.partners.all()}
    for pk in known.keys() - wanted.keys():
        known[pk].delete()
    for pk, part in wanted.items():
        if pk not in known:
            CommentaryPartner.objects.create(
                partnership_id=commentary.partnership_id, commentary=commentary, organisation_id=pk, part=part
            )
        elif known[pk].part != part:
            CommentaryPartner.objects.filter(pk=known[pk].pk).update(part=part)


@transaction.atomic
def link_decision(*, commentary: Commentary, decision: Decision | None, by: Any) -> Commentary:
    """Say what the board decided on it; None takes the link away, as where the wrong one was chosen."""
    commentary = Commentary.objects.select_for_update(of=("self",)).get(pk=commentary.pk)
    if commentary.for_board_id is None:
        raise DomainError("Nothing was proposed to a board.")
    if decision is not None and decision.meeting.board_id != commentary.for_board_id:
        raise DomainError("Choose a decision of the board that was asked.", field="decision")
    if commentary.decision_id == (decision.pk if decision else None):
        return commentary
    return save_edit(commentary, expected_version=commentary.version, changes={"decision": decision})
