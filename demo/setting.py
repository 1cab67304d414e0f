"""What has been made so far, by the keys that the texts use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from demo.chance import Chance, moment
from demo.days import A_DAY, months_back
from outcomes.models import Measure, Outcome
from partnerships.models import Activity, Board, Organisation, Partnership, Place, Programme
from people.models import Person

SLUG = "brackenford-together"
INVENTED = "Invented for the demonstration"


@dataclass
class Setting:
    """The demo partnership, its neighbour, and everything in them."""

    today: date
    chance: Chance
    partnership: Partnership = field(init=False)
    neighbour: Partnership = field(init=False)
    borough: Place = field(init=False)
    places: dict[str, Place] = field(default_factory=dict)
    neighbourhoods: dict[str, float] = field(default_factory=dict)
    published_places: dict[str, Place] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Person] = field(default_factory=dict)
    employers: dict[str, Organisation] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    programmes: dict[str, Programme] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)

    @property
    def manager(self) -> Person:
        return self.people["ramanathan"]

    @property
    def began(self) -> date:
        return self.partnership.started_on

    @property
    def settled_on(self) -> date:
        """When the partnership had its outcomes and brought in what was known of them."""
        return self.began + 45 * A_DAY

    def ago(self, days: int) -> date:
        return self.today - days * A_DAY

    def from_month(self, months: int, key: str) -> date:
        """A day in the first half of the month so many months ago: when something began."""
        return months_back(self.today, months) + self.chance.dice("from", key).randint(0, 13) * A_DAY

    def to_month(self, months: int, key: str) -> date | None:
        """A day in the second half of that month: when something ended. None where nothing did."""
        if not months:
            return None
        return months_back(self.today, months) + self.chance.dice("to", key).randint(14, 26) * A_DAY

    def written(self, day: date, *key: object, within: int = 3) -> datetime:
        """When something of that day was written down: soon after, and before today."""
        dice = self.chance.dice("written", *key)
        later = min(day + dice.randint(0, within) * A_DAY, self.today - A_DAY)
        if later > day:
            return moment(later, dice, last_hour=17)
        return moment(day, dice, first_hour=17, last_hour=21)
