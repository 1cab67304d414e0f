"""The handover sheet of somebody who leaves, or who wants to be replaceable."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from config.words import day_words
from people.access import PartnershipView
from people.models import Person
from people.permissions import Permission
from people.queries.leavers import hidden_among
from people.queries.people import known_people_of
from reports.queries.handover import Handover, handover_of
from reports.renderers.influence_words import break_words


class HandoverSheet(PartnershipView, TemplateView):
    """For those who may see influence, and for the person themselves."""

    permission = Permission.VIEW_INFLUENCE
    template_name = "reports/handover.html"

    @cached_property
    def person(self) -> Person:
        person = get_object_or_404(known_people_of(self.partnership), pk=self.kwargs["person"])
        if hidden_among({person.pk}, self.partnership, self.request.user):
            raise Http404("They have left, and this role does not see what they held.")
        return person

    def check_permission(self) -> None:
        own = self.request.user.pk == self.kwargs["person"] and self.may(Permission.VIEW)
        if not own:
            super().check_permission()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, slug = self.person, self.partnership.slug
        held = handover_of(person, self.partnership, reader=self.request.user)
        own = person == self.request.user
        return super().get_context_data(
            **kwargs
            | {
                "page_title": "Your handover sheet" if own else f"Handover sheet of {person}",
                "breadcrumbs": [
                    {"label": "People and organisations", "url": reverse("people-list", args=[slug])},
                    {"label": str(person), "url": reverse("person-detail", args=[slug, person.pk])},
                ],
                "today": timezone.localdate(),
                "sections": sections(held, person, slug),
            }
        )


def sections(held: Handover, person: Person, slug: str) -> list[dict[str, Any]]:
    """What there is to hand over, a section each, with rows as components/rows.html takes them."""
    found = [
        ("Seats", "Say who takes each seat, or open a vacancy.", seat_rows(held, slug)),
        (
            "What would come apart",
            "A second person on these boards takes the risk away.",
            [{"title": break_words(one, held.boards, {person.pk: str(person)})} for one in held.breaks]
            + [
                {"title": f"{one.boards[0]} and {one.boards[1]}", "text": "Nobody else sits on both."}
                for one in held.only_links
            ],
        ),
        ("Leads", "Hand each part of the work over to somebody.", leading_rows(held, slug)),
        ("Open commitments", "Each needs another owner, or an end.", commitment_rows(held, slug)),
        ("Messages on their way", "Somebody else should ask for the answer.", message_rows(held, slug)),
        (
            "Introductions that only they hold",
            "Tell the people whom to turn to now.",
            [
                {
                    "title": f"{one.one} and {one.other}",
                    "text": one.why,
                    "meta": f"Introduced on {day_words(one.made_on)}. {one.get_came_of_it_display()}.",
                }
                for one in held.introductions
            ],
        ),
        ("Looks after", "Each needs somebody new.", other_rows(held, slug)),
    ]
    return [{"title": title, "hint": hint, "rows": rows} for title, hint, rows in found if rows]


def seat_rows(held: Handover, slug: str) -> list[dict[str, Any]]:
    return [
        {
            "title": seat.board.name,
            "url": reverse("board-detail", args=[slug, seat.board_id]),
            "text": f"{seat.get_kind_display()}{f' for {seat.organisation}' if seat.organisation else ''}",
            "meta": f"Since {day_words(seat.starts_on)}"
            + (f", until {day_words(seat.ends_on)}" if seat.ends_on else ""),
        }
        for seat in held.seats
    ]


def leading_rows(held: Handover, slug: str) -> list[dict[str, Any]]:
    url = reverse("leadership", args=[slug])
    rows = [
        {
            "title": one.element.name,
            "url": url,
            "text": f"{one.get_authority_display()}. "
            + (
                f"Could take over: {one.successor}."
                if one.successor
                else "Nobody is named who could take over."
            ),
        }
        for one in held.leads
    ]
    return rows + [
        {"title": one.element.name, "url": url, "text": f"Accountable; led by {one.owner}."}
        for one in held.accountable_for
    ]


def commitment_rows(held: Handover, slug: str) -> list[dict[str, Any]]:
    def row(one: Any, part: str) -> dict[str, Any]:
        return {
            "title": one.what,
            "url": reverse("commitment-detail", args=[slug, one.pk]),
            "text": part,
            "meta": f"Due {day_words(one.due_on)}" if one.due_on else "No day agreed",
        }

    owned = [row(one, "Owner") for one in held.commitments]
    return owned + [row(one, "Answers for it, or can make it happen") for one in held.answers_for]


def message_rows(held: Handover, slug: str) -> list[dict[str, Any]]:
    return [
        {
            "title": one.voice.theme if one.voice_id in held.readable_voices else "A voice of a forum",
            "url": reverse("voice-detail", args=[slug, one.voice_id])
            if one.voice_id in held.readable_voices
            else "",
            "text": f"Carried to {one.to_board or one.to_whom} on {day_words(one.carried_on)}, not answered yet.",
        }
        for one in held.messages
    ]


def other_rows(held: Handover, slug: str) -> list[dict[str, Any]]:
    rows = [
        {"title": one.title, "url": reverse("agreement-detail", args=[slug, one.pk]), "text": "Agreement"}
        for one in held.agreements
    ]
    rows += [
        {"title": one.name, "url": reverse("measure", args=[slug, one.slug]), "text": "Measure"}
        for one in held.measures
    ]
    rows += [
        {
            "title": one.title,
            "url": reverse("learning-detail", args=[slug, one.pk]),
            "text": f"Learning to look at again by {day_words(one.review_on)}",
        }
        for one in held.learning
    ]
    rows += [
        {
            "title": one.title,
            "url": reverse("board-detail", args=[slug, one.board_id]),
            "text": f"Standing item of {one.board}",
        }
        for one in held.standing_items
    ]
    rows += [{"title": str(one), "text": "Line of the contact register"} for one in held.contact_lines]
    return rows + [
        {
            "title": one.champion_of or str(one.cohort.course),
            "text": f"Champion since {day_words(one.champion_since)}",
        }
        for one in held.champion
    ]
