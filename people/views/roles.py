"""Who may do what: a page for everybody."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from people.permissions import HUMAN_ROLES, ROLES, Permission


class Roles(TemplateView):
    template_name = "people/roles.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        roles = [ROLES[role] for role in HUMAN_ROLES]
        rows = [
            {
                "what": f"{permission[0].upper()}{permission[1:]}",
                "may": [permission in r.permissions for r in roles],
            }
            for permission in Permission
        ]
        return super().get_context_data(page_title="Who may do what", roles=roles, rows=rows, **kwargs)
