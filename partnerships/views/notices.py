"""Reading what one was told, choosing how often mails come, and ending them from a mail without signing in."""

from __future__ import annotations

from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import FormView, TemplateView, View

from partnerships.actions import notices as actions
from partnerships.emails.notices import WayOut, way_out
from partnerships.errors import DomainError
from partnerships.forms.notices import ChoicesForm
from partnerships.models import MailFrequency, NoticeKind
from partnerships.queries import notices as queries
from partnerships.renderers.notices import notice_row
from people.access import ActionForm, PartnershipView
from people.permissions import Permission

PER_PAGE = 25
# What somebody who holds nothing but a seat may be told.
FOR_SEATS = (NoticeKind.COMMITMENT, NoticeKind.MEETING, NoticeKind.VOICE)


class OwnPage(PartnershipView):
    """Everybody who may come in at all has these, for themselves."""

    permission = Permission.VIEW

    def check_permission(self) -> None:
        """What is shown is the person's own, and of that only what they may still read."""

    def back(self) -> str:
        return reverse("my-page", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [{"label": "My page", "url": self.back()}]
        return super().get_context_data(**{"breadcrumbs": crumbs, "cancel_url": self.back()} | kwargs)


class Notices(OwnPage, TemplateView):
    """Everything that a person was told in the last year."""

    template_name = "partnerships/notices/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = queries.notices_in(self.partnership, self.request.user)
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page_title="Everything you were told",
            page=page,
            rows=[notice_row(one, self.partnership.slug) for one in page],
            **kwargs,
        )


class ReadOne(OwnPage, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        mine = queries.notices_in(self.partnership, request.user)
        actions.mark_read(notice=get_object_or_404(mine, pk=kwargs["notice"]), by=request.user)
        return redirect(self.back())


class ReadAll(OwnPage, View):
    """Up to the moment at which the page was made: what came meanwhile stays new."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        actions.mark_all_read(partnership=self.partnership, by=request.user, until=self.shown_at())
        messages.success(request, "Everything is marked as read.")
        return redirect(self.back())

    def shown_at(self) -> Any:
        try:
            found = parse_datetime(self.request.POST.get("until", ""))
        except ValueError:
            return None
        return found if found is not None and found.tzinfo is not None else None


class Choices(OwnPage, ActionForm, FormView):
    """How often mails come about what."""

    template_name = "partnerships/notices/choices.html"
    form_class = ChoicesForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kinds = list(NoticeKind) if self.may(Permission.VIEW) else FOR_SEATS
        return super().get_form_kwargs() | {"kinds": kinds}

    def get_initial(self) -> dict[str, Any]:
        held = queries.choices_of(self.partnership, self.request.user)
        return {kind.value: frequency.value for kind, frequency in held.items()}

    def act(self, form: BaseForm) -> None:
        actions.choose(partnership=self.partnership, frequencies=form.frequencies, by=self.request.user)
        messages.success(self.request, "Your choices are saved.")

    def get_success_url(self) -> str:
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Which emails you get", **kwargs)


# --- From a mail, without signing in -----------------------------------------------------------------------------
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class Unsubscribe(TemplateView):
    """The link at the foot of every mail. Opening it changes nothing, since programs open links to look at them.

    Mail programs press its button themselves (RFC 8058), so the request carries no cookie: the token says who and what.
    """

    template_name = "partnerships/notices/unsubscribe.html"
    way: WayOut

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not wrong_links(request, dry_run=True):
            response: HttpResponseBase = render(request, "429.html", status=429)
        elif (found := way_out(kwargs["way"])) is None:
            wrong_links(request)
            response = render(
                request,
                self.template_name,
                {"page_title": "This link does not work", "state": "wrong"},
                status=404,
            )
        else:
            self.way = found
            response = super().dispatch(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            if "undo" in request.POST:
                found = actions.bring_back(undo=request.POST["undo"])
                state, title = "undone", "These emails come again"
            else:
                found = actions.end_mails(way=self.way)
                state, title = "done", "These emails have stopped"
        except DomainError as refused:
            return self.render_to_response(
                self.get_context_data(page_title="Nothing was changed", state="refused", why=refused.message)
            )
        kinds = [(place.name, kind.label) for place, kind in found.kinds]
        return self.render_to_response(
            self.get_context_data(
                page_title=title,
                state=state,
                kinds=kinds,
                undo=found.undo,
                frequency=MailFrequency(found.frequency).label.lower(),
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        what = (
            f"emails about “{self.way.kind.label}”"
            if self.way.kind
            else f"of the emails that come {self.way.frequency.label.lower()}"
        )
        return super().get_context_data(
            **{"page_title": "Stop these emails", "state": "ask", "what": what} | kwargs
        )


def wrong_links(request: HttpRequest, *, dry_run: bool = False) -> Any:
    """Counts a link that we did not make; nothing where there were too many from the same address. `dry_run` only looks."""
    return ratelimit.consume(
        request,
        app="partnerships",
        action="unsubscribe",
        config={"unsubscribe": settings.UNSUBSCRIBE_RATE},
        limit_get=True,
        dry_run=dry_run,
    )
