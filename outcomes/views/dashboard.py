"""The outcome dashboard: on a screen, on paper, and in the meeting room."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.generic import TemplateView

from outcomes.forms.dashboard import AsOfForm, Choices, NarrowForm, choices_of
from outcomes.queries import dashboard as queries
from outcomes.queries.narrowing import NOTHING_CHOSEN, surroundings
from outcomes.renderers.dashboard import Shown, screens, showing
from outcomes.renderers.fragments import fragment
from people.access import PartnershipView
from people.permissions import Permission

NAMES = (
    "place",
    "group",
    "until",
    "outcome",
    "kind",
    "whose",
    "headline",
    "as_of",
    "as_of_day",
    "as_of_month",
    "as_of_year",
)


class DashboardView(PartnershipView, TemplateView):
    """What the dashboard's pages share: what the address asks for, and what is found."""

    permission = Permission.VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sent = tuple((name, self.request.GET[name]) for name in NAMES if self.request.GET.get(name))
        day = _day(sent)
        as_of, viewer = queries.moment(day), self.request.user
        around = surroundings(self.partnership, as_of=as_of, viewer=viewer)
        choices = choices_of(around, timezone.localdate())
        form = NarrowForm(QueryDict(urlencode(sent)), choices) if sent else None
        chosen = form.chosen(around) if form else NOTHING_CHOSEN
        found = queries.dashboard(self.partnership, as_of=as_of, viewer=viewer, chosen=chosen, around=around)
        may_manage = self.may(Permission.MANAGE_OUTCOMES)
        context = super().get_context_data(
            found=found, may_manage=may_manage, query=urlencode(sent), is_narrowed=bool(sent), **kwargs
        )
        is_wrong = form is not None and bool(form.errors)
        if is_wrong:
            context["form"] = form
        if found is None:
            return context
        query = urlencode({"as_of": day.isoformat()}) if day and day < timezone.localdate() else ""
        is_main = found.place == around.main
        return context | {
            "shown": Shown(found, self.partnership.slug, may_manage=may_manage, query=query, is_main=is_main),
            "showing": showing(chosen, found, day=day, now=timezone.now()),
            "filters": "" if is_wrong else _filters(sent, choices),
        }


def _day(sent: tuple[tuple[str, str], ...]) -> date | None:
    """The day in the address, which must be known before what can be chosen on it; None for today and for a wrong one."""
    if not sent:
        return None
    form = AsOfForm(QueryDict(urlencode(sent)))
    form.full_clean()
    return form.cleaned_data.get("as_of")


@lru_cache(maxsize=64)
def _filters(sent: tuple[tuple[str, str], ...], choices: Choices) -> SafeString:
    """The form of filters. It follows from what was sent and what can be chosen, so the same form is drawn once."""
    return NarrowForm(QueryDict(urlencode(sent)) if sent else None, choices).render()


class Dashboard(DashboardView):
    """One screen that a chair reads in two minutes, then every outcome."""

    template_name = "outcomes/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            page_title="Outcomes", may_import=self.may(Permission.IMPORT_FIGURES), **kwargs
        )
        slug, query = self.partnership.slug, context["query"]
        context["clear_url"] = reverse("dashboard", args=[slug])
        context["present_url"] = reverse("dashboard-present", args=[slug]) + (f"?{query}" if query else "")
        shown = context.get("shown")
        if shown is None:
            return context
        return context | {
            "glance": fragment("outcomes/_glance.html", shown.glance()),
            "outcomes": [fragment("outcomes/_outcome.html", one) for one in shown.outcomes()],
        }


class Present(DashboardView):
    """The dashboard for the meeting room: large, one outcome at a time."""

    template_name = "outcomes/present.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(page_title="Outcomes, for the meeting room", **kwargs)
        shown, query = context.get("shown"), context["query"]
        context["exit_url"] = reverse("dashboard", args=[self.partnership.slug]) + (
            f"?{query}" if query else ""
        )
        if shown is None:
            return context
        pages = screens(shown.outcomes())
        return context | {"glance": shown.glance(), "screens": pages, "last": len(pages) + 1}
