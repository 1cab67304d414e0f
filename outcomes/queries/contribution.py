"""How what partners do should lead to an outcome, as one person may see it. Nothing here is added up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from outcomes.models import (
    Contribution,
    ContributionEvidence,
    OtherExplanation,
    Outcome,
    SteppingStone,
    StoneLook,
)
from partnerships.models import Activity, Partnership
from partnerships.queries.activities import visible
from partnerships.queries.documents import documents_in

UNLINKED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Stone:
    """A stepping stone with all that this person may see of it. `steps` is how many steps it is from the outcome, 1 at least."""

    stone: SteppingStone
    steps: int
    before: tuple[Stone, ...]
    helps: tuple[Contribution, ...]
    evidence: tuple[ContributionEvidence, ...]
    explanations: tuple[OtherExplanation, ...]
    looks: tuple[StoneLook, ...]

    def with_all_before(self) -> Iterable[Stone]:
        """What leads here first, then this one: the order in which the way is walked."""
        for one in self.before:
            yield from one.with_all_before()
        yield self


@dataclass(frozen=True, slots=True)
class ContributionMap:
    """`last` are the stones that lead to the outcome itself. `unlinked` are activities for this outcome on no stone."""

    outcome: Outcome
    last: tuple[Stone, ...]
    explanations: tuple[OtherExplanation, ...]
    unlinked: tuple[Activity, ...]
    unlinked_count: int

    @property
    def stones(self) -> tuple[Stone, ...]:
        """Each stone once, in the order in which the way is walked."""
        return tuple(one for last in self.last for one in last.with_all_before())


def leads_in_a_circle(stone: SteppingStone, leads_to: SteppingStone) -> bool:
    """Whether the stone would lead back to itself if it led there."""
    after = dict(SteppingStone.objects.filter(outcome=stone.outcome_id).values_list("pk", "leads_to"))
    at: int | None = leads_to.pk
    while at is not None:
        if at == stone.pk:
            return True
        at = after.pop(at, None)
    return False


def contribution_map(outcome: Outcome, partnership: Partnership, *, viewer: Any) -> ContributionMap:
    """The whole map in nine queries. What hangs on an activity or a file that the viewer may not see leaves no trace of it."""
    stones = list(SteppingStone.objects.filter(outcome=outcome))
    by_pk = {stone.pk: stone for stone in stones}
    for stone in stones:
        stone.leads_to = by_pk.get(stone.leads_to_id)
    helps = _by_stone(
        Contribution.objects.filter(stone__outcome=outcome).select_related(
            "activity", "commitment", "programme"
        )
    )
    evidence = _by_stone(
        ContributionEvidence.objects.filter(stone__outcome=outcome).select_related(
            "activity", "document", "measure", "created_by"
        )
    )
    linked = {one.activity_id for one in _all(helps) + _all(evidence) if one.activity_id}
    files = {one.document_id for one in _all(evidence) if one.document_id}
    seen = set(visible(partnership, viewer).filter(pk__in=linked).values_list("pk", flat=True))
    readable = set(documents_in(partnership, viewer).filter(pk__in=files).values_list("pk", flat=True))
    for one in _all(evidence):
        _hide(one, seen, readable)
    explanations = list(OtherExplanation.objects.filter(outcome=outcome).select_related("created_by"))
    looks = _by_stone(StoneLook.objects.filter(stone__outcome=outcome).select_related("by"))
    below: dict[int | None, list[SteppingStone]] = {}
    for stone in stones:
        below.setdefault(stone.leads_to_id, []).append(stone)

    def read(stone: SteppingStone, steps: int) -> Stone:
        shown = [one for one in helps.get(stone.pk, ()) if not one.activity_id or one.activity_id in seen]
        return Stone(
            stone,
            steps,
            before=tuple(read(one, steps + 1) for one in below.get(stone.pk, ())),
            helps=tuple(shown),
            evidence=tuple(evidence.get(stone.pk, ())),
            explanations=tuple(one for one in explanations if one.stone_id == stone.pk),
            looks=tuple(looks.get(stone.pk, ())),
        )

    unlinked = (
        visible(partnership, viewer)
        .filter(outcome_links__outcome=outcome)
        .exclude(pk__in=Contribution.objects.filter(stone__outcome=outcome, activity__isnull=False).values("activity"))
    )  # fmt: skip
    return ContributionMap(
        outcome,
        last=tuple(read(stone, 1) for stone in below.get(None, ())),
        explanations=tuple(one for one in explanations if one.stone_id is None),
        unlinked=tuple(unlinked[:UNLINKED_SHOWN]),
        unlinked_count=unlinked.count(),
    )


def _by_stone(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.stone_id, []).append(row)
    return found


def _all(found: dict[int, list[Any]]) -> list[Any]:
    return [row for rows in found.values() for row in rows]


def _hide(one: ContributionEvidence, seen: set[int], readable: set[int]) -> None:
    """Take away from what is about to be shown what this person may not open. Nothing is saved."""
    if one.activity_id and one.activity_id not in seen:
        one.activity = None
    if one.document_id and one.document_id not in readable:
        one.document = None
