"""The partnership's own page: what it wants, how it works, with whom, where, and by which rules."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from partnerships.actions.partnership_page import edit_partnership
from partnerships.forms.partnership_page import PartnershipForm
from partnerships.models import Partnership
from partnerships.queries import partnership_page as queries
from partnerships.queries.agreements import in_force
from partnerships.queries.places import covered_by
from partnerships.renderers import partnership_page as rendered
from partnerships.renderers.agreements import agreement_row
from partnerships.renderers.places import covered_row
from partnerships.renderers.sections import about_links
from people.access import PartnershipView, VersionedForm
from people.permissions import Permission


class AboutView(PartnershipView):
    """What the pages below the partnership's own page share: the way back to it."""

    def list_name(self) -> str:
        """The page of the section to which this one belongs."""
        return "about"

    def list_label(self) -> str:
        return "About"

    def get_success_url(self) -> str:
        return reverse(self.list_name(), args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        list_url = reverse(self.list_name(), args=[self.partnership.slug])
        crumbs = [{"label": self.list_label(), "url": list_url}]
        return super().get_context_data(**{"breadcrumbs": crumbs, "cancel_url": list_url} | kwargs)


class About(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/about/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        partnership, slug = self.partnership, self.partnership.slug
        stories = queries.stories_of(partnership)
        return super().get_context_data(
            page_title=f"About {partnership.name}",
            sections=about_links(partnership, "about"),
            facts=rendered.facts(partnership),
            rules=list(queries.rules_that_hold(partnership)),
            story=rendered.story(stories[0], slug) if stories else None,
            strategies=[rendered.strategy_row(one, slug) for one in queries.strategies_of(partnership)],
            roles=rendered.partners(queries.partners_by_role(partnership), slug),
            places=[covered_row(one, slug) for one in covered_by(partnership)],
            agreements=[agreement_row(one, slug) for one in in_force(partnership)[:3]],
            may_manage=self.may(Permission.MANAGE_PARTNERSHIP),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )


class ChangeAbout(VersionedForm, AboutView, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/versioned_form.html"
    form_class = PartnershipForm

    def record(self) -> Partnership:
        return self.partnership

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.partnership, name) for name in ("vision", "ethos", "reviews_activities")}

    def act(self, form: BaseForm) -> None:
        edit_partnership(
            partnership=self.partnership,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title=f"Change the page of {self.partnership.name}", **kwargs)
