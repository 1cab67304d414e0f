"""What the checks of a return call a mistake, and what they ask about."""

from __future__ import annotations

from decimal import Decimal

import pytest

from outcomes.statistics.return_checks import Asked, Breakdown, Said, Shape, check, incomplete

PARTS = Breakdown("school", True, ((1, "primary"), (2, "secondary")))
NEEDS = Breakdown("needs", False, ((3, "SEND"), (4, "Meals")))
CHILDREN = Asked(7, "Children", Shape.COUNT, "children", 0, (PARTS, NEEDS), counts_people=True)
SHARE = Asked(8, "Take-up", Shape.PAIR, "%", 1, (PARTS,), counts_people=True)
HOURS = Asked(9, "Hours a day", Shape.PAIR, "hours", 1)
MEAN = Asked(10, "Change", Shape.MEAN, "points", 1)
TYPED = Asked(11, "Share", Shape.COUNT, "%", 1)
TOTAL = Asked(12, "So far", Shape.COUNT, "people", 0, is_running_total=True)


def n(value, numerator=None, denominator=None, marker=""):
    return Said(*(None if v is None else Decimal(str(v)) for v in (value, numerator, denominator)), marker)


def pair(numerator, denominator):
    return n(None, numerator, denominator)


def told(cells, before=None):
    lines = [CHILDREN, SHARE, HOURS, MEAN, TYPED, TOTAL]
    return [(f.cell, f.is_error) for f in check(lines, cells, before or {})]


ERROR, ODD = True, False


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({(7, None): n(10), (7, 1): n(4), (7, 2): n(6), (7, 3): n(9), (7, 4): n(8)}, []),
        ({(7, None): n(10), (7, 1): n(11)}, [((7, 1), ERROR)]),
        ({(7, None): n(10), (7, 3): n(11)}, [((7, 3), ERROR)]),
        ({(7, None): n(10), (7, 1): n(6), (7, 2): n(6)}, [((7, None), ERROR)]),
        ({(7, None): n(10), (7, 1): n(2), (7, 2): n(6)}, [((7, None), ODD)]),
        ({(7, None): n(10), (7, 1): n(2), (7, 2): n(None, marker="x")}, []),
        ({(7, None): n(-1)}, [((7, None), ERROR)]),
        ({(7, None): n(1.5)}, [((7, None), ERROR)]),
        ({(8, None): pair(5, 4)}, [((8, None), ERROR)]),
        ({(8, None): pair(1.5, 4)}, [((8, None), ERROR)]),
        ({(8, None): pair(5, None)}, [((8, None), ERROR)]),
        ({(8, None): pair(0, 0)}, []),
        ({(8, None): pair(4, 9), (8, 1): pair(1, 10)}, [((8, 1), ERROR)]),
        ({(9, None): pair(62.5, 15)}, []),
        ({(9, None): pair(3, 0)}, [((9, None), ERROR)]),
        ({(9, None): pair(3, -1)}, [((9, None), ERROR)]),
        ({(10, None): n(-0.4, denominator=12)}, [((10, None), ODD)]),
        ({(10, None): n(0.4, denominator=12.5)}, [((10, None), ERROR)]),
        ({(10, None): n(0.4)}, [((10, None), ERROR)]),
        ({(11, None): n(104)}, [((11, None), ODD)]),
        ({(11, None): n(99.5)}, []),
    ],
)
def test_by_itself_and_beside_its_parts(cells, expected):
    assert told(cells) == expected


@pytest.mark.parametrize(
    ("line", "before", "now", "odd"),
    [
        (7, 3, 120, True),
        (7, 3, 119, False),
        (7, 120, 3, True),
        (7, 0, 500, False),
        (12, 30, 29, True),
        (12, 30, 30, False),
        (7, 30, 29, False),
    ],
)
def test_beside_the_last_time(line, before, now, odd):
    found = told({(line, None): n(now)}, {(line, None): n(before)})
    assert found == ([((line, None), ODD)] if odd else [])


def test_each_total_and_a_breakdown_whole_or_not_at_all():
    assert [f.cell for f in incomplete([CHILDREN, SHARE], {})] == [(7, None), (8, None)]
    cells = {(7, None): n(1), (7, 1): n(1), (8, None): n(None, marker="z")}
    assert [f.cell for f in incomplete([CHILDREN, SHARE], cells)] == [(7, 2)]
