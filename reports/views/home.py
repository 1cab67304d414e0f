"""Where people land: their partnerships, and the home page of one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.generic import TemplateView

from config.words import day_words
from learning.models import LearningEntry
from outcomes.queries.dashboard import dashboard, moment
from outcomes.renderers.dashboard import in_short
from partnerships.models import Partnership
from partnerships.renderers.rows import activity_row
from people.access import SignedInView
from people.permissions import Permission
from people.queries.voices import unanswered_for_person
from people.renderers.voices import message_row
from reports.queries import home as queries
from reports.views.waiting import WaitingPage, meeting_row, urgent

SHOWN = 8


class Start(SignedInView):
    """The front door: straight into the only partnership, or a choice of several."""

    def get(self, request: HttpRequest) -> HttpResponse:
        mine = list(Partnership.objects.visible_to(request.user))
        if len(mine) == 1 and "all" not in request.GET:
            return redirect("home", partnership=mine[0].slug)
        return render(
            request, "reports/start.html", {"partnerships": mine, "page_title": "Your partnerships"}
        )


class Home(WaitingPage, TemplateView):
    """What is waiting for you, then what is new. A seat holder from elsewhere sees their boards."""

    template_name = "reports/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, partnership = self.request.user, self.partnership
        context = super().get_context_data(
            page_title=partnership.name,
            seats=queries.seats_of(person, partnership),
            may_view=self.may(Permission.VIEW),
            may_log=self.may(Permission.LOG_ACTIVITY),
            may_write_learning=self.may(Permission.WRITE_LEARNING),
            today=timezone.localdate(),
            meetings=[
                meeting_row(one, partnership.slug) for one in queries.next_meetings(person, partnership)
            ],
            **kwargs,
        )
        if not context["may_view"]:
            return context
        return context | self.shown(context["today"])

    def shown(self, today: date) -> dict[str, Any]:
        """What a member of the partnership sees."""
        person, partnership, slug = self.request.user, self.partnership, self.partnership.slug
        promises = queries.promises_for(person, partnership)
        found = dashboard(partnership, as_of=moment(None), viewer=person)
        waiting = self.waiting(promises, today)
        return {
            "urgent": urgent(promises, slug, may_commit=self.may(Permission.COMMIT)),
            "waiting": waiting[:SHOWN],
            "more_waiting": max(0, len(waiting) - SHOWN),
            "glance": in_short(found, slug) if found else [],
            "activities": [
                activity_row(a, partnership.slug) for a in queries.newest_activities(partnership, person)
            ],
            "learning": [learning_row(e, partnership.slug) for e in queries.newest_learning(partnership)],
            "report": queries.newest_report(partnership),
            "voices": [
                message_row(one, slug) | {"meta": f"Carried to {one.to_board} on {day_words(one.carried_on)}"}
                for one in unanswered_for_person(person, partnership)
            ],
        }


def learning_row(entry: LearningEntry, slug: str) -> dict[str, Any]:
    return {
        "title": entry.title,
        "url": reverse("learning-detail", args=[slug, entry.pk]),
        "meta": f"{entry.get_verdict_display()}, {date_format(entry.learned_on, 'j F Y')}",
    }
