"""A person's calendar feed: the page where it is made, and the file that calendar programs read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from django.views.generic import TemplateView, View

from config.words import day_words
from partnerships.renderers.calendars import calendar_file
from people.access import SignedInView
from people.actions.calendars import end_feed, make_feed, note_read, renew_feed
from people.queries import calendars as queries


class CalendarPage(SignedInView, TemplateView):
    """Make the address, make another one, or switch it off."""

    template_name = "people/calendar.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = request.POST.get("do")
        if asked == "make":
            make_feed(person=request.user)
            messages.success(request, "Your calendar has an address.")
        elif asked == "renew":
            renew_feed(person=request.user)
            messages.success(request, "Your calendar has a new address. The old one shows nothing any more.")
        elif asked == "end":
            end_feed(person=request.user)
            messages.success(request, "Your calendar is switched off.")
        return redirect("calendar-feed")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        feed = queries.feed_of(self.request.user)
        address = queries.address_of(feed) if feed else ""
        return super().get_context_data(
            page_title="Your calendar",
            breadcrumbs=[{"label": "Your account", "url": reverse("account")}],
            feed=feed,
            address=address,
            every_address=f"{address}?boards=all" if address else "",
            last_read=day_words(feed.last_read_at) if feed and feed.last_read_at else "",
            **kwargs,
        )


@method_decorator(conditional_page, name="dispatch")
class CalendarFile(View):
    """Open to whoever has the address. What it holds is what its person may read at that moment."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        feed = queries.find(token)
        if feed is None:
            raise Http404("There is no calendar here.")
        note_read(feed=feed)
        meetings = queries.meetings_for(feed.person, every_board=request.GET.get("boards") == "all")
        file = calendar_file(meetings, queries.due_for(feed.person), name="Throughline")
        response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="throughline.ics"'
        response["Cache-Control"] = "private, max-age=900"
        response["X-Robots-Tag"] = "noindex"
        return response
