"""Who links which boards: the map, the ways from one board to another, and the links that are wanted."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.generic import FormView, TemplateView

from people.access import ActionForm, PartnershipView, VersionedForm
from people.actions.wanted_links import give_up_link, want_link
from people.influence import Channel, channels, needed_between
from people.models import WantedLink
from people.permissions import Permission
from people.queries import influence as queries
from people.queries.leavers import names_for
from reports.forms.influence import ChannelForm, GiveUpLinkForm, InfluenceForm, WantedLinkForm
from reports.renderers.influence import Pair, Shown
from reports.renderers.influence_words import break_words, channel_title, link_words, listed

A_PAGE = 50


class Influence(PartnershipView, TemplateView):
    """The map of boards on a day, the same as tables, what would come apart, and what changed since an earlier day."""

    permission = Permission.VIEW_INFLUENCE
    template_name = "reports/influence/map.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = InfluenceForm(self.request.GET, partnership=self.partnership)
        form.is_valid()
        shown = self.read(form)
        links, breaks, changes = (
            self.page(items, name)
            for items, name in ((shown.pairs, "page"), (shown.breaks, "breaks"), (shown.changed, "changes"))
        )
        return super().get_context_data(
            page_title="Who links which boards",
            breadcrumbs=[{"label": "Boards", "url": reverse("board-list", args=[self.partnership.slug])}],
            filter_form=form,
            clear_url=self.request.path if self.request.GET else "",
            left_out=" ".join(form.left_out()),
            day=shown.day,
            since=shown.since,
            chart=shown.chart() if shown.network.rooms else None,
            links=shown.links_table(links.object_list),
            links_page=links,
            breaks=[break_words(found, shown.boards, shown.people) for found in breaks],
            breaks_page=breaks,
            wanted=shown.wanted_rows(),
            changes=[shown.change_words(*change) for change in changes],
            changes_page=changes,
            may_manage=self.may(Permission.MANAGE_BOARDS),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )

    def read(self, form: InfluenceForm) -> Shown:
        given, day = form.cleaned_data, form.day
        narrowed = {"place": given.get("place"), "sector": given.get("sector", "")}
        network = queries.network_on(self.partnership, day, **narrowed)
        since, around = given.get("since"), given.get("around")
        before = queries.network_on(self.partnership, since, **narrowed) if since else None
        if around and around.pk not in network.rooms:
            form.add_error("around", f"{around} did not meet on {date_format(day, 'j F Y')}, or not there.")
        return Shown(
            self.partnership, self.request.user, network, day, before, since, around.pk if around else None
        )

    def page(self, items: list[Any], name: str) -> Page:
        return Paginator(items, A_PAGE).get_page(self.request.GET.get(name))


class Channels(PartnershipView, TemplateView):
    """Every short way from one forum to a board, with its people, and what the way depends on."""

    permission = Permission.VIEW_INFLUENCE
    template_name = "reports/influence/channels.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        asked = "start" in self.request.GET
        form = ChannelForm(self.request.GET if asked else None, partnership=self.partnership)
        context = super().get_context_data(
            page_title="Find a channel",
            breadcrumbs=[
                {"label": "Boards", "url": reverse("board-list", args=[slug])},
                {"label": "Who links which boards", "url": reverse("influence", args=[slug])},
            ],
            form=form,
            found=None,
            **kwargs,
        )
        if asked and form.is_valid():
            context |= self.answer(form.cleaned_data["start"], form.cleaned_data["end"], form)
        return context

    def answer(self, start: Any, end: Any, form: ChannelForm) -> dict[str, Any]:
        day = form.cleaned_data.get("on") or timezone.localdate()
        network = queries.network_on(self.partnership, day)
        boards = {key: room.name for key, room in network.rooms.items()}
        for field, board in (("start", start), ("end", end)):
            if board.pk not in network.rooms:
                form.add_error(field, f"{board} did not meet on {date_format(day, 'j F Y')}.")
        if form.errors:
            return {}
        found = channels(network, start.pk, end.pk)
        needed = needed_between(network, start.pk, end.pk)
        keys = {link.person for channel in found for hop in channel.hops for link in hop.links}
        keys |= {item.person for item in needed if item.person is not None}
        people = names_for(self.request.user, keys, self.partnership)
        carried = queries.carried_in_the_year_to(self.partnership, day, reader=self.request.user)
        return {
            "found": [self.channel(one, boards, people, carried) for one in found],
            "needed": [break_words(item, boards, people) for item in needed],
            "start": start,
            "end": end,
            "day": day,
        }

    def channel(
        self,
        channel: Channel,
        boards: dict[int, str],
        people: dict[int, str],
        carried: dict[Pair, list[queries.Carried]],
    ) -> dict[str, Any]:
        slug = self.partnership.slug
        steps: list[dict[str, Any]] = [self.stop(channel.hops[0].start, boards)]
        for hop in channel.hops:
            went = carried.get((hop.start, hop.end), ())
            steps.append(
                {
                    "kind": "People who sit on both",
                    "title": listed([link_words(link, people, "before", "after") for link in hop.links]),
                    "text": f"Carried: {listed([one.theme for one in went], most=3)}." if went else "",
                }
            )
            steps.append(self.stop(hop.end, boards))
        used = all(carried.get((hop.start, hop.end)) for hop in channel.hops)
        return {
            "title": channel_title(channel, boards),
            "steps": steps,
            "tag": {"text": "Used in the last year", "tone": "blue"}
            if used
            else {"text": "Possible", "tone": "grey"},
            "slug": slug,
        }

    def stop(self, key: int, boards: dict[int, str]) -> dict[str, Any]:
        url = reverse("board-detail", args=[self.partnership.slug, key])
        return {"kind": "Board", "title": boards[key], "url": url}


class WantLink(ActionForm, PartnershipView, FormView):
    """Say that two boards should have somebody in common."""

    permission = Permission.MANAGE_BOARDS
    form_class = WantedLinkForm
    template_name = "reports/influence/want.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def act(self, form: BaseForm) -> None:
        want_link(partnership=self.partnership, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("influence", args=[self.partnership.slug]) + "#wanted"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs
            | {"page_title": "Say which link is wanted", "breadcrumbs": crumbs(self.partnership.slug)}
        )


class GiveUpLink(VersionedForm, PartnershipView, FormView):
    """Say that a link is not wanted any more."""

    permission = Permission.MANAGE_BOARDS
    form_class = GiveUpLinkForm
    template_name = "reports/influence/give_up.html"

    @cached_property
    def link(self) -> WantedLink:
        return get_object_or_404(queries.wanted_links(self.partnership), pk=self.kwargs["pk"])

    def record(self) -> WantedLink:
        return self.link

    def act(self, form: BaseForm) -> None:
        give_up_link(
            link=self.link,
            expected_version=self.expected_version,
            because=form.cleaned_data["because"],
            by=self.request.user,
        )

    def get_success_url(self) -> str:
        return reverse("influence", args=[self.partnership.slug]) + "#wanted"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = f"Give up the link between {self.link.one} and {self.link.other}"
        return super().get_context_data(
            **kwargs | {"page_title": title, "breadcrumbs": crumbs(self.partnership.slug)}
        )


def crumbs(slug: str) -> list[dict[str, str]]:
    return [
        {"label": "Boards", "url": reverse("board-list", args=[slug])},
        {"label": "Who links which boards", "url": reverse("influence", args=[slug])},
    ]
