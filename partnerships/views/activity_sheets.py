"""Many activities at once: a spreadsheet to fill in offline, looked through before anything is logged."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import slugify
from django.views.generic import FormView, TemplateView, View

from config.words import moment_words
from partnerships.actions import activity_sheets as actions
from partnerships.errors import DomainError
from partnerships.forms.activity_sheets import SheetForm
from partnerships.models import ActivitySheet, SheetStatus
from partnerships.queries.activity_sheets import known_in
from partnerships.renderers.activity_sheet import blank_sheet
from people.access import ActionForm, PartnershipView
from people.permissions import Permission
from people.queries.named import people_to_name

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 10


class SheetPage(PartnershipView):
    permission = Permission.LOG_ACTIVITY

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        crumbs = [{"label": "Activities", "url": reverse("activity-list", args=[slug])}]
        upload = reverse("activity-sheet-new", args=[slug])
        if self.request.path != upload:
            crumbs.append({"label": "Fill in a spreadsheet", "url": upload})
        return super().get_context_data(**{"breadcrumbs": crumbs, **kwargs})


class BlankSheet(SheetPage, View):
    """The spreadsheet to fill in, with this partnership's own lists to choose from."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        known = known_in(self.partnership, people_to_name(self.partnership))
        name = f"{slugify(self.partnership.name)}-activities-to-log.xlsx"
        file = blank_sheet(self.partnership.name, known)
        return FileResponse(file, as_attachment=True, filename=name, content_type=EXCEL)


class UploadSheet(ActionForm, SheetPage, FormView):
    form_class = SheetForm
    template_name = "partnerships/activities/sheet_new.html"

    def act(self, form: Any) -> HttpResponse:
        sheet = actions.upload_sheet(
            partnership=self.partnership,
            by=self.request.user,
            file_name=form.cleaned_data["file"].name or "",
            sha256=form.sha256,
            rows=form.rows,
        )
        return redirect("activity-sheet", partnership=self.partnership.slug, sheet=sheet.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        mine = ActivitySheet.objects.filter(partnership=self.partnership, uploaded_by=self.request.user)
        earlier = [
            {
                "title": sheet.file_name,
                "url": reverse("activity-sheet", args=[slug, sheet.pk]),
                "meta": f"{moment_words(sheet.uploaded_at)} · {sheet.get_status_display()}",
            }
            for sheet in mine.exclude(status=SheetStatus.GIVEN_UP).defer("rows")[:SHOWN]
        ]
        told = {"page_title": "Fill in a spreadsheet", "earlier": earlier, "most": actions.MOST_ROWS}
        return super().get_context_data(
            **kwargs | told | {"cancel_url": reverse("activity-list", args=[slug]), "submit_label": "Upload"}
        )


class OneSheet(SheetPage):
    """A sheet is only for the person who uploaded it."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = ActivitySheet.objects.select_related("partnership")
            self.sheet = get_object_or_404(found, partnership=self.partnership, pk=kwargs["sheet"])

    def check_permission(self) -> None:
        super().check_permission()
        if self.sheet.uploaded_by_id != self.request.user.pk:
            raise PermissionDenied("Only the person who uploaded a spreadsheet looks through it.")


class SheetPreview(OneSheet, TemplateView):
    """Row by row what will be logged, and what is wrong; sending it logs what is right."""

    template_name = "partnerships/activities/sheet.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        again = [int(text) for text in request.POST.getlist("again") if text.isdecimal() and len(text) < 7]
        try:
            made = actions.log_sheet(sheet=self.sheet, by=request.user, again=again, **self.given())
        except DomainError as error:
            messages.error(request, error.message)
            return self.render_to_response(self.get_context_data(**kwargs))
        number = "1 activity is" if len(made) == 1 else f"{len(made):,} activities are"
        messages.success(request, f"{number} logged.")
        return redirect("activity-sheet", partnership=self.partnership.slug, sheet=self.sheet.pk)

    def given(self) -> dict[str, Any]:
        sent = self.request.POST
        answers = {name: sent[name] for name in sent if name.startswith("which-")}
        return {"people": people_to_name(self.partnership), "answers": answers}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = {"page_title": self.sheet.file_name or "Spreadsheet"}
        if self.sheet.status == SheetStatus.LOGGED:
            return super().get_context_data(**kwargs | title | {"logged": self.logged()})
        if self.sheet.status == SheetStatus.GIVEN_UP:
            return super().get_context_data(**kwargs | title | {"given_up": True})
        found = actions.preview(sheet=self.sheet, by=self.request.user, **self.given())
        entries = found.entries
        told = {
            "rows": [self.row(entry) for entry in entries],
            "questions": found.questions,
            "answers": self.given()["answers"],
            "right": sum(entry.is_right and not entry.is_repeat for entry in entries),
            "repeats": sum(entry.is_right and entry.is_repeat for entry in entries),
            "wrong": sum(bool(entry.row.problems) for entry in entries),
        }
        return super().get_context_data(**kwargs | title | told)

    def logged(self) -> list[dict[str, Any]]:
        slug = self.partnership.slug
        return [
            {
                "title": activity.title,
                "url": reverse("activity-detail", args=[slug, activity.pk]),
                "meta": date_format(activity.happened_on),
            }
            for activity in self.sheet.activities.order_by("happened_on", "pk")
        ]

    def row(self, entry: actions.Entry) -> dict[str, Any]:
        facts, slug = entry.row.facts, self.partnership.slug
        named = [str(one) for one in (*facts["organisations"], *facts["people"])]
        about = [facts["programme"], facts["board"], facts["place"]]
        return {
            "number": entry.row.number,
            "day": date_format(facts["happened_on"]) if facts["happened_on"] else "",
            "title": facts["title"],
            "about": " · ".join([*named, *(str(one) for one in about if one)]),
            "problems": entry.row.problems,
            "asks": [question.text for question in entry.row.questions],
            "is_right": entry.is_right,
            "is_repeat": entry.is_repeat,
            "same_row": entry.same_row,
            "same_as": [reverse("activity-detail", args=[slug, pk]) for pk in entry.same_as],
        }


class GiveUpSheet(OneSheet):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        actions.give_up_sheet(sheet=self.sheet, by=request.user)
        messages.success(request, "Nothing was logged from this spreadsheet.")
        return redirect("activity-sheet-new", partnership=self.partnership.slug)
