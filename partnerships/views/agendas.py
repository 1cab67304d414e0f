"""The agenda of a meeting, its papers, and what stands on every agenda of a board."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView, View

from partnerships.actions import agendas as actions
from partnerships.actions.documents import attach_document
from partnerships.errors import DomainError
from partnerships.forms.meetings import ItemForm, NewItemForm, PaperForm, StandingItemForm
from partnerships.models import AgendaItem, StandingItem
from partnerships.queries import agendas as queries
from partnerships.renderers import meetings as words
from partnerships.views.boards import BoardPage
from partnerships.views.meetings import MeetingPage
from people.access import ActionForm, VersionedForm
from people.permissions import Permission


class Agenda(ActionForm, MeetingPage, FormView):
    """The agenda to be worked on: each item with its buttons, and a form for the next one."""

    permission = Permission.MANAGE_MEETINGS
    template_name = "partnerships/meetings/agenda.html"
    form_class = NewItemForm

    @cached_property
    def items(self) -> list[AgendaItem]:
        return queries.agenda_of(self.meeting)

    def get_initial(self) -> dict[str, Any]:
        """A page elsewhere may send somebody here with the title filled in."""
        title = self.request.GET.get("title", "")[:200]
        return {"title": title} if title else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        here = {"partnership": self.partnership, "meeting": self.meeting, "items": self.items}
        return super().get_form_kwargs() | here

    def get_success_url(self) -> str:
        return words.meeting_url(self.meeting, self.partnership.slug, "agenda")

    def act(self, form: BaseForm) -> None:
        actions.add_item(meeting=self.meeting, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The item is on the agenda.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        items, slug, board = self.items, self.partnership.slug, self.board.pk
        return super().get_context_data(
            page_title="Agenda",
            agenda=words.agenda_rows(self.meeting, items, slug),
            length=words.length_sentence(queries.length_of(self.meeting, items)),
            when=words.when_words(self.meeting),
            standing_url=reverse("standing-items", args=[slug, board]),
            is_locked=self.meeting.minutes_agreed_on is not None,
            **kwargs,
        )


class ItemPage(MeetingPage):
    """One item of the agenda."""

    permission = Permission.MANAGE_MEETINGS
    item: AgendaItem

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = AgendaItem.objects.select_related("meeting")
            self.item = get_object_or_404(rows, meeting=self.meeting, pk=kwargs["item"])

    def get_success_url(self) -> str:
        return words.meeting_url(self.meeting, self.partnership.slug, "agenda")


class ChangeItem(VersionedForm, ItemPage, FormView):
    template_name = "layouts/versioned_form.html"
    form_class = ItemForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership, "lead": self.item.lead_id}

    def get_initial(self) -> dict[str, Any]:
        plain = ("title", "purpose", "minutes", "needs_paper")
        return {name: getattr(self.item, name) for name in plain} | {"lead": self.item.lead_id}

    def record(self) -> AgendaItem:
        return self.item

    def act(self, form: BaseForm) -> None:
        actions.edit_item(
            item=self.item,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{"page_title": "Change the item", "cancel_url": self.get_success_url()} | kwargs
        )


class Pressed(View):
    """A button beside an item: one action, and back to the list with what came of it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            said = self.press()
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            if said:
                messages.success(request, said)
        return redirect(self.get_success_url())  # type: ignore[attr-defined]

    def press(self) -> str:
        raise NotImplementedError


class MoveItem(Pressed, ItemPage):
    def press(self) -> str:
        actions.move_item(item=self.item, up=self.kwargs["way"] == "up", by=self.request.user)
        return ""


class RemoveItem(Pressed, ItemPage):
    def press(self) -> str:
        actions.remove_item(item=self.item, by=self.request.user)
        return f"{self.item.title} is off this agenda."


# --- Papers ------------------------------------------------------------------------------------------------------
class AddPaper(ActionForm, MeetingPage, FormView):
    """`?item=` says for which item of the agenda the paper is."""

    permission = Permission.MANAGE_MEETINGS
    template_name = "layouts/form.html"
    form_class = PaperForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"meeting": self.meeting}

    def get_initial(self) -> dict[str, Any]:
        return {"agenda_item": self.request.GET.get("item", "")}

    def act(self, form: BaseForm) -> None:
        said = form.cleaned_data
        made = attach_document(
            parent=said["agenda_item"] or self.meeting,
            file=said["file"],
            title=said["title"],
            by=self.request.user,
        )
        messages.success(self.request, f"{made.title} is uploaded.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Upload a paper", submit_label="Upload", **kwargs)


# --- What stands on every agenda ---------------------------------------------------------------------------------
class StandingItems(ActionForm, BoardPage, FormView):
    permission = Permission.MANAGE_MEETINGS
    template_name = "partnerships/meetings/standing.html"
    form_class = StandingItemForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_success_url(self) -> str:
        return reverse("standing-items", args=[self.partnership.slug, self.board.pk])

    def act(self, form: BaseForm) -> None:
        actions.add_standing_item(board=self.board, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "It stands on every agenda from now on.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug, board = self.partnership.slug, self.board
        board_url = reverse("board-detail", args=[slug, board.pk])
        crumbs = [
            {"label": "Boards", "url": reverse("board-list", args=[slug])},
            {"label": board.name, "url": board_url},
        ]
        return super().get_context_data(
            page_title="What stands on every agenda",
            standing=list(queries.standing_items(board)),
            cancel_url=board_url,
            breadcrumbs=crumbs,
            **kwargs,
        )


class StandingPage(BoardPage):
    permission = Permission.MANAGE_MEETINGS
    standing: StandingItem

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = StandingItem.objects.select_related("board")
            self.standing = get_object_or_404(rows, board=self.board, pk=kwargs["standing"])

    def get_success_url(self) -> str:
        return reverse("standing-items", args=[self.partnership.slug, self.board.pk])


class ChangeStandingItem(VersionedForm, StandingPage, FormView):
    template_name = "layouts/versioned_form.html"
    form_class = StandingItemForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership, "lead": self.standing.lead_id}

    def get_initial(self) -> dict[str, Any]:
        return {
            "title": self.standing.title,
            "minutes": self.standing.minutes,
            "lead": self.standing.lead_id,
        }

    def record(self) -> StandingItem:
        return self.standing

    def act(self, form: BaseForm) -> None:
        actions.edit_standing_item(
            item=self.standing,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved, on the agendas to come too.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Change what stands on every agenda", cancel_url=self.get_success_url(), **kwargs
        )


class MoveStandingItem(Pressed, StandingPage):
    def press(self) -> str:
        actions.move_standing_item(item=self.standing, up=self.kwargs["way"] == "up", by=self.request.user)
        return ""


class EndStandingItem(Pressed, StandingPage):
    def press(self) -> str:
        actions.end_standing_item(item=self.standing, by=self.request.user)
        return f"{self.standing.title} is off the agendas to come."
