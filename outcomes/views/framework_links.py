"""An outcome's links to frameworks: made, compared, kept up with, taken away; and an item copied as a new outcome."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.views.generic import FormView, TemplateView

from outcomes.actions import framework_links as actions
from outcomes.forms.frameworks import CopyItemForm, LinkOutcomeForm
from outcomes.models import FrameworkItem, Outcome, OutcomeLink
from outcomes.queries import frameworks as queries
from outcomes.views.frameworks import FrameworkPages
from outcomes.views.outcomes import OutcomeView
from partnerships.forms.comparison import side_by_side
from people.access import ActionForm, VersionedForm
from people.permissions import Permission


class LinkOutcome(ActionForm, OutcomeView, FormView):
    """First the framework (in the address, so that it works without scripts), then its item."""

    permission = Permission.MANAGE_OUTCOMES
    template_name = "outcomes/frameworks/link.html"
    form_class = LinkOutcomeForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.choices = queries.frameworks_to_link(self.partnership)
            asked = request.GET.get("framework", "")
            known = {str(one.pk): one for one in self.choices}
            self.framework = known.get(asked) or (self.choices[0] if self.choices else None)

    def get_form(self, form_class: Any = None) -> Any:
        return super().get_form(form_class) if self.framework else forms.Form()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership, "framework": self.framework}

    def act(self, form: BaseForm) -> None:
        link = actions.link_outcome(outcome=self.outcome, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"“{self.outcome.title}” stands for {link.item}.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Link “{self.outcome.title}” to a framework",
            frameworks=[
                {"label": str(one), "url": f"?framework={one.pk}", "current": one == self.framework}
                for one in self.choices
            ],
            framework=self.framework,
            submit_label="Link",
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class LinkView(OutcomeView):
    """A page of one link of an outcome."""

    link: OutcomeLink

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = OutcomeLink.objects.select_related("outcome", "item__framework")
            self.link = get_object_or_404(
                rows, partnership=self.partnership, outcome=self.outcome, pk=kwargs["link"]
            )
            self.link.outcome.partnership = self.partnership


class CompareWords(LinkView, TemplateView):
    """Their words beside ours, and what they said when we linked to them."""

    template_name = "outcomes/frameworks/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item, link = self.link.item, self.link
        standing = queries.Standing(link)
        then = (
            [
                self.text("Title when we linked to it, and now", link.title_then, item.title),
                self.text(
                    "Description when we linked to it, and now", link.description_then, item.description
                ),
            ]
            if standing.has_changed
            else []
        )
        return super().get_context_data(
            page_title=f"“{self.outcome.title}” beside {item.framework}",
            item=item,
            standing=standing,
            texts=[
                self.text("Title", item.title, self.outcome.title),
                self.text("Description", item.description, self.outcome.description),
            ],
            then=[one for one in then if one["differs"]],
            version=self.outcome.version,
            may_manage=self.may(Permission.MANAGE_OUTCOMES),
            **kwargs,
        )

    @staticmethod
    def text(label: str, theirs: str, ours: str) -> dict[str, Any]:
        left, right = side_by_side(theirs, ours)
        return {"label": label, "theirs": left, "ours": right, "differs": theirs != ours}


class DecideWords(VersionedForm, LinkView, FormView):
    """One button of the comparison. Says what it will do before it does it, for whoever opens its address."""

    permission = Permission.MANAGE_OUTCOMES
    template_name = "outcomes/frameworks/decide.html"
    form_class = forms.Form
    title = ""
    text = ""
    label = ""
    done = ""

    def record(self) -> Outcome:
        return self.outcome

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=self.title.format(self.outcome.title),
            text=self.text,
            submit_label=self.label,
            item=self.link.item,
            cancel_url=self.url("outcome-compare", self.outcome.pk, self.link.pk),
            **kwargs,
        )


class TakeWords(DecideWords):
    title = "Take the shared words for “{}”"
    text = "Our title and description will say what the shared outcome says now. What ours said before stays in its history."
    label = "Take the new words"

    def act(self, form: BaseForm) -> None:
        actions.take_new_words(link=self.link, expected_version=self.expected_version, by=self.request.user)
        messages.success(self.request, "Our outcome says what the shared one says now.")


class KeepWords(DecideWords):
    title = "Keep our own words for “{}”"
    text = "Ours stays as it is, and nobody is told of this change again."
    label = "Keep ours"

    def act(self, form: BaseForm) -> None:
        actions.keep_our_words(link=self.link, by=self.request.user)
        messages.success(self.request, "Our words stay as they are.")


class Unlink(DecideWords):
    title = "Take away a link of “{}”"
    text = "Our outcome stays as it is, and no longer stands for this item."
    label = "Take the link away"

    def act(self, form: BaseForm) -> None:
        actions.unlink_outcome(link=self.link, by=self.request.user)
        messages.success(self.request, "The link is taken away.")


class CopyItem(ActionForm, FrameworkPages, FormView):
    permission = Permission.MANAGE_OUTCOMES
    template_name = "outcomes/frameworks/copy.html"
    form_class = CopyItemForm
    item: FrameworkItem

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = queries.items_to_link(self.partnership)
            self.item = get_object_or_404(rows, pk=kwargs["entry"])

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.item.title, "description": self.item.description}

    def act(self, form: BaseForm) -> None:
        self.made = actions.copy_item(
            partnership=self.partnership, item=self.item, by=self.request.user, **form.cleaned_data
        )
        messages.success(self.request, f"“{self.made.title}” is one of our outcomes now.")

    def get_success_url(self) -> str:
        return self.url("outcome-detail", self.made.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        framework = self.item.framework
        url = self.url("framework-detail", framework.pk)
        return super().get_context_data(
            page_title=f"Copy “{self.item.title}” as an outcome of ours",
            item=self.item,
            already=queries.outcomes_for(self.item, self.partnership),
            submit_label="Add outcome",
            cancel_url=url,
            **kwargs,
        )
