"""Programmes, their money, their story and what spread from them, as plain data for templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from config.words import day_words, pounds
from partnerships.models import (
    Adoption,
    CoDesign,
    MoneyKind,
    MoneyLine,
    Programme,
    ProgrammeStatus,
    StatusChange,
)
from partnerships.queries.money import Money
from partnerships.queries.programmes import is_co_created
from partnerships.queries.spread import from_words, to_words, when_iso, when_words

TONES = {
    ProgrammeStatus.PLANNED: "blue",
    ProgrammeStatus.RUNNING: "green",
    ProgrammeStatus.PAUSED: "yellow",
    ProgrammeStatus.STOPPED: "orange",
    ProgrammeStatus.FINISHED: "grey",
}
RUNGS = [rung for rung in CoDesign if rung]


def status_tag(status: str) -> dict[str, str]:
    word = ProgrammeStatus(status)
    return {"text": word.label, "tone": TONES[word]}


def programme_row(programme: Programme, slug: str) -> dict[str, Any]:
    provider = f", run by {programme.provider.name}" if programme.provider else ""
    return {
        "title": programme.name,
        "url": reverse("programme-detail", args=[slug, programme.pk]),
        "text": programme.summary,
        "meta": f"{programme.get_kind_display()}{provider}",
        "tag": status_tag(programme.status),
    }


def facts(programme: Programme, slug: str) -> list[dict[str, Any]]:
    """What kind it is, who is in it, where and when. `programme` comes with its lists prefetched."""
    rows: list[dict[str, Any]] = [{"label": "Kind", "value": programme.get_kind_display()}]
    for label, one in (("Commissioned by", programme.commissioner), ("Run by", programme.provider)):
        if one:
            url = reverse("organisation-detail", args=[slug, one.pk])
            rows.append({"label": label, "value": one.name, "url": url})
    partners = [
        {"text": one.name, "url": reverse("organisation-detail", args=[slug, one.pk])}
        for one in programme.partners.all()
    ]
    if partners:
        rows.append({"label": "Partners", "value": "", "values_list": partners})
    places = ", ".join(place.name for place in programme.places.all())
    themes = [{"text": f"{theme.name} ({theme.strategy.name})"} for theme in programme.themes.all()]
    dates = (
        ("Where", places),
        ("From", day_words(programme.starts_on) if programme.starts_on else ""),
        ("Until", day_words(programme.ends_on) if programme.ends_on else ""),
    )
    rows += [{"label": label, "value": value} for label, value in dates if value]
    if themes:
        rows.append({"label": "Themes that it serves", "value": "", "values_list": themes})
    return rows


def ladder(programme: Programme) -> dict[str, Any]:
    """The rungs of co-design, from the bottom, with the one that was reached."""
    reached = programme.co_design
    order = [rung.value for rung in RUNGS]
    height = order.index(reached) if reached else -1
    return {
        "rungs": [
            {"label": rung.label, "here": rung.value == reached, "below": order.index(rung.value) < height}
            for rung in RUNGS
        ],
        "said": bool(reached),
        "change": programme.co_design_change,
        "counts": is_co_created(programme),
    }


def money_totals(money: Money) -> dict[str, Any]:
    """Headings down, kinds across, totals at the foot. An empty cell is nothing said, not nothing spent."""
    kinds = money.kinds

    def cells(amounts: dict[MoneyKind, Decimal]) -> list[dict[str, str]]:
        return [{"text": pounds(amounts[kind]) if kind in amounts else ""} for kind in kinds]

    return {
        "id": "money-totals",
        "caption": "Money by heading",
        "columns": [{"label": "For"}, *({"label": kind.label, "numeric": True} for kind in kinds)],
        "rows": [
            [{"text": one.heading.label, "header": True}, *cells(one.by_kind)] for one in money.headings
        ],
        "foot": [{"text": "All", "header": True}, *cells(money.totals)],
    }


def money_facts(money: Money) -> list[str]:
    """Shares in a sentence each."""
    said = []
    for share, words in (
        (money.administration_of_budget, "of the budget is set aside for administration"),
        (money.administration_of_spent, "of what was spent went on administration"),
    ):
        if share is not None:
            said.append(f"{f'{share:f}'.removesuffix('.0')}% {words}.")
    budget, spent = money.totals.get(MoneyKind.BUDGET), money.totals.get(MoneyKind.SPENT)
    if budget and spent is not None:
        said.append(f"{pounds(spent)} of {pounds(budget)} is spent.")
    return said


def money_lines(
    lines: Iterable[MoneyLine], slug: str, programme: Programme, *, may_change: bool
) -> dict[str, Any]:
    """Each line; for those who may change one, its name leads there."""
    columns = ("For", "Kind", "Amount", "From whom", "When")
    rows = []
    for line in lines:
        heading = line.get_heading_display()
        first: dict[str, Any] = {
            "text": f"{heading}: {line.description}" if line.description else heading,
            "header": True,
        }
        if may_change:
            first["url"] = reverse("programme-money-edit", args=[slug, programme.pk, line.pk])
        rows.append(
            [
                first,
                {"text": line.get_kind_display()},
                {"text": pounds(line.amount)},
                {"text": line.funder.name if line.funder else ""},
                {"text": span_words(line.starts_on, line.ends_on)},
            ]
        )
    return {
        "id": "money-lines",
        "caption": "Each line",
        "columns": [{"label": label, "numeric": label == "Amount"} for label in columns],
        "rows": rows,
    }


def span_words(first: date, last: date) -> str:
    """April 2026 to March 2027 for whole months; else the two days."""
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        if (first.year, first.month) == (last.year, last.month):
            return f"{first:%B %Y}"
        return f"{first:%B %Y} to {last:%B %Y}"
    return f"{day_words(first)} to {day_words(last)}"


def story(
    programme: Programme, changes: Iterable[StatusChange], adoptions: Iterable[Adoption], slug: str
) -> list[dict[str, Any]]:
    """What became of the programme, newest first, what is of unknown date last."""
    told = [
        (
            change.changed_on.isoformat(),
            {
                "when": day_words(change.changed_on),
                "when_iso": change.changed_on.isoformat(),
                "title": change.reason,
                "text": change.context,
                "tag": status_tag(change.status),
            },
        )
        for change in changes
    ]
    told += [(when_iso(one), adoption_item(one, slug)) for one in adoptions]
    if programme.starts_on:
        first = programme.starts_on.isoformat()
        title = "First day of the programme"
        told.append((first, {"when": day_words(programme.starts_on), "when_iso": first, "title": title}))
    return [item for _, item in sorted(told, key=lambda pair: pair[0], reverse=True)]


def adoption_item(adoption: Adoption, slug: str, *, with_link: bool = False) -> dict[str, Any]:
    """A practice that spread, as components/timeline.html takes it."""
    origin = from_words(adoption)
    words = [
        f"Came from {origin}." if origin else "",
        f"Adapted: {adoption.adapted_how}" if adoption.adapted_how else "",
        f"What came of it: {adoption.what_came_of_it}" if adoption.what_came_of_it else "",
    ]
    return {
        "when": when_words(adoption),
        "when_iso": when_iso(adoption),
        "title": f"{adoption.practice}: taken up by {to_words(adoption)}",
        "text": " ".join(word for word in words if word),
        "tag": {"text": "Spread", "tone": "purple"},
        "url": reverse("spread-edit", args=[slug, adoption.pk]) if with_link else "",
    }
