"""What the network of boards says, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from people.influence import Break, Channel, Link
from people.queries.leavers import SOMEBODY

NAMED = 3


def listed(words: Sequence[str], *, most: int | None = None) -> str:
    """ "A", "A and B", "A, B and C"; beyond `most`, "A, B, C and 4 more"."""
    shown = list(words)
    if most is not None and len(shown) > most + 1:
        shown = [*shown[:most], f"{len(shown) - most} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def break_words(found: Break, boards: Mapping[int, str], people: Mapping[int, str]) -> str:
    """What would come apart, as one sentence. It names the smaller parts, which would be cut off from the largest."""
    if found.person is not None:
        who = people[found.person]
        start = f"Without {who}" if who == SOMEBODY else f"If {who} left all their seats"
    else:
        start = f"If {boards[found.room]} stopped"
    largest, *cut_off = found.parts
    if len(largest) == 1 or len(cut_off) > NAMED:
        rooms = [boards[room] for part in found.parts for room in part]
        return f"{start}, nobody would link {listed(rooms, most=2 * NAMED)} any more."
    groups = [listed([boards[room] for room in part], most=NAMED) for part in cut_off]
    rest = listed([boards[room] for room in largest], most=NAMED)
    whom = groups[0] if len(groups) == 1 else "; ".join(groups)
    return f"{start}, nobody would link {whom} to {rest} any more."


def link_words(link: Link, people: Mapping[int, str], one: str = "here", other: str = "there") -> str:
    """Who links two boards and as what: "Ada (chair here, member there)"."""
    here, there = link.here.capacity, link.there.capacity
    capacity = f"{here} on both" if here == there else f"{here} {one}, {there} {other}"
    return f"{people[link.person]} ({capacity})"


def channel_title(channel: Channel, boards: Mapping[int, str]) -> str:
    between = len(channel.hops) - 1
    if not between:
        return "Directly: the same people sit on both"
    through = listed([boards[room] for room in channel.rooms[1:-1]])
    return f"Through {through}"
