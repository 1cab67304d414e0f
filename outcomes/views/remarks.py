"""Notes pinned to a measure's points, and the discussion below it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import FormView

from outcomes.actions import remarks as actions
from outcomes.forms.remarks import AnswerForm, RemarkForm
from outcomes.models import Group, Remark
from outcomes.queries.remarks import remarks_in
from outcomes.queries.series import Series
from outcomes.views.looking import Look, MeasureView
from partnerships.errors import DomainError
from people.access import ActionForm
from people.permissions import Permission


class AddRemark(ActionForm, MeasureView, FormView):
    """A note about a period of a place, or a word in the discussion.

    `at` in the address chooses the period beforehand; `group` says that the note is about a group of a breakdown.
    """

    permission = Permission.COMMENT
    form_class = RemarkForm
    template_name = "outcomes/measure/remark_form.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.looked: Look | None = None
        self.group: Group | None = None

    def periods(self) -> dict[str, tuple[str, Any]]:
        """The points that a note may be pinned to, newest first, by what stands for them in the form."""
        if self.looked is None:
            self.looked = self.look()
        if self.looked is None:
            raise Http404("This partnership covers no place yet.")
        figures = reversed(self.series(self.looked).figures)
        return {f"{f.period_start}/{f.period_end}": (f"{f.period_label}: {f.text}", f) for f in figures}

    def series(self, look: Look) -> Series:
        """The figures that the note may be about: those of the place, or of the group that the address names."""
        asked = self.request.GET.get("group", "")
        if not asked:
            return look.reading.series
        for breakdown in look.breakdowns():
            for one in breakdown.groups:
                if str(one.group.pk) == asked:
                    self.group = one.group
                    return one.series
        raise Http404("This measure has no such group here.")

    def get_form_kwargs(self) -> dict[str, Any]:
        periods = [(key, words) for key, (words, _) in self.periods().items()]
        return super().get_form_kwargs() | {"periods": periods}

    def get_initial(self) -> dict[str, Any]:
        at = self.request.GET.get("at", "")
        return {"period": next((key for key in self.periods() if at and key.endswith(f"/{at}")), "")}

    def act(self, form: BaseForm) -> HttpResponse:
        key = form.cleaned_data.get("period", "")
        pin = None
        if key:
            _, figure = self.periods()[key]
            place = self.looked.reading.place  # type: ignore[union-attr]
            pin = actions.Pin(place, figure.period_start, figure.period_end, self.group)
        said = actions.write_remark(
            measure=self.measure, text=form.cleaned_data["text"], by=self.request.user, pin=pin
        )
        on_chart = pin is not None and self.group is None
        messages.success(
            self.request, "Your note is on the chart." if on_chart else "What you said is saved."
        )
        query = self.looked.query if self.looked else ""
        return redirect(f"{self.url('measure', query=query)}#remark-{said.pk}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.looked.query if self.looked else ""
        place = self.looked.reading.place if self.looked else None
        return super().get_context_data(
            page_title=f"Add a note to {self.measure.name}",
            breadcrumbs=self.crumbs(to_measure=True),
            place=place,
            group=self.group,
            cancel_url=self.url("measure", query=query),
            submit_label="Save note",
            **kwargs,
        )


class RemarkView(MeasureView):
    """A page about one remark, `remark` in the address."""

    permission = Permission.COMMENT
    remark: Remark

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = remarks_in(self.partnership).filter(measure=self.measure)
            self.remark = get_object_or_404(found, pk=kwargs["remark"])

    def back(self) -> str:
        first = self.remark.reply_to or self.remark
        query = f"place={first.place_id}" if first.place_id else ""
        return f"{self.url('measure', query=query)}#remark-{self.remark.pk}"


class AnswerRemark(ActionForm, RemarkView, FormView):
    form_class = AnswerForm
    template_name = "outcomes/measure/remark_form.html"

    def act(self, form: BaseForm) -> HttpResponse:
        actions.write_remark(
            measure=self.measure, text=form.cleaned_data["text"], by=self.request.user, reply_to=self.remark
        )
        messages.success(self.request, "Your answer is saved.")
        return redirect(self.back())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Answer {self.remark.author.name}: {self.measure.name}",
            breadcrumbs=self.crumbs(to_measure=True),
            answered=self.remark,
            cancel_url=self.back(),
            submit_label="Save answer",
            **kwargs,
        )


class TakeBack(RemarkView):
    """One's own words, taken back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.act()
        except DomainError as refused:
            messages.error(request, refused.message)
        return redirect(self.back())

    def act(self) -> None:
        actions.take_back_remark(remark=self.remark, by=self.request.user)
        messages.success(self.request, "Your words are gone.")


class RemoveRemark(TakeBack):
    """What somebody else should not have written, removed by those who look after measures."""

    permission = Permission.MANAGE_OUTCOMES

    def act(self) -> None:
        if self.remark.author_id == self.request.user.pk:
            raise PermissionDenied("Take back your own words with “Take it back”.")
        actions.remove_remark(remark=self.remark, by=self.request.user)
        messages.success(self.request, "It is removed.")
