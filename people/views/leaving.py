"""Leaving, being forgotten, and the real name behind a name: what a manager does for somebody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from learning.models import LearningEntry
from partnerships.models import Activity, Board, Commitment, Partnership, Programme
from people.access import ActionForm
from people.actions.known_as import note_real_name
from people.actions.leaving import forget, leave, why_not_forget
from people.forms.leaving import ForgetForm, LeaveForm, RealNameForm
from people.models import Voice
from people.permissions import Permission
from people.queries.mentions import Mention, mentions_of, names_of
from people.queries.real_names import real_name_of
from people.views.people import PersonView
from people.views.rows import day

PAGES = {
    Activity: "activity-detail",
    Board: "board-detail",
    Commitment: "commitment-detail",
    LearningEntry: "learning-detail",
    Programme: "programme-detail",
    Voice: "voice-detail",
}


class Leave(ActionForm, PersonView, FormView):
    permission = Permission.MANAGE_PEOPLE
    template_name = "people/leaving/leave.html"
    form_class = LeaveForm

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        on = form.cleaned_data["ends_on"]
        leave(partnership=self.partnership, person=self.person, on=on, by=self.request.user)
        messages.success(self.request, f"The last day of {self.person.name} here is {day(on)}.")

    def get_success_url(self) -> str:
        return reverse("start") if self.person == self.request.user else super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"{self.person.name} leaves",
            leaves=self.partnership,
            submit_label="End all roles and seats",
            cancel_url=super().get_success_url(),
            **kwargs,
        )


class Forget(ActionForm, PersonView, FormView):
    """Typed confirmation, after a list of the texts in which a human has to look for the name."""

    permission = Permission.MANAGE_PEOPLE
    template_name = "people/leaving/forget.html"
    form_class = ForgetForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"is_self": self.person == self.request.user}

    def act(self, form: BaseForm) -> None:
        forget(person=self.person, how_asked=form.cleaned_data.get("how_asked", ""), by=self.request.user)
        messages.success(self.request, "They are forgotten. What the partnership did stays.")

    def get_success_url(self) -> str:
        if self.person == self.request.user:
            return reverse("start")
        return reverse("people-list", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = mentions_of(names_of(self.person), self.partnership, self.request.user)
        return super().get_context_data(
            page_title=f"Forget {self.person.name}",
            is_self=self.person == self.request.user,
            why_not=why_not_forget(self.person, self.request.user),
            mentions=mention_rows(found, self.partnership),
            cancel_url=reverse("person-detail", args=[self.partnership.slug, self.person.pk]),
            **kwargs,
        )


class NoteRealName(ActionForm, PersonView, FormView):
    permission = Permission.MANAGE_PEOPLE
    template_name = "layouts/form.html"
    form_class = RealNameForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.person}

    def get_initial(self) -> dict[str, Any]:
        return {"name": real_name_of(self.person, self.partnership)}

    def act(self, form: BaseForm) -> None:
        note_real_name(
            partnership=self.partnership,
            person=self.person,
            name=form.cleaned_data["name"],
            by=self.request.user,
        )
        messages.success(self.request, "Saved. Only those who manage people see it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Full name", cancel_url=self.get_success_url(), **kwargs)


def mention_rows(found: list[Mention], partnership: Partnership) -> list[dict[str, Any]]:
    return [
        {
            "kind": mention.kind,
            "number": mention.number,
            "records": [
                {
                    "text": str(record),
                    "url": reverse(PAGES[type(record)], args=[partnership.slug, record.pk]),
                }
                for record in mention.records
                if type(record) in PAGES
            ],
        }
        for mention in found
    ]
