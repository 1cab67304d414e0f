"""The page of one outcome: what it means, how it goes, who shares it, and what should help it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from config.words import day_words
from outcomes.models import Outcome, OutcomeAdoption
from outcomes.queries import frameworks, outcomes
from outcomes.queries.adoptions import adoptions_of
from outcomes.queries.readings import Reading, main_place
from outcomes.queries.returns import organisations_of
from outcomes.renderers.readings import PROGRESS_WORDS, tile_note
from partnerships.renderers.commitments import commitment_row
from partnerships.renderers.rows import activity_row
from people.access import PartnershipView
from people.permissions import Permission

NEWEST = 8


class OutcomeView(PartnershipView):
    """What the pages of one outcome share."""

    permission = Permission.VIEW
    outcome: Outcome

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.outcome = get_object_or_404(Outcome, partnership=self.partnership, pk=kwargs["pk"])
            self.outcome.partnership = self.partnership

    def url(self, name: str, *args: Any) -> str:
        return reverse(name, args=[self.partnership.slug, *args])

    def get_success_url(self) -> str:
        return self.url("outcome-detail", self.outcome.pk)

    def own_organisations(self) -> set[int] | None:
        """For whom this person may say that an outcome is shared: None for any, a set for those that they are from."""
        if self.may(Permission.MANAGE_OUTCOMES):
            return None
        may_say = self.may(Permission.COMMIT)
        return organisations_of(self.partnership, self.request.user) if may_say else set()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [{"label": "Outcomes", "url": self.url("dashboard")}]
        if self.request.path != self.get_success_url():
            crumbs.append({"label": self.outcome.title, "url": self.get_success_url()})
        return super().get_context_data(**{"breadcrumbs": crumbs, **kwargs, "outcome": self.outcome})


class OutcomeDetail(OutcomeView, TemplateView):
    template_name = "outcomes/outcomes/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = self.own_organisations()
        return super().get_context_data(
            page_title=self.outcome.title,
            may_manage=self.may(Permission.MANAGE_OUTCOMES),
            may_adopt=own is None or bool(own),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            adoptions=[self.adoption(one, own) for one in adoptions_of(self.outcome)],
            links=[self.link(one) for one in frameworks.standings(self.outcome)],
            shared=frameworks.shared_words(self.outcome),
            **self.measures(),
            **self.helps(),
            **kwargs,
        )

    def measures(self) -> dict[str, Any]:
        slug, place = self.partnership.slug, main_place(self.partnership)
        found = outcomes.measures_of(self.outcome, place, as_of=timezone.now())
        return {
            "place": place,
            "has_measures": bool(found),
            "headline": [measure_row(one, slug) for one in found.headline],
            "secondary": [measure_row(one, slug) for one in found.secondary],
            "quadrants": [
                (quadrant.label if quadrant else "Other", [measure_row(one, slug) for one in rows])
                for quadrant, rows in found.quadrants
            ],
            "in_development": [
                {
                    "title": measure.name,
                    "url": self.url("measure", measure.slug),
                    "text": measure.definition,
                    "meta": f"{measure.owner.name} looks after it" if measure.owner else "",
                }
                for measure in found.in_development
            ],
        }

    def helps(self) -> dict[str, Any]:
        slug = self.partnership.slug
        found = outcomes.activities_of(self.partnership, self.outcome, self.request.user)
        promised = outcomes.commitments_of(self.partnership, self.outcome)
        return {
            "themes": [
                {
                    "text": f"{theme.name} ({theme.strategy.name})",
                    "url": self.url("strategy-detail", theme.strategy_id),
                }
                for theme in outcomes.themes_of(self.outcome)
            ],
            "programmes": [
                {"title": one.name, "url": self.url("programme-detail", one.pk), "text": how, "meta": ""}
                for one, how in outcomes.programmes_of(self.outcome)
            ],
            "commitments": [commitment_row(one, slug) for one in promised[:NEWEST]],
            "activities": [
                activity_row(one, slug, more=one.programme.name if one.programme else "")
                for one in found[:NEWEST]
            ],
        }

    def adoption(self, found: OutcomeAdoption, own: set[int] | None) -> dict[str, Any]:
        until = f" until {day_words(found.ended_on)}" if found.ended_on else ""
        may_change = own is None or found.organisation_id in own
        return {
            "who": found.organisation.name,
            "url": self.url("organisation-detail", found.organisation_id),
            "when": f"since {day_words(found.adopted_on)}"
            if not until
            else f"from {day_words(found.adopted_on)}{until}",
            "words": found.words,
            "where": found.where,
            "ended": bool(until),
            "edit_url": self.url("outcome-adoption-edit", found.pk) if may_change else "",
            "history_url": self.url("history", "outcome-adoption", found.pk)
            if self.may(Permission.VIEW_HISTORY)
            else "",
            "end_url": self.url("outcome-adoption-end", found.pk) if may_change and not until else "",
        }

    def link(self, standing: frameworks.Standing) -> dict[str, Any]:
        item, link = standing.item, standing.link
        return {
            "title": item.title,
            "code": item.code,
            "framework": str(item.framework),
            "framework_url": self.url("framework-detail", item.framework_id),
            "kind": "Adapted from"
            if link.is_copy and standing.is_adapted
            else "Copied from"
            if link.is_copy
            else "Stands for",
            "is_adapted": standing.is_adapted,
            "has_changed": standing.has_changed,
            "has_ended": standing.has_ended,
            "compare_url": self.url("outcome-compare", self.outcome.pk, link.pk),
        }


def measure_row(reading: Reading, slug: str) -> dict[str, Any]:
    """A measure with its newest figure, for a list."""
    latest, measure = reading.latest, reading.measure
    said = f"{latest.text}, {latest.period_label}" if latest else "No figure yet"
    about = [PROGRESS_WORDS[reading.judgement.progress] if latest else "", tile_note(reading)]
    return {
        "title": measure.name,
        "url": reverse("measure", args=[slug, measure.slug]),
        "text": f"{said}{' (provisional)' if latest and latest.provisional else ''}",
        "meta": ". ".join(part.rstrip(".") for part in about if part),
        "side": measure.programme.name if measure.programme_id else "",
    }
