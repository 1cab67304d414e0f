"""Measures with figures by group and by neighbourhood, made by the product's own actions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from outcomes.actions.observations import NewObservation, record_observations
from outcomes.actions.setting_up import add_group, add_measure, add_outcome
from partnerships.models import Place, PlaceKind

FIFTHS = ("Most deprived fifth", "Second fifth", "Middle fifth", "Fourth fifth", "Least deprived fifth")


def measure_of(world: Any, **fields: Any) -> Any:
    outcome = add_outcome(partnership=world.partnership, title=f"Outcome of {fields.get('name', 'active')}")
    given = {
        "name": "Active adults", "unit": "%", "direction": "up", "frequency": "year", "rule": "ratio_of_sums",
        "due_after_days": 400,
    }  # fmt: skip
    return add_measure(outcome=outcome, by=world.manager, **given | fields)


def groups_of(world: Any, dimension: str, names: tuple[str, ...]) -> list[Any]:
    return [
        add_group(partnership=world.partnership, dimension=dimension, name=name, position=number)
        for number, name in enumerate(names, 1)
    ]


def told(world: Any, measure: Any, year: int, cells: Any) -> None:
    """`cells` are (place or group or None, value, numerator, denominator); whole years by April."""
    rows = []
    for of, value, top, bottom in cells:
        place = of if isinstance(of, Place) else world.place
        rows.append(
            NewObservation(
                place=place,
                group=None if of is None or isinstance(of, Place) else of,
                period_start=date(year, 4, 1),
                period_end=date(year + 1, 3, 31),
                period_label=f"{year}/{(year + 1) % 100:02d}",
                value=None if value is None else Decimal(str(value)),
                marker="x" if value is None else "",
                numerator=None if top is None else Decimal(top),
                denominator=None if bottom is None else Decimal(bottom),
            )
        )
    record_observations(measure=measure, rows=rows, by=world.officer)


def fifths(world: Any, measure: Any, years: dict[int, tuple[float, ...]], *, people: int = 1000) -> list[Any]:
    """Deprivation fifths, each with as many people, and their total."""
    groups = groups_of(world, "Deprivation", FIFTHS)
    for year, values in years.items():
        total = sum(values) / len(values)
        cells = [(None, total, round(total * people * 5 / 100), people * 5)]
        cells += [
            (group, value, round(value * people / 100), people)
            for group, value in zip(groups, values, strict=True)
        ]
        told(world, measure, year, cells)
    return groups


def neighbourhood(world: Any, name: str) -> Place:
    return Place.objects.create(
        name=name, kind=PlaceKind.NEIGHBOURHOOD, parent=world.place, is_fictional=True
    )
