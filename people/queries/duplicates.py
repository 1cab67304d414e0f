"""People who may be recorded twice: alike in name, with the same address, or in the same place with the same title."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from allauth.account.models import EmailAddress

from partnerships.models import OrganisationContact, Partnership, Seat
from people.models import Membership, NotDuplicates, Person, RealName
from people.queries.named import people_to_name

ALIKE, ALIKE_IN_PLACE, SHOWN = 0.6, 0.35, 100
# So many people with one word in their name say nothing about two of them.
COMMON = 150


@dataclass(frozen=True, slots=True)
class Known:
    """What two records are compared by. Names are those that others see and those that only managers know."""

    pk: int
    names: tuple[str, ...]
    title: str = ""
    organisations: frozenset[int] = frozenset()
    emails: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pair:
    one: int
    other: int
    likeness: float
    reasons: tuple[str, ...]


def likely_pairs(people: Iterable[Known]) -> list[Pair]:
    """Pairs that may be one person, the likeliest first. Only those who share a word of a name or an address are compared."""
    known = {person.pk: person for person in people}
    together: dict[str, list[int]] = defaultdict(list)
    for person in known.values():
        keys = {word for name in person.names for word in _words(name)} | {f"@{e}" for e in person.emails}
        for key in keys:
            together[key].append(person.pk)
    compared = {
        pair
        for key, group in together.items()
        if len(group) <= COMMON or key.startswith("@")
        for pair in combinations(sorted(group), 2)
    }
    found = [_compare(known[one], known[other]) for one, other in compared]
    return sorted((p for p in found if p), key=lambda pair: (-pair.likeness, pair.one, pair.other))


def _compare(one: Known, other: Known) -> Pair | None:
    likeness = max(likeness_of(a, b) for a in one.names for b in other.names)
    reasons = []
    if one.emails & other.emails:
        reasons.append("the same email address")
    in_place = bool(one.title) and one.title == other.title and bool(one.organisations & other.organisations)
    if likeness == 1:
        reasons.append("the same name")
    elif likeness >= ALIKE or (in_place and likeness >= ALIKE_IN_PLACE):
        reasons.append("names that are alike")
    if not reasons:
        return None
    if in_place:
        reasons.append("the same organisation and job title")
    weight = likeness + (1 if "the same email address" in reasons else 0) + (0.2 if in_place else 0)
    return Pair(one.pk, other.pk, weight, tuple(reasons))


def likeness_of(one: str, other: str) -> float:
    """From 0 to 1, as PostgreSQL's similarity of trigrams; an initial stands for the name that begins with it."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0
    if sorted(first) == sorted(second):
        return 1
    if len(first) == len(second) > 1 and first[-1] == second[-1] and _initials_fit(first, second):
        return 0.8
    left, right = _trigrams(first), _trigrams(second)
    return len(left & right) / len(left | right)


def _initials_fit(first: list[str], second: list[str]) -> bool:
    pairs = list(zip(first[:-1], second[:-1], strict=True))
    return all(a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a, b in pairs)


def _words(name: str) -> list[str]:
    flat = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in flat).split()


def _trigrams(words: list[str]) -> set[str]:
    return {f"  {word} "[i : i + 3] for word in words for i in range(len(word) + 1)}


def duplicates_in(partnership: Partnership) -> list[tuple[Person, Person, Pair]]:
    """Pairs of people of the partnership that nobody has told apart yet. A fixed number of queries."""
    people = {person.pk: person for person in people_to_name(partnership)}
    told_apart = set(NotDuplicates.objects.filter(partnership=partnership).values_list("one", "other"))
    pairs = likely_pairs(_known(people, partnership))
    return [
        (people[pair.one], people[pair.other], pair)
        for pair in pairs
        if (pair.one, pair.other) not in told_apart
    ][:SHOWN]


def _known(people: dict[int, Person], partnership: Partnership) -> list[Known]:
    names: dict[int, list[str]] = {pk: [person.name] for pk, person in people.items()}
    for pk, name in RealName.objects.filter(partnership=partnership).values_list("person", "name"):
        names.get(pk, []).append(name)
    organisations: dict[int, set[int]] = defaultdict(set)
    for model in (Membership, Seat):
        held = model.objects.filter(partnership=partnership, organisation__isnull=False)
        for pk, organisation in held.values_list("person", "organisation"):
            organisations[pk].add(organisation)
    emails: dict[int, set[str]] = defaultdict(set)
    contacts = OrganisationContact.objects.filter(partnership=partnership, person__isnull=False)
    rows = [
        *((pk, person.email) for pk, person in people.items()),
        *EmailAddress.objects.filter(user__in=people).values_list("user", "email"),
        *contacts.values_list("person", "email"),
    ]
    for pk, email in rows:
        if email:
            emails[pk].add(email.casefold())
    return [
        Known(
            pk,
            tuple(names[pk]),
            person.job_title.casefold().strip(),
            frozenset(organisations[pk]),
            frozenset(emails[pk]),
        )
        for pk, person in people.items()
    ]
