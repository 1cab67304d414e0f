"""Which place a cell names: by GSS code or by name, with codes that are out of date led to the place that took over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from outcomes.imports.errors import Unclear, quoted

REFUSE, KEEP, LEAD = "refuse", "keep", "lead"
CODE = re.compile(r"[A-Z][0-9]{8}")
# DfE's files say in a column of their own which level a row is of; a row must not be taken for a place of another level.
LEVELS = {
    "national": r"[EWSN]92|K0",
    "regional": r"E12|E92|E13",
    "local authority": r"E0[6-9]|E10|W06|S12|N09",
}
_AROUND = re.compile(
    r"^(?:london borough of|royal borough of|metropolitan borough of|borough of|city and county of|city of|county of|county) "
    r"| (?:london borough|metropolitan borough council|metropolitan borough|borough council|city council|county council|"
    r"district council|council|unitary authority|ua|city of|county of)$"
)


@dataclass(frozen=True, slots=True)
class KnownPlace:
    id: int
    name: str
    kind: str
    code: str | None = None
    is_current: bool = True
    successors: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.code else self.name


@dataclass(frozen=True, slots=True)
class Found:
    """`note` says in a sentence that the file's code is out of date; such a row gives way to one with the place's own code."""

    place_id: int
    note: str = ""


def plain_name(name: str) -> str:
    """A name without what differs from file to file: capitals, accents, punctuation, & for and."""
    name = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    name = "".join(letter for letter in name if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’.]", "", name)).split())


def short_name(plain: str) -> str:
    """A plain name without the kind of council that is written before or after it."""
    return _AROUND.sub("", plain).strip() or plain


@dataclass
class PlaceFinder:
    """Remembers what it has found, since a file names each place many times.

    `kind` decides between places of one name; `merged` says what becomes of figures of a place that was merged or split.
    """

    places: Iterable[KnownPlace]
    kind: str = ""
    merged: str = REFUSE
    _by_id: dict[int, KnownPlace] = field(init=False, default_factory=dict)
    _by_code: dict[str, KnownPlace] = field(init=False, default_factory=dict)
    _by_name: dict[str, list[KnownPlace]] = field(init=False, default_factory=dict)
    _by_short_name: dict[str, list[KnownPlace]] = field(init=False, default_factory=dict)
    _predecessors: dict[int, int] = field(init=False, default_factory=dict)
    _answers: dict[tuple[str, str], Found | Unclear] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for place in self.places:
            self._by_id[place.id] = place
            if place.code:
                self._by_code[place.code] = place
            name = plain_name(place.name)
            self._by_name.setdefault(name, []).append(place)
            self._by_short_name.setdefault(short_name(name), []).append(place)
            for successor in place.successors:
                self._predecessors[successor] = self._predecessors.get(successor, 0) + 1

    def find(self, text: str, level: str = "") -> Found:
        """Raises Unclear with the reason and its group. `level` is what the file says about the row (see LEVELS)."""
        answer = self._answers.get((text, level))
        if answer is None:
            try:
                answer = self._look_up(text.strip(), level)
            except Unclear as reason:
                answer = reason
            if len(self._answers) < 100_000:
                self._answers[text, level] = answer
        if isinstance(answer, Unclear):
            raise answer
        return answer

    def _look_up(self, text: str, level: str) -> Found:
        if not text:
            raise Unclear("The place is empty.", "place_empty")
        code = text.upper()
        if CODE.fullmatch(code):
            wanted = LEVELS.get(level.strip().lower())
            if wanted and not re.match(wanted, code):
                raise Unclear(
                    f"The row says {quoted(level)}, but {code} is no code of that level.", "place_empty"
                )
            if code not in self._by_code:
                raise Unclear(f"No place with the code {code} is known here.", "place_unknown")
            return self._today(self._by_code[code])
        return self._today(self._by_its_name(text))

    def _by_its_name(self, text: str) -> KnownPlace:
        name = plain_name(text)
        found = self._by_name.get(name) or self._by_short_name.get(short_name(name)) or []
        found = [place for place in found if place.is_current] or found
        if len(found) > 1 and self.kind:
            found = [place for place in found if place.kind == self.kind] or found
        if not found:
            raise Unclear(f"No place called {quoted(text)} is known here.", "place_unknown")
        if len(found) > 1:
            names = " or ".join(sorted(str(place) for place in found))
            raise Unclear(f"{quoted(text)} could be {names}.", "place_ambiguous")
        return found[0]

    def _today(self, place: KnownPlace) -> Found:
        successors = [self._by_id[key] for key in place.successors if key in self._by_id]
        if place.is_current or not successors or (self.merged == KEEP and not self._only_renamed(place)):
            return Found(place.id)
        if self._only_renamed(place) or (self.merged == LEAD and len(successors) == 1):
            led = self._today(successors[0])
            final = self._by_id[led.place_id]
            return Found(final.id, f"{place.code or place.name} is now {final.code or final.name}.")
        names = " and ".join(str(successor) for successor in successors)
        if len(successors) > 1:
            raise Unclear(
                f"{place} was split into {names}, so its figure belongs to neither.", "place_merged"
            )
        raise Unclear(f"{place} became part of {names}. A part's figure is not the whole's.", "place_merged")

    def _only_renamed(self, place: KnownPlace) -> bool:
        """One place under a new code: nothing else went into its successor, and nothing of it went elsewhere."""
        return len(place.successors) == 1 and self._predecessors.get(place.successors[0]) == 1
