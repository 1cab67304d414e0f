"""Charts on other websites: giving away a signed address, ending it, and what stands at it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from csp.decorators import csp_replace
from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.generic import FormView, TemplateView, View

from config.words import day_words
from outcomes import charts
from outcomes.actions import embeds as actions
from outcomes.forms.embeds import EmbedForm
from outcomes.models import MeasureEmbed
from outcomes.queries import embeds as queries
from outcomes.queries.beside import place_choices
from outcomes.renderers.charts import measure_chart, rebase_notes
from outcomes.renderers.reading_guide import reading_guide
from outcomes.views.looking import MeasureView
from outcomes.views.measures import shown
from people.access import ActionForm, PartnershipView
from people.permissions import Permission

# A page that was read a minute ago may be shown again; an address that was ended goes blank soon.
KEPT_SECONDS = 60


def embed_row(embed: MeasureEmbed, *, with_history: bool) -> dict[str, Any]:
    slug = embed.partnership.slug
    if embed.ended_at:
        state = f"Ended on {day_words(timezone.localdate(embed.ended_at))}"
    elif embed.ends_on and embed.ends_on < timezone.localdate():
        state = f"Ended on {day_words(embed.ends_on)}"
    else:
        state = f"Shows until {day_words(embed.ends_on)}" if embed.ends_on else "Shows until somebody ends it"
    works = state.startswith("Shows")
    return {
        "code_id": f"code-{embed.pk}",
        "link_id": f"link-{embed.pk}",
        "where": embed.shown_where,
        "measure": embed.measure.name,
        "measure_url": reverse("measure-embeds", args=[slug, embed.measure.slug]),
        "place": embed.place.name,
        "state": state,
        "made": f"{embed.made_by.name}, {day_words(timezone.localdate(embed.made_at))}",
        "address": queries.address_of(embed) if works else "",
        "code": queries.code_of(embed) if works else "",
        "history_url": reverse("history", args=[slug, "measure-embed", embed.pk]) if with_history else "",
        "end_url": reverse("embed-end", args=[slug, embed.pk]) if works else "",
    }


class WithRows(PartnershipView):
    def rows(self, embeds: Iterable[MeasureEmbed]) -> list[dict[str, Any]]:
        with_history = self.may(Permission.VIEW_HISTORY)
        return [embed_row(one, with_history=with_history) for one in embeds]


class MeasureEmbeds(ActionForm, WithRows, MeasureView, FormView):
    """The addresses of one measure, and a form for another."""

    permission = Permission.MANAGE_OUTCOMES
    form_class = EmbedForm
    template_name = "outcomes/embeds/measure.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        self.places = place_choices(self.partnership, self.measure)
        return super().get_form_kwargs() | {"places": self.places}

    def act(self, form: BaseForm) -> None:
        asked = dict(form.cleaned_data)
        place = next(one for one in self.places if one.pk == asked.pop("place"))
        actions.make_embed(measure=self.measure, place=place, by=self.request.user, **asked)
        messages.success(self.request, "The address is made. Copy the code below into the page.")

    def get_success_url(self) -> str:
        return self.url("measure-embeds")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Show on another website: {self.measure.name}",
            breadcrumbs=self.crumbs(to_measure=True),
            allows=self.partnership.allows_embedding,
            may_switch=self.may(Permission.MANAGE_PARTNERSHIP),
            embeds=self.rows(queries.embeds_of(self.measure)),
            **kwargs,
        )


class EmbedList(WithRows, TemplateView):
    """Every address of the partnership, and whether it allows them at all."""

    permission = Permission.MANAGE_OUTCOMES
    template_name = "outcomes/embeds/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Charts on other websites",
            breadcrumbs=[{"label": "Outcomes", "url": reverse("dashboard", args=[self.partnership.slug])}],
            allows=self.partnership.allows_embedding,
            may_switch=self.may(Permission.MANAGE_PARTNERSHIP),
            embeds=self.rows(queries.embeds_in(self.partnership)),
            **kwargs,
        )


class AllowEmbedding(PartnershipView):
    """The switch."""

    permission = Permission.MANAGE_PARTNERSHIP
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        allows = request.POST.get("allows") == "yes"
        actions.allow_embedding(partnership=self.partnership, allows=allows, by=request.user)
        messages.success(
            request,
            "Charts may now stand on other websites, one by one."
            if allows
            else "No chart shows on another website any more. The addresses are kept, should you switch it on again.",
        )
        return redirect("embed-list", partnership=self.partnership.slug)


class EndEmbed(PartnershipView):
    permission = Permission.MANAGE_OUTCOMES
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        embed = get_object_or_404(queries.embeds_in(self.partnership), pk=kwargs["embed"])
        actions.end_embed(embed=embed, by=request.user)
        messages.success(request, f"“{embed.shown_where}” shows nothing any more.")
        return redirect("measure-embeds", partnership=self.partnership.slug, measure=embed.measure.slug)


@method_decorator([xframe_options_exempt, csp_replace({"frame-ancestors": ["*"]})], name="dispatch")
class PublicEmbed(View):
    """A measure's chart for everybody who has the address: without signing in, a cookie, or anything said inside."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        embed = queries.find(token)
        if embed is None:
            raise Http404("There is no chart here.")
        if not queries.is_open(embed):
            response = render(request, "outcomes/embeds/gone.html", status=410)
        else:
            response = render(request, "outcomes/embeds/public.html", self.shown(embed))
            response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def shown(self, embed: MeasureEmbed) -> dict[str, Any]:
        found = queries.embedded(embed)
        reading, measure = found.reading, embed.measure
        context = {
            "measure": measure,
            "reading": reading,
            "partnership_name": embed.partnership.name,
            "as_of": found.as_of,
            "address": queries.address_of(embed),
        }
        if reading.latest is None:
            return context
        drawn = measure_chart(reading, chart_id="embedded", annotations=rebase_notes(reading, named=False))
        return context | {**shown(drawn, charts.line_chart), "guide": reading_guide(drawn, reading)}
