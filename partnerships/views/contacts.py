"""The contact register: whom to ask for what, with filters, a file of what is shown, and keeping it right."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from config.words import day_words
from partnerships.actions.contacts import add_contact, edit_contact, end_contact
from partnerships.forms.contacts import ContactForm, EndContactForm, FindContactsForm, NewContactForm
from partnerships.models import OrganisationContact
from partnerships.queries import contacts as queries
from partnerships.renderers.contacts import contact_table
from people.access import ActionForm, PartnershipView, VersionedForm
from people.permissions import Permission
from reports.renderers.csv import csv_lines
from reports.renderers.xlsx import Cover, Sheet, write_workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Found(PartnershipView):
    """What the page and the files share: the same address finds the same contacts."""

    @cached_property
    def filter_form(self) -> FindContactsForm:
        return FindContactsForm(self.request.GET, partnership=self.partnership)

    @cached_property
    def asked(self) -> dict[str, Any]:
        asked = self.filter_form.cleaned_data if self.filter_form.is_valid() else {}
        return {name: value for name, value in asked.items() if value}

    def found(self) -> QuerySet[OrganisationContact]:
        contacts = queries.contacts_of(self.partnership)
        return queries.matching(
            contacts, text=self.asked.get("q", ""), organisation=self.asked.get("organisation")
        )


class ContactList(Found, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/contacts/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_manage = self.may(Permission.MANAGE_PARTNERSHIP)
        slug = self.partnership.slug
        contacts = list(self.found())
        return super().get_context_data(
            page_title="Contacts",
            section="contacts",
            may_manage=self.may(Permission.MANAGE_PEOPLE),
            may_change=may_manage,
            filter_form=self.filter_form,
            clear_url=reverse("contact-list", args=[slug]) if self.asked else "",
            table=contact_table(contacts, slug, may_change=may_manage) if contacts else None,
            downloads=self.downloads() if may_manage and contacts else [],
            **kwargs,
        )

    def downloads(self) -> list[dict[str, str]]:
        query = self.request.GET.urlencode()
        return [
            {
                "label": label,
                "kind": "what is shown here",
                "url": f"{reverse('contact-export', args=[self.partnership.slug, kind])}?{query}",
            }
            for label, kind in (("Download as CSV", "csv"), ("Download for Excel", "xlsx"))
        ]


class ContactExport(Found):
    """Names and addresses leave only with somebody who answers for the partnership's page."""

    permission = Permission.MANAGE_PARTNERSHIP

    def get(self, request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponseBase:
        rows = queries.table(self.found())
        name = f"{self.partnership.slug}-contacts-{timezone.localdate()}.{kind}"
        if kind == "csv":
            response = StreamingHttpResponse(
                csv_lines(queries.TABLE_COLUMNS, rows), content_type="text/csv; charset=utf-8"
            )
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
        cover = Cover(
            f"Contacts of {self.partnership}",
            [
                f"As on {day_words(timezone.localdate())}. Contacts that have ended are left out.",
                "It holds names and addresses of people: keep it no longer than you need it.",
            ],
        )
        file = write_workbook(cover, [Sheet("Contacts", queries.TABLE_COLUMNS, rows, (34, 30, 24, 34, 18))])
        return FileResponse(file, as_attachment=True, filename=name, content_type=EXCEL)


class ContactSection(PartnershipView):
    permission = Permission.MANAGE_PARTNERSHIP

    def get_success_url(self) -> str:
        return reverse("contact-list", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = self.get_success_url()
        crumbs = [{"label": "Contacts", "url": url}]
        return super().get_context_data(**{"breadcrumbs": crumbs, "cancel_url": url} | kwargs)


class AddContact(ActionForm, ContactSection, FormView):
    template_name = "layouts/form.html"
    form_class = NewContactForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("organisation", "").replace("\x00", "")
        return {"organisation": asked, "starts_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        add_contact(partnership=self.partnership, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The contact is in the register.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Add a contact", submit_label="Add", **kwargs)


class OneContact(ContactSection):
    contact: OrganisationContact

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = OrganisationContact.objects.select_related("organisation")
            self.contact = get_object_or_404(found, partnership=self.partnership, pk=kwargs["contact"])


class ChangeContact(VersionedForm, OneContact, FormView):
    template_name = "partnerships/contacts/change.html"
    form_class = ContactForm

    def record(self) -> OrganisationContact:
        return self.contact

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership, "contact": self.contact}

    def get_initial(self) -> dict[str, Any]:
        contact = self.contact
        return {
            "role": contact.role,
            "person": contact.person_id,
            "email": contact.email,
            "phone": contact.phone,
        }

    def act(self, form: BaseForm) -> None:
        edit_contact(
            contact=self.contact,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = f"Change the contact for {self.contact.role.lower()} at {self.contact.organisation.name}"
        return super().get_context_data(
            page_title=title,
            pk=self.contact.pk,
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )


class EndContact(ActionForm, OneContact, FormView):
    template_name = "layouts/form.html"
    form_class = EndContactForm

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        end_contact(contact=self.contact, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The last day is recorded.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = f"End the contact for {self.contact.role.lower()} at {self.contact.organisation.name}"
        return super().get_context_data(page_title=title, submit_label="End this contact", **kwargs)
