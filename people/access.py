"""The door: the only classes that let a request into a partnership.

A stranger gets 404, so that nobody learns which partnerships exist; a member without the permission gets 403.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic.base import ContextMixin, View

from partnerships.models import Board, Partnership
from people.permissions import Permission

KEPT_FORM = "kept_form"


class SignedInView(View):
    """A page for anybody who is signed in, whichever partnership they belong to.

    A form sent after the session expired is kept in the (anonymous) session and handed back after sign-in, so that
    nothing typed is lost.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method == "POST":
                keep_form(request)
                return redirect_to_login(request.path)
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
            self.partnership = get_object_or_404(Partnership.objects.visible_to(request.user), slug=slug)
            request.partnership = self.partnership  # type: ignore[attr-defined]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            if second_factor_missing(request, self.partnership):
                return redirect(reverse("mfa_index"))
            self.check_permission()
        return super().dispatch(request, *args, **kwargs)

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
        return super().get_context_data(partnership=self.partnership, **kwargs)


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


def keep_form(request: HttpRequest) -> None:
    """Put what was typed into the session; `take_kept_form` gives it back once, after sign-in."""
    fields = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    if (
        sum(len(value) for values in fields.values() for value in values)
        <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 10
    ):
        request.session[KEPT_FORM] = {"path": request.path, "fields": fields}


def take_kept_form(request: HttpRequest) -> dict[str, list[str]] | None:
    """What was typed into this page's form before the session expired, once; None where there is nothing."""
    kept = request.session.get(KEPT_FORM)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT_FORM]
    return kept["fields"]


def second_factor_missing(request: HttpRequest, partnership: Partnership) -> bool:
    """Whether the partnership asks this person's role for a second factor that they have not set up."""
    if not partnership.second_factor_roles:
        return False
    from allauth.mfa.utils import is_mfa_enabled

    roles = request.user.memberships.filter(partnership=partnership).values_list("role", flat=True)
    return bool(set(roles) & set(partnership.second_factor_roles)) and not is_mfa_enabled(request.user)


def partnership_or_404(request: HttpRequest, slug: str) -> Partnership:
    """The partnership in an API address, for the person behind the token."""
    try:
        return Partnership.objects.visible_to(request.user).get(slug=slug)
    except Partnership.DoesNotExist:
        raise Http404("No such partnership for this sign-in.") from None


__all__ = [
    "BoardView",
    "PartnershipView",
    "SignedInView",
    "keep_form",
    "partnership_or_404",
    "take_kept_form",
]
