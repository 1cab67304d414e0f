"""Agreements: the list by renewal, one with its papers and renewals, and setting them up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from partnerships.actions.agreements import add_agreement, edit_agreement, end_agreement, renew_agreement
from partnerships.actions.documents import attach_document
from partnerships.forms.agreements import AgreementForm, EndAgreementForm, RenewForm
from partnerships.forms.documents import DocumentForm
from partnerships.models import Agreement
from partnerships.queries.agreements import agreements_of, is_overdue
from partnerships.renderers import agreements as rendered
from partnerships.renderers.documents import document_rows
from partnerships.renderers.sections import about_links
from partnerships.views.partnership_page import AboutView
from people.access import ActionForm, PartnershipView, VersionedForm
from people.permissions import Permission


class AgreementList(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/agreements/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = list(agreements_of(self.partnership))
        overdue = sum(is_overdue(one) for one in found)
        slug = self.partnership.slug
        return super().get_context_data(
            page_title="Agreements",
            sections=about_links(self.partnership, "agreement-list"),
            overdue=f"{overdue} renewal{'' if overdue == 1 else 's'} overdue" if overdue else "",
            in_force=[rendered.agreement_row(one, slug) for one in found if not one.ended_on],
            ended=[rendered.agreement_row(one, slug) for one in found if one.ended_on],
            may_manage=self.may(Permission.MANAGE_PARTNERSHIP),
            **kwargs,
        )


class AgreementSection(AboutView):
    def list_name(self) -> str:
        return "agreement-list"

    def list_label(self) -> str:
        return "Agreements"


class OneAgreement(AgreementSection):
    agreement: Agreement

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.agreement = get_object_or_404(agreements_of(self.partnership), pk=kwargs["agreement"])

    def get_success_url(self) -> str:
        return reverse("agreement-detail", args=[self.partnership.slug, self.agreement.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{"cancel_url": self.get_success_url()} | kwargs | {"agreement": self.agreement}
        )


class AgreementDetail(OneAgreement, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/agreements/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug, may_manage = self.partnership.slug, self.may(Permission.MANAGE_PARTNERSHIP)
        papers = self.agreement.documents.select_related("uploaded_by")
        return super().get_context_data(
            page_title=self.agreement.title,
            tag=rendered.tag(self.agreement),
            facts=rendered.facts(self.agreement, slug),
            documents=document_rows(papers, slug, may_remove=may_manage),
            renewals=rendered.renewals(self.agreement.renewals.all()),
            may_manage=may_manage,
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )


class AddAgreement(ActionForm, AgreementSection, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/form.html"
    form_class = AgreementForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def act(self, form: BaseForm) -> None:
        self.agreement = add_agreement(
            partnership=self.partnership, by=self.request.user, **form.cleaned_data
        )
        messages.success(self.request, f"{self.agreement.title} is recorded. Now attach what was signed.")

    def get_success_url(self) -> str:
        return reverse("agreement-detail", args=[self.partnership.slug, self.agreement.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Add an agreement", submit_label="Add", **kwargs)


class ChangeAgreement(VersionedForm, OneAgreement, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/versioned_form.html"
    form_class = AgreementForm

    def record(self) -> Agreement:
        return self.agreement

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership, "agreement": self.agreement}

    def get_initial(self) -> dict[str, Any]:
        plain = ("title", "kind", "purpose", "signed_on", "renews_on")
        found = {name: getattr(self.agreement, name) for name in plain}
        parties = [one.pk for one in self.agreement.parties.all()]
        return found | {"parties": parties, "owner": self.agreement.owner_id}

    def act(self, form: BaseForm) -> None:
        edit_agreement(
            agreement=self.agreement,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title=f"Change {self.agreement.title}", **kwargs)


class RenewAgreement(VersionedForm, OneAgreement, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/versioned_form.html"
    form_class = RenewForm

    def record(self) -> Agreement:
        return self.agreement

    def get_initial(self) -> dict[str, Any]:
        return {"renewed_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        renew_agreement(
            agreement=self.agreement,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "The renewal is recorded.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Renew {self.agreement.title}", submit_label="Record the renewal", **kwargs
        )


class EndAgreement(VersionedForm, OneAgreement, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/versioned_form.html"
    form_class = EndAgreementForm

    def record(self) -> Agreement:
        return self.agreement

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        end_agreement(
            agreement=self.agreement,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "The agreement has ended.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"End {self.agreement.title}", submit_label="End this agreement", **kwargs
        )


class AttachPaper(ActionForm, OneAgreement, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/form.html"
    form_class = DocumentForm

    def act(self, form: BaseForm) -> None:
        attach_document(parent=self.agreement, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The document is attached.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Attach a document to {self.agreement.title}", submit_label="Attach", **kwargs
        )
