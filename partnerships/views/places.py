"""Places: the tree, the page of one, and which of them the partnership covers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from partnerships.actions.covering import choose_main, start_covering, stop_covering
from partnerships.forms.places import FindPlaceForm
from partnerships.models import PartnershipPlace, Place
from partnerships.queries import places as queries
from partnerships.queries.activities import visible
from partnerships.renderers import places as rendered
from partnerships.renderers.rows import activity_row
from partnerships.renderers.sections import about_links
from people.access import ActionForm, PartnershipView
from people.permissions import Permission

NUMBER_OF_DIGITS = 18


class PlaceList(PartnershipView, TemplateView):
    """What the partnership covers, a search, and the tree, open down to the place in the address."""

    permission = Permission.VIEW
    template_name = "partnerships/places/list.html"

    def opened(self) -> Place | None:
        asked = self.request.GET.get("open", "")
        if not (asked.isascii() and asked.isdecimal() and len(asked) <= NUMBER_OF_DIGITS):
            return None
        return queries.visible_places(self.partnership).filter(pk=int(asked)).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = FindPlaceForm(self.request.GET)
        text = form.cleaned_data["q"].strip() if form.is_valid() else ""
        found = queries.search(self.partnership, text) if text else []
        covered = queries.covered_by(self.partnership)
        slug = self.partnership.slug
        return super().get_context_data(
            page_title="Places",
            sections=about_links(self.partnership, "place-list"),
            form=form,
            text=text,
            found=[rendered.place_row(place, slug) for place in found],
            covered=[rendered.covered_row(one, slug) for one in covered],
            tree=[rendered.branch(node, slug) for node in queries.tree(self.partnership, self.opened())],
            may_manage=self.may(Permission.MANAGE_PARTNERSHIP),
            **kwargs,
        )


class PlaceView(PartnershipView):
    """What the pages of one place share."""

    place: Place

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            places = queries.visible_places(self.partnership).select_related(*queries.LINKS)
            self.place = get_object_or_404(places, pk=kwargs["place"])

    def get_success_url(self) -> str:
        return reverse("place-detail", args=[self.partnership.slug, self.place.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [{"label": "Places", "url": reverse("place-list", args=[self.partnership.slug])}]
        if self.request.path != self.get_success_url():
            crumbs.append({"label": self.place.name, "url": self.get_success_url()})
        return super().get_context_data(**{"breadcrumbs": crumbs} | kwargs | {"place": self.place})


class PlaceDetail(PlaceView, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/places/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        place, partnership, slug = self.place, self.partnership, self.partnership.slug
        covered = PartnershipPlace.objects.filter(partnership=partnership, place=place).first()
        within = queries.ids_within(place)
        activities = visible(partnership, self.request.user).filter(place__in=within)
        before, after = list(place.predecessors.order_by("name")), list(place.successors.order_by("name"))
        return super().get_context_data(
            page_title=place.name,
            facts=rendered.facts(place, covered, queries.path_to(place)[:-1], slug),
            succession=rendered.succession(place, before, after, slug),
            **self.deprivation(),
            inside=rendered.inside(place, queries.inside(partnership, place), slug),
            known_at=rendered.partnerships(
                queries.partnerships_covering(place, self.request.user), partnership
            ),
            programmes=rendered.programmes(queries.programmes_in(partnership, within), slug),
            boards=rendered.boards(queries.boards_in(partnership, within), slug),
            activities=[activity_row(one, slug) for one in activities[:5]],
            activity_count=activities.count(),
            covered=covered,
            may_see_history=self.may(Permission.VIEW_HISTORY),
            may_manage=self.may(Permission.MANAGE_PARTNERSHIP),
            is_own=place.added_by_id == partnership.pk,
            is_open=queries.is_in_force(place),
            **kwargs,
        )

    def deprivation(self) -> dict[str, Any]:
        summary = queries.authority_deprivation(self.place)
        spread = queries.decile_spread(self.place)
        return {
            "summary": rendered.summary(summary) if summary else [],
            "summary_source": summary.source if summary else "",
            "spread": rendered.spread(spread) if spread else None,
        }


class ConfirmPlace(ActionForm, PlaceView, FormView):
    """A page that asks once more before something is done with a place."""

    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "partnerships/places/confirm.html"
    form_class = Form
    title = button = explanation = done = ""

    @staticmethod
    def action(**kwargs: Any) -> Any:
        raise NotImplementedError

    def act(self, form: Form) -> None:
        self.action(partnership=self.partnership, place=self.place, by=self.request.user)
        messages.success(self.request, self.done.format(self.place.name))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=self.title.format(self.place.name),
            explanation=self.explanation.format(self.place.name),
            submit_label=self.button,
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class CoverPlace(ConfirmPlace):
    action = staticmethod(start_covering)
    title, button, done = "Cover {}", "Cover this place", "You cover {} now."
    explanation = "It can then be chosen for activities, boards and programmes, with the places in it."


class StopCovering(ConfirmPlace):
    action = staticmethod(stop_covering)
    title, button, done = "Stop covering {}", "Stop covering it", "You no longer cover {}."
    explanation = "What was recorded there stays as it is. It can no longer be chosen for something new."


class ChooseMain(ConfirmPlace):
    action = staticmethod(choose_main)
    title, button, done = "Make {} the main place", "Make it the main place", "{} is the main place now."
    explanation = "The dashboard and reports show the figures of the main place first."
