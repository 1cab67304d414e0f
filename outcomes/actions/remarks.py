"""What people say of a measure: notes pinned to one of its points, and the discussion below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pgtrigger
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from outcomes.models import Group, Measure, Observation, Remark
from partnerships.errors import DomainError
from partnerships.models import NoticeKind, Place
from partnerships.tasks.telling import short, tell, untell

LONGEST = 3_000
TAKEN_BACK = "The author took this back."
REMOVED = "A manager removed this."


@dataclass(frozen=True, slots=True)
class Pin:
    """One point of a measure: a place's (or its group's) figure of one period."""

    place: Place
    period_start: date
    period_end: date
    group: Group | None = None


@transaction.atomic
def write_remark(
    *,
    measure: Measure,
    text: str,
    by: Any,
    pin: Pin | None = None,
    reply_to: Remark | None = None,
    written_at: datetime | None = None,
) -> Remark:
    """Say something of a measure, of one of its points, or in answer to what somebody said.

    An answer to an answer joins the same thread: there is one level. Raises DomainError for empty or too long text, a point
    without a figure, and an answer to what is of another measure or was taken back.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text or "\x00" in text:
        raise DomainError("Write what you want to say.", field="text")
    if len(text) > LONGEST:
        raise DomainError(
            f"This must be {LONGEST:,} characters or fewer. It has {len(text):,}.", field="text"
        )
    if reply_to is not None:
        reply_to = _thread(measure, reply_to)
        pin = None
    remark = Remark.objects.create(
        partnership_id=measure.partnership_id,
        measure=measure,
        text=text,
        author=by,
        reply_to=reply_to,
        written_at=written_at or timezone.now(),
        **(_pinned(measure, pin) if pin else {}),
    )
    _tell(remark, measure, by=by)
    return remark


def _tell(remark: Remark, measure: Measure, *, by: Any) -> None:
    """Whoever owns the measure, and whoever is answered."""
    shared = {
        "partnership": measure.partnership,
        "kind": NoticeKind.DISCUSSION,
        "occasion": f"remark {remark.pk}",
        "path": reverse("measure", args=[measure.partnership.slug, measure.slug]),
        "at": remark.written_at,
        "by": by,
    }
    name = short(measure.name)
    if remark.reply_to is not None:
        tell(**shared, sentence=f"An answer to what you said of “{name}”", people=[remark.reply_to.author_id])
    tell(**shared, sentence=f"New remark on “{name}”, which you look after", people=[measure.owner_id])


@transaction.atomic
def take_back_remark(*, remark: Remark, by: Any) -> Remark:
    """Take back one's own words. That something was said stays; answers to it stay. Twice changes nothing."""
    if remark.author_id != by.pk:
        raise DomainError("Only the person who wrote this can take it back.")
    return _withdraw(remark, TAKEN_BACK, by)


@transaction.atomic
def remove_remark(*, remark: Remark, by: Any) -> Remark:
    """Take out what should never have been written, such as a resident's name. Twice changes nothing."""
    return _withdraw(remark, REMOVED, by)


def _thread(measure: Measure, said: Remark) -> Remark:
    first = Remark.objects.select_for_update().get(pk=said.reply_to_id or said.pk)
    if first.measure_id != measure.pk:
        raise DomainError("That was said of another measure.")
    if first.withdrawn_at is not None:
        raise DomainError("What you want to answer was taken back.")
    return first


def _pinned(measure: Measure, pin: Pin) -> dict[str, Any]:
    """The point as it is called in the figures: what has none cannot be pinned to."""
    label = (
        Observation.objects.filter(
            measure=measure,
            place=pin.place,
            group=pin.group,
            period_start=pin.period_start,
            period_end=pin.period_end,
            superseded_at__isnull=True,
        )
        .values_list("period_label", flat=True)
        .first()
    )
    if label is None:
        raise DomainError("Choose a period that has a figure.", field="period")
    return {
        "place": pin.place,
        "group": pin.group,
        "period_start": pin.period_start,
        "period_end": pin.period_end,
        "period_label": label,
    }


def _withdraw(remark: Remark, words: str, by: Any) -> Remark:
    current = Remark.objects.select_for_update().get(pk=remark.pk)
    if current.withdrawn_at is None:
        current.text, current.withdrawn_at, current.withdrawn_by = words, timezone.now(), by
        current.save(update_fields=["text", "withdrawn_at", "withdrawn_by"])
        untell(partnership_id=current.partnership_id, about=f"remark {current.pk}")
        _forget(current.pk, words)
    return current


def _forget(pk: int, words: str) -> None:
    """History is only ever added to, but for this: what should not have been written is not kept in it either."""
    events = Remark.pgh_event_model
    with pgtrigger.ignore(f"{events._meta.label}:append_only"):
        events.objects.filter(pgh_obj_id=pk).exclude(text=words).update(text=words)
