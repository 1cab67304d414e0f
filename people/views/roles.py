"""Who may do what: a page for everybody, and one of a partnership that says who holds each role."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from partnerships.models import Partnership
from people.access import PartnershipView
from people.models import Membership
from people.permissions import HUMAN_ROLES, ROLES, Permission
from people.queries.role_holders import BoardReader, Holders, board_readers, holders_in, matrix
from people.views.rows import count, day


def table_of_permissions() -> list[dict[str, Any]]:
    return [{"what": f"{permission[0].upper()}{permission[1:]}", "may": may} for permission, may in matrix()]


class Roles(TemplateView):
    template_name = "people/roles.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Who may do what",
            roles=[ROLES[role] for role in HUMAN_ROLES],
            rows=table_of_permissions(),
            **kwargs,
        )


class RolesHere(PartnershipView, TemplateView):
    """Names are for members only, as everywhere."""

    permission = Permission.VIEW
    template_name = "people/roles_here.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_manage = self.may(Permission.MANAGE_PEOPLE)
        readers = board_readers(self.partnership)
        return super().get_context_data(
            page_title="Roles and who holds them",
            section="roles",
            may_manage=may_manage,
            roles=[ROLES[role] for role in HUMAN_ROLES],
            rows=table_of_permissions(),
            holders=[
                role_of(one, self.partnership, may_end=may_manage) for one in holders_in(self.partnership)
            ],
            readers=[reader_row(one, self.partnership) for one in readers],
            reading=f"{count(len(readers), 'person reads', 'people read')} one board only, or those on which they sit",
            **kwargs,
        )


def role_of(holders: Holders, partnership: Partnership, *, may_end: bool) -> dict[str, Any]:
    described = ROLES[holders.role]
    rows = [_holder(one, partnership, may_end=may_end) for one in holders.held]
    rows += [_holder(one, partnership, may_end=may_end, from_day=True) for one in holders.to_come]
    return {"label": described.role.label, "sentence": described.sentence, "rows": rows}


def _holder(
    one: Membership, partnership: Partnership, *, may_end: bool, from_day: bool = False
) -> dict[str, Any]:
    slug = partnership.slug
    parts = [f"From {day(one.starts_on)}"] if from_day else []
    parts.append(f"until {day(one.ends_on)}" if one.ends_on else "no last day")
    return {
        "name": one.person.name,
        "url": reverse("person-detail", args=[slug, one.person_id]),
        "organisation": one.organisation.name if one.organisation else "",
        "until": ", ".join(parts),
        "end_url": reverse("role-end", args=[slug, one.person_id, one.pk]) if may_end else "",
    }


def reader_row(reader: BoardReader, partnership: Partnership) -> dict[str, Any]:
    slug = partnership.slug
    bodies = sorted({seat.organisation.name for seat in reader.seats if seat.organisation})
    return {
        "title": reader.person.name,
        "url": reverse("person-detail", args=[slug, reader.person.pk]),
        "text": ", ".join(board.name for board in reader.boards),
        "meta": ", ".join(bodies),
    }
