"""Commitments with the outcomes that they should help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from outcomes.models import CommitmentOutcome, Outcome
from partnerships.models import Activity, Commitment, CommitmentStatus, Verdict

TABLE_COLUMNS = (
    "Number",
    "Commitment",
    "Details",
    "Status",
    "Overdue",
    "Owner",
    "Owner’s organisation",
    "Accountable",
    "Who can make it happen",
    "Due",
    "Board",
    "Meeting on",
    "Decision",
    "Programme",
    "Activity it came from",
    "Outcomes it should help",
    "Made on",
    "Closed on",
    "Closed by",
    "What was done, or why",
    "Changed into number",
    "Verified as",
    "Verified by",
    "Verified on",
    "What the verifier saw",
)


def helping(commitments: QuerySet[Commitment], outcome: Outcome) -> QuerySet[Commitment]:
    """Those of the commitments that should help the outcome."""
    return commitments.filter(pk__in=CommitmentOutcome.objects.filter(outcome=outcome).values("commitment"))


def outcomes_of(commitments: Iterable[Commitment]) -> dict[int, list[Outcome]]:
    """The outcomes that each of the commitments should help, by the commitment's id."""
    links = CommitmentOutcome.objects.filter(commitment__in=[commitment.pk for commitment in commitments])
    found: dict[int, list[Outcome]] = defaultdict(list)
    for link in links.select_related("outcome").order_by("outcome__position", "outcome__title"):
        found[link.commitment_id].append(link.outcome)
    return found


def table(
    commitments: QuerySet[Commitment], *, seen: QuerySet[Activity], today: date | None = None
) -> Iterator[tuple[Any, ...]]:
    """A row for each commitment under TABLE_COLUMNS, in their order, read as it is used.

    `seen` are the activities that the reader may see: no other's title is told.
    """
    today = today or timezone.localdate()
    links = CommitmentOutcome.objects.filter(commitment=OuterRef("pk")).order_by("outcome__title")
    rows = commitments.annotate(
        helped=ArraySubquery(links.values("outcome__title")),
        activity_title=Subquery(seen.order_by().filter(pk=OuterRef("activity")).values("title")[:1]),
    ).select_related(None)
    names = ("owner__name", "owner_organisation__name", "accountable__name", "enabler__name")
    origins = ("board__name", "meeting__held_on", "decision__what", "programme__name", "activity_title")
    closing = ("closed_on", "closed_by__name", "reason", "changed_into_id")
    checking = ("verdict", "verified_by__name", "verified_on", "verification")
    statuses, verdicts = dict(CommitmentStatus.choices), dict(Verdict.choices)
    fields = ("pk", "what", "detail", "status", *names, "due_on", *origins, "helped", "created_at")
    for row in rows.values(*fields, *closing, *checking).iterator(chunk_size=2000):
        is_late = row["status"] == CommitmentStatus.OPEN and row["due_on"] and row["due_on"] < today
        yield (
            row["pk"],
            row["what"],
            row["detail"],
            statuses[row["status"]],
            bool(is_late),
            *(row[name] for name in names),
            row["due_on"],
            *(row[name] for name in origins),
            "; ".join(row["helped"]),
            timezone.localdate(row["created_at"]),
            *(row[name] for name in closing),
            verdicts.get(row["verdict"], ""),
            *(row[name] for name in checking[1:]),
        )
