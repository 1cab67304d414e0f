"""Groups that stand in an order: what their names say of it, and who is nowhere in it."""

import pytest

from outcomes.statistics.ladder import Step, in_order, is_known, joined, rank


@pytest.mark.parametrize(
    "names",
    [
        ("Most deprived fifth", "Second fifth", "Middle fifth", "Fourth fifth", "Least deprived fifth"),
        ("Quintile 1 (most deprived 20%)", "Quintile 2", "Quintile 5 (least deprived 20%)"),
        ("Most deprived 20%", "20-40%", "40% to 60%", "Least deprived 20%"),
        ("Most deprived", "Second most deprived", "Middle", "Second least deprived", "Least deprived"),
        ("IMD 2019 decile 1", "IMD 2019 decile 2", "IMD 2019 decile 10"),
        ("1st", "2nd", "Fifth quintile"),
    ],
)
def test_names_tell_the_order_whatever_the_positions(names):
    for positions in ([0] * len(names), range(len(names)), [(7 * n) % 5 for n in range(len(names))]):
        steps = [Step(name, position) for name, position in zip(names, positions, strict=True)]
        assert in_order(steps) == list(range(len(names)))
    backwards = [Step(name, -number) for number, name in enumerate(names)]
    assert in_order(backwards) == list(range(len(names)))[::-1], "Somebody counts from the other end."


def test_names_that_tell_nothing_leave_it_to_positions_unless_they_are_shared():
    assert [rank(name) for name in ("Hill", "Other areas", "IMD 2019")] == [None] * 3
    assert in_order([Step("Hill", 2), Step("Vale", 1)]) == [1, 0]
    assert in_order([Step("Hill", 1), Step("Vale", 1)]) is None


@pytest.mark.parametrize(
    ("name", "dimension", "known"),
    [
        ("Not known to be disadvantaged", "Disadvantage", True),
        ("Not known to be eligible", "Free school meals", True),
        ("All other pupils", "Free school meals", True),
        ("Other", "Ethnicity", True),
        ("Not disabled", "Disability", True),
        ("Not known", "Sex", False),
        ("Unknown / not stated", "Sex", False),
        ("Prefer not to say", "Sex", False),
        ("Not stated (ethnicity)", "Ethnicity", False),
        ("Ethnicity unknown", "Ethnicity", False),
        ("Another answer or not said", "Sex", False),
        ("Unclassified", "Ethnicity", False),
    ],
)
def test_only_a_whole_name_says_that_nobody_knows(name, dimension, known):
    assert is_known(name, dimension) is known


def test_those_who_join_a_row_keep_the_end_from_which_somebody_counts():
    steps = [Step("Decile 10", 0), Step("Decile 1", 1), Step("Unknown", 2)]
    assert joined(steps, ["Decile 5"], "Decile") == {
        "Decile 10": 0, "Decile 5": 1, "Decile 1": 2, "Unknown": 3,
    }  # fmt: skip
    assert joined([Step("Hill", 0), Step("Vale", 1)], ["Quay"], "Deprivation")["Quay"] == 1
