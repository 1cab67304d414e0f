"""The periods of a programme: adding one or many from its calendar, changing and removing one."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import FormView

from outcomes.actions.programmes import drop_period, reschedule_period
from partnerships.actions.periods import add_period, add_periods
from partnerships.forms.periods import PeriodForm, ProposedPeriodsForm, SpanForm
from partnerships.models import Calendar, ProgrammePeriod
from partnerships.queries.periods import Proposal, missing
from people.access import ActionForm, ProgrammeView, VersionedForm
from people.permissions import Permission

TO_CHECK = {Calendar.HOLIDAY, Calendar.TERM}


class PeriodPage(ProgrammeView):
    """What these pages share; those of one period find it."""

    permission = Permission.MANAGE_PROGRAMMES
    period: ProgrammePeriod | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and "period" in kwargs:
            rows = ProgrammePeriod.objects.select_related("programme")
            self.period = get_object_or_404(rows, programme=self.programme, pk=kwargs["period"])

    def get_success_url(self) -> str:
        return f"{super().get_success_url()}#periods"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=self.get_success_url(), **kwargs)


class AddPeriod(ActionForm, PeriodPage, FormView):
    template_name = "layouts/form.html"
    form_class = PeriodForm
    extra_context = {"page_title": "Add a period", "submit_label": "Add"}

    def act(self, form: BaseForm) -> None:
        period = add_period(programme=self.programme, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{period.name} is added.")


class ChangePeriod(VersionedForm, PeriodPage, FormView):
    template_name = "layouts/versioned_form.html"
    form_class = PeriodForm
    extra_context = {"page_title": "Change this period"}

    def record(self) -> ProgrammePeriod | None:
        return self.period

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.period, name) for name in PeriodForm.base_fields}

    def act(self, form: BaseForm) -> None:
        reschedule_period(
            period=self.period,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")


class RemovePeriod(ActionForm, PeriodPage, FormView):
    template_name = "partnerships/programmes/remove.html"
    form_class = Form
    extra_context = {"page_title": "Remove this period?", "submit_label": "Remove"}

    def act(self, form: BaseForm) -> None:
        assert self.period is not None
        drop_period(period=self.period, by=self.request.user)
        messages.success(self.request, f"{self.period.name} is removed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.period is not None
        return super().get_context_data(
            what=self.period.name,
            why="Partners are not asked for its figures any more. A period for which somebody has sent figures stays.",
            **kwargs,
        )


class ProposePeriods(ActionForm, PeriodPage, FormView):
    """Periods of the programme's calendar for a span in the address: to tick, or with days to check."""

    template_name = "partnerships/programmes/propose_periods.html"
    form_class = ProposedPeriodsForm
    extra_context = {"page_title": "Add periods", "submit_label": "Add these periods"}

    @cached_property
    def span_form(self) -> SpanForm:
        asked = any(name.startswith(("since", "until")) for name in self.request.GET)
        return (
            SpanForm(self.request.GET)
            if asked
            else SpanForm(initial=dict(zip(("since", "until"), self.usual_span, strict=True)))
        )

    @property
    def usual_span(self) -> tuple[date, date]:
        """A year from the first day of this month."""
        first = timezone.localdate().replace(day=1)
        return first, first.replace(year=first.year + 1)

    @cached_property
    def proposals(self) -> list[Proposal]:
        if not self.span_form.is_bound:
            return missing(self.programme, *self.usual_span)
        if not self.span_form.is_valid():
            return []
        return missing(
            self.programme, self.span_form.cleaned_data["since"], self.span_form.cleaned_data["until"]
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        with_days = self.programme.calendar in TO_CHECK
        return super().get_form_kwargs() | {"proposals": self.proposals, "with_days": with_days}

    def act(self, form: BaseForm) -> None:
        made = add_periods(programme=self.programme, periods=form.chosen_periods(), by=self.request.user)  # type: ignore[attr-defined]
        number = len(made)
        messages.success(self.request, f"{number} period{' is' if number == 1 else 's are'} added.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            span_form=self.span_form,
            calendar=self.programme.get_calendar_display(),
            has_calendar=bool(self.programme.calendar),
            to_check=self.programme.calendar in TO_CHECK,
            number_of_proposals=len(self.proposals),
            **kwargs,
        )
