"""The door: the only classes that let a request into a partnership.

A stranger gets 404, so that nobody learns which partnerships exist; a member without the permission gets 403.
"""

from __future__ import annotations

import time
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic.base import ContextMixin, View

from partnerships.errors import DomainError, EditConflict
from partnerships.models import Board, Partnership, Programme
from partnerships.queries.notices import unread_counts
from people.models import Membership
from people.permissions import Permission
from people.queries.signing_in import has_second_factor

KEPT_FORM = "kept_form"
KEPT_SECONDS = 2 * 3600
WAY_BACK = "after_second_factor"


class SignedInView(View):
    """A page for anybody who is signed in, whichever partnership they belong to.

    A form sent after the session expired is kept in the (anonymous) session and handed back after sign-in, so that
    nothing typed is lost.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method == "POST":
                keep_form(request)
            return redirect_to_login(request.get_full_path())
        return super().dispatch(request, *args, **kwargs)


class PartnershipView(ContextMixin, SignedInView):
    """A page of one partnership. Each names the permission it needs; `self.partnership` is the one in the address."""

    permission: ClassVar[Permission]
    partnership: Partnership

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            slug = kwargs["partnership"]
            mine = Partnership.objects.visible_to(request.user)
            # The number in the header comes with the partnership, so that no page asks a question more for it.
            self.partnership = get_object_or_404(mine.annotate(unread=unread_counts(request.user)), slug=slug)
            request.partnership = self.partnership  # type: ignore[attr-defined]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            if second_factor_missing(request, self.partnership):
                return self.ask_for_second_factor()
            request.session.pop(WAY_BACK, None)
            self.check_permission()
        return super().dispatch(request, *args, **kwargs)

    def ask_for_second_factor(self) -> HttpResponse:
        """Off to where one is set up, knowing why and how to come back, with what was typed kept."""
        if self.request.method == "POST":
            keep_form(self.request)
        self.request.session[WAY_BACK] = self.request.get_full_path()
        messages.warning(
            self.request,
            f"{self.partnership.name} asks people in your role for a second step at sign-in. Set one up to go on.",
        )
        return redirect("mfa_index")

    def check_permission(self) -> None:
        if not self.request.user.has_perm(self.permission, self.permission_object()):
            raise PermissionDenied(
                f"You can look around, but your role here does not let you {self.permission}."
            )

    def permission_object(self) -> Partnership | Board:
        return self.partnership

    def may(self, permission: Permission) -> bool:
        return self.request.user.has_perm(permission, self.partnership)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs | {"partnership": self.partnership})


class BoardView(PartnershipView):
    """A page of one board, which a seat holder from another partnership may read."""

    board: Board

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.board = get_object_or_404(
                Board.objects.select_related("partnership"), partnership=self.partnership, pk=kwargs["board"]
            )

    def permission_object(self) -> Board:
        return self.board


class ProgrammeView(PartnershipView):
    """A page of one programme, `pk` in the address."""

    programme: Programme

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = Programme.objects.select_related("provider", "commissioner")
            self.programme = get_object_or_404(rows, partnership=self.partnership, pk=kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("programme-detail", args=[self.partnership.slug, self.programme.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [{"label": "Programmes", "url": reverse("programme-list", args=[self.partnership.slug])}]
        if self.request.path != self.get_success_url():
            crumbs.append({"label": self.programme.name, "url": self.get_success_url()})
        return super().get_context_data(**{"breadcrumbs": crumbs, **kwargs, "programme": self.programme})


class ActionForm:
    """For a FormView: `act` makes the one action call, and what the action refuses becomes an error of the form.

    What was typed before the session ended comes back into the form after sign-in.
    """

    has_conflict = False

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()  # type: ignore[misc]
        request = self.request  # type: ignore[attr-defined]
        kept = take_kept_form(request) if request.method == "GET" else None
        if kept:
            kwargs["data"] = QueryDict(mutable=True)
            for name, values in kept.items():
                kwargs["data"].setlist(name, values)
            messages.info(request, "What you typed before you signed in is below. It is not saved yet.")
        return kwargs

    def act(self, form: BaseForm) -> HttpResponseBase | None:
        """Call the action. May answer with a response; otherwise the browser goes to the success URL."""
        raise NotImplementedError

    def form_valid(self, form: BaseForm) -> HttpResponseBase:
        try:
            response = self.act(form)
        except EditConflict as conflict:
            self.has_conflict = True
            form.add_error(None, conflict.message)
            return self.form_invalid(form)  # type: ignore[attr-defined]
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            return self.form_invalid(form)  # type: ignore[attr-defined]
        return response or redirect(self.get_success_url())  # type: ignore[attr-defined]


class VersionedForm(ActionForm):
    """An `ActionForm` that changes `record`: it carries the version that the edit started from.

    After a conflict the form is shown again with what was typed and with the newer version, so that saving once more is a
    decision; after any other mistake it keeps the version it came with.
    """

    def record(self) -> Any:
        raise NotImplementedError

    @property
    def expected_version(self) -> int:
        version = self.request.POST.get("version", "")  # type: ignore[attr-defined]
        return int(version) if version.isdecimal() and len(version) < 10 else 0

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keeps = self.request.method == "POST" and not self.has_conflict  # type: ignore[attr-defined]
        version = (
            self.expected_version
            if keeps
            else type(self.record())._default_manager.get(pk=self.record().pk).version
        )
        return super().get_context_data(**kwargs | {"version": version})  # type: ignore[misc]


def keep_form(request: HttpRequest) -> None:
    """Put what was typed into the session; `take_kept_form` gives it back once, after sign-in. Passwords are not kept."""
    fields = {
        name: request.POST.getlist(name)
        for name in request.POST
        if name != "csrfmiddlewaretoken" and "password" not in name
    }
    if (
        sum(len(value) for values in fields.values() for value in values)
        <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 10
    ):
        request.session[KEPT_FORM] = {"path": request.path, "fields": fields, "at": time.time()}


def take_kept_form(request: HttpRequest) -> dict[str, list[str]] | None:
    """What was typed into this page's form before the session expired, once; None where there is nothing.

    After two hours it is dropped: on a shared computer somebody else may be the next to sign in.
    """
    kept = request.session.get(KEPT_FORM)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT_FORM]
    return kept["fields"] if time.time() - kept["at"] < KEPT_SECONDS else None


def second_factor_missing(request: HttpRequest, partnership: Partnership) -> bool:
    """Whether the partnership asks one of this person's roles for a second factor that they have not set up."""
    if not partnership.second_factor_roles:
        return False
    asked = Membership.objects.current().filter(
        person=request.user, partnership=partnership, role__in=partnership.second_factor_roles
    )
    return asked.exists() and not has_second_factor(request.user)


def partnership_or_404(request: HttpRequest, slug: str) -> Partnership:
    """The partnership in an API address, for the person behind the token."""
    try:
        return Partnership.objects.visible_to(request.user).get(slug=slug)
    except Partnership.DoesNotExist:
        raise Http404("No such partnership for this sign-in.") from None


__all__ = [
    "ActionForm",
    "BoardView",
    "PartnershipView",
    "ProgrammeView",
    "SignedInView",
    "VersionedForm",
    "keep_form",
    "partnership_or_404",
    "take_kept_form",
]
