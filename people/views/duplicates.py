"""People who may be recorded twice, and making one of two."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from people.access import ActionForm, PartnershipView
from people.actions.person_merging import LEFT, merge_people, tell_apart, why_not_merge
from people.forms.invitations import ConfirmForm
from people.forms.leaving import MergeForm
from people.models import Person
from people.permissions import Permission
from people.queries.duplicates import duplicates_in
from people.queries.held import kinds_of_records
from people.queries.named import people_to_name
from people.queries.people import known_people_of
from people.queries.real_names import real_names_of
from people.queries.signing_in import has_been_let_in
from people.views.rows import day


class Duplicates(PartnershipView, TemplateView):
    permission = Permission.MANAGE_PEOPLE
    template_name = "people/duplicates/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        pairs = duplicates_in(self.partnership)
        people = {person.pk: person for one, other, _ in pairs for person in (one, other)}
        real = real_names_of(people.values(), self.partnership)
        rows = [
            {
                "one": named(one, real),
                "other": named(other, real),
                "reasons": ", ".join(pair.reasons),
                "merge_url": reverse("person-merge", args=[slug, one.pk, other.pk]),
                "apart_url": reverse("person-apart", args=[slug, one.pk, other.pk]),
            }
            for one, other, pair in pairs
        ]
        return super().get_context_data(
            page_title="Recorded twice?", section="duplicates", may_manage=True, rows=rows, **kwargs
        )


class PairView(ActionForm, PartnershipView, FormView):
    """One page about two records."""

    permission = Permission.MANAGE_PEOPLE
    person: Person
    other: Person

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = people_to_name(self.partnership)
            self.person = get_object_or_404(found, pk=kwargs["person"])
            self.other = get_object_or_404(found, pk=kwargs["other"])

    def get_success_url(self) -> str:
        return reverse("person-duplicates", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        trail = [
            {"label": "People and organisations", "url": reverse("people-list", args=[slug])},
            {"label": "Recorded twice?", "url": reverse("person-duplicates", args=[slug])},
        ]
        real = real_names_of([self.person, self.other], self.partnership)
        return super().get_context_data(
            **{
                "breadcrumbs": trail,
                "one": named(self.person, real),
                "second": named(self.other, real),
                "cancel_url": self.get_success_url(),
            }
            | kwargs
        )


class Merge(PairView):
    """`person` stays, `other` becomes part of it."""

    template_name = "people/duplicates/merge.html"
    form_class = MergeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"both_sign_in": has_been_let_in(self.other)}

    def act(self, form: BaseForm) -> None:
        merge_people(
            partnership=self.partnership,
            kept=self.person,
            merged=self.other,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, f"The two records are one: {self.person.name}.")

    def get_success_url(self) -> str:
        if known_people_of(self.partnership).filter(pk=self.person.pk).exists():
            return reverse("person-detail", args=[self.partnership.slug, self.person.pk])
        return super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        return super().get_context_data(
            page_title=f"Make one of {self.person.name} and {self.other.name}",
            why_not=why_not_merge(self.partnership, self.person, self.other, self.request.user),
            moves=[
                {"label": kind, "value": str(number)}
                for kind, number in kinds_of_records(self.other, leave=LEFT)
            ],
            facts=[record_facts(self.person), record_facts(self.other)],
            swap_url=reverse("person-merge", args=[slug, self.other.pk, self.person.pk]),
            cancel_url=reverse("person-duplicates", args=[slug]),
            **kwargs,
        )


class Apart(PairView):
    template_name = "people/duplicates/apart.html"
    form_class = ConfirmForm

    def act(self, form: BaseForm) -> None:
        tell_apart(partnership=self.partnership, one=self.person, other=self.other, by=self.request.user)
        messages.success(self.request, "They stay two people, and are not shown as a pair again.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="They are two people", **kwargs)


def named(person: Person, real: dict[int, str]) -> dict[str, Any]:
    return {"name": person.name, "real_name": real.get(person.pk, ""), "job_title": person.job_title}


def record_facts(person: Person) -> dict[str, Any]:
    """What a manager tells two records apart by."""
    rows = [
        {"label": "Job title", "value": person.job_title or "None"},
        {"label": "Email address", "value": person.email or "None"},
        {"label": "Signs in", "value": "Yes" if has_been_let_in(person) else "No"},
        {"label": "Recorded on", "value": day(person.joined_at)},
    ]
    return {"name": person.name, "rows": rows}
