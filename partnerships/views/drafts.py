"""Where a form's text is sent while it is typed. Speaks JSON, because a script asks."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect

from partnerships.actions.drafts import DraftGone, DraftTooLong, discard_draft, keep_draft
from partnerships.errors import DomainError
from partnerships.forms.drafts import DraftFields, typed_only
from people.access import PartnershipView
from people.permissions import Permission

APART = (
    "This form is open in another tab or window too, and newer text was typed there. "
    "What you type here is kept as a second draft, and nothing is lost."
)


class KeepDraft(PartnershipView):
    """Takes a form's fields, as a form or as JSON, and answers with what the page's hidden fields should hold from now on."""

    permission = Permission.LOG_ACTIVITY
    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return JsonResponse({"message": "You have been signed out."}, status=401)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        try:
            about, typed = self.sent()
            carried = DraftFields.sent(str(about.get("draft_form") or ""), about)
            kept = keep_draft(
                partnership=self.partnership, by=request.user, key=carried.key(), fields=typed_only(typed)
            )
        except DraftGone as error:
            return _answer(409, error.message, draft_id="", draft_version="0")
        except DraftTooLong as error:
            return _answer(413, error.message)
        except DomainError as error:
            return _answer(400, error.message)
        fields = {"draft_id": str(kept.draft.pk), "draft_version": str(kept.draft.version)}
        return _answer(200, APART if kept.is_apart else "", **fields)

    def sent(self) -> tuple[Any, Any]:
        """The bookkeeping and the typed fields; in a form both stand side by side."""
        if self.request.content_type != "application/json":
            return self.request.POST, self.request.POST
        try:
            body = json.loads(self.request.body)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict) or not isinstance(body.get("fields"), dict):
            raise DomainError(
                'Send JSON such as {"draft_form": "activity:new", "fields": {"title": ["Walk"]}}.'
            )
        return body, body["fields"]


class DiscardDraft(PartnershipView):
    permission = Permission.LOG_ACTIVITY
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form, draft = request.POST.get("draft_form", ""), request.POST.get("draft_id", "")
        if draft.isascii() and draft.isdecimal() and len(draft) < 19:
            discard_draft(partnership=self.partnership, by=request.user, form=form, draft=int(draft))
        _, _, record = form.partition(":")
        if record.isascii() and record.isdecimal() and len(record) < 19:
            return redirect("activity-edit", partnership=self.partnership.slug, pk=int(record))
        return redirect("activity-new", partnership=self.partnership.slug)


def _answer(status: int, message: str, **fields: str) -> JsonResponse:
    return JsonResponse({"message": message, "fields": fields}, status=status)
