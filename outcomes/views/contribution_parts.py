"""What hangs on a stepping stone: what helps it, evidence for and against, and other explanations."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from config.forms import as_typed
from outcomes.actions.contribution import (
    add_contribution,
    add_evidence,
    add_explanation,
    edit_contribution,
    edit_evidence,
    edit_explanation,
    remove_contribution,
    remove_evidence,
    remove_explanation,
)
from outcomes.forms.contribution import (
    ChangeContributionForm,
    ContributionForm,
    EvidenceForm,
    ExplanationForm,
    key_of,
)
from outcomes.models import Contribution, ContributionEvidence, OtherExplanation
from outcomes.views.contribution import MapForm, StonePage
from partnerships.forms.documents import ConfirmForm
from partnerships.queries.activities import visible
from people.access import VersionedForm


class Finding(MapForm):
    """A form with a button that finds what can be chosen, before anything is saved."""

    template_name = "outcomes/contribution/finding.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership, "viewer": self.request.user}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "finding" not in request.POST:
            return super().post(request, *args, **kwargs)
        kwargs = {key: value for key, value in self.get_form_kwargs().items() if key not in ("data", "files")}
        typed = as_typed(self.form_class(**kwargs), dict(request.POST.lists()))
        form = self.form_class(**kwargs | {"initial": typed})
        return self.render_to_response(self.get_context_data(form=form))


class AddContribution(StonePage, Finding):
    form_class = ContributionForm

    def act(self, form: ContributionForm) -> None:
        said = form.cleaned_data
        add_contribution(
            stone=self.stone,
            what=form.chosen,
            how=said["how"],
            strength=said["strength"],
            by=self.request.user,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"page_title": f"Add what helps: {self.stone.title}"} | kwargs)


class ContributionPage(StonePage):
    @cached_property
    def contribution(self) -> Contribution:
        """One whose activity, where it has one, this person may see."""
        rows = Contribution.objects.filter(stone=self.stone).select_related(
            "activity", "commitment", "programme"
        )
        found = get_object_or_404(rows, pk=self.kwargs["contribution"])
        if found.activity_id:
            get_object_or_404(visible(self.partnership, self.request.user), pk=found.activity_id)
        return found

    @property
    def name(self) -> str:
        return str(self.contribution.activity or self.contribution.commitment or self.contribution.programme)


class EditContribution(VersionedForm, ContributionPage, MapForm):
    form_class = ChangeContributionForm
    template_name = "layouts/versioned_form.html"

    def record(self) -> Contribution:
        return self.contribution

    def get_initial(self) -> dict[str, Any]:
        return {"how": self.contribution.how, "strength": self.contribution.strength}

    def act(self, form: BaseForm) -> None:
        edit_contribution(
            contribution=self.contribution,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"page_title": f"How it helps: {self.name}"} | kwargs)


class Removing(MapForm):
    form_class = ConfirmForm
    template_name = "outcomes/contribution/remove.html"
    what_happens = "It goes off the map. The history keeps that it stood there."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = {"what_happens": self.what_happens, "submit_label": "Remove it"}
        return super().get_context_data(**found | kwargs)


class RemoveContribution(ContributionPage, Removing):
    def act(self, form: BaseForm) -> None:
        remove_contribution(contribution=self.contribution, by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"page_title": f"Take it off the map: {self.name}"} | kwargs)


class AddEvidence(StonePage, Finding):
    form_class = EvidenceForm

    def act(self, form: EvidenceForm) -> None:
        add_evidence(stone=self.stone, by=self.request.user, **form.said)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"page_title": f"Add evidence: {self.stone.title}"} | kwargs)


class EvidencePage(StonePage):
    @cached_property
    def evidence(self) -> ContributionEvidence:
        rows = ContributionEvidence.objects.filter(stone=self.stone).select_related("activity", "document")
        return get_object_or_404(rows, pk=self.kwargs["evidence"])


class EditEvidence(VersionedForm, EvidencePage, Finding):
    form_class = EvidenceForm
    page_title = "Change evidence"

    def record(self) -> ContributionEvidence:
        return self.evidence

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"evidence": self.evidence}

    def get_initial(self) -> dict[str, Any]:
        one, linked = self.evidence, self.evidence.activity or self.evidence.document
        names = ("what_it_shows", "points", "strength", "happened_on", "url")
        found = {name: getattr(one, name) for name in names}
        return found | {"measure": one.measure_id, "what": key_of(linked) if linked else ""}

    def act(self, form: EvidenceForm) -> None:
        edit_evidence(
            evidence=self.evidence,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.said,
        )


class RemoveEvidence(EvidencePage, Removing):
    page_title = "Remove evidence"

    def act(self, form: BaseForm) -> None:
        remove_evidence(evidence=self.evidence, by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"quoted": self.evidence.what_it_shows} | kwargs)


class AddExplanation(MapForm):
    form_class = ExplanationForm
    page_title = "Add another explanation"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"outcome": self.outcome}

    def get_initial(self) -> dict[str, Any]:
        return {"stone": self.request.GET.get("stone", "")}

    def act(self, form: BaseForm) -> None:
        add_explanation(outcome=self.outcome, by=self.request.user, **form.cleaned_data)


class ExplanationPage(AddExplanation):
    @cached_property
    def explanation(self) -> OtherExplanation:
        rows = OtherExplanation.objects.filter(outcome=self.outcome)
        return get_object_or_404(rows, pk=self.kwargs["explanation"])


class EditExplanation(VersionedForm, ExplanationPage):
    template_name = "layouts/versioned_form.html"
    page_title = "Change another explanation"

    def record(self) -> OtherExplanation:
        return self.explanation

    def get_initial(self) -> dict[str, Any]:
        one = self.explanation
        found = {"what": one.what, "stone": one.stone_id, "weight": one.weight}
        return found | {"what_we_know": one.what_we_know}

    def act(self, form: BaseForm) -> None:
        edit_explanation(
            explanation=self.explanation,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )


class RemoveExplanation(Removing):
    page_title = "Remove another explanation"

    @cached_property
    def explanation(self) -> OtherExplanation:
        rows = OtherExplanation.objects.filter(outcome=self.outcome)
        return get_object_or_404(rows, pk=self.kwargs["explanation"])

    def act(self, form: BaseForm) -> None:
        remove_explanation(explanation=self.explanation, by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"quoted": self.explanation.what} | kwargs)
