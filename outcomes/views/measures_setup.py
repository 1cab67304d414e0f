"""Setting up outcomes and measures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import FormView

from outcomes.actions import setting_up as actions
from outcomes.forms.measures_setup import SECONDARY, MeasureForm, OutcomeForm, tier_of, told
from outcomes.models import CalculationRule, Measure, MeasureKind, Outcome, Ownership
from partnerships.errors import EditConflict
from people.access import ActionForm, PartnershipView
from people.permissions import Permission


class SetUpView(ActionForm, PartnershipView, FormView):
    """What these pages share."""

    permission = Permission.MANAGE_OUTCOMES
    template_name = "outcomes/setup/form.html"

    def url(self, name: str, *args: Any) -> str:
        return reverse(name, args=[self.partnership.slug, *args])

    def get_success_url(self) -> str:
        return self.url("dashboard")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        defaults = {"lead": "", "version": None, "differences": []}
        trail = [{"label": "Outcomes", "url": self.url("dashboard")}]
        return super().get_context_data(
            **{**defaults, "breadcrumbs": trail, "cancel_url": self.get_success_url(), **kwargs}
        )


class EditView(SetUpView):
    """An edit carries the version that it started from. When somebody else was faster, both texts are shown."""

    record: Any

    def values(self) -> dict[str, Any]:
        """What is saved now, by field."""
        return {name: getattr(self.record, name) for name in self.form_class.base_fields}

    def get_initial(self) -> dict[str, Any]:
        return self.values()

    def version(self) -> int:
        sent = self.request.POST.get("version", "")
        return int(sent[:9]) if sent.isascii() and sent.isdecimal() else self.record.version

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"version": self.version(), **kwargs})

    def act(self, form: BaseForm) -> HttpResponseBase | None:
        try:
            self.save(form)
        except EditConflict as conflict:
            return self.conflicted(form, conflict)
        messages.success(self.request, "Your changes are saved.")
        return None

    def save(self, form: BaseForm) -> None:
        raise NotImplementedError

    def conflicted(self, form: BaseForm, conflict: EditConflict) -> HttpResponse:
        """What was typed stays in the form, and saving again goes on top of what is saved now."""
        self.record.refresh_from_db()
        differences = [
            {
                "label": form.fields[name].label or form[name].label,
                "saved": shown(form, name, saved),
                "yours": shown(form, name, typed),
            }
            for name, saved in self.values().items()
            if (typed := form.cleaned_data.get(name)) != saved
        ]
        form.add_error(None, conflict.message)
        context = self.get_context_data(form=form, version=conflict.current_version, differences=differences)
        return self.render_to_response(context, status=409)


def shown(form: Form, name: str, value: Any) -> str:
    """An answer in words: the label of a choice, yes or no, or the text itself."""
    choices = dict(getattr(form.fields[name], "choices", None) or ()) if isinstance(value, str) else {}
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(choices.get(value, "" if value is None else value))


class AddOutcome(SetUpView):
    form_class = OutcomeForm
    extra_context = {
        "page_title": "Add an outcome",
        "submit_label": "Add outcome",
        "lead": "A condition of life that partners want for everyone in the place. Measures show whether it comes nearer.",
    }

    def act(self, form: BaseForm) -> None:
        outcome = actions.add_outcome(partnership=self.partnership, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"“{outcome.title}” was added.")


class EditOutcome(EditView):
    form_class = OutcomeForm
    extra_context = {"page_title": "Change this outcome"}

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.record = get_object_or_404(Outcome, partnership=self.partnership, pk=kwargs["pk"])

    def save(self, form: BaseForm) -> None:
        actions.edit_outcome(
            outcome=self.record, expected_version=self.version(), by=self.request.user, **form.cleaned_data
        )


class MeasureFormView(SetUpView):
    form_class = MeasureForm
    template_name = "outcomes/setup/measure.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}


class AddMeasure(MeasureFormView):
    extra_context = {
        "page_title": "Add a measure",
        "submit_label": "Add measure",
        "lead": "Something that is counted regularly, and always in the same way.",
    }

    def get_initial(self) -> dict[str, Any]:
        return {
            "outcome": self.request.GET.get("outcome"),
            "kind": MeasureKind.INDICATOR,
            "decimals": 1,
            "rule": CalculationRule.LATEST,
            "ownership": Ownership.SHARED,
            "due_after_days": 60,
            "quadrant": "",
            "tier": SECONDARY,
        }

    def act(self, form: BaseForm) -> HttpResponse:
        measure = actions.add_measure(by=self.request.user, **told(form))
        messages.success(self.request, f"“{measure.name}” was added.")
        back = self.request.GET.get("next", "")
        # Only to a page of this partnership, such as the import for which the measure was missing.
        if back.startswith(self.url("home")) and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            return redirect(f"{back}?measure={measure.slug}")
        return redirect(self.url("measure", measure.slug))


class MeasureMixin:
    """Finds the measure in the address."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        if request.user.is_authenticated:
            found = Measure.objects.select_related("outcome", "programme", "partnership", "owner")
            self.record = get_object_or_404(found, partnership=self.partnership, slug=kwargs["measure"])  # type: ignore[attr-defined]

    def get_success_url(self) -> str:
        return self.url("measure", self.record.slug)  # type: ignore[attr-defined]


class EditMeasure(MeasureMixin, EditView, MeasureFormView):
    extra_context = {"page_title": "Change this measure"}

    def values(self) -> dict[str, Any]:
        names = [name for name in self.form_class.base_fields if name != "tier"]
        return {name: getattr(self.record, name) for name in names} | {"tier": tier_of(self.record)}

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"owner": self.record.owner_id}

    def save(self, form: BaseForm) -> None:
        actions.edit_measure(
            measure=self.record, expected_version=self.version(), by=self.request.user, **told(form)
        )
