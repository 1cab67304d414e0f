"""Reads the published facts in this folder. What they are and whose: README.md."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Source:
    source: str
    source_url: str
    licence: str


def rows(name: str) -> Iterator[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def source_of(name: str) -> Source:
    row = next(row for row in rows("sources") if row["key"] == name)
    return Source(row["source"], row["source_url"], row["licence"])
