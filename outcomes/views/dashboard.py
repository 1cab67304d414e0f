"""The outcome dashboard."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from outcomes.forms.dashboard import AsOfForm
from outcomes.queries import dashboard as queries
from outcomes.queries.readings import Reading
from outcomes.renderers.readings import tile
from people.access import PartnershipView
from people.permissions import Permission


class Dashboard(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "outcomes/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = AsOfForm(self.request.GET or None)
        day = form.cleaned_data.get("as_of") if form.is_bound and form.is_valid() else None
        as_of = queries.moment(day)
        found = queries.dashboard(self.partnership, as_of=as_of, viewer=self.request.user)
        context = super().get_context_data(
            page_title="Outcomes",
            as_of=as_of,
            is_today=day is None or day >= timezone.localdate(),
            as_of_form=form,
            found=found,
            may_manage=self.may(Permission.MANAGE_OUTCOMES),
            may_import=self.may(Permission.IMPORT_FIGURES),
            **kwargs,
        )
        if found is not None:
            context |= self._shown(found)
        return context

    def _shown(self, found: queries.Dashboard) -> dict[str, Any]:
        tiles = {reading.measure.pk: tile(reading, self.partnership.slug) for reading in found.readings}

        def of(readings: tuple[Reading, ...]) -> list[dict[str, Any]]:
            return [tiles[reading.measure.pk] for reading in readings]

        return {
            "summary": [
                ("better", "Got better", of(found.better)),
                ("worse", "Got worse", of(found.worse)),
                ("cannot_tell", "Cannot tell yet", of(found.cannot_tell)),
                ("missing", "Missing or late", of(found.late)),
            ],
            "no_change": of(found.no_change),
            "outcomes": [
                {
                    "outcome": entry.outcome,
                    "indicators": of(entry.indicators),
                    "performance": of(entry.performance),
                    "recent_activities": entry.recent_activities,
                }
                for entry in found.outcomes
            ],
        }
