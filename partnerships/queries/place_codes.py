"""What a GSS code says of itself: its form, and by its first three characters the kind of place."""

from __future__ import annotations

import re

from partnerships.models import PlaceKind

FORM = re.compile(r"\A[A-Z][0-9]{8}\Z")
SMALL_AREA = re.compile(r"\A[EW]01[0-9]{6}\Z")
KINDS = {
    **dict.fromkeys(("E92", "W92", "S92", "N92", "K02", "K03", "K04"), PlaceKind.NATION),
    "E12": PlaceKind.REGION,
    "E47": PlaceKind.COMBINED_AUTHORITY,
    "E54": PlaceKind.HEALTH_SYSTEM,
    "E10": PlaceKind.UPPER_TIER,
    "E11": PlaceKind.UPPER_TIER,
    **dict.fromkeys(("E06", "E07", "E08", "E09", "W06", "S12", "N09"), PlaceKind.LOCAL_AUTHORITY),
    **dict.fromkeys(("E05", "W05", "S13", "N08"), PlaceKind.WARD),
    **dict.fromkeys(("E01", "E02", "E04", "W01", "W02", "W04"), PlaceKind.NEIGHBOURHOOD),
    "E00": PlaceKind.HYPER_LOCAL,
}


def kind_of(code: str) -> PlaceKind | None:
    """The kind of place that a code is given to; None where we do not know its beginning."""
    return KINDS.get(code[:3])


def fault_of(code: str, kind: PlaceKind | str) -> str:
    """What is wrong with a code for a place of this kind, in a sentence; nothing where it is right."""
    if not FORM.match(code):
        return f"“{code}” is no GSS code: it is a letter and eight digits, such as E08000007."
    found = kind_of(code)
    if found is None:
        return f"{code} begins with {code[:3]}, which we know no kind of place by."
    if found != kind:
        return f"{code} begins with {code[:3]}, so it is a {found.label.lower()}, not a {PlaceKind(kind).label.lower()}."
    return ""


def small_areas_in(text: str) -> tuple[list[str], list[str]]:
    """The LSOA codes in a text, each once and in order, and the words of it that are none."""
    words = re.split(r"[\s,;]+", text.strip().upper()) if text.strip() else []
    good = sorted({word for word in words if SMALL_AREA.match(word)})
    return good, [word for word in words if not SMALL_AREA.match(word)]
