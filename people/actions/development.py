"""Training and leadership programmes: who took part, who became a champion, and what they then influenced."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Organisation, Partnership, Programme
from partnerships.queries.activities import organisations_of
from people.actions.voices import check_text
from people.models import Attended, Cohort, CohortPlace, Course, Evidence, Influenced, Person
from people.queries.known import is_known

COURSE_TAKEN = "There is already training of this name."
COHORT_TAKEN = "This training has a cohort of this name already."


@transaction.atomic
def add_course(
    *,
    partnership: Partnership,
    name: str,
    purpose: str = "",
    provider: Organisation | None = None,
    programme: Programme | None = None,
    by: Any,
) -> Course:
    """Name training or a leadership programme."""
    facts = {"name": name, "purpose": purpose, "provider": provider, "programme": programme}
    facts = _course_facts(partnership, facts, changed=set(facts))
    try:
        with transaction.atomic():
            return Course.objects.create(partnership=partnership, created_by=by, **facts)
    except IntegrityError:
        raise DomainError(COURSE_TAKEN, field="name") from None


@transaction.atomic
def edit_course(*, course: Course, expected_version: int, by: Any, **changes: Any) -> Course:
    facts = {name: getattr(course, name) for name in ("name", "purpose", "provider", "programme")} | changes
    changed = {name for name in changes if changes[name] != getattr(course, name)}
    changes = _course_facts(course.partnership, facts, changed=changed)
    try:
        with transaction.atomic():
            return save_edit(course, expected_version=expected_version, changes=changes)
    except IntegrityError:
        raise DomainError(COURSE_TAKEN, field="name") from None


@transaction.atomic
def add_cohort(*, course: Course, name: str, starts_on: date, ends_on: date | None = None, by: Any) -> Cohort:
    """One run of a course; it may lie ahead."""
    facts = _cohort_facts({"name": name, "starts_on": starts_on, "ends_on": ends_on})
    try:
        with transaction.atomic():
            return Cohort.objects.create(
                partnership_id=course.partnership_id, course=course, created_by=by, **facts
            )
    except IntegrityError:
        raise DomainError(COHORT_TAKEN, field="name") from None


@transaction.atomic
def edit_cohort(*, cohort: Cohort, expected_version: int, by: Any, **changes: Any) -> Cohort:
    facts = {name: getattr(cohort, name) for name in ("name", "starts_on", "ends_on")} | changes
    try:
        with transaction.atomic():
            return save_edit(cohort, expected_version=expected_version, changes=_cohort_facts(facts))
    except IntegrityError:
        raise DomainError(COHORT_TAKEN, field="name") from None


@transaction.atomic
def give_places(*, cohort: Cohort, people: Collection[Person], by: Any) -> list[CohortPlace]:
    """Put people into a cohort. Who has a place in it keeps it: giving it twice changes nothing."""
    for person in people:
        if person.is_system or not is_known(person, cohort.partnership):
            raise DomainError("Choose people of this partnership.", field="people")
    # Two who add people at once take turns at the cohort.
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    have = set(cohort.places.filter(person__in=people).values_list("person", flat=True))
    return CohortPlace.objects.bulk_create(
        [
            CohortPlace(partnership_id=cohort.partnership_id, cohort=cohort, person=person, created_by=by)
            for person in people
            if person.pk not in have
        ]
    )


@transaction.atomic
def note_attendance(
    *,
    place: CohortPlace,
    expected_version: int,
    attended: Attended | str,
    champion_since: date | None = None,
    champion_of: str = "",
    by: Any,
) -> CohortPlace:
    """How somebody took part, and since when and of what they are a champion."""
    if attended not in Attended.values:
        raise DomainError("Choose how they took part.", field="attended")
    champion_of = " ".join(champion_of.split())
    check_text(champion_of, "champion_of", 150)
    today = timezone.localdate()
    if attended == Attended.COMPLETED and place.cohort.starts_on > today:
        raise DomainError("The cohort has not begun yet.", field="attended")
    if champion_since and champion_since > today:
        raise DomainError("The day must be today or in the past.", field="champion_since")
    if champion_of and not champion_since:
        raise DomainError("Enter since when they are a champion.", field="champion_since")
    changes = {"attended": attended, "champion_since": champion_since, "champion_of": champion_of}
    return save_edit(place, expected_version=expected_version, changes=changes)


@transaction.atomic
def note_influence(*, place: CohortPlace, by: Any, **facts: Any) -> Influenced:
    """What somebody set in motion after the training: an activity, a message or a decision, and what shows it."""
    facts = _influence_facts(place, facts, changed=set(facts))
    return Influenced.objects.create(partnership_id=place.partnership_id, place=place, created_by=by, **facts)


@transaction.atomic
def edit_influence(*, influenced: Influenced, expected_version: int, by: Any, **changes: Any) -> Influenced:
    names = ("what", "activity", "message", "decision", "happened_on", "evidence", "evidence_note")
    facts = {name: getattr(influenced, name) for name in names} | changes
    changed = {name for name in changes if changes[name] != getattr(influenced, name)}
    facts = _influence_facts(influenced.place, facts, changed=changed)
    return save_edit(influenced, expected_version=expected_version, changes=facts)


def _course_facts(partnership: Partnership, facts: dict[str, Any], *, changed: set[str]) -> dict[str, Any]:
    facts = facts | {"name": " ".join(facts["name"].split()), "purpose": facts["purpose"].strip()}
    if not facts["name"]:
        raise DomainError("Enter a name.", field="name")
    check_text(facts["name"], "name", 150)
    check_text(facts["purpose"], "purpose", 2_000)
    provider, programme = facts["provider"], facts["programme"]
    if (
        provider is not None
        and "provider" in changed
        and not organisations_of(partnership).filter(pk=provider.pk).exists()
    ):
        raise DomainError("Choose an organisation of this partnership.", field="provider")
    if programme is not None and programme.partnership_id != partnership.pk:
        raise DomainError("Choose a programme of this partnership.", field="programme")
    return facts


def _cohort_facts(facts: dict[str, Any]) -> dict[str, Any]:
    facts = facts | {"name": " ".join(facts["name"].split())}
    if not facts["name"]:
        raise DomainError("Enter a name, such as spring 2026.", field="name")
    check_text(facts["name"], "name", 100)
    if facts["ends_on"] and facts["ends_on"] < facts["starts_on"]:
        raise DomainError("The last day must be on or after the first.", field="ends_on")
    return facts


def _influence_facts(place: CohortPlace, facts: dict[str, Any], *, changed: set[str]) -> dict[str, Any]:
    facts = {"activity": None, "message": None, "decision": None, "evidence": Evidence.UNTESTED} | facts
    facts["what"] = " ".join(facts["what"].split())
    facts["evidence_note"] = facts.get("evidence_note", "").strip()
    if not facts["what"]:
        raise DomainError("Enter what they set in motion.", field="what")
    check_text(facts["what"], "what", 300)
    check_text(facts["evidence_note"], "evidence_note", 2_000)
    if facts["evidence"] not in Evidence.values:
        raise DomainError("Choose how strong the evidence is.", field="evidence")
    if facts["happened_on"] > timezone.localdate():
        raise DomainError("The day must be today or in the past.", field="happened_on")
    if facts["happened_on"] < place.cohort.starts_on:
        raise DomainError(
            "That was before the training began, so the training did not lead to it.", field="happened_on"
        )
    links = ("activity", "message", "decision")
    for field in links:
        record = facts[field]
        if record is not None and record.partnership_id != place.partnership_id:
            raise DomainError(f"Choose a {field} of this partnership.", field=field)
    if facts["evidence"] == Evidence.STRONG and not (
        facts["evidence_note"] or any(facts[field] for field in links)
    ):
        raise DomainError(
            "Strong evidence needs something to show: link a record, or say what shows it.",
            field="evidence_note",
        )
    return facts
