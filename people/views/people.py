"""The people of a partnership, and the page of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, ListView, TemplateView

from partnerships.queries.commitments import visible as commitments
from people.access import ActionForm, PartnershipView
from people.actions.memberships import add_member, edit_person
from people.forms.people import AddPersonForm, DetailsForm, FindPeopleForm
from people.models import Person
from people.permissions import Permission
from people.queries.held import readable_about
from people.queries.invitations import open_invitations
from people.queries.leavers import hidden_among
from people.queries.offers import offers_of
from people.queries.people import (
    former_people_of,
    known_people_of,
    people_of,
    roles_of,
    search_people,
    seats_of,
    with_places_held,
)
from people.queries.real_names import real_name_of, real_names_of
from people.queries.signing_in import has_been_let_in
from people.views.rows import count, offer_groups, person_row, role_table, seat_table


class PeopleList(PartnershipView, ListView):
    permission = Permission.VIEW
    template_name = "people/people/list.html"
    paginate_by = 50

    def get_queryset(self):
        may_see_leavers = self.may(Permission.VIEW_LEAVERS)
        self.form = FindPeopleForm(self.request.GET or None, may_see_leavers=may_see_leavers)
        asked = self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else {}
        self.asked = {name: value for name, value in asked.items() if value}
        before = asked.get("when") == "before"
        found = former_people_of(self.partnership) if before else people_of(self.partnership)
        if asked.get("role"):
            held = {"memberships__partnership": self.partnership, "memberships__role": asked["role"]}
            found = found.filter(pk__in=Person.objects.filter(**held).values("pk"))
        found = search_people(
            found, asked.get("q", ""), self.partnership, for_manager=self.may(Permission.MANAGE_PEOPLE)
        )
        return with_places_held(found, self.partnership)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_manage = self.may(Permission.MANAGE_PEOPLE)
        context = super().get_context_data(
            page_title="People and organisations",
            section="people",
            may_manage=may_manage,
            may_see_leadership=self.may(Permission.VIEW_INFLUENCE),
            may_see_training=self.may(Permission.VIEW_DEVELOPMENT),
            filter_form=self.form,
            clear_url=reverse("people-list", args=[self.partnership.slug]) if self.asked else "",
            not_sent=may_manage
            and open_invitations(self.partnership).filter(failed_at__isnull=False).count(),
            **kwargs,
        )
        real = real_names_of(context["page_obj"], self.partnership) if may_manage else {}
        context["rows"] = [
            person_row(person, self.partnership, for_manager=may_manage, real_name=real.get(person.pk, ""))
            for person in context["page_obj"]
        ]
        return context


class PersonView(PartnershipView):
    """What the pages of one person share."""

    permission = Permission.VIEW
    person: Person

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = known_people_of(self.partnership).filter(pk=kwargs["person"]).first()
            self.person = found or get_object_or_404(
                known_people_of(self.partnership), merges__merged=kwargs["person"]
            )

    def get_success_url(self) -> str:
        return reverse("person-detail", args=[self.partnership.slug, self.person.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        list_url = reverse("people-list", args=[self.partnership.slug])
        breadcrumbs = [
            {"label": "People and organisations", "url": list_url},
            {"label": self.person.name, "url": self.get_success_url()},
        ]
        return super().get_context_data(**{"breadcrumbs": breadcrumbs, **kwargs, "person": self.person})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An old link to a record that became part of another leads to that one."""
        if self.person.pk != kwargs["person"]:
            return redirect("person-detail", partnership=self.partnership.slug, person=self.person.pk)
        return super().get(request, *args, **kwargs)  # type: ignore[misc]


class PersonDetail(PersonView, TemplateView):
    template_name = "people/people/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_manage = self.may(Permission.MANAGE_PEOPLE)
        is_hidden = bool(hidden_among({self.person.pk}, self.partnership, self.request.user))
        roles = [] if is_hidden else roles_of(self.person, self.partnership)
        seats = [] if is_hidden else seats_of(self.person, self.partnership)
        today = timezone.localdate()
        over = {seat.pk for seat in seats if seat.ends_on is not None and seat.ends_on < today}
        context = super().get_context_data(
            page_title=self.person.name,
            breadcrumbs=[
                {
                    "label": "People and organisations",
                    "url": reverse("people-list", args=[self.partnership.slug]),
                }
            ],
            may_manage=may_manage,
            is_hidden=is_hidden,
            roles_now=role_table(
                [r for r in roles if not r.is_over], self.partnership, "Roles", may_end=may_manage
            ),
            roles_before=role_table([r for r in roles if r.is_over], self.partnership, "Roles before"),
            seats_now=seat_table([s for s in seats if s.pk not in over], self.partnership, "Seats on boards"),
            seats_before=seat_table([s for s in seats if s.pk in over], self.partnership, "Seats before"),
            **kwargs,
        )
        context |= self.of_them()
        if may_manage:
            context |= self.for_manager()
        return context

    def of_them(self) -> dict[str, Any]:
        """What they agreed to say, and where they are named; counts hold only what the viewer may read."""
        named = readable_about(self.partnership, self.person, self.request.user).count()
        owned = commitments(self.partnership).filter(owner=self.person).count()
        return {
            "offers": offer_groups(offers_of(self.person, self.partnership, self.request.user)),
            "named": count(named, "activity names them", "activities name them") if named else "",
            "owned": count(owned, "commitment is theirs", "commitments are theirs") if owned else "",
        }

    def for_manager(self) -> dict[str, Any]:
        return {
            "signs_in": has_been_let_in(self.person),
            "real_name": real_name_of(self.person, self.partnership),
            "is_forgotten": hasattr(self.person, "forgetting"),
            "invitations": list(open_invitations(self.partnership).filter(person=self.person)),
        }


class AddPerson(ActionForm, PartnershipView, FormView):
    permission = Permission.MANAGE_PEOPLE
    template_name = "people/people/add.html"
    form_class = AddPersonForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def act(self, form: BaseForm) -> None:
        self.person = add_member(partnership=self.partnership, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{self.person.name} is on the list of people.")

    def get_success_url(self) -> str:
        return reverse("person-detail", args=[self.partnership.slug, self.person.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        list_url = reverse("people-list", args=[self.partnership.slug])
        return super().get_context_data(
            page_title="Add a person who does not sign in",
            breadcrumbs=[{"label": "People and organisations", "url": list_url}],
            submit_label="Add",
            cancel_url=list_url,
            **kwargs,
        )


class EditPerson(ActionForm, PersonView, FormView):
    """Correct the details of somebody who does not sign in."""

    permission = Permission.MANAGE_PEOPLE
    template_name = "layouts/form.html"
    form_class = DetailsForm

    def check_permission(self) -> None:
        super().check_permission()
        if has_been_let_in(self.person):
            raise PermissionDenied("Whoever signs in changes their own details.")

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.person.name, "job_title": self.person.job_title}

    def act(self, form: BaseForm) -> None:
        edit_person(person=self.person, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The details are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Change the details of {self.person.name}",
            cancel_url=self.get_success_url(),
            **kwargs,
        )
