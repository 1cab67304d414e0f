"""Places as plain data for the components."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from config.words import day_words
from partnerships.models import (
    AuthorityDeprivation,
    Board,
    Partnership,
    PartnershipPlace,
    Place,
    PlaceKind,
    Programme,
)
from partnerships.queries.places import LOCAL, Node, Spread, above, is_in_force


def link(place: Place, slug: str) -> dict[str, str]:
    return {"text": place.name, "url": reverse("place-detail", args=[slug, place.pk])}


def place_row(place: Place, slug: str) -> dict[str, Any]:
    """A place from a query that has fetched its `parent`, `upper_tier` and `combined_authority`."""
    around = above(place)
    return {
        "title": place.name,
        "url": reverse("place-detail", args=[slug, place.pk]),
        "meta": ", ".join(
            part
            for part in (place.get_kind_display(), f"in {around.name}" if around else "", place.code)
            if part
        ),
        "tag": None if place.is_current else {"text": "No longer in use", "tone": "grey"},
    }


def covered_row(covered: PartnershipPlace, slug: str) -> dict[str, Any]:
    place = covered.place
    where = (
        f"{place.get_kind_display()}, in {place.parent.name}" if place.parent else place.get_kind_display()
    )
    if covered.is_main:
        tag = {"text": "Main place", "tone": "green"}
    else:
        tag = None if is_in_force(place) else {"text": "No longer in use", "tone": "red"}
    return {
        "title": place.name,
        "url": reverse("place-detail", args=[slug, place.pk]),
        "meta": where,
        "tag": tag,
    }


def branch(node: Node, slug: str) -> dict[str, Any]:
    """A node of the tree with the address that opens it, or closes it by opening what is above."""
    place, list_url = node.place, reverse("place-list", args=[slug])
    closed = f"{list_url}?open={_above_id(place)}" if _above_id(place) else list_url
    return {
        "pk": place.pk,
        "name": place.name,
        "kind": place.get_kind_display(),
        "url": reverse("place-detail", args=[slug, place.pk]),
        "is_open": node.is_open,
        "toggle_url": (closed if node.is_open else f"{list_url}?open={place.pk}") + f"#place-{place.pk}"
        if node.has_more
        else "",
        "below": [branch(one, slug) for one in node.below],
    }


def _above_id(place: Place) -> int | None:
    return place.upper_tier_id or place.combined_authority_id or place.parent_id


def facts(
    place: Place, covered: PartnershipPlace | None, path: Sequence[Place], slug: str
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"label": "Kind", "value": place.get_kind_display()}]
    rows.append({"label": "GSS code", "value": _code(place)})
    if path:
        rows.append({"label": "Where it is", "values_list": [link(one, slug) for one in path]})
    if place.combined_authority and place.combined_authority not in path:
        rows.append({"label": "Combined authority", "values_list": [link(place.combined_authority, slug)]})
    said = "Yes, it is the main place" if covered and covered.is_main else "Yes" if covered else "No"
    rows.append({"label": "Covered by the partnership", "value": said})
    return rows


def _code(place: Place) -> str:
    if not place.code:
        return "None: no code is published for it" if place.kind in LOCAL else "Not recorded"
    since = f" since {day_words(place.valid_from)}" if place.valid_from else ""
    if place.is_current:
        until = f", until {day_words(place.valid_to)}" if place.valid_to else ""
        return f"{place.code}, in use{since}{until}"
    until = f" until {day_words(place.valid_to)}" if place.valid_to else ""
    return (
        f"{place.code}, no longer in use (was in use{until})" if until else f"{place.code}, no longer in use"
    )


def succession(
    place: Place, before: Sequence[Place], after: Sequence[Place], slug: str
) -> list[dict[str, Any]]:
    """A sentence for what came before and what took over, each with its links."""
    said = []
    if after:
        on = f" on {day_words(place.valid_to)}" if place.valid_to else ""
        said.append(
            {
                "text": f"{place.name} ended{on}. It was taken over by",
                "links": [_with_code(one, slug) for one in after],
            }
        )
    if before:
        said.append(
            {"text": f"{place.name} took over from", "links": [_with_code(one, slug) for one in before]}
        )
    return said


def _with_code(place: Place, slug: str) -> dict[str, str]:
    text = f"{place.name} ({place.code})" if place.code else place.name
    return {"text": text, "url": reverse("place-detail", args=[slug, place.pk])}


def summary(found: AuthorityDeprivation) -> list[dict[str, Any]]:
    share = f"{found.share_most_deprived * 100:.1f}%"
    return [
        {
            "label": "Rank of average score",
            "value": f"{found.average_score_rank} of the local authorities in England, where 1 is the most deprived",
        },
        {"label": "Average score", "value": f"{found.average_score:.1f}"},
        {"label": "Neighbourhoods in England’s most deprived tenth", "value": share},
    ]


def spread(found: Spread) -> dict[str, Any]:
    """How many LSOAs are in each tenth, in a sentence and a table."""
    number = found.most_deprived
    said = f"{number} of {found.known} LSOA{'' if found.known == 1 else 's'} {'is' if number == 1 else 'are'} in the most deprived tenth of England."
    if found.named > found.known:
        missing = found.named - found.known
        said += f" {missing} more {'is' if missing == 1 else 'are'} named, but not in the Indices of {found.year}."
    rows = [
        [{"text": _decile(decile), "header": True}, {"text": str(count)}]
        for decile, count in enumerate(found.counts, 1)
    ]
    columns = [{"label": "Tenth of England"}, {"label": "LSOAs here", "numeric": True}]
    caption = f"Small areas by how deprived they are, {found.year}"
    return {
        "sentence": said,
        "table": {"id": "deciles", "caption": caption, "columns": columns, "rows": rows},
    }


def _decile(decile: int) -> str:
    return {1: "1, most deprived", 10: "10, least deprived"}.get(decile, str(decile))


def inside(place: Place, places: Sequence[Place], slug: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """What is in a place, by kind; what is no longer in use last."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in places:
        label = _plural(PlaceKind(one.kind)) if one.is_current else "No longer in use"
        groups.setdefault(label, []).append(link(one, slug))
    return sorted(groups.items(), key=lambda group: group[0] == "No longer in use")


def _plural(kind: PlaceKind) -> str:
    return {
        PlaceKind.HYPER_LOCAL: "Estates, streets and other small areas",
        PlaceKind.UPPER_TIER: "Counties",
        PlaceKind.LOCAL_AUTHORITY: "Local authorities",
        PlaceKind.COMBINED_AUTHORITY: "Combined authorities",
    }.get(kind, f"{kind.label}s")


def partnerships(found: Sequence[Partnership], ours: Partnership) -> list[dict[str, str]]:
    return [{"text": one.name, "url": reverse("home", args=[one.slug])} for one in found if one.pk != ours.pk]


def programmes(found: Sequence[Programme], slug: str) -> list[dict[str, Any]]:
    return [
        {
            "title": one.name,
            "url": reverse("programme-detail", args=[slug, one.pk]),
            "meta": one.get_status_display(),
        }
        for one in found
    ]


def boards(found: Sequence[Board], slug: str) -> list[dict[str, Any]]:
    return [
        {
            "title": one.name,
            "url": reverse("board-detail", args=[slug, one.pk]),
            "meta": f"{one.get_level_display()}, for {one.place.name}",
        }
        for one in found
    ]
