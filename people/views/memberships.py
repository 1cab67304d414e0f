"""Giving and ending roles, and which roles need a second step at sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from people.access import ActionForm, PartnershipView
from people.actions.memberships import ask_for_second_factor, end_membership, give_role
from people.forms.roles import EndRoleForm, GiveRoleForm, SecondFactorForm
from people.models import Membership
from people.permissions import Permission
from people.queries.people import members_without_second_factor
from people.queries.signing_in import has_second_factor
from people.views.people import PersonView
from people.views.rows import day


class GiveRole(ActionForm, PersonView, FormView):
    permission = Permission.MANAGE_PEOPLE
    template_name = "layouts/form.html"
    form_class = GiveRoleForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        given = give_role(
            partnership=self.partnership, person=self.person, by=self.request.user, **form.cleaned_data
        )
        messages.success(
            self.request, f"{self.person.name} has the role of {given.get_role_display().lower()}."
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Give {self.person.name} a role",
            submit_label="Give the role",
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class EndRole(ActionForm, PersonView, FormView):
    permission = Permission.MANAGE_PEOPLE
    template_name = "people/people/end_role.html"
    form_class = EndRoleForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            roles = Membership.objects.filter(partnership=self.partnership, person=self.person)
            self.membership = get_object_or_404(roles, pk=kwargs["membership"], ended_at__isnull=True)

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        ended = end_membership(
            membership=self.membership, on=form.cleaned_data["ends_on"], by=self.request.user
        )
        when = "has ended" if ended.ended_at else f"ends after {day(ended.ends_on)}"
        role = ended.get_role_display().lower()
        messages.success(self.request, f"The role of {self.person.name} as {role} {when}.")

    def get_success_url(self) -> str:
        # Whoever ends their own last role can no longer see the people of the partnership.
        return reverse("start") if self.person == self.request.user else super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        role = self.membership.get_role_display().lower()
        return super().get_context_data(
            page_title=f"End the role of {role}",
            membership=self.membership,
            submit_label="End the role",
            cancel_url=reverse("person-detail", args=[self.partnership.slug, self.person.pk]),
            **kwargs,
        )


class SecondFactor(ActionForm, PartnershipView, FormView):
    permission = Permission.MANAGE_PEOPLE
    template_name = "people/people/second_factor.html"
    form_class = SecondFactorForm

    def get_initial(self) -> dict[str, Any]:
        return {"roles": self.partnership.second_factor_roles, "version": self.partnership.version}

    def act(self, form: BaseForm) -> None:
        ask_for_second_factor(
            partnership=self.partnership,
            roles=form.cleaned_data["roles"],
            expected_version=form.cleaned_data["version"],
            by=self.request.user,
        )
        messages.success(
            self.request, "Saved. Whoever has one of these roles is asked the next time they open a page."
        )

    def get_success_url(self) -> str:
        return reverse("second-factor", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Second step at sign-in",
            section="second-factor",
            may_manage=True,
            mine_missing=not has_second_factor(self.request.user),
            without=members_without_second_factor(self.partnership),
            **kwargs,
        )
