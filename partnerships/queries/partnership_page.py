"""What a partnership says of itself: rules, stories, strategies, who takes part in which role."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from partnerships.models import (
    Decision,
    OrganisationRole,
    Partnership,
    PartnershipOrganisation,
    Programme,
    SimpleRule,
    StoryVersion,
    Strategy,
    StrategyTheme,
)
from partnerships.queries.activities import visible


def rules_of(partnership: Partnership) -> QuerySet[SimpleRule]:
    """In their order, each with how many decisions cite it (`cited`)."""
    found = SimpleRule.objects.filter(partnership=partnership)
    return found.annotate(cited=Count("decisions")).order_by("position", "pk")


def rules_that_hold(partnership: Partnership, on: date | None = None) -> QuerySet[SimpleRule]:
    on = on or timezone.localdate()
    return rules_of(partnership).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def decisions_citing(rule: SimpleRule) -> list[Decision]:
    return list(rule.decisions.select_related("meeting__board").order_by("-meeting__held_on", "pk"))


def stories_of(partnership: Partnership) -> list[StoryVersion]:
    """Every telling, the newest first, with the people who told it."""
    return list(StoryVersion.objects.filter(partnership=partnership).prefetch_related("contributors"))


def strategies_of(partnership: Partnership) -> list[Strategy]:
    """With their themes, each with the number of programmes that align to it (`programme_count`)."""
    themes = StrategyTheme.objects.annotate(programme_count=Count("programmes")).order_by("position", "pk")
    found = Strategy.objects.filter(partnership=partnership).select_related("organisation")
    return list(found.prefetch_related(Prefetch("themes", queryset=themes)))


def programmes_by_theme(strategy: Strategy) -> dict[int, list[Programme]]:
    links = Programme.themes.through.objects.filter(strategytheme__strategy=strategy)
    found: dict[int, list[Programme]] = {}
    for link in links.select_related("programme").order_by("programme__name"):
        found.setdefault(link.strategytheme_id, []).append(link.programme)
    return found


def activity_counts_by_theme(strategy: Strategy, person: Any) -> dict[int, int]:
    """Of the activities that this person may see."""
    activities = visible(strategy.partnership, person).filter(themes__strategy=strategy)
    return dict(activities.order_by().values_list("themes").annotate(n=Count("pk")))


def partners_by_role(partnership: Partnership) -> list[tuple[str, list[PartnershipOrganisation]]]:
    """Who plays which part today, in the order in which the parts are named."""
    today = timezone.localdate()
    current = PartnershipOrganisation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), partnership=partnership, starts_on__lte=today
    ).select_related("organisation")
    found: dict[str, list[PartnershipOrganisation]] = {}
    for part in current.order_by("organisation__name"):
        found.setdefault(part.role, []).append(part)
    return [(role.label, found[role]) for role in OrganisationRole if role in found]
