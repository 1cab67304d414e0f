"""How fresh and how whole an outcome's figures are: a share, the words for it, and what it opens to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outcomes.queries.readings import Reading


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Of how many measures the newest figure is here and whole. Those in development are not among them."""

    measures: int
    late: tuple[Reading, ...]
    provisional: tuple[Reading, ...]
    lacking: tuple[Reading, ...]

    @property
    def partners_missing(self) -> tuple[str, ...]:
        """The partners without whom newest figures are, each once, by name."""
        return tuple(sorted({name for one in self.lacking if one.latest for name in one.latest.missing}))

    @property
    def sound(self) -> int:
        """How many measures are up to date and lack no partner."""
        unsound = {one.measure.pk for one in (*self.late, *self.lacking)}
        return self.measures - len(unsound)

    @property
    def score(self) -> int | None:
        """The share of sound measures in whole per cent, rounded down so that only all of them are 100; None without any."""
        return self.sound * 100 // self.measures if self.measures else None

    @property
    def sentence(self) -> str:
        if not self.measures:
            return "It has no measure yet."
        up_to_date = self.measures - len(self.late)
        said = [f"{up_to_date} of {self.measures} measure{'' if self.measures == 1 else 's'} up to date"]
        if self.late:
            said.append(f"{len(self.late)} late")
        if self.provisional:
            said.append(f"{len(self.provisional)} provisional")
        if self.partners_missing:
            said.append(f"partners missing: {', '.join(self.partners_missing)}")
        return f"{'; '.join(said)}."


def upkeep_of(readings: Sequence[Reading]) -> Upkeep:
    return Upkeep(
        measures=len(readings),
        late=tuple(one for one in readings if one.freshness.is_late),
        provisional=tuple(one for one in readings if one.latest and one.latest.provisional),
        lacking=tuple(one for one in readings if one.latest and one.latest.missing),
    )
