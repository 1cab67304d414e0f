"""Frameworks: those that the partnership knows, one with its items, and sharing outcomes of our own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from config.words import day_words
from outcomes.actions.frameworks import end_framework, share_outcomes
from outcomes.forms.frameworks import ShareOutcomesForm
from outcomes.imports.frameworks import COLUMNS
from outcomes.models import Framework, Outcome
from outcomes.queries import frameworks as queries
from people.access import ActionForm, PartnershipView
from people.permissions import Permission
from reports.renderers.csv import csv_lines


class FrameworkPages(PartnershipView):
    """What the pages about frameworks share."""

    permission = Permission.VIEW

    def url(self, name: str, *args: Any) -> str:
        return reverse(name, args=[self.partnership.slug, *args])

    def get_success_url(self) -> str:
        return self.url("framework-list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [{"label": "Outcomes", "url": self.url("dashboard")}]
        if self.request.path != self.url("framework-list"):
            crumbs.append({"label": "Frameworks", "url": self.url("framework-list")})
        return super().get_context_data(
            **{"breadcrumbs": crumbs, "may_manage": self.may(Permission.MANAGE_OUTCOMES), **kwargs}
        )


class FrameworkList(FrameworkPages, TemplateView):
    template_name = "outcomes/frameworks/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = list(queries.frameworks_for(self.partnership))
        current = [one for one in found if one.ended_on is None]
        ours = [one for one in current if one.shared_by_id == self.partnership.pk]
        return super().get_context_data(
            page_title="Frameworks of outcomes",
            everybody=[self.row(one) for one in current if one.shared_by_id is None],
            others=[self.row(one) for one in current if one.shared_by_id and one not in ours],
            ours=[self.row(one) for one in ours],
            ended=[self.row(one) for one in found if one.ended_on],
            new_url=self.url("framework-new") if self.may(Permission.MANAGE_OUTCOMES) else "",
            shares=any(one.is_shared_outcomes for one in ours),
            **kwargs,
        )

    def row(self, found: Any) -> dict[str, Any]:
        size = f"{found.size} item{'' if found.size == 1 else 's'}"
        linked = (
            f"our outcomes stand for {found.linked}"
            if found.linked
            else "none of our outcomes is linked to it"
        )
        is_own = found.is_shared_outcomes and found.shared_by_id == self.partnership.pk
        return {
            "title": str(found),
            "url": self.url("framework-detail", found.pk),
            "text": found.publisher,
            "meta": size if is_own else f"{size}, {linked}",
            "tag": {"text": f"Ended {day_words(found.ended_on)}", "tone": "grey"} if found.ended_on else None,
        }


class FrameworkPage(FrameworkPages):
    """A page of one framework."""

    framework: Framework

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            known = queries.frameworks_for(self.partnership)
            self.framework = get_object_or_404(known, pk=kwargs["framework"])

    def get_success_url(self) -> str:
        return self.url("framework-detail", self.framework.pk)

    @property
    def is_ours(self) -> bool:
        return self.framework.shared_by_id == self.partnership.pk

    @property
    def is_our_outcomes(self) -> bool:
        return self.is_ours and self.framework.is_shared_outcomes  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {"framework": self.framework, "is_our_outcomes": self.is_our_outcomes}
        return super().get_context_data(**kwargs | own)


class FrameworkDetail(FrameworkPage, TemplateView):
    template_name = "outcomes/frameworks/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = queries.items_of(self.framework, self.partnership)
        current = [row for row in rows if row.item.ended_on is None]
        manages = self.may(Permission.MANAGE_OUTCOMES) and self.framework.ended_on is None
        return super().get_context_data(
            page_title=str(self.framework),
            facts=self.facts(),
            rows=[self.row(row) for row in rows],
            items=len(current),
            linked=sum(row.is_linked for row in current),
            nobody=[self.row(row) for row in current if not row.is_linked and row.is_leaf],
            may_copy=manages and not self.is_our_outcomes,
            may_end=manages and self.is_ours,
            **kwargs,
        )

    def row(self, row: queries.ItemRow) -> dict[str, Any]:
        item = row.item
        return {
            "pk": item.pk,
            "code": item.code,
            "title": item.title,
            "description": item.description,
            "depth": min(row.depth, 5),
            "ended": f"Ended {day_words(item.ended_on)}" if item.ended_on else "",
            "outcomes": [
                {
                    "title": link.outcome.title,
                    "url": self.url("outcome-detail", link.outcome_id),
                    "is_copy": link.is_copy,
                }
                for link in row.links
            ],
        }

    def facts(self) -> list[dict[str, str]]:
        found = self.framework
        whose = "Everybody: it was loaded for all partnerships here"
        if found.shared_by_id:
            whose = "Shared by this partnership" if self.is_ours else f"Shared by {found.shared_by}"
        rows = [
            {"label": "Publisher", "value": found.publisher},
            {"label": "Edition", "value": found.edition},
            {"label": "Whose", "value": whose},
            {"label": "Published at", "value": found.source_url, "url": found.source_url},
            {"label": "Licence", "value": found.licence},
            {"label": "Last brought up to date", "value": day_words(found.loaded_at)},
        ]
        return [row for row in rows if row["value"]]


class FrameworkFile(FrameworkPage):
    """The framework's items as a CSV file, as it can be loaded elsewhere."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = queries.current_items(self.framework)
        cells = (
            (row.code, row.title, row.description, row.parent.code if row.parent else "") for row in rows
        )
        response = HttpResponse(b"".join(csv_lines(COLUMNS, cells)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="framework-{self.framework.pk}.csv"'
        return response


class EndFramework(ActionForm, FrameworkPage, FormView):
    """Only what this partnership shares: what was loaded for everybody is not one partnership's to end."""

    permission = Permission.MANAGE_OUTCOMES
    template_name = "outcomes/frameworks/end.html"
    form_class = Form

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            ours = Framework.objects.filter(shared_by=self.partnership)
            get_object_or_404(ours, pk=kwargs["framework"])

    def act(self, form: BaseForm) -> None:
        end_framework(framework=self.framework, by=self.request.user)
        messages.success(self.request, f"{self.framework} ended. What is linked to it stays linked.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Stop sharing {self.framework}",
            submit_label="Stop sharing it",
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class ShareOutcomes(ActionForm, FrameworkPages, FormView):
    permission = Permission.MANAGE_OUTCOMES
    template_name = "outcomes/frameworks/share.html"
    form_class = ShareOutcomesForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        shared = queries.own_framework(self.partnership)
        if shared is None:
            every = Outcome.objects.filter(partnership=self.partnership).values_list("pk", flat=True)
            return {"name": f"Outcomes of {self.partnership.name}", "outcomes": list(every)}
        items = queries.current_items(shared)
        return {
            "name": shared.name,
            "licence": shared.licence,
            "outcomes": [item.outcome_id for item in items if item.outcome_id],
        }

    def act(self, form: BaseForm) -> None:
        done = share_outcomes(partnership=self.partnership, by=self.request.user, **form.cleaned_data)
        self.shared = done.framework
        messages.success(
            self.request, f"{done.framework} is shared with every partnership here. {said(done)}"
        )

    def get_success_url(self) -> str:
        return self.url("framework-detail", self.shared.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = queries.own_framework(self.partnership)
        return super().get_context_data(
            page_title="Share our outcomes as a framework",
            submit_label="Share again" if shared else "Share",
            shared=shared,
            changes=queries.changes_to_share(self.partnership) if shared else None,
            cancel_url=self.url("framework-list"),
            **kwargs,
        )


def said(done: Any) -> str:
    """What a load changed, by name as long as that can be read."""
    parts = [
        f"{words}: {'; '.join(titles[:5])}{f' and {len(titles) - 5} more' if len(titles) > 5 else ''}."
        for words, titles in (("New", done.added), ("Changed", done.changed), ("No longer in it", done.ended))
        if titles
    ]
    return " ".join(parts) or "Nothing changed."
