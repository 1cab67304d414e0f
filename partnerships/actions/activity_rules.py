"""What an activity may say: the rules that logging and changing share."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils import formats, timezone

from partnerships.errors import DomainError
from partnerships.models import Activity, ActivityKind, Organisation, Partnership, Place, Visibility
from partnerships.queries.activities import is_author, organisations_of, places_of

LONGEST = {"title": 200, "what_happened": 20_000, "next_step": 2_000}
A_WEEK = 7 * 24 * 60
WORDS = {"own_kind": "kind"}  # what a form calls it
CHECKED = (
    *LONGEST,
    *(
        "happened_on",
        "kind",
        "own_kind",
        "minutes",
        "next_step_on",
        "programme",
        "board",
        "place",
        "visibility",
    ),
)


def check(partnership: Partnership, facts: dict[str, Any], *, changed: Collection[str]) -> None:
    """Each rule looks at what changed only: what was right when it was saved never stops a later correction elsewhere."""
    if not facts["title"].strip():
        raise DomainError("Enter what happened, in a few words.", field="title")
    for field, longest in LONGEST.items():
        if field in changed:
            _check_text(facts[field], field, longest)
    if "happened_on" in changed:
        _check_day(partnership, facts["happened_on"])
    if facts["minutes"] is not None and not 1 <= facts["minutes"] <= A_WEEK:
        raise DomainError("How long it took must be between 1 minute and 7 days.", field="minutes")
    if "next_step_on" in changed and facts["next_step_on"] is not None:
        if not facts["next_step"].strip():
            raise DomainError("Enter the next step, or remove its date.", field="next_step")
        if facts["next_step_on"] < facts["happened_on"]:
            raise DomainError(
                "The date of the next step must be on or after the day of the activity.", field="next_step_on"
            )
    _check_belonging(partnership, facts, changed)
    _check_own_kind(facts, changed)
    if facts["visibility"] == Visibility.BOARD and facts["board"] is None:
        raise DomainError("Choose the board whose people may see it.", field="board")


def _check_text(text: str, field: str, longest: int) -> None:
    if "\x00" in text:
        raise DomainError("Null characters are not allowed.", field=field)
    if len(text) > longest:
        raise DomainError(f"This must be {longest:,} characters or fewer. It has {len(text):,}.", field=field)


def _check_day(partnership: Partnership, day: date) -> None:
    if day > timezone.localdate():
        raise DomainError(
            "The date must be today or in the past. Put what is planned into next steps.", field="happened_on"
        )
    if day < partnership.started_on:
        raise DomainError(
            f"The partnership began on {formats.date_format(partnership.started_on)}. Check the year.",
            field="happened_on",
        )


def _check_belonging(partnership: Partnership, facts: dict[str, Any], changed: Collection[str]) -> None:
    for field in ("programme", "board", "own_kind"):
        if facts[field] is not None and facts[field].partnership_id != partnership.pk:
            raise DomainError(
                f"Choose a {WORDS.get(field, field)} of this partnership.", field=WORDS.get(field, field)
            )
    board, day = facts["board"], facts["happened_on"]
    if {"board", "happened_on"} & set(changed) and board and board.ended_on and board.ended_on < day:
        raise DomainError(
            f"{board} ended on {formats.date_format(board.ended_on)}, before this activity.", field="board"
        )
    if facts["place"] is not None and "place" in changed:
        check_places(partnership, [facts["place"]])


def _check_own_kind(facts: dict[str, Any], changed: Collection[str]) -> None:
    own = facts["own_kind"]
    if own is None or "own_kind" not in changed:
        return
    if facts["kind"] != ActivityKind.OTHER:
        raise DomainError("A kind of your own stands in place of “other”.", field="kind")
    if own.ended_on is not None and own.ended_on <= timezone.localdate():
        raise DomainError(f"“{own}” is no longer used. Choose another kind.", field="kind")


def check_audience(activity: Activity, by: Any) -> None:
    """Who may read it is for its authors to say, and what only a board reads goes to another only by them."""
    if not is_author(activity, by):
        raise DomainError("Only its authors can change which board sees it.", field="board")


def check_links(partnership: Partnership, links: dict[str, Collection[Any]]) -> None:
    check_organisations(partnership, links.get("organisations", ()))
    check_authors(partnership, links.get("authors", ()))
    for name in ("commitments", "themes"):
        if any(one.partnership_id != partnership.pk for one in links.get(name, ())):
            raise DomainError(f"Choose {name} of this partnership.", field=name)


def check_authors(partnership: Partnership, authors: Collection[Any]) -> None:
    wanted = {one.pk for one in authors}
    members = partnership.memberships.current().filter(person__in=wanted)
    if wanted and members.order_by().values("person").distinct().count() < len(wanted):
        raise DomainError("Choose authors who have a role in this partnership.", field="authors")


def check_places(partnership: Partnership, places: Collection[Place]) -> None:
    wanted = {place.pk for place in places}
    if wanted and places_of(partnership).filter(pk__in=wanted).count() < len(wanted):
        raise DomainError("Choose a place that the partnership covers.", field="place")


def check_organisations(partnership: Partnership, organisations: Collection[Organisation]) -> None:
    wanted = {one.pk for one in organisations}
    if wanted and organisations_of(partnership).filter(pk__in=wanted).count() < len(wanted):
        raise DomainError("Choose organisations of this partnership.", field="organisations")
