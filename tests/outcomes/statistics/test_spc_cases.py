"""The NHS community's own charts and rule tables, read from a folder beside the checkout; skipped where it is missing."""

import json
from datetime import date
from pathlib import Path

import pytest

from outcomes.statistics import spc, spc_rules

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "spc_cases.json"
LOADED = json.loads(CASES.read_text()) if CASES.exists() else {"cases": [], "rule_tables": []}
pytestmark = pytest.mark.skipif(
    not CASES.exists(), reason="the SPC case file does not lie beside this checkout"
)

LABELS = {
    "Above UCL": "above_limit",
    "Below LCL": "below_limit",
    "7 Point Trend (Increasing)": "rising",
    "7 Point Trend (Decreasing)": "falling",
    "2 in 3 Above CL": "two_of_three_above",
    "2 in 3 Below CL": "two_of_three_below",
    "7 Points Above CL": "shift_above",
    "7 Points Below CL": "shift_below",
    "Common Cause": "common_cause",
}
DIRECTIONS = {"increase": "up", "decrease": "down", "neutral": "neutral"}


def charts():
    for case in LOADED["cases"]:
        given, expected = case["input"], case["expected"]
        for part in expected if isinstance(expected, list) else [expected]:
            facet = part.get("facet")
            rows = [
                (date.fromisoformat(day), value)
                for i, (day, value) in enumerate(zip(given["date"], given["value"], strict=True))
                if facet is None or given["facet"][i] == facet
            ]
            yield pytest.param(case["options"], rows, part, id=f"{case['id']}{'-' + facet if facet else ''}")


@pytest.mark.parametrize(("options", "rows", "expected"), list(charts()))
def test_chart(options, rows, expected):
    result = spc.analyse(
        [day for day, _ in rows],
        [value for _, value in rows],
        DIRECTIONS[options["improvement_direction"]],
        target=options["target"],
        rebases=[date.fromisoformat(day) for day in options["rebase_dates"]],
        fix_after_n_points=options["fix_after_n_points"],
        screen=options["screen_outliers"],
    )
    for segment, want in zip(result.segments, expected["segments"], strict=True):
        assert segment.end - segment.start == want["n"]
        assert result.dates[segment.start].isoformat() == want["start"]
        assert segment.mean == pytest.approx(want["mean"], rel=1e-9, abs=1e-12)
        assert segment.lower == pytest.approx(want["lpl"], rel=1e-9)
        assert segment.upper == pytest.approx(want["upl"], rel=1e-9)
    assert list(result.labels) == [LABELS[text] for text in expected["special_cause_type"]]
    assert list(result.kinds) == [text.removeprefix("special_cause_") for text in expected["point_type"]]
    assert [abs(zone) == 3 for zone in result.zones] == expected["outside_limits"]
    assert [abs(zone) == 2 for zone in result.zones] == expected["close_to_limits"]
    assert [(zone > 0) - (zone < 0) for zone in result.zones] == expected["relative_to_mean"]
    assert result.variation == expected["variation_icon"]
    assert result.assurance == expected["assurance_icon"]


def rows_of(table):
    found = [case for t in LOADED["rule_tables"] if t["fn"] == table for case in t["cases"]]
    return pytest.mark.parametrize("case", found)


@rows_of("seven_one_side_of_mean")
def test_completing_points_of_a_shift(case):
    assert [abs(sign) for sign in spc_rules.run_completions(case["input"])] == case["expected"]


@rows_of("part_of_seven")
def test_a_completed_run_is_carried_back(case):
    assert [abs(sign) for sign in spc_rules.spread_back(case["input"])] == case["expected"]


@rows_of("seven_point_trend")
def test_completing_points_of_a_trend(case):
    assert spc_rules.trend_completions(case["input"]) == case["expected"]


@rows_of("two_in_three")
def test_two_of_three(case):
    assert spc_rules.two_of_three(case["close"], case["rtm"]) == case["flagged"]


@rows_of("assurance_type")
def test_assurance(case):
    icons = {"consistent_pass": "pass", "consistent_fail": "fail", "inconsistent": "inconsistent", None: None}
    found = spc.assurance(case["lpl"], case["upl"], case["target"], DIRECTIONS[case["direction"]])
    assert found == icons[case["expected"]]


def test_the_file_holds_what_it_should():
    assert len(LOADED["cases"]) == 21
    assert len(LOADED["rule_tables"]) == 5
