"""Confidence intervals: the official table where it lies beside the checkout, and numbers from text books."""

import json
from pathlib import Path
from statistics import NormalDist

import pytest

from outcomes.statistics import intervals

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "confidence_interval_and_trend_cases.json"
ROWS = json.loads(CASES.read_text())["byars_wilson"] if CASES.exists() else []
CONFIDENCE = {"95%": 0.95, "99.8%": 0.998}


@pytest.mark.skipif(not CASES.exists(), reason="the interval case file does not lie beside this checkout")
@pytest.mark.parametrize("row", ROWS)
def test_official_table(row):
    confidence = CONFIDENCE[row["confidence"]]
    if row["method"] == "Wilson":
        found = intervals.proportion(row["x"], row["n"], confidence=confidence)
    else:
        found = intervals.byar(row["x"], confidence=confidence)
    if row["lowercl"] is not None:
        assert found.lower == pytest.approx(row["lowercl"], rel=1e-12)
    assert found.upper == pytest.approx(row["uppercl"], rel=1e-12)


def test_the_normal_quantiles_are_the_normals():
    for confidence in (0.95, 0.998):
        z = NormalDist().inv_cdf(1 - (1 - confidence) / 2)
        # Wilson's interval of 0 of n is 0 to z² / (n + z²).
        assert intervals.proportion(0, 10, confidence=confidence).upper == pytest.approx(z * z / (10 + z * z))


def test_wilson():
    # Newcombe (1998), Statistics in Medicine 17: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    known = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (x, n), ends in known.items():
        found = intervals.proportion(x, n)
        assert (round(found.lower, 4), round(found.upper, 4)) == ends
    assert intervals.proportion(81, 263, per=100).upper == pytest.approx(36.62, abs=0.005)
    assert intervals.proportion(81, 263, per=100).lower == pytest.approx(25.53, abs=0.005)
    assert intervals.proportion(0.445, 1).lower == pytest.approx(0.0438, abs=5e-5)
    assert intervals.proportion(0, 23).lower == 0
    assert intervals.proportion(20, 20).upper == 1
    assert intervals.proportion(20, 20).lower == pytest.approx(1 - 0.1611, abs=5e-5)


def test_exact_poisson_below_ten():
    # The tables of exact Poisson limits: 0 gives 0 to 3.689, 1 gives 0.0253 to 5.572, 9 gives 4.115 to 17.085.
    for events, ends in {0: (0, 3.689), 1: (0.025, 5.572), 9: (4.115, 17.085)}.items():
        found = intervals.count(events)
        assert (round(found.lower, 3), round(found.upper, 3)) == ends
        assert found.method is intervals.Method.EXACT_POISSON
    assert intervals.count(10).method is intervals.Method.BYAR


def test_byar():
    # 10(1 − 1/90 − 1.96/(3√10))³ and 11(1 − 1/99 + 1.96/(3√11))³
    found = intervals.count(10)
    assert found == intervals.byar(10)
    assert found.lower == pytest.approx(4.787, abs=5e-4)
    assert found.upper == pytest.approx(18.391, abs=5e-4)
    assert intervals.byar(1, confidence=0.998).lower == 0
    assert intervals.byar(0).lower == 0


def test_a_rate_is_a_count_over_its_population():
    found, of_count = intervals.rate(50, 200_000), intervals.count(50)
    assert found.lower == pytest.approx(of_count.lower / 2)
    assert found.upper == pytest.approx(of_count.upper / 2)
    assert intervals.rate(1, 1, per=1).upper == intervals.count(1).upper
    assert intervals.rate(50, 200, per=1000).upper == pytest.approx(of_count.upper * 5)


def test_student_t():
    # t with 4 degrees of freedom: 2.776 at 95%, 7.173 at 99.8%. The values have s = √2.5.
    found = intervals.mean_of([1, 2, 3, 4, 5])
    assert (found.lower, found.upper) == pytest.approx((3 - 2.776 * 0.5**0.5, 3 + 2.776 * 0.5**0.5), abs=1e-3)
    assert intervals.mean(0, 5**0.5, 5, confidence=0.998).upper == pytest.approx(7.173, abs=1e-3)
    assert found.confidence == 0.95
    two = intervals.mean_of([1, 3])  # t with 1 degree of freedom: 12.706
    assert two.upper == pytest.approx(2 + 12.706, abs=1e-3)
    flat = intervals.mean(4, 0, 2)
    assert (flat.lower, flat.upper) == (4, 4)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (intervals.proportion, (1, 0)),
        (intervals.proportion, (0, 0)),
        (intervals.proportion, (-1, 5)),
        (intervals.proportion, (6, 5)),
        (intervals.count, (-1,)),
        (intervals.byar, (-1,)),
        (intervals.rate, (1, 0)),
        (intervals.mean, (1, 1, 1)),
        (intervals.mean, (1, -1, 3)),
        (intervals.mean_of, ([1],)),
    ],
)
def test_what_has_no_interval_is_refused(function, arguments):
    with pytest.raises(ValueError, match=r"needs|is 0 or more"):
        function(*arguments)
    with pytest.raises(ValueError, match=r"0\.95 or 0\.998"):
        intervals.count(1, confidence=0.9)
