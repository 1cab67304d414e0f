"""Disclosure control, attacked with a linear program that knows every published cell, every sum, and that counts are not negative."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.statistics.disclosure import (
    HIDDEN,
    Policy,
    Shown,
    for_statistics,
    percentage,
    suppress_parts,
    suppress_proportion,
    suppress_table,
    suppress_value,
)
from outcomes.statistics.suppression import Arc, Need, Network

COUNCIL = Policy(threshold=5)


def looks(shown: Shown):
    return shown.symbol or shown.value


class Attacker:
    """Knows the shape of a table and what is shown of it; works out the range of a hidden cell."""

    def __init__(self):
        self.number, self.shown, self.equations = {}, [], []

    def cell(self, key, shown):
        self.number[key] = len(self.shown)
        self.shown.append(shown)

    def sum(self, parts, total):
        self.equations.append(([self.number[key] for key in parts], self.number[total]))

    def range_of(self, key):
        from scipy.optimize import linprog

        n = len(self.shown)
        sums = [[(i in parts) - (i == total) for i in range(n)] for parts, total in self.equations]
        bounds = [(0, None) if one.hidden else (one.value or 0, one.value or 0) for one in self.shown]
        ends = []
        for sign in (1, -1):
            aim = [0] * n
            aim[self.number[key]] = sign
            found = linprog(aim, A_eq=sums, b_eq=[0] * len(sums), bounds=bounds, method="highs")
            assert found.status in (0, 3)
            ends.append(float("inf") if found.status == 3 else sign * found.fun)
        return ends


def total(counts):
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def attack_table(rows, parents, table):
    """An attacker for a table with groups of rows; also the true count of each cell."""
    groups = sorted(set(parents.values()))
    width = len(next(iter(rows.values())))
    truth = {(name, j): count for name, counts in rows.items() for j, count in enumerate(counts)}
    children = {group: [name for name in (*rows, *groups) if parents.get(name) == group] for group in groups}
    children[""] = [name for name in (*rows, *groups) if name not in parents]

    def count(name, j):
        if (name, j) not in truth:
            truth[name, j] = total(count(child, j) for child in children[name])
        return truth[name, j]

    attacker = Attacker()
    for name in (*rows, *groups, ""):
        shown = table.total if name == "" else table.rows[name]
        for j in range(width):
            count(name, j)
            attacker.cell((name, j), shown.cells[j])
        truth[name, "all"] = total(truth[name, j] for j in range(width))
        attacker.cell((name, "all"), shown.total)
    for name in (*rows, *groups, ""):
        attacker.sum([(name, j) for j in range(width)], (name, "all"))
    for group, below in children.items():
        for j in (*range(width), "all"):
            attacker.sum([(child, j) for child in below], (group, j))
    return attacker, truth


def assert_protected(rows, policy, parents=None):
    parents = parents or {}
    table = suppress_table(rows, policy, parents=parents)
    attacker, truth = attack_table(rows, parents, table)
    least, most = (1 if policy.zero_shown else 0), policy.threshold - 1
    for key, count in truth.items():
        shown = attacker.shown[attacker.number[key]]
        if count is None:
            assert shown.symbol == "x"
        elif not shown.hidden:
            assert not policy.is_small(count)
            assert shown.value == count
        elif policy.is_small(count):
            low, high = attacker.range_of(key)
            assert low <= least + 1e-6
            assert high >= most - 1e-6
            assert high - low >= policy.threshold - 1e-6
    for parts, total in attacker.equations:
        assert sum(attacker.shown[i].hidden for i in (*parts, total)) != 1
    return table


tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(
            st.one_of(st.integers(0, 12), st.integers(0, 400), st.none()), min_size=width, max_size=width
        ),
        min_size=1,
        max_size=5,
    )
)
policies = st.builds(Policy, threshold=st.sampled_from([3, 5, 8, 10]), zero_shown=st.booleans())


@settings(max_examples=60, deadline=None)
@given(tables, policies)
def test_no_linear_program_undoes_a_table(counts, policy):
    assert_protected({f"row {i}": row for i, row in enumerate(counts)}, policy)


@pytest.mark.parametrize("seed", range(12))
def test_no_linear_program_undoes_nested_areas(seed):
    chance = random.Random(seed)
    areas = [f"area {i}" for i in range(6)]
    rows = {name: [chance.choice([0, 2, 4, 9, 30, 200]) for _ in range(3)] for name in areas}
    parents = {name: f"ward {i % 3}" for i, name in enumerate(areas)} | {"ward 0": "north", "ward 1": "north"}
    assert_protected(rows, COUNCIL, parents)


def test_a_small_count_takes_a_neighbour_in_its_row_and_column_with_it():
    table = assert_protected({"a": [3, 40, 50], "b": [60, 20, 70], "c": [80, 90, 95]}, COUNCIL)
    hidden = {name: [looks(cell) for cell in row.cells] for name, row in table.rows.items()}
    assert hidden == {"a": ["c", "c", 50], "b": ["c", "c", 70], "c": [80, 90, 95]}
    assert [looks(cell) for cell in (*table.total.cells, table.total.total)] == [143, 150, 215, 508]
    assert [table.rows[name].total.value for name in "abc"] == [93, 150, 265]


def test_a_zero_is_the_last_to_be_hidden_for_another():
    table = assert_protected({"a": [3, 40, 40], "b": [60, 0, 70]}, COUNCIL)
    shown = {name: [looks(cell) for cell in row.cells] for name, row in table.rows.items()}
    assert shown == {"a": ["c", 40, "c"], "b": ["c", 0, "c"]}


def test_two_hidden_cells_in_each_line_are_not_enough_where_the_others_are_too_small():
    # The obvious square of 9, 1, 1, 60 has two hidden cells a line, yet its sums hold the 9 between 8 and 10.
    rows = {"a": [9, 1, 50], "b": [1, 60, 55], "c": [70, 80, 90]}
    table = assert_protected(rows, Policy(threshold=10))
    assert sum(cell.hidden for row in table.rows.values() for cell in row.cells) > 4


def test_nothing_is_hidden_where_nothing_is_small():
    table = suppress_table({"a": [5, 0], "b": [10, 20]}, COUNCIL)
    assert [looks(c) for row in table.rows.values() for c in row.cells] == [5, 0, 10, 20]
    assert looks(table.total.total) == 35


def test_zeros_are_hidden_where_the_policy_says_so():
    table = assert_protected({"a": [0, 40], "b": [50, 60]}, Policy(threshold=5, zero_shown=False))
    assert [looks(c) for row in table.rows.values() for c in row.cells] == ["c", "c", "c", "c"]


def test_a_missing_cell_is_not_zero_and_adds_nothing():
    table = suppress_table({"a": [None, 40], "b": [50, 60], "c": [None, None]}, COUNCIL)
    assert looks(table.rows["a"].cells[0]) == "x"
    assert looks(table.rows["a"].total) == 40
    assert looks(table.rows["c"].total) == "x"
    assert looks(table.total.total) == 150


def test_parts_of_a_total():
    parts = suppress_parts({"girls": 3, "boys": 20, "not said": 12}, COUNCIL)
    assert {name: looks(shown) for name, shown in parts.parts.items()} == {
        "girls": "c",
        "boys": 20,
        "not said": "c",
    }
    assert looks(parts.total) == 35
    assert parts.parts["girls"].reason == parts.parts["not said"].reason == HIDDEN


def test_nested_parts_survive_subtraction_between_levels():
    parts = suppress_parts(
        {"street": 2, "lane": 30, "road": 40, "hill": 50},
        COUNCIL,
        parents={"street": "north", "lane": "north", "road": "south", "hill": "south"},
    )
    shown = {name: looks(one) for name, one in parts.parts.items()}
    assert shown == {"street": "c", "lane": "c", "road": 40, "hill": 50, "north": 32, "south": 90}


def test_an_only_child_cannot_be_read_off_its_group():
    parts = suppress_parts(
        {"street": 2, "road": 40, "hill": 50},
        COUNCIL,
        parents={"street": "north", "road": "south", "hill": "south"},
    )
    shown = {name: looks(one) for name, one in parts.parts.items()}
    assert shown["street"] == shown["north"] == "c"
    assert shown["south"] == "c"
    assert "c" in (shown["road"], shown["hill"])


def test_alone_and_rounded():
    nhs = Policy(threshold=8, rounding_base=5)
    assert [looks(suppress_value(n, nhs)) for n in (0, 7, 8, 12, 13, None)] == [0, "c", 10, 10, 15, "x"]
    low = suppress_value(2, Policy(threshold=0, rounding_base=5))
    assert (low.value, low.symbol, low.spreadsheet) == (0, "low", "[low]")
    assert suppress_value(3, COUNCIL).spreadsheet == "[c]"
    assert suppress_value(9, COUNCIL).spreadsheet == 9


def test_a_percentage_with_a_hidden_part_is_hidden():
    seen, unseen = Shown(30), Shown(None, "c", HIDDEN, True)
    assert percentage(unseen, seen, COUNCIL).symbol == "c"
    assert percentage(seen, unseen, COUNCIL).symbol == "c"
    assert percentage(Shown(15), seen, COUNCIL).value == 50
    assert percentage(seen, Shown(0), COUNCIL).symbol == "x"
    assert percentage(Shown(None, "x", ""), seen, COUNCIL).symbol == "x"


def test_the_rest_of_a_proportion_is_protected_as_well():
    nearly_all = suppress_proportion(97, 100, COUNCIL)
    assert (looks(nearly_all.numerator), looks(nearly_all.denominator)) == ("c", 100)
    assert nearly_all.percentage.hidden
    assert suppress_proportion(40, 80, COUNCIL).percentage.value == 50
    assert suppress_proportion(80, 80, COUNCIL).percentage.value == 100
    assert suppress_proportion(None, 80, COUNCIL).percentage.symbol == "x"
    with pytest.raises(ValueError, match="whole number"):
        suppress_proportion(81, 80, COUNCIL)


def test_a_percentage_is_made_of_rounded_counts():
    shown = suppress_proportion(33, 61, Policy(threshold=8, rounding_base=5))
    assert (shown.numerator.value, shown.denominator.value) == (35, 60)
    assert shown.percentage.value == pytest.approx(100 * 35 / 60)


def test_statistics_are_made_of_what_is_shown():
    assert for_statistics([suppress_value(n, COUNCIL) for n in (3, 9, None, 0)]) == [None, 9, None, 0]


def test_the_protection_width_is_a_setting():
    wide = suppress_parts({"a": 2, "b": 6, "c": 30}, Policy(threshold=3, protection_width=20))
    assert [looks(one) for one in wide.parts.values()] == ["c", 6, "c"]
    narrow = suppress_parts({"a": 2, "b": 6, "c": 30}, Policy(threshold=3, protection_width=4))
    assert [looks(one) for one in narrow.parts.values()] == ["c", "c", 30]


@pytest.mark.parametrize("policy", [{"symbol": "*"}, {"symbol": ""}, {"threshold": -1}, {"rounding_base": 0}])
def test_a_policy_that_makes_no_sense_is_refused(policy):
    with pytest.raises(ValueError, match=r"symbol|threshold"):
        Policy(**policy)


@pytest.mark.parametrize(
    ("rows", "parents", "says"),
    [
        ({"a": [1, 2], "b": [3]}, {}, "one length"),
        ({"a": [-1, 2]}, {}, "whole number"),
        ({"a": [1.5, 2]}, {}, "whole number"),
        ({"a": [1, 2], "b": [3, 4]}, {"a": "b"}, "group of others"),
        ({"a": [1, 2]}, {"a": "n", "n": "m", "m": "n"}, "circle"),
        ({"": [1, 2]}, {}, "needs a name"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(rows, parents, says):
    with pytest.raises(ValueError, match=says):
        suppress_table(rows, COUNCIL, parents=parents)


def test_a_network_whose_sums_are_wrong_is_refused():
    with pytest.raises(ValueError, match="do not add up"):
        Network([Arc(0, 1, 3, 1), Arc(1, 0, 4, 1)])


def test_the_cheapest_cells_that_are_enough_are_hidden():
    # Three parts and their total. The small 2 wants room for 5 more: the 4 alone is too little, the 6 is enough.
    arcs = [Arc(0, 1, 2, 1), Arc(0, 1, 4, 1), Arc(0, 1, 6, 1.5), Arc(1, 0, 12, 9)]
    assert Network(arcs).protect({0: Need(down=1, up=5)}) == {0, 2}
    assert Network(arcs).protect({0: Need(down=1, up=4)}) == {0, 1}
    assert Network(arcs).protect({0: Need(down=1, up=10)}) == {0, 1, 2}
    assert Network(arcs).protect({0: Need(down=1, up=11)}) == {0, 1, 2, 3}


def test_one_row_and_one_column():
    column = suppress_table({"a": [3], "b": [40], "c": [20]}, COUNCIL)
    assert [(looks(row.cells[0]), looks(row.total)) for row in column.rows.values()] == [
        ("c", "c"),
        (40, 40),
        ("c", "c"),
    ]
    assert_protected({"a": [3, 20, 40]}, COUNCIL)
    assert suppress_table({}, COUNCIL).total.total.symbol == "x"
