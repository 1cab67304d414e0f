"""Organisations as what partnerships share: correcting one, and making one of two records of the same."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from partnerships.actions.corrections import correct_organisation, decide_correction
from partnerships.actions.merging import merge_organisations
from partnerships.forms.organisations import (
    ChooseKeptForm,
    CorrectOrganisationForm,
    DecideCorrectionForm,
    MergeForm,
)
from partnerships.models import Organisation, OrganisationCorrection, Partnership
from partnerships.queries import shared_organisations as queries
from partnerships.queries.activities import organisations_of
from people.access import ActionForm, PartnershipView, VersionedForm
from people.permissions import Permission


class SharedOrganisation(PartnershipView):
    """What these pages share: an organisation with a part here, and who may speak for all that use it."""

    permission = Permission.MANAGE_PARTNERSHIP
    organisation: Organisation

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            ours = organisations_of(self.partnership).filter(merged_into__isnull=True)
            self.organisation = get_object_or_404(ours, pk=kwargs["organisation"])

    def may_manage(self, partnership: Partnership) -> bool:
        return self.request.user.has_perm(Permission.MANAGE_PARTNERSHIP, partnership)

    def all_are_mine(self, *organisations: Organisation) -> bool:
        return all(self.may_manage(one) for one in queries.partnerships_using(*organisations))

    def page_of(self, organisation: Organisation) -> str:
        return reverse("organisation-detail", args=[self.partnership.slug, organisation.pk])

    def get_success_url(self) -> str:
        return self.page_of(self.organisation)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [
            {"label": "Organisations", "url": reverse("organisation-list", args=[self.partnership.slug])},
            {"label": self.organisation.name, "url": self.page_of(self.organisation)},
        ]
        found = {"breadcrumbs": crumbs, "cancel_url": self.page_of(self.organisation)}
        return super().get_context_data(**found | kwargs | {"organisation": self.organisation})


class CorrectOrganisation(VersionedForm, SharedOrganisation, FormView):
    template_name = "partnerships/organisations/correct.html"
    form_class = CorrectOrganisationForm

    @cached_property
    def others_use_it(self) -> bool:
        return not self.all_are_mine(self.organisation)

    def record(self) -> Organisation:
        return self.organisation

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"others_use_it": self.others_use_it}

    def get_initial(self) -> dict[str, Any]:
        shown = queries.own_correction(self.organisation, self.partnership) or self.organisation
        found = {"name": shown.name, "sector": shown.sector, "org_id": shown.org_id or ""}
        return found | {"reason": getattr(shown, "reason", "")}

    def act(self, form: BaseForm) -> None:
        proposed = correct_organisation(
            organisation=self.organisation,
            partnership=self.partnership,
            expected_version=self.expected_version,
            may_manage=self.may_manage,
            by=self.request.user,
            **form.cleaned_data,
        )
        done = "Your correction waits for another partnership to agree." if proposed else "It is corrected."
        messages.success(self.request, done)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Correct {self.organisation.name}",
            others_use_it=self.others_use_it,
            submit_label="Propose the correction" if self.others_use_it else "Save",
            **kwargs,
        )


class DecideCorrection(ActionForm, SharedOrganisation, FormView):
    """Another partnership proposes a correction. It is not named: who else is here is nobody's business."""

    template_name = "partnerships/organisations/decide.html"
    form_class = DecideCorrectionForm

    def correction(self) -> OrganisationCorrection:
        waiting = OrganisationCorrection.objects.filter(decided_at__isnull=True)
        theirs = waiting.exclude(partnership=self.partnership)
        return get_object_or_404(theirs, organisation=self.organisation, pk=self.kwargs["correction"])

    def act(self, form: BaseForm) -> None:
        accept = form.cleaned_data["answer"] == "yes"
        decide_correction(
            correction=self.correction(), partnership=self.partnership, accept=accept, by=self.request.user
        )
        messages.success(self.request, "It is corrected." if accept else "It stays as it is.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        correction, now = self.correction(), self.organisation
        pairs = (
            ("Name", now.name, correction.name),
            ("Sector", now.get_sector_display(), correction.get_sector_display()),
            ("org-id identifier", now.org_id or "", correction.org_id),
        )
        changes = [
            {"label": label, "value": f"{before or 'Nothing'} becomes {after or 'nothing'}"}
            for label, before, after in pairs
            if before != after
        ]
        return super().get_context_data(
            page_title=f"A correction of {now.name}",
            facts=[*changes, {"label": "Why", "value": correction.reason}],
            submit_label="Answer",
            **kwargs,
        )


class Duplicates(PartnershipView, TemplateView):
    """Pairs that may be the same organisation, each with a way to make one of them."""

    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "partnerships/organisations/duplicates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        list_url = reverse("organisation-list", args=[slug])
        pairs = [
            [self.row(one, other), self.row(other, one)]
            for one, other in queries.possible_duplicates(self.partnership)
        ]
        return super().get_context_data(
            page_title="Organisations that may be the same",
            breadcrumbs=[{"label": "Organisations", "url": list_url}],
            pairs=pairs,
            **kwargs,
        )

    def row(self, organisation: Organisation, other: Organisation) -> dict[str, Any]:
        slug = self.partnership.slug
        return {
            "name": organisation.name,
            "url": reverse("organisation-detail", args=[slug, organisation.pk]),
            "about": f"{organisation.get_sector_display()}, {organisation.org_id or 'no identifier'}",
            "keep_url": f"{reverse('organisation-merge', args=[slug, other.pk])}?into={organisation.pk}",
        }


class MergeOrganisation(ActionForm, SharedOrganisation, FormView):
    """First which record is kept, then what will move, and how one knows that they are the same."""

    template_name = "partnerships/organisations/merge.html"
    form_class = MergeForm

    @cached_property
    def choice(self) -> ChooseKeptForm:
        asked = self.request.GET if "into" in self.request.GET else None
        return ChooseKeptForm(asked, partnership=self.partnership, organisation=self.organisation)

    @cached_property
    def kept(self) -> Organisation | None:
        return self.choice.cleaned_data["into"] if self.choice.is_bound and self.choice.is_valid() else None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.kept is None:
            return redirect(request.path)
        return super().post(request, *args, **kwargs)

    def act(self, form: BaseForm) -> None:
        merge_organisations(
            kept=self.kept,
            merged=self.organisation,
            may_manage=self.may_manage,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, f"{self.organisation.name} is part of {self.kept.name} now.")

    def get_success_url(self) -> str:
        return self.page_of(self.kept or self.organisation)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = self.kept
        ours = kept is not None and self.all_are_mine(self.organisation, kept)
        return super().get_context_data(
            page_title=f"Merge {self.organisation.name}",
            choice=self.choice,
            kept=kept,
            is_ours=ours,
            moves=queries.moves(self.organisation) if kept and ours else [],
            **kwargs,
        )
