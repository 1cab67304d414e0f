"""What is held about somebody, for themselves: to read, to take away as a copy, to leave, and to be forgotten."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView, View

from config.words import moment_words
from partnerships.models import Partnership
from people.access import ActionForm, SignedInView
from people.actions.access import ask_for_copy, why_no_copy
from people.actions.leaving import forget, leave, why_not_forget
from people.forms.invitations import ConfirmForm
from people.forms.leaving import ForgetForm, LeaveForm
from people.models import AccessExport, Person
from people.permissions import Permission
from people.queries.held import HeldIn, held_about, kinds_of_records
from people.views.offers import OwnView
from people.views.people import PersonView
from people.views.rows import count, day


class HeldAboutMe(SignedInView, TemplateView):
    template_name = "people/held/held.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        return super().get_context_data(
            page_title="What we hold about you",
            breadcrumbs=[{"label": "Your account", "url": reverse("account")}],
            parts=[part_of(held, person) for held in held_about(person)],
            about=number_rows(kinds_of_records(person, made=False)),
            made=number_rows(kinds_of_records(person, made=True)),
            copies=copy_rows(person, person),
            **kwargs,
        )


class AskForMyCopy(ActionForm, OwnView, FormView):
    template_name = "people/held/ask.html"
    form_class = ConfirmForm

    def act(self, form: BaseForm) -> None:
        ask_for_copy(person=self.request.user, by=self.request.user)
        messages.success(self.request, "Your copy is being made. Come back to this page in a minute.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Get a copy of everything", for_self=True, **kwargs)


class AskForCopy(ActionForm, PersonView, FormView):
    """For somebody who does not sign in, to be handed to them."""

    permission = Permission.MANAGE_PEOPLE
    template_name = "people/held/ask.html"
    form_class = ConfirmForm

    def act(self, form: BaseForm) -> None:
        ask_for_copy(person=self.person, by=self.request.user)
        messages.success(self.request, "The copy is being made. Come back to this page in a minute.")

    def get_success_url(self) -> str:
        return reverse("person-copy", args=[self.partnership.slug, self.person.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"A copy of everything held about {self.person.name}",
            for_self=False,
            why_not=why_no_copy(self.person, self.request.user),
            copies=copy_rows(self.person, self.request.user),
            cancel_url=super().get_success_url(),
            **kwargs,
        )


class CopyFile(SignedInView, View):
    """The file, for whoever asked for it and nobody else."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        mine = AccessExport.objects.filter(asked_by=request.user, deleted_at__isnull=True)
        export = get_object_or_404(mine, pk=kwargs["pk"], expires_at__gt=timezone.now())
        if export.person != request.user and why_no_copy(export.person, request.user):
            raise Http404
        response = HttpResponse(bytes(export.content), content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="about-me-{export.made_at:%Y-%m-%d}.zip"'
        response["Cache-Control"] = "private, no-store"
        return response


class LeaveMine(ActionForm, OwnView, FormView):
    template_name = "people/leaving/leave.html"
    form_class = LeaveForm
    place: Partnership

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.place = get_object_or_404(Partnership.objects.visible_to(request.user), pk=kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        on = form.cleaned_data["ends_on"]
        leave(partnership=self.place, person=self.request.user, on=on, by=self.request.user)
        messages.success(self.request, f"Your last day in {self.place.name} is {day(on)}.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Leave {self.place.name}", leaves=self.place, submit_label="Leave", **kwargs
        )


class ForgetMe(ActionForm, OwnView, FormView):
    template_name = "people/leaving/forget.html"
    form_class = ForgetForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"is_self": True}

    def act(self, form: BaseForm) -> HttpResponseBase:
        forget(person=self.request.user, by=self.request.user)
        logout(self.request)
        messages.success(self.request, "You are forgotten. Thank you for what you did.")
        return redirect("account_login")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Be forgotten",
            is_self=True,
            why_not=why_not_forget(self.request.user, self.request.user),
            mentions=[],
            **kwargs,
        )


def number_rows(kinds: list[tuple[str, int]]) -> list[dict[str, str]]:
    return [{"label": kind, "value": str(number)} for kind, number in kinds]


def part_of(held: HeldIn, person: Person) -> dict[str, Any]:
    """One partnership's part as rows of facts."""
    place, slug = held.partnership, held.partnership.slug
    rows = [_row("Roles", [_span(r.get_role_display(), r) for r in held.roles])]
    rows.append(_row("Seats on boards", [_span(f"{s.get_kind_display()}, {s.board}", s) for s in held.seats]))
    rows.append(_row("Full name, for managers only", [held.real_name] if held.real_name else []))
    contacts = [", ".join(filter(None, (str(c), c.email, c.phone))) for c in held.contacts]
    rows.append(_row("Contact lines", contacts))
    activities = {"label": "Activities that name you", "value": str(held.activities)}
    if held.readable:
        activities["url"] = f"{reverse('activity-list', args=[slug])}?person={person.pk}"
        activities["value"] = f"{held.activities}, of which you may read {held.readable}"
    rows.append(activities)
    rows.append({"label": "Commitments", "value": count(held.commitments, "commitment", "commitments")})
    offers = [
        {
            "kind": offer.get_kind_display(),
            "text": offer.text,
            "seen": "Members see it" if offer.is_shown else "Only you see it",
            "how": offer.agreed_how,
            "change_url": reverse("own-offer-edit", args=[offer.pk]),
            "remove_url": reverse("own-offer-remove", args=[offer.pk]),
        }
        for offer in held.offers
    ]
    return {"partnership": place, "rows": rows, "offers": offers, "is_open": held.is_open}


def _span(text: str, period: Any) -> str:
    last = f" to {day(period.ends_on)}" if period.ends_on else ""
    return f"{text}, from {day(period.starts_on)}{last}"


def _row(label: str, values: list[str]) -> dict[str, Any]:
    if not values:
        return {"label": label, "value": "None"}
    return {"label": label, "values_list": [{"text": value} for value in values]}


def copy_rows(person: Person, asked_by: Any) -> list[dict[str, Any]]:
    """The copies that were asked for and are not deleted."""
    found = AccessExport.objects.filter(person=person, asked_by=asked_by, deleted_at__isnull=True).defer(
        "content"
    )
    return [
        {
            "url": reverse("access-export", args=[export.pk]) if export.made_at else "",
            "text": f"Copy of {moment_words(export.made_at)} (ZIP, {max(1, export.size // 1024)} KB)"
            if export.made_at
            else f"Asked for on {moment_words(export.asked_at)}, being made",
            "until": f"It is deleted on {day(export.expires_at)}" if export.expires_at else "",
        }
        for export in found
        if export.expires_at is None or export.expires_at > timezone.now()
    ]
