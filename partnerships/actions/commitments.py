"""Promising to do something: making a commitment, changing it, taking on one that nobody owns."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from config.words import day_words
from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import (
    Activity,
    AgendaItem,
    Board,
    Commitment,
    CommitmentStatus,
    Contact,
    Decision,
    Meeting,
    MeetingStatus,
    Organisation,
    Partnership,
    Programme,
    Seat,
    Visibility,
)
from partnerships.queries.activities import organisations_of
from partnerships.queries.boards import sitting

LONGEST = {"what": 300, "detail": 20_000}
LONGEST_REASON = 5_000
PEOPLE = {
    "owner": "who does it",
    "accountable": "who answers for it",
    "enabler": "who can make it happen",
}
ORIGINS = ("board", "meeting", "agenda_item", "decision", "activity", "programme")


@transaction.atomic
def make_commitment(
    *,
    partnership: Partnership,
    by: Any,
    what: str,
    detail: str = "",
    owner: Any | None = None,
    owner_organisation: Organisation | None = None,
    accountable: Any | None = None,
    enabler: Any | None = None,
    due_on: date | None = None,
    board: Board | None = None,
    meeting: Meeting | None = None,
    agenda_item: AgendaItem | None = None,
    decision: Decision | None = None,
    activity: Activity | None = None,
    programme: Programme | None = None,
    created_at: datetime | None = None,
) -> Commitment:
    """Record a promise. It may begin without an owner. `created_at` is when it was written down, where that was earlier.

    A decision and an item of an agenda bring their meeting, and a meeting its board. What was promised at a meeting or
    in an activity may be written down later, so its due date may have passed, but never lies before that day.
    """
    facts = {
        "what": " ".join(what.split()),
        "detail": detail.strip(),
        "owner": owner,
        "owner_organisation": owner_organisation,
        "accountable": accountable,
        "enabler": enabler,
        "due_on": due_on,
        "board": board,
        "meeting": meeting,
        "agenda_item": agenda_item,
        "decision": decision,
        "activity": activity,
        "programme": programme,
    }
    _bring_origins(facts)
    day = promised_on(meeting, activity, timezone.localdate(created_at))
    _check(partnership, facts, changed=facts.keys(), day=day)
    if due_on is not None and due_on < day:
        raise DomainError(
            "The due date must be today or later."
            if day == timezone.localdate()
            else f"The due date must be on or after {day_words(day)}, when it was promised.",
            field="due_on",
        )
    if owner is not None and owner_organisation is None:
        facts["owner_organisation"] = organisation_of(partnership, owner, facts["board"])
    created_at = created_at or timezone.now()
    return Commitment.objects.create(
        partnership=partnership, created_by=by, created_at=created_at, updated_at=created_at, **facts
    )


@transaction.atomic
def edit_commitment(*, commitment: Commitment, expected_version: int, by: Any, **changes: Any) -> Commitment:
    """Change an open commitment. A due date that has passed may stay; a new one must be today or later.

    Raises EditConflict when somebody saved it since `expected_version`.
    """
    current = locked(commitment)
    refuse_unless_open(current)
    for name in {"what", "detail"} & changes.keys():
        text = changes[name]
        changes[name] = " ".join(text.split()) if name == "what" else text.strip()
    facts = {name: getattr(current, name) for name in (*LONGEST, *PEOPLE, *ORIGINS, "due_on")}
    facts |= {"owner_organisation": current.owner_organisation} | changes
    if facts["meeting"] != current.meeting:
        for name in {"decision", "agenda_item"} - changes.keys():
            facts[name] = None  # It belonged to the meeting that was named before.
    _bring_origins(facts)
    changed = {name for name, value in facts.items() if getattr(current, name) != value}
    _check(
        current.partnership,
        facts,
        changed=changed,
        day=promised_on(facts["meeting"], facts["activity"], timezone.localdate(current.created_at)),
    )
    if "due_on" in changed and facts["due_on"] is not None and facts["due_on"] < timezone.localdate():
        raise DomainError("The new due date must be today or later.", field="due_on")
    if "owner" in changed and "owner_organisation" not in changed:
        facts["owner_organisation"] = facts["owner"] and organisation_of(
            current.partnership, facts["owner"], facts["board"]
        )
    return save_edit(current, expected_version=expected_version, changes=facts)


@transaction.atomic
def take_on(*, commitment: Commitment, by: Any, due_on: date | None = None) -> Commitment:
    """Become the owner of a commitment that has none, and say by when. The first who asks has it."""
    current = locked(commitment)
    refuse_unless_open(current)
    if current.owner_id == by.pk:
        return current
    if current.owner is not None:
        raise DomainError(f"{current.owner} has taken this on already.")
    _check_people(current.partnership, {"owner": by}, {"owner"})
    if due_on is not None and due_on != current.due_on and due_on < timezone.localdate():
        raise DomainError("The due date must be today or later.", field="due_on")
    changes = {
        "owner": by,
        "owner_organisation": current.owner_organisation
        or organisation_of(current.partnership, by, current.board),
        "due_on": due_on or current.due_on,
    }
    return save_edit(current, expected_version=current.version, changes=changes)


@transaction.atomic
def commit_next_step(*, activity: Activity, by: Any) -> Commitment:
    """Make an activity's next step a commitment of whoever logged it. Asked twice, it gives the same one.

    A commitment can be read by everybody in the partnership, so what is kept from some of them is not made one unasked.
    """
    current = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    made = Commitment.objects.filter(activity=current).order_by("pk").first()
    if made is not None:
        return made
    step = current.next_step.strip()
    if not step:
        raise DomainError("This activity has no next step.")
    if current.next_step_done_on is not None:
        raise DomainError("This next step is done.")
    if current.visibility != Visibility.PARTNERSHIP:
        raise DomainError(
            "Everybody in the partnership can read a commitment, but not this activity. Write it so that all may read it."
        )
    author = current.created_by
    board = current.board
    if board is not None and board.ended_on is not None and board.ended_on < timezone.localdate():
        board = None
    line = " ".join(step.split())
    return make_commitment(
        partnership=current.partnership,
        by=by,
        what=line if len(line) <= LONGEST["what"] else f"{line[: LONGEST['what'] - 1].rstrip()}…",
        detail="" if line == step and len(line) <= LONGEST["what"] else step,
        owner=author if author is not None and known_among(current.partnership, [author]) else None,
        due_on=current.next_step_on,
        board=board,
        activity=current,
        programme=current.programme,
    )


@transaction.atomic
def undo_commitment(*, commitment: Commitment, by: Any) -> None:
    """Take back what one has just made, while nobody has done anything with it."""
    current = locked(commitment)
    if current.created_by_id != by.pk or timezone.localdate(current.created_at) != timezone.localdate():
        raise DomainError("Only who made a commitment can take it back, on the day on which it was made.")
    if current.version > 1 or current.comments.exists() or current.activities.exists():
        raise DomainError("Others have worked with this commitment. Let it go, with a reason, instead.")
    current.delete()


# --- Rules -------------------------------------------------------------------------------------------------------
def locked(commitment: Commitment) -> Commitment:
    """The commitment as it is now, held until the end of the transaction: two who act at once take turns."""
    # Without joins: what a row names may have changed while it was waited for, and is asked afterwards.
    return Commitment.objects.select_for_update(no_key=True).get(pk=commitment.pk)


def refuse_unless_open(commitment: Commitment) -> None:
    if commitment.status != CommitmentStatus.OPEN:
        by = f" by {commitment.closed_by}" if commitment.closed_by else ""
        raise DomainError(
            f"This commitment was closed{by} on {day_words(commitment.closed_on)}, as "
            f"{commitment.get_status_display().lower()}. Reopen it to change it."
        )


def promised_on(meeting: Meeting | None, activity: Activity | None, written_on: date) -> date:
    """The day on which it was promised, which may be earlier than the day on which it was written down."""
    days = [meeting.held_on] if meeting else []
    days += [activity.happened_on] if activity else []
    return min([*days, written_on])


def known_among(partnership: Partnership, people: Collection[Any]) -> set[int]:
    """The ids of those who have or had a role or a seat here or are a contact, and whose account is not closed."""
    here = Q(pk__in=partnership.memberships.values("person"))
    for model in (Seat, Contact):
        here |= Q(pk__in=model.objects.filter(partnership=partnership).values("person"))
    found = get_user_model().objects.filter(
        pk__in=[one.pk for one in people], is_active=True, is_system=False
    )
    return set(found.filter(here).values_list("pk", flat=True))


def organisation_of(partnership: Partnership, person: Any, board: Board | None) -> Organisation | None:
    """For whom somebody promises: whom they sit on the board for, or have their role for, or sit for elsewhere here."""
    seats = Seat.objects.filter(partnership=partnership)
    held = [seats.filter(board=board)] if board else []
    held += [partnership.memberships.filter(ended_at__isnull=True), seats]
    for rows in held:
        found = rows.filter(sitting(), person=person, organisation__isnull=False)
        place = found.select_related("organisation").order_by("pk").first()
        if place is not None:
            return place.organisation
    return None


def _bring_origins(facts: dict[str, Any]) -> None:
    for name, words in (("decision", "decision was made"), ("agenda_item", "item was discussed")):
        source = facts[name]
        if source is None:
            continue
        if facts["meeting"] is not None and facts["meeting"].pk != source.meeting_id:
            raise DomainError(f"That {words} at another meeting.", field="meeting")
        facts["meeting"] = source.meeting
    if facts["meeting"] is not None:
        facts["board"] = facts["meeting"].board


def _check(partnership: Partnership, facts: dict[str, Any], *, changed: Collection[str], day: date) -> None:
    """Each rule looks at what changed only: what was right when it was saved never stops a later correction elsewhere."""
    if not facts["what"]:
        raise DomainError("Enter what is promised, in a few words.", field="what")
    for field, longest in LONGEST.items():
        check_text(facts[field], field, longest)
    _check_people(partnership, facts, changed)
    for field in ORIGINS:
        record = facts[field]
        if field in changed and record is not None and record.partnership_id != partnership.pk:
            words = field.replace("agenda_item", "agenda item")
            raise DomainError(f"Choose a {words} of this partnership.", field=field)
    organisation, meeting, board = (facts[name] for name in ("owner_organisation", "meeting", "board"))
    is_new = "owner_organisation" in changed and organisation is not None
    if is_new and not organisations_of(partnership).filter(pk=organisation.pk).exists():
        raise DomainError("Choose an organisation of this partnership.", field="owner_organisation")
    if "meeting" in changed and meeting is not None and meeting.status == MeetingStatus.CANCELLED:
        raise DomainError("That meeting was cancelled.", field="meeting")
    if "board" in changed and board is not None and board.ended_on is not None and board.ended_on < day:
        raise DomainError(f"{board} stopped meeting on {day_words(board.ended_on)}.", field="board")


def _check_people(partnership: Partnership, facts: dict[str, Any], changed: Collection[str]) -> None:
    chosen = {name: facts[name] for name in PEOPLE if name in changed and facts[name] is not None}
    known = known_among(partnership, chosen.values()) if chosen else set()
    for field, person in chosen.items():
        if person.pk not in known:
            raise DomainError(f"Choose {PEOPLE[field]} among the people of this partnership.", field=field)


def check_text(text: str, field: str, longest: int) -> None:
    if "\x00" in text:
        raise DomainError("Null characters are not allowed.", field=field)
    if len(text) > longest:
        raise DomainError(f"This must be {longest:,} characters or fewer. It has {len(text):,}.", field=field)
