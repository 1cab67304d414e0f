"""The invented borough with its neighbourhoods, its neighbour, and the real places that it is compared with."""

from __future__ import annotations

from decimal import Decimal

from demo.chance import texts
from demo.facts import rows, source_of
from demo.setting import INVENTED, Setting
from partnerships.actions.setting_up import cover_place, create_partnership
from partnerships.models import AuthorityDeprivation, Place, PlaceKind

REGION = "E12000004"
DEPRIVATION_YEAR = 2025
VISION = (
    "Everyone in Brackenford can move, belong and be heard, whatever their postcode, income or needs. "
    "We try things together, say what did not work, and stay until something changes."
)


def load_places(setting: Setting) -> None:
    """Places first: real ones that are known already, from the official files say, are used as they are."""
    published = setting.published_places
    for row in rows("places"):
        published[row["code"]], _ = Place.objects.get_or_create(
            code=row["code"],
            defaults={"name": row["name"], "kind": row["kind"], "parent": published.get(row["parent"])},
        )
    for row in rows("deprivation"):
        _deprived(published[row["code"]], row, source=source_of("deprivation").source)

    text = texts("places")
    region = published[REGION]
    for key in ("borough", "neighbour"):
        setting.places[key] = _invented(text[key]["name"], PlaceKind.LOCAL_AUTHORITY, region)
    setting.borough = setting.places["borough"]
    _deprived(setting.borough, text["deprivation"], source=INVENTED)
    for row in text["neighbourhood"]:
        setting.places[row["key"]] = _invented(row["name"], PlaceKind.NEIGHBOURHOOD, setting.borough)
        setting.neighbourhoods[row["key"]] = row["weight"]
    for row in text["estate"]:
        setting.places[row["key"]] = _invented(
            row["name"], PlaceKind.HYPER_LOCAL, setting.places[row["parent"]]
        )


def load_partnerships(setting: Setting) -> None:
    setting.partnership = create_partnership(
        name="Brackenford Together",
        started_on=setting.from_month(62, "partnership"),
        main_place=setting.borough,
        vision=VISION,
    )
    for key in (*setting.neighbourhoods, "harebell_estate"):
        cover_place(partnership=setting.partnership, place=setting.places[key])
    setting.neighbour = create_partnership(
        name="Thornmere Moves",
        started_on=setting.from_month(34, "neighbour"),
        main_place=setting.places["neighbour"],
        vision="More people in Thornmere out of doors, together, every week.",
    )


def _invented(name: str, kind: PlaceKind, parent: Place) -> Place:
    return Place.objects.create(name=name, kind=kind, parent=parent, is_fictional=True)


def _deprived(place: Place, row: dict[str, str], *, source: str) -> None:
    AuthorityDeprivation.objects.get_or_create(
        place=place,
        year=DEPRIVATION_YEAR,
        defaults={
            "average_score": Decimal(row["average_score"]),
            "average_score_rank": int(row["average_score_rank"]),
            "average_rank": Decimal(row["average_rank"]),
            "average_rank_rank": int(row["average_rank_rank"]),
            "share_most_deprived": Decimal(row["share_most_deprived"]),
            "source": source,
        },
    )
