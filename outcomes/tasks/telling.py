"""Telling whoever owns a measure that figures came, and whether it got worse by them."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from outcomes.models import Measure
from outcomes.queries.beside import protected
from outcomes.queries.readings import main_place, readings_for
from outcomes.statistics.judgement import Progress
from partnerships.models import NoticeKind
from partnerships.tasks.telling import short, tell


def figures_came(measure: Measure, *, by: Any) -> None:
    """Say so once these figures are certain. Nothing is asked where nobody owns the measure, or the owner brought them."""
    if measure.owner_id is not None and measure.owner_id != getattr(by, "pk", by):
        transaction.on_commit(lambda: tell_of_figures.delay(measure.pk), robust=True)


@shared_task(name="outcomes.tasks.tell_of_figures")
def tell_of_figures(measure_id: int) -> None:
    """One notice a day for a measure, whatever number of figures came that day; run twice, it says it once."""
    measure = Measure.objects.select_related("partnership", "programme").filter(pk=measure_id).first()
    place = main_place(measure.partnership) if measure is not None else None
    if measure is None or place is None:
        return
    now = timezone.now()
    (reading,) = protected(readings_for([measure], place, as_of=now).values(), as_of=now)
    worse = ". It is getting worse" if reading.judgement.progress == Progress.WORSE else ""
    tell(
        partnership=measure.partnership,
        kind=NoticeKind.MEASURE,
        occasion=f"measure {measure.pk} figures {timezone.localdate()}",
        sentence=f"New figures of “{short(measure.name)}”{worse}",
        path=reverse("measure", args=[measure.partnership.slug, measure.slug]),
        people=[measure.owner_id],
    )
