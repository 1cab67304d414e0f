"""Chance that comes out the same for everybody on the same day: different every year, the same for a given day."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from django.utils import timezone

TEXTS = Path(__file__).parent / "texts"
NUMBER = re.compile(r"\{(\d+)-(\d+)\}")


def texts(name: str) -> dict[str, Any]:
    """What stands in a file of `texts/`."""
    with (TEXTS / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


class Chance:
    """Dice for each thing by its name, so that adding one thing leaves the others as they were."""

    def __init__(self, slug: str, year: int) -> None:
        self.seed = f"{slug}:{year}"

    def dice(self, *key: object) -> Random:
        return Random(":".join(map(str, (self.seed, *key))))  # noqa: S311 - invented data, not a secret

    def fill(self, text: str, *key: object) -> str:
        """The text with every {a-b} replaced by a number from a to b."""
        dice = self.dice("fill", *key)
        return NUMBER.sub(lambda found: str(dice.randint(int(found[1]), int(found[2]))), text)


def share_out(total: int, weights: Sequence[float], dice: Random) -> list[int]:
    """`total` things dealt one by one to places of these weights."""
    bounds = list(accumulate(weights))
    found = [0] * len(bounds)
    for _ in range(total):
        found[min(bisect(bounds, dice.random() * bounds[-1]), len(bounds) - 1)] += 1
    return found


def some_of(total: int, share: float, dice: Random) -> int:
    """How many of `total` it happens to, each with the same chance."""
    return sum(dice.random() < share for _ in range(total))


def moment(day: date, dice: Random, *, first_hour: int = 9, last_hour: int = 16) -> datetime:
    """A minute of a day, in office hours unless said otherwise."""
    at = time(dice.randint(first_hour, last_hour), dice.randint(0, 59))
    return timezone.make_aware(datetime.combine(day, at))
