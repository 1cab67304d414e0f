from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from people.access import PartnershipView
from people.permissions import Permission
from reports.queries.search import search


class Search(PartnershipView, TemplateView):
    """Everything in the partnership that matches what was typed."""

    permission = Permission.VIEW
    template_name = "reports/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = " ".join(self.request.GET.get("q", "").replace("\x00", "").split())[:200]
        title = f"Search results for “{text}”" if text else "Search"
        return super().get_context_data(
            page_title=title, text=text, found=search(self.partnership, self.request.user, text), **kwargs
        )
