"""The story behind a measure's curve."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView

from outcomes.actions.setting_up import write_commentary
from outcomes.forms.dashboard import CommentaryForm
from outcomes.views.measures import MeasureView
from partnerships.errors import DomainError
from people.access import take_kept_form
from people.permissions import Permission


class WriteCommentary(MeasureView, FormView):
    """The story behind the curve."""

    permission = Permission.COMMENT
    form_class = CommentaryForm
    template_name = "outcomes/commentary_form.html"

    def get_initial(self) -> dict[str, Any]:
        kept = take_kept_form(self.request)
        return {name: values[0] for name, values in kept.items()} if kept else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs |= {"measure": self.measure}
        return super().get_context_data(
            page_title="Write the story behind the numbers",
            breadcrumbs=self.crumbs(to_measure=True),
            **kwargs,
        )

    def form_valid(self, form: CommentaryForm) -> HttpResponse:
        try:
            write_commentary(measure=self.measure, by=self.request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field, refused.message)
            return self.form_invalid(form)
        return redirect("measure", partnership=self.partnership.slug, measure=self.measure.slug)
