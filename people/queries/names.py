"""Keeping people's names out of text that leaves the partnership."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from partnerships.models import Activity, Contact, Partnership, Seat
from people.models import Membership, Person, RealName

REMOVED = "[name]"
WORD = re.compile(r"\w+")


class Names:
    """Full names to take out of text. A name of one word is left: too many are words of the language too."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first_word: dict[str, list[re.Pattern[str]]] = defaultdict(list)
        for name in sorted(set(names), key=len, reverse=True):
            words = name.split()
            first = WORD.match(name.lstrip())
            if len(words) > 1 and first is not None:
                spaced = r"\s+".join(re.escape(word) for word in words)
                found = re.compile(rf"{spaced}(?!\w)", re.IGNORECASE)
                self._by_first_word[first[0].casefold()].append(found)

    def removed_from(self, text: str) -> str:
        """The text with each of the names in it replaced. Costs what the words of the text cost, however many names."""
        kept, done = [], 0
        for word in WORD.finditer(text):
            if word.start() < done:
                continue
            for name in self._by_first_word.get(word[0].casefold(), ()):
                found = name.match(text, word.start())
                if found:
                    kept += [text[done : found.start()], REMOVED]
                    done = found.end()
                    break
        return "".join([*kept, text[done:]])


def names_in(partnership: Partnership) -> Names:
    """The names of everybody who has or had a role, a seat or a contact here, or was named on an activity; also those kept apart."""
    linked = [
        Membership.objects.filter(partnership=partnership).values("person"),
        Seat.objects.filter(partnership=partnership).values("person"),
        Contact.objects.filter(partnership=partnership).values("person"),
        Activity.people.through.objects.filter(activity__partnership=partnership).values("person"),
    ]
    known = Q()
    for people in linked:
        known |= Q(pk__in=people)
    shown = Person.objects.filter(known, is_system=False).values_list("name", flat=True)
    return Names([*shown, *RealName.objects.filter(partnership=partnership).values_list("name", flat=True)])
