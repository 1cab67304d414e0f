"""Voices: the list with its filters, one's own, and files of what may leave the page."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from config.words import day_words, moment_words
from people.access import PartnershipView
from people.forms.voices import VoiceFilterForm
from people.models import Audience, Voice
from people.permissions import Permission
from people.queries import voices as queries
from people.queries.names import names_in
from people.queries.voice_chains import chains_of
from people.views.voice_rows import heard_columns, voice_row
from reports.renderers.csv import csv_lines
from reports.renderers.xlsx import Cover, Sheet, write_workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    "Theme",
    "Words",
    "Known as",
    "Said on",
    "Forum",
    "Place",
    "Who may read it",
    "Carried",
    "Answered",
    "Followed",
)
OUTSIDE = "outside"


class Filtered(PartnershipView):
    """What the list and its files share: the same address finds the same voices."""

    permission = Permission.VIEW

    @cached_property
    def readable(self) -> QuerySet[Voice]:
        return queries.visible_voices(self.partnership, self.request.user)

    @cached_property
    def filter_form(self) -> VoiceFilterForm:
        return VoiceFilterForm(self.request.GET, partnership=self.partnership, voices=self.readable)

    @cached_property
    def found(self) -> QuerySet[Voice]:
        return queries.with_progress(queries.find(self.readable, self.filter_form.filters()))


class VoiceList(Filtered, TemplateView):
    template_name = "people/voices/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug, form = self.partnership.slug, self.filter_form
        page = Paginator(self.found, queries.PAGE_SIZE).get_page(self.request.GET.get("page"))
        form.fetch_choices()
        query = form.as_query()
        return super().get_context_data(
            page_title="Voices",
            section="voices",
            filter_form=form,
            left_out=form.left_out(),
            clear_url=self.request.path if query else "",
            page=page,
            rows=[voice_row(voice, slug) for voice in page],
            counts=queries.count_voices(self.partnership),
            hidden=queries.hidden_count(self.partnership, self.request.user),
            files=self.files(query) if page.paginator.count else [],
            may_record=self.may(Permission.RECORD_VOICE),
            **kwargs,
        )

    def files(self, query: str) -> list[dict[str, str]]:
        files = [
            ("For the partnership", "csv", ""),
            ("For the partnership", "xlsx", ""),
            ("To share outside", "csv", f"for={OUTSIDE}"),
            ("To share outside", "xlsx", f"for={OUTSIDE}"),
        ]
        return [
            {
                "label": label,
                "kind": "CSV" if kind == "csv" else "Excel",
                "url": f"{reverse('voice-export', args=[self.partnership.slug, kind])}?"
                + "&".join(part for part in (query, extra) if part),
            }
            for label, kind, extra in files
        ]


class MyVoices(PartnershipView, TemplateView):
    """What became of what I said."""

    permission = Permission.VIEW
    template_name = "people/voices/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        voices = queries.own_voices(self.partnership, self.request.user).select_related("board")
        return super().get_context_data(
            page_title="My voices",
            section="mine",
            told=[
                {
                    "theme": chain.voice.theme,
                    "when": day_words(chain.voice.said_on),
                    "url": reverse("voice-detail", args=[self.partnership.slug, chain.voice.pk]),
                    "columns": heard_columns(chain, own=True),
                    "gaps": chain.gaps,
                }
                for chain in chains_of(voices)
            ],
            may_record=self.may(Permission.RECORD_VOICE),
            **kwargs,
        )


class VoiceExport(Filtered):
    """A file goes from hand to hand, so a forum's own voices are in none; outside the partnership only public ones go."""

    def get(self, request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponseBase:
        outside = request.GET.get("for") == OUTSIDE
        may_leave = [Audience.PUBLIC] if outside else [Audience.PARTNERSHIP, Audience.PUBLIC]
        found = self.found.filter(audience__in=may_leave, withdrawn_on__isnull=True)
        rows = self.rows(found, outside=outside)
        name = f"{self.partnership.slug}-voices-{timezone.localdate()}.{kind}"
        if kind == "csv":
            response = StreamingHttpResponse(csv_lines(COLUMNS, rows), content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
        sheet = Sheet("Voices", COLUMNS, rows, widths=(24, 60, 20))
        cover = Cover(f"Voices of {self.partnership}", self.notes(outside=outside))
        return FileResponse(
            write_workbook(cover, [sheet]), as_attachment=True, filename=name, content_type=EXCEL
        )

    def rows(self, found: QuerySet[Voice], *, outside: bool) -> list[tuple[Any, ...]]:
        """Outside, names of people whom the partnership knows are taken out of what was typed."""
        names = names_in(self.partnership) if outside else None
        return [
            (
                voice.theme,
                names.removed_from(voice.words) if names else voice.words,
                voice.said_as,
                voice.said_on,
                voice.board.name if voice.board else "",
                voice.place.name if voice.place else "",
                voice.get_audience_display(),
                voice.carried or 0,
                voice.answered or 0,
                voice.followed or 0,
            )
            for voice in found
        ]

    def notes(self, *, outside: bool) -> list[str]:
        who = (
            "Only voices whose speakers agreed that anybody may read them."
            if outside
            else (
                "Voices whose speakers agreed that the partnership may read them. Keep this file inside the partnership."
            )
        )
        return [f"Downloaded by {self.request.user}, {moment_words(timezone.now())}.", who]
