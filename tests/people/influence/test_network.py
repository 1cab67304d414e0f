"""The ways between boards, against small networks drawn by hand and large ones worked out a second way."""

import random
from itertools import combinations

import networkx
import pytest

from people.influence import Network, Room, Sitting, breaks, channels, compare, needed_between

# Residents' forum 1, operations 2, steering 3, strategic 4, a board of its own 5.
FORUM, OPERATIONS, STEERING, STRATEGIC, APART = range(1, 6)
LEAD, PRACTITIONER, DIRECTOR, RESIDENT, LONER = range(11, 16)


def network(*sittings: tuple[int, int], rooms=(1, 2, 3, 4, 5)) -> Network:
    return Network(
        [Room(key, f"Board {key}") for key in rooms],
        [Sitting(person, room, "member") for person, room in sittings],
    )


STOCKPORT = network(
    (LEAD, OPERATIONS),
    (LEAD, STEERING),
    (LEAD, STRATEGIC),
    (PRACTITIONER, FORUM),
    (PRACTITIONER, OPERATIONS),
    (PRACTITIONER, STEERING),
    (RESIDENT, FORUM),
    (LONER, APART),
)


def test_two_boards_are_linked_by_who_sits_on_both():
    assert STOCKPORT.people_between(FORUM, OPERATIONS) == {PRACTITIONER}
    assert STOCKPORT.people_between(OPERATIONS, STEERING) == {LEAD, PRACTITIONER}
    assert STOCKPORT.people_between(FORUM, STRATEGIC) == frozenset()


def test_a_link_tells_the_capacity_in_each_room():
    found = Network(
        [Room(1, "Forum"), Room(2, "Board")],
        [Sitting(7, 1, "chair", "Residents"), Sitting(7, 2, "observer", "Council")],
    )
    (link,) = found.links(2, 1)
    assert (link.here.capacity, link.there.capacity) == ("observer", "chair")
    (link,) = found.links(1, 2)
    assert (link.here.organisation, link.there.organisation) == ("Residents", "Council")


def test_channels_are_the_shortest_and_the_short_ones():
    found = channels(STOCKPORT, FORUM, STRATEGIC)
    assert [len(channel.hops) for channel in found] == [2, 2, 3, 3]
    assert {channel.rooms for channel in found} == {
        (FORUM, OPERATIONS, STRATEGIC),
        (FORUM, STEERING, STRATEGIC),
        (FORUM, OPERATIONS, STEERING, STRATEGIC),
        (FORUM, STEERING, OPERATIONS, STRATEGIC),
    }
    assert all(hop.links for channel in found for hop in channel.hops)


def test_nobody_passes_a_word_to_themselves():
    """One person in three rooms is one door, not a chain of two."""
    found = network((LEAD, 1), (LEAD, 2), (LEAD, 3))
    assert [channel.rooms for channel in channels(found, 1, 3)] == [(1, 3)]


def test_there_is_no_channel_where_nobody_sits_in_both():
    assert channels(STOCKPORT, FORUM, APART) == []
    assert channels(STOCKPORT, FORUM, FORUM) == []


def test_a_room_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        channels(STOCKPORT, FORUM, 99)


def test_the_limit_holds_in_a_network_where_everybody_meets_everybody():
    rooms = range(1, 31)
    dense = network(*((person, room) for person in (1, 2, 3) for room in rooms), rooms=rooms)
    assert len(channels(dense, 1, 30, limit=10)) == 10
    assert channels(dense, 1, 30, limit=10)[0].rooms == (1, 30)


def test_breaks_name_who_alone_holds_parts_together():
    found = {(item.person, item.room): item.parts for item in breaks(STOCKPORT)}
    assert found == {
        (LEAD, None): ((FORUM, OPERATIONS, STEERING), (STRATEGIC,)),
        (PRACTITIONER, None): ((OPERATIONS, STEERING, STRATEGIC), (FORUM,)),
    }


def test_a_board_can_be_the_only_meeting_point():
    found = breaks(network((LEAD, 1), (LEAD, 2), (DIRECTOR, 2), (DIRECTOR, 3)))
    assert [(item.person, item.room, item.parts) for item in found] == [
        (LEAD, None, ((2, 3), (1,))),
        (DIRECTOR, None, ((1, 2), (3,))),
        (None, 2, ((1,), (3,))),
    ]


def test_with_two_people_between_them_nobody_is_a_single_point():
    assert breaks(network((LEAD, 1), (LEAD, 2), (DIRECTOR, 1), (DIRECTOR, 2))) == []


def test_needed_between_two_rooms():
    found = needed_between(STOCKPORT, FORUM, STRATEGIC)
    assert [(item.person, item.room) for item in found] == [(LEAD, None), (PRACTITIONER, None)]
    assert needed_between(STOCKPORT, OPERATIONS, STEERING) == []
    assert needed_between(STOCKPORT, FORUM, APART) == []


def test_comparison_tells_what_came_and_went():
    before = network((LEAD, 1), (LEAD, 2), (DIRECTOR, 2), (DIRECTOR, 3), rooms=(1, 2, 3))
    after = network((LEAD, 1), (LEAD, 2), (RESIDENT, 1), (RESIDENT, 2), (RESIDENT, 4), rooms=(1, 2, 4))
    found = compare(before, after)
    assert (found.rooms_begun, found.rooms_ended) == ((4,), (3,))
    assert [change.rooms for change in found.new] == [(1, 4), (2, 4)]
    assert [(change.rooms, change.went) for change in found.lost] == [((2, 3), frozenset({DIRECTOR}))]
    assert [(change.rooms, change.came) for change in found.changed] == [((1, 2), frozenset({RESIDENT}))]


def test_the_same_day_twice_has_no_change():
    found = compare(STOCKPORT, STOCKPORT)
    assert (found.new, found.lost, found.changed) == ((), (), ())


@pytest.mark.parametrize("seed", range(25))
def test_breaks_agree_with_taking_each_away(seed):
    """A second, plain way: take a person or a room out, and see whether rooms that had a way to each other lost it."""
    chance = random.Random(seed)
    rooms = list(range(1, chance.randint(3, 12)))
    sittings = [
        Sitting(person, room, "member")
        for person in range(100, 100 + chance.randint(1, 15))
        for room in chance.sample(rooms, k=min(len(rooms), chance.choice([1, 1, 2, 2, 3])))
    ]

    def apart(people_out=(), rooms_out=()) -> set[frozenset[int]]:
        graph = networkx.Graph()
        graph.add_nodes_from(room for room in rooms if room not in rooms_out)
        for one, other in combinations([s for s in sittings if s.room not in rooms_out], 2):
            if one.person == other.person and one.person not in people_out:
                graph.add_edge(one.room, other.room)
        return {frozenset(part) for part in networkx.connected_components(graph)}

    whole = apart()
    expected = set()
    for person in {sitting.person for sitting in sittings}:
        if len(apart(people_out=(person,))) > len(whole):
            expected.add((person, None))
    for room in rooms:
        part = next(part for part in whole if room in part)
        left = apart(rooms_out=(room,))
        if sum(1 for piece in left if piece <= part) > 1:
            expected.add((None, room))
    found = breaks(Network([Room(key, str(key)) for key in rooms], sittings))
    assert {(item.person, item.room) for item in found} == expected
    for item in found:
        pieces = apart(
            people_out=(item.person,) if item.person else (), rooms_out=(item.room,) if item.room else ()
        )
        assert {frozenset(part) for part in item.parts} <= pieces
