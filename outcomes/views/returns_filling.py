"""Filling in a return: the grid, the draft that saves itself, what to check before sending, and the same as a spreadsheet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.views.generic import FormView

from outcomes.actions.returns import fill_in
from outcomes.actions.returns_deciding import NotReady, submit, to_settle
from outcomes.forms.returns import FilledFileForm, ReturnForm
from outcomes.imports.errors import Unreadable
from outcomes.imports.returns import box_name, why_name
from outcomes.imports.returns_files import read_file
from outcomes.queries import returns as queries
from outcomes.renderers.returns import figures_table, said_words
from outcomes.renderers.returns_files import return_workbook
from outcomes.renderers.returns_grid import sections, shown_findings
from outcomes.views.returns import ReturnForms, ReturnView, may_not
from partnerships.errors import DomainError, EditConflict
from people.permissions import Permission

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FillingView(ReturnView):
    permission = Permission.SUBMIT_RETURN

    def check_permission(self) -> None:
        super().check_permission()
        if not self.may_fill:
            raise may_not()

    @property
    def is_open(self) -> bool:
        return self.found.status in queries.OPEN_TO_CHANGE

    def address(self, name: str) -> str:
        return reverse(name, args=[self.partnership.slug, self.found.pk])

    def closed(self) -> HttpResponseBase:
        messages.info(self.request, "This return is sent or locked, so it can’t be changed.")
        return redirect(self.get_success_url())


class FillIn(ReturnForms, FillingView, FormView):
    """The grid. Saving keeps all that was understood, and says what was not."""

    was_tried = False

    template_name = "outcomes/returns/edit.html"
    form_class = ReturnForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().get(request, *args, **kwargs) if self.is_open else self.closed()

    def get_form_kwargs(self) -> dict[str, Any]:
        self.grid = queries.grid_of(self.found)
        return super().get_form_kwargs() | {"grid": self.grid}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form, found = context["form"], self.found
        said = form.said if form.is_bound and hasattr(form, "read") else self.grid.said
        findings = shown_findings(self.grid, queries.check_all(self.grid, said))
        return context | {
            "page_title": f"Figures of {found.programme}: {found.period}",
            "found": found,
            "sections": sections(self.grid, form, findings),
            "words": [form[name] for name in form.fields if self.is_text(name)],
            "feedback": self.feedback(),
            "autosave_url": self.address("return-autosave"),
            "file_url": self.address("return-file"),
            "upload_url": self.address("return-upload"),
            "cancel_url": self.get_success_url(),
            "breadcrumbs": self.crumbs(),
        }

    @staticmethod
    def is_text(name: str) -> bool:
        return name in ("got_in_the_way", "way_forward") or name.startswith("answer-")

    def feedback(self) -> str:
        steps = queries.steps_of(self.found) if self.found.status == "sent_back" else []
        return next((step.comment for step in steps if step.comment), "")

    def act(self, form: ReturnForm) -> HttpResponseBase:
        """Saves the draft; what was not understood stays on the page with what is wrong about it."""
        self.was_tried = True
        self.found = fill_in(
            found=self.found,
            expected_version=self.expected_version,
            by=self.request.user,
            cells=form.cells(),
            **form.words(),
        )
        if form.errors:
            self.has_conflict = True  # The draft was saved, so the page goes on from the newer version.
            return self.render_to_response(self.get_context_data(form=form))
        if self.request.POST.get("then") == "send":
            return redirect(self.address("return-send"))
        messages.success(self.request, "Saved. The return is not sent yet.")
        return redirect(self.get_success_url())

    def form_invalid(self, form: ReturnForm) -> HttpResponseBase:
        """What was understood is kept all the same, once; a second refusal shows the page as it is."""
        return super().form_invalid(form) if self.was_tried else self.form_valid(form)


class Autosave(FillingView):
    """Saves the draft while somebody types, and answers with what to look at."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        grid = queries.grid_of(self.found)
        form = ReturnForm(request.POST, grid=grid)
        form.is_valid()
        version = request.POST.get("version", "")
        try:
            saved = fill_in(
                found=self.found,
                expected_version=int(version) if version.isdecimal() and len(version) < 10 else 0,
                by=request.user,
                cells=form.cells(),
                **form.words(),
            )
        except EditConflict as conflict:
            return JsonResponse({"message": conflict.message}, status=409)
        except DomainError as refused:
            return JsonResponse({"message": refused.message}, status=400)
        findings = shown_findings(grid, queries.check_all(grid, form.said))
        unread = [
            {
                "measure": int(name.split("-")[1]),
                "box": name,
                "is_error": True,
                "message": words[0],
                "why": "",
            }
            for name, words in form.errors.items()
            if name.startswith("c-")
        ]
        return JsonResponse({"fields": {"version": saved.version}, "findings": [*unread, *findings]})


class Send(ReturnForms, FillingView, FormView):
    """What is to be settled before it is sent; then the button."""

    template_name = "outcomes/returns/send.html"
    form_class = forms.Form

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().get(request, *args, **kwargs) if self.is_open else self.closed()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        grid = queries.grid_of(self.found)
        settle = to_settle(grid)
        edit = self.address("return-edit")
        questions = [
            {"text": text, "url": f"{edit}#id_{name}"}
            for name, text in (
                ("got_in_the_way", "Say what got in the way. If nothing did, write “nothing”."),
                ("way_forward", "Say what the way forward is. If nothing changes, write “nothing”."),
            )
            if not getattr(self.found, name).strip()
        ]
        wrong = [{"text": f.message, "url": f"{edit}#id_{box_name(*f.cell, f.box)}"} for f in settle.errors]
        odd = [{"text": f.message, "url": f"{edit}#id_{why_name(f.cell)}"} for f in settle.unexplained]
        explained = [{"text": f.message, "why": grid.cells[f.cell].explanation} for f in settle.explained]
        return super().get_context_data(
            **kwargs
            | {
                "page_title": "Check before you send",
                "found": self.found,
                "wrong": [*wrong, *questions],
                "odd": odd,
                "explained": explained,
                "is_ready": not (wrong or odd or questions) and bool(grid.asked),
                "table": figures_table(grid, hide=False) if grid.asked else None,
                "edit_url": edit,
                "breadcrumbs": self.crumbs(),
            }
        )

    def act(self, form: Any) -> None:
        try:
            submit(found=self.found, expected_version=self.expected_version, by=self.request.user)
        except NotReady as waiting:
            raise DomainError(waiting.message) from None
        messages.success(self.request, "Sent. An officer looks at it next.")


# --- The same as a spreadsheet -----------------------------------------------------------------------------------
class ReturnFile(FillingView):
    """The form as a workbook, with what is filled in so far."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        found = self.found
        name = slugify(f"{found.programme} {found.period} {found.organisation}")[:100] or "return"
        response = HttpResponse(return_workbook(queries.grid_of(found)), content_type=EXCEL)
        response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return response


class UploadFile(FillingView, FormView):
    """A filled workbook: what it would change, cell by cell. Saving is the next page's button, into the same draft."""

    template_name = "outcomes/returns/upload.html"
    form_class = FilledFileForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs
            | {
                "page_title": "Upload the filled spreadsheet",
                "found": self.found,
                "submit_label": "See what would change",
                "cancel_url": self.get_success_url(),
                "breadcrumbs": self.crumbs(),
            }
        )

    def form_valid(self, form: FilledFileForm) -> HttpResponseBase:
        if not self.is_open:
            return self.closed()
        grid = queries.grid_of(self.found)
        try:
            names = set(ReturnForm(grid=grid).fields)
            texts = read_file(form.cleaned_data["file"], return_id=self.found.pk, names=names)
        except Unreadable as refused:
            form.add_error("file", refused.message)
            return self.form_invalid(form)
        return self.preview(grid, texts)

    def preview(self, grid: queries.Grid, texts: dict[str, str]) -> HttpResponseBase:
        filled = ReturnForm(texts, grid=grid)
        filled.is_valid()
        context = self.get_context_data(form=filled) | {
            "page_title": "What the spreadsheet would change",
            "version": self.found.version,
            "changes": list(self.changes(grid, filled)),
            "problems": [words for name, errors in filled.errors.items() for words in errors],
            "hidden": [(name, text) for name, text in texts.items() if name not in filled.errors],
            "edit_url": self.address("return-edit"),
            "findings": shown_findings(grid, queries.check_all(grid, filled.said)),
        }
        return self.response_class(self.request, ["outcomes/returns/preview.html"], context)

    @staticmethod
    def changes(grid: queries.Grid, filled: ReturnForm) -> Any:
        """Each cell and answer that would change: its name, what stands there, and what would."""
        measures = {measure.pk: measure for measure in grid.measures}
        for line in grid.asked:
            for group in (None, *line.groups):
                key = (line.measure, group)
                before, after = grid.said.get(key), filled.read.cells.get(key)
                if after is None or (before is None and after.is_empty):
                    continue
                texts = [
                    said_words(measures[line.measure], line, said) or "Empty" for said in (before, after)
                ]
                if texts[0] != texts[1]:
                    yield {"name": line.name_of(group), "before": texts[0], "after": texts[1]}
        for name, field in filled.fields.items():
            before, after = filled.initial.get(name, ""), filled.data.get(name, "")
            if FillIn.is_text(name) and name in filled.data and before != after:
                yield {"name": field.label, "before": before or "Empty", "after": after or "Empty"}
