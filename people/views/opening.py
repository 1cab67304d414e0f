"""Opening the links between boards to partners' systems, with what that lets them read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from partnerships.models import Partnership
from people.access import PartnershipView, VersionedForm
from people.actions.opening import open_influence
from people.forms.api_clients import OpenInfluenceForm
from people.permissions import Permission, Scope
from people.queries.api_clients import api_clients_of
from people.queries.influence import carried_in_the_year_to, network_on

SHOWN = 10


class OpenInfluence(VersionedForm, PartnershipView, FormView):
    """Decide whether partners' systems may read which boards are linked. What they would read today stands beside it."""

    permission = Permission.MANAGE_API
    template_name = "people/api_clients/influence.html"
    form_class = OpenInfluenceForm

    def record(self) -> Partnership:
        return self.partnership

    def get_initial(self) -> dict[str, Any]:
        return {"is_open": "yes" if self.partnership.opens_influence else "no"}

    def act(self, form: BaseForm) -> None:
        is_open = form.cleaned_data["is_open"]
        open_influence(
            partnership=self.partnership,
            is_open=is_open,
            expected_version=self.expected_version,
            by=self.request.user,
        )
        messages.success(
            self.request,
            "Partners’ systems that may read links between boards can do so now."
            if is_open
            else "Links between boards are closed to every partner’s system.",
        )

    def get_success_url(self) -> str:
        return reverse("api-clients", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        would = [
            client.name
            for client in api_clients_of(self.partnership)
            if client.ended_at is None and Scope.INFLUENCE in client.scopes
        ]
        return super().get_context_data(
            page_title="Links between boards for partners’ systems",
            breadcrumbs=[{"label": "Partners’ systems", "url": self.get_success_url()}],
            cancel_url=self.get_success_url(),
            systems=would,
            table=self.what_they_would_read(),
            shown=SHOWN,
            **kwargs,
        )

    def what_they_would_read(self) -> dict[str, Any] | None:
        """The first lines of what the API answers for today."""
        today = timezone.localdate()
        network = network_on(self.partnership, today)
        carried = carried_in_the_year_to(self.partnership, today, reader=self.request.user)
        rows = [
            [
                {"text": network.rooms[one].name, "header": True},
                {"text": network.rooms[other].name},
                {"text": str(len(people))},
                {"text": str(len(carried.get((one, other), ())) + len(carried.get((other, one), ())))},
            ]
            for one, other, people in sorted(network.graph.edges(data="people"))[:SHOWN]
        ]
        columns = [
            {"label": "Board"},
            {"label": "And"},
            {"label": "People on both", "numeric": True},
            {"label": "Messages in the last year", "numeric": True},
        ]
        caption = "What they would read today"
        return {"id": "read", "caption": caption, "columns": columns, "rows": rows} if rows else None
