"""The register of organisations, and the page of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, ListView, TemplateView

from config.words import day_words
from partnerships.actions.organisations import add_parts, end_part
from partnerships.actions.setting_up import add_organisation
from partnerships.models import Organisation
from partnerships.queries.contacts import contacts_of, matching
from partnerships.queries.places import visible_places
from partnerships.queries.shared_organisations import (
    corrections_to_decide,
    kept_record,
    own_correction,
)
from partnerships.renderers.contacts import contact_table
from people.access import ActionForm, PartnershipView
from people.forms.organisations import AddOrganisationForm, AddPartForm, EndPartForm, FindOrganisationsForm
from people.permissions import Permission
from people.queries import organisations as queries
from people.queries.people import with_places_held
from people.views.rows import count, organisation_rows, part_table, person_row


class OrganisationList(PartnershipView, ListView):
    permission = Permission.VIEW
    template_name = "people/organisations/list.html"
    paginate_by = 50

    def get_queryset(self):
        self.form = FindOrganisationsForm(self.request.GET or None)
        asked = self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else {}
        self.asked = {name: value for name, value in asked.items() if value}
        found = queries.organisations_of(self.partnership)
        if asked.get("q"):
            found = found.filter(name__icontains=asked["q"])
        if asked.get("sector"):
            found = found.filter(sector=asked["sector"])
        if asked.get("part"):
            parts = queries.current_parts(self.partnership).filter(role=asked["part"])
            found = found.filter(pk__in=parts.values("organisation"))
        return queries.with_parts_and_counts(found, self.partnership)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            page_title="People and organisations",
            section="organisations",
            may_manage=self.may(Permission.MANAGE_PEOPLE),
            may_change=self.may(Permission.MANAGE_PARTNERSHIP),
            filter_form=self.form,
            clear_url=reverse("organisation-list", args=[self.partnership.slug]) if self.asked else "",
            **kwargs,
        )
        context["rows"] = organisation_rows(context["page_obj"], self.partnership)
        return context


class OrganisationView(PartnershipView):
    """What the pages of one organisation share."""

    permission = Permission.VIEW
    organisation: Organisation

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            known = queries.known_organisations_of(self.partnership)
            asked = get_object_or_404(Organisation, pk=kwargs["organisation"])
            self.organisation = get_object_or_404(known, pk=kept_record(asked).pk)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An old link to a record that was merged leads to the one that is kept."""
        if request.user.is_authenticated and self.organisation.pk != kwargs["organisation"]:
            self.check_permission()
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse("organisation-detail", args=[self.partnership.slug, self.organisation.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        breadcrumbs = [
            {"label": "Organisations", "url": reverse("organisation-list", args=[self.partnership.slug])},
            {"label": self.organisation.name, "url": self.get_success_url()},
        ]
        return super().get_context_data(
            **{"breadcrumbs": breadcrumbs, **kwargs, "organisation": self.organisation}
        )


class OrganisationDetail(OrganisationView, TemplateView):
    template_name = "people/organisations/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation, partnership = self.organisation, self.partnership
        may_change = self.may(Permission.MANAGE_PARTNERSHIP)
        people = with_places_held(queries.people_from(organisation, partnership), partnership)
        contacts = list(matching(contacts_of(partnership), organisation=organisation))
        table = contact_table(contacts, partnership.slug, may_change=may_change, of_one=True)
        list_url = reverse("organisation-list", args=[partnership.slug])
        return super().get_context_data(
            page_title=organisation.name,
            breadcrumbs=[{"label": "Organisations", "url": list_url}],
            may_change=may_change,
            facts=self.facts(),
            parts=part_table(queries.parts_of(organisation, partnership), partnership, may_end=may_change),
            people=[
                person_row(person, partnership, for_manager=self.may(Permission.MANAGE_PEOPLE))
                for person in people
            ],
            contacts=table if contacts else None,
            corrections=corrections_to_decide(organisation, partnership) if may_change else [],
            waits=may_change and own_correction(organisation, partnership) is not None,
            programmes=queries.programmes_of(organisation, partnership),
            activities=queries.latest_activities(organisation, partnership),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )

    def facts(self) -> list[dict[str, Any]]:
        organisation, slug = self.organisation, self.partnership.slug
        found = Organisation.objects.filter(pk=organisation.pk).select_related("place")
        counted = queries.with_parts_and_counts(found, self.partnership).get()
        facts: list[dict[str, Any]] = [
            {"label": "Sector", "value": organisation.get_sector_display()},
            {"label": "org-id identifier", "value": organisation.org_id or "Not recorded"},
            {"label": "Activities", "value": count(counted.activity_count, "activity", "activities")},
        ]
        if counted.place and visible_places(self.partnership).filter(pk=counted.place_id).exists():
            url = reverse("place-detail", args=[slug, counted.place_id])
            facts.insert(1, {"label": "Place", "value": counted.place.name, "url": url})
        merged = organisation.merged_from.order_by("merged_at")
        if merged:
            said = [{"text": f"{one.name}, merged on {day_words(one.merged_at)}"} for one in merged]
            facts.append({"label": "Also recorded as", "values_list": said})
        return facts


class AddOrganisation(ActionForm, PartnershipView, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/form.html"
    form_class = AddOrganisationForm

    def act(self, form: BaseForm) -> None:
        answers = form.cleaned_data
        self.organisation = add_organisation(
            partnership=self.partnership,
            name=answers["name"],
            sector=answers["sector"],
            role=answers["part"],
            org_id=form.identifier() or None,
            by=self.request.user,
        )
        messages.success(self.request, f"{self.organisation.name} is in the register.")

    def get_success_url(self) -> str:
        return reverse("organisation-detail", args=[self.partnership.slug, self.organisation.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        list_url = reverse("organisation-list", args=[self.partnership.slug])
        return super().get_context_data(
            page_title="Add an organisation",
            breadcrumbs=[{"label": "Organisations", "url": list_url}],
            submit_label="Add",
            cancel_url=list_url,
            **kwargs,
        )


class AddPart(ActionForm, OrganisationView, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/form.html"
    form_class = AddPartForm

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        added = add_parts(
            partnership=self.partnership,
            organisation=self.organisation,
            roles=form.cleaned_data["part"],
            starts_on=form.cleaned_data["starts_on"],
            by=self.request.user,
        )
        said = "The part is recorded." if len(added) == 1 else f"{len(added)} parts are recorded."
        messages.success(self.request, said)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Add parts that {self.organisation.name} plays",
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class EndPart(ActionForm, OrganisationView, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/form.html"
    form_class = EndPartForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            parts = self.organisation.roles.filter(partnership=self.partnership)
            self.part = get_object_or_404(parts, pk=kwargs["part"])

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        end_part(part=self.part, on=form.cleaned_data["ends_on"], by=self.request.user)
        messages.success(self.request, "The last day is recorded.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        part = self.part.get_role_display().lower()
        return super().get_context_data(
            page_title=f"End the part of {part}",
            submit_label="End the part",
            cancel_url=self.get_success_url(),
            **kwargs,
        )
