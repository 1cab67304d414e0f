"""Sign-ins for partners' systems, as a partnership manager makes, renews and ends them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from config.words import day_words, moment_words
from partnerships.errors import EditConflict
from people.access import ActionForm, PartnershipView
from people.actions.api_clients import (
    WithSecret,
    change_api_client,
    end_api_client,
    make_api_client,
    renew_secret,
)
from people.forms.api_clients import ChangeApiClientForm, NewApiClientForm, RenewSecretForm
from people.forms.invitations import ConfirmForm
from people.models import ApiClient
from people.permissions import Permission, Scope
from people.queries.api_clients import api_clients_of

SOON_DAYS = 30


def state_of(client: ApiClient) -> dict[str, str]:
    if client.ended_at is not None:
        return {"text": "Ended", "tone": "grey"}
    left = (client.expires_on - timezone.localdate()).days
    if left < 0:
        return {"text": "Expired", "tone": "red"}
    if left <= SOON_DAYS:
        return {
            "text": "Ends today" if left == 0 else f"Ends in {left} day{'s' if left > 1 else ''}",
            "tone": "yellow",
        }
    return {"text": "Works", "tone": "green"}


def may_read(client: ApiClient) -> str:
    """activities; reports; may write its organisation’s returns"""
    labels = [Scope(scope).label for scope in client.scopes]
    reads = [label.removeprefix("Read ") for label in labels if label.startswith("Read ")] or ["nothing"]
    writes = [label.removeprefix("Write ") for label in labels if label.startswith("Write ")]
    return "; ".join([*reads, *(f"may write {what}" for what in writes)])


def used(client: ApiClient) -> str:
    return moment_words(client.last_token_at) if client.last_token_at else "Never"


def row(client: ApiClient, slug: str) -> dict[str, Any]:
    until = (
        f"Ended on {day_words(timezone.localdate(client.ended_at))}"
        if client.ended_at
        else f"Works until {day_words(client.expires_on)}"
    )
    whose = [client.organisation.name] if client.organisation else []
    return {
        "title": client.name,
        "url": reverse("api-client", args=[slug, client.pk]),
        "text": f"May read {may_read(client)}",
        "meta": " · ".join(
            [*whose, until, f"Last signed in {used(client)}" if client.last_token_at else "Never signed in"]
        ),
        "tag": state_of(client),
    }


def facts(client: ApiClient) -> list[dict[str, Any]]:
    made = f"{moment_words(client.created_at)}{f', by {client.created_by.name}' if client.created_by else ''}"
    found = [
        {"label": "Whose system", "value": client.organisation.name if client.organisation else "Not said"},
        {"label": "May read", "value": may_read(client)},
        {"label": "Last day", "value": day_words(client.expires_on)},
        {"label": "Last signed in", "value": used(client)},
        {"label": "Made", "value": made},
    ]
    if client.renewed_at:
        found.append({"label": "Secret renewed", "value": moment_words(client.renewed_at)})
    if client.ended_at:
        found.append({"label": "Ended", "value": moment_words(client.ended_at)})
    return found


class ApiView(PartnershipView):
    permission = Permission.MANAGE_API

    def list_url(self) -> str:
        return reverse("api-clients", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [{"label": "Partners’ systems", "url": self.list_url()}]
        return super().get_context_data(**{"breadcrumbs": crumbs, **kwargs})

    def show_secret(self, made: WithSecret, *, title: str) -> HttpResponse:
        """The one page that has the secret. It answers the form itself, so that the secret is stored nowhere on its way."""
        context = self.get_context_data(
            page_title=title,
            client=made.client,
            secret=made.secret,
            may_read=may_read(made.client),
            last_day=day_words(made.client.expires_on),
            client_url=reverse("api-client", args=[self.partnership.slug, made.client.pk]),
            **addresses(self.request, self.partnership.slug),
        )
        response = render(self.request, "people/api_clients/secret.html", context)
        response["Cache-Control"] = "no-store"
        return response


def addresses(request: HttpRequest, slug: str) -> dict[str, str]:
    return {
        "token_url": request.build_absolute_uri(reverse("api-token")),
        "api_url": request.build_absolute_uri(reverse("api-root", args=[slug])),
        "docs_url": reverse("api-docs"),
    }


class ApiClients(ApiView, TemplateView):
    template_name = "people/api_clients/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = list(api_clients_of(self.partnership))
        slug = self.partnership.slug
        return super().get_context_data(
            page_title="Partners’ systems",
            section="api-clients",
            may_manage=self.may(Permission.MANAGE_PEOPLE),
            breadcrumbs=[],
            rows=[row(client, slug) for client in found if client.ended_at is None],
            ended=[row(client, slug) for client in found if client.ended_at is not None],
            docs_url=reverse("api-docs"),
            **kwargs,
        )


class NewApiClient(ActionForm, ApiView, FormView):
    template_name = "people/api_clients/new.html"
    form_class = NewApiClientForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def act(self, form: BaseForm) -> HttpResponse:
        made = make_api_client(partnership=self.partnership, by=self.request.user, **form.cleaned_data)
        return self.show_secret(made, title=f"The sign-in for {made.client.name} is ready")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "page_title": "Let a partner’s system in",
                "submit_label": "Make the sign-in",
                "cancel_url": self.list_url(),
                **kwargs,
            }
        )


class ApiClientView(ApiView):
    """What the pages of one sign-in share. Those that change it are there while it is not ended."""

    client: ApiClient
    ended_too = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            known = api_clients_of(self.partnership)
            known = known if self.ended_too else known.filter(ended_at__isnull=True)
            self.client = get_object_or_404(known, pk=kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("api-client", args=[self.partnership.slug, self.client.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [
            {"label": "Partners’ systems", "url": self.list_url()},
            {"label": self.client.name, "url": self.get_success_url()},
        ]
        shared = {"breadcrumbs": crumbs, "client": self.client, "cancel_url": self.get_success_url()}
        return super().get_context_data(**{**shared, **kwargs})


class ApiClientDetail(ApiClientView, TemplateView):
    template_name = "people/api_clients/detail.html"
    ended_too = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        return super().get_context_data(
            page_title=self.client.name,
            breadcrumbs=[{"label": "Partners’ systems", "url": self.list_url()}],
            facts=facts(self.client),
            state=state_of(self.client),
            history_url=reverse("history", args=[slug, "api-client", self.client.pk])
            if self.may(Permission.VIEW_HISTORY)
            else "",
            **addresses(self.request, slug),
            **kwargs,
        )


class ChangeApiClient(ActionForm, ApiClientView, FormView):
    template_name = "people/api_clients/change.html"
    form_class = ChangeApiClientForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        names = ("name", "organisation", "scopes", "version")
        return {name: getattr(self.client, name) for name in names}

    def act(self, form: BaseForm) -> None:
        values = {**form.cleaned_data}
        version = values.pop("version")
        try:
            change_api_client(client=self.client, expected_version=version, by=self.request.user, **values)
        except EditConflict as conflict:
            # Saving again is then a decision made in sight of what is saved now.
            form.data = form.data.copy()
            form.data["version"] = conflict.current_version
            self.client.refresh_from_db()
            self.extra_context = {"saved_now": facts(self.client)[:2]}
            raise
        messages.success(self.request, "Saved. It counts from now on, for tokens in use too.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title=f"Change {self.client.name}", **kwargs)


class RenewSecret(ActionForm, ApiClientView, FormView):
    template_name = "people/api_clients/renew.html"
    form_class = RenewSecretForm

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.client.version}

    def act(self, form: BaseForm) -> HttpResponse:
        made = renew_secret(
            client=self.client,
            expected_version=form.cleaned_data["version"],
            expires_on=form.cleaned_data["expires_on"],
            by=self.request.user,
        )
        return self.show_secret(made, title=f"The new secret of {made.client.name}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{"page_title": "Renew the secret", "submit_label": "Renew the secret", **kwargs}
        )


class EndApiClient(ActionForm, ApiClientView, FormView):
    template_name = "people/api_clients/end.html"
    form_class = ConfirmForm

    def act(self, form: BaseForm) -> None:
        end_api_client(client=self.client, by=self.request.user)
        messages.success(self.request, f"The sign-in for {self.client.name} has ended.")

    def get_success_url(self) -> str:
        return reverse("api-client", args=[self.partnership.slug, self.client.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"End the sign-in for {self.client.name}", submit_label="End it", **kwargs
        )
