"""A report as a tree of plain values: what page and PDF are both made from, and what is frozen as JSON.

Blocks hold finished words and drawings, never numbers to be worked out later: reading an old report computes nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True, slots=True)
class Subheading:
    kind: ClassVar[str] = "subheading"
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list. Each item has a first part in bold (may be empty) and a rest."""

    kind: ClassVar[str] = "bullets"
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Words in rows; `numeric` holds the columns (from 0) that are set to the right. The first column names its row."""

    kind: ClassVar[str] = "table"
    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with the words that stand for it where it cannot be seen."""

    kind: ClassVar[str] = "chart"
    svg: str
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """A row of figures: label, the figure in words, and what to make of it."""

    kind: ClassVar[str] = "key_figures"
    figures: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Callout:
    """A remark that must not be overlooked."""

    kind: ClassVar[str] = "callout"
    text: str


Block = Paragraph | Subheading | Bullets | Table | Chart | KeyFigures | Callout
BLOCKS: dict[str, type[Any]] = {
    block.kind: block for block in (Paragraph, Subheading, Bullets, Table, Chart, KeyFigures, Callout)
}


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One report. `period` is in words, `as_of` the moment at which all of it was true."""

    title: str
    partnership: str
    period: str
    as_of: datetime
    summary: tuple[str, ...]
    sections: tuple[Section, ...]
    language: str = "en-GB"
    about: str = ""


def to_json(document: Document) -> dict[str, Any]:
    """The document as plain JSON values; `from_json` gives an equal document back."""
    plain = asdict(document)
    plain["as_of"] = document.as_of.isoformat()
    for section, written in zip(document.sections, plain["sections"], strict=True):
        for block, entry in zip(section.blocks, written["blocks"], strict=True):
            entry["kind"] = block.kind
    return _lists(plain)


def from_json(data: dict[str, Any]) -> Document:
    """The document that was frozen. Raises ValueError for a block that this version does not know."""
    known = {field.name for field in fields(Document)}
    plain = {name: _tuples(value) for name, value in data.items() if name in known}
    plain["as_of"] = datetime.fromisoformat(data["as_of"])
    plain["sections"] = tuple(
        Section(section["heading"], tuple(_block(entry) for entry in section["blocks"]))
        for section in data["sections"]
    )
    return Document(**plain)


def _block(entry: dict[str, Any]) -> Block:
    kind = entry.get("kind", "")
    if kind not in BLOCKS:
        raise ValueError(f"A report holds a block of the unknown kind {kind!r}.")
    return BLOCKS[kind](**{name: _tuples(value) for name, value in entry.items() if name != "kind"})


def _lists(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_lists(item) for item in value]
    if isinstance(value, dict):
        return {name: _lists(item) for name, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
