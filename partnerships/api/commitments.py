"""Commitments, with the organisations that made them and without the people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from outcomes.queries.commitments import outcomes_of
from partnerships.models import (
    Board,
    Commitment,
    CommitmentStatus,
    Partnership,
    Programme,
    Verdict,
    Visibility,
)
from partnerships.queries.commitments import ALL, CommitmentFilters, find, is_overdue, visible
from people.partner_access.endpoints import (
    IdField,
    ListEndpoint,
    PageParameters,
    PartnerEndpoint,
    SinceField,
    behind,
    named,
)
from people.partner_access.schema import COMMITMENT, described, example, listed
from people.permissions import Scope
from people.queries.names import names_in
from reports.renderers.partner_csv import CsvRenderer

EXAMPLE = {
    "id": "87",
    "what": "Ask the leisure trust for an indoor route",
    "detail": "",
    "status": "kept",
    "is_owned": True,
    "is_overdue": False,
    "organisation_id": "8",
    "organisation": "Exampleborough Leisure Trust",
    "due_on": "2026-12-01",
    "made_on": "2026-11-12",
    "closed_on": "2026-11-29",
    "reason": "The trust offers the sports hall on two mornings.",
    "changed_into_id": None,
    "verdict": "adequate",
    "verified_on": "2026-12-03",
    "verification": "",
    "board_id": "3",
    "board": "Active Lives Board",
    "meeting_on": "2026-11-12",
    "decision": None,
    "programme_id": None,
    "programme": None,
    "activity_id": None,
    "outcomes": [{"id": "3", "title": "More people are active"}],
    "created_at": "2026-11-12T16:20:00Z",
    "updated_at": "2026-12-03T08:45:00Z",
}


class HelpedOutcome(serializers.Serializer):
    id = serializers.CharField()
    title = serializers.CharField()


class CommitmentItem(serializers.Serializer):
    """Something that somebody promised. Names of people are left out, and taken out of its texts."""

    id = serializers.CharField(help_text="Stays the same for ever.")
    what = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(CommitmentStatus.choices)
    is_owned = serializers.BooleanField(help_text="Whether somebody has taken it on.")
    is_overdue = serializers.BooleanField(help_text="Open, and its due date has passed today.")
    organisation_id = serializers.CharField(allow_null=True)
    organisation = serializers.CharField(allow_null=True, help_text="For which its owner promised it.")
    due_on = serializers.DateField(allow_null=True)
    made_on = serializers.DateField()
    closed_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(
        allow_blank=True, help_text="What was done, why it changed or was let go, or why it is open again."
    )
    changed_into_id = serializers.CharField(allow_null=True, help_text="The commitment that took its place.")
    verdict = serializers.ChoiceField(
        Verdict.choices, allow_null=True, help_text="What somebody else found; null where nobody has looked."
    )
    verified_on = serializers.DateField(allow_null=True)
    verification = serializers.CharField(allow_blank=True)
    board_id = serializers.CharField(allow_null=True)
    board = serializers.CharField(allow_null=True)
    meeting_on = serializers.DateField(
        allow_null=True, help_text="The day of the meeting that it was made at."
    )
    decision = serializers.CharField(allow_null=True, help_text="The decision that it follows from.")
    programme_id = serializers.CharField(allow_null=True)
    programme = serializers.CharField(allow_null=True)
    activity_id = serializers.CharField(
        allow_null=True, help_text="The activity that it came from, where everyone can see that."
    )
    outcomes = HelpedOutcome(
        many=True, help_text="Outcomes that it should help: a contribution, never a cause."
    )
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class CommitmentParameters(PageParameters):
    status = serializers.ChoiceField(CommitmentStatus.choices, required=False)
    board = IdField(help_text="The `board_id` of a board of this partnership.")
    programme = IdField(help_text="The `programme_id` of a programme of this partnership.")
    overdue = serializers.BooleanField(required=False, help_text="`true`: only open ones that are overdue.")
    unowned = serializers.BooleanField(
        required=False, help_text="`true`: only open ones that nobody has taken on."
    )
    due_from = serializers.DateField(required=False, help_text="The first day on which it is due.")
    due_to = serializers.DateField(required=False, help_text="The last day on which it is due.")
    changed_since = SinceField("made or changed")


def shared(partnership: Partnership) -> QuerySet[Commitment]:
    return visible(partnership).select_related(
        "owner_organisation", "board", "programme", "meeting", "decision", "activity"
    )


def items(partnership: Partnership, commitments: Iterable[Commitment]) -> list[dict[str, Any]]:
    commitments = list(commitments)
    outcomes, names = outcomes_of(commitments), names_in(partnership)
    return [
        {
            "id": str(one.pk),
            "what": names.removed_from(one.what),
            "detail": names.removed_from(one.detail),
            "status": one.status,
            "is_owned": one.owner_id is not None,
            "is_overdue": is_overdue(one),
            **reference("organisation", one.owner_organisation),
            "due_on": one.due_on,
            "made_on": timezone.localdate(one.created_at),
            "closed_on": one.closed_on,
            "reason": names.removed_from(one.reason),
            "changed_into_id": str(one.changed_into_id) if one.changed_into_id else None,
            "verdict": one.verdict or None,
            "verified_on": one.verified_on,
            "verification": names.removed_from(one.verification),
            **reference("board", one.board),
            "meeting_on": one.meeting.held_on if one.meeting else None,
            "decision": names.removed_from(one.decision.what) if one.decision else None,
            **reference("programme", one.programme),
            "activity_id": shared_activity(one),
            "outcomes": [{"id": str(o.pk), "title": o.title} for o in outcomes.get(one.pk, ())],
            "created_at": one.created_at,
            "updated_at": one.updated_at,
        }
        for one in commitments
    ]


def reference(name: str, record: Any) -> dict[str, Any]:
    return {f"{name}_id": str(record.pk) if record else None, name: record.name if record else None}


def shared_activity(commitment: Commitment) -> str | None:
    activity = commitment.activity
    is_shared = activity is not None and activity.visibility == Visibility.PARTNERSHIP
    return str(activity.pk) if is_shared else None


@described(
    tags=[COMMITMENT],
    operation_id="list_commitments",
    summary="List commitments",
    **listed(CommitmentItem, EXAMPLE),
)
class Commitments(ListEndpoint):
    """The partnership's commitments, open and closed, in the order in which they were written down."""

    scope = Scope.COMMITMENTS
    parameters = CommitmentParameters
    renderer_classes: ClassVar = [JSONRenderer, CsvRenderer]
    item = CommitmentItem

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        asked, ours = self.asked, {"partnership": self.partnership}
        board, programme = (
            named(name, model.objects.filter(**ours), pk=asked[name]) if name in asked else None
            for name, model in (("board", Board), ("programme", Programme))
        )
        filters = CommitmentFilters(
            status=asked.get("status", ALL),
            board=board,
            programme=programme,
            due_from=asked.get("due_from"),
            due_until=asked.get("due_to"),
            is_overdue=asked.get("overdue", False),
            is_unowned=asked.get("unowned", False),
        )
        found = find(shared(self.partnership), filters)
        if "changed_since" in asked:
            found = found.filter(updated_at__gte=asked["changed_since"])
        return items(self.partnership, behind(found, after, limit))


@described(
    tags=[COMMITMENT],
    operation_id="get_commitment",
    summary="Read one commitment",
    responses={200: CommitmentItem},
    examples=example(EXAMPLE),
)
class OneCommitment(PartnerEndpoint):
    """One commitment of the partnership."""

    scope = Scope.COMMITMENTS

    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        return Response(items(self.partnership, [get_object_or_404(shared(self.partnership), pk=pk)])[0])
