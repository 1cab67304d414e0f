"""The method that the data can bear, and the one verdict that dashboards show."""

import subprocess
import sys
from datetime import date, timedelta
from enum import Enum
from pathlib import Path

import pytest

from outcomes.statistics.judgement import judge
from outcomes.statistics.method import MethodName, choose
from outcomes.statistics.rounding import wording_for
from outcomes.statistics.spc import Assurance
from outcomes.statistics.terms import Moved, Point, Progress


def series(values, half=None, step=30):
    return [
        Point(
            date(2015, 1, 31) + timedelta(days=step * i),
            value,
            None if half is None or value is None else value - half,
            None if half is None or value is None else value + half,
        )
        for i, value in enumerate(values)
    ]


def yearly(values, half=None):
    return series(values, half, 365)


@pytest.mark.parametrize(
    ("points", "frequency", "name", "says"),
    [
        (series([1, 2] * 7), "month", MethodName.SPC, "14 monthly points"),
        (series([*[1, 2] * 6, 1]), "quarter", MethodName.SPC, "13 quarterly points"),
        (series([1, 2] * 6), "month", MethodName.PLAIN_DIRECTION, "are 12 monthly points"),
        (series([*[1, 2] * 6, None]), "month", MethodName.PLAIN_DIRECTION, "are 12 monthly points"),
        (series([]), "week", MethodName.PLAIN_DIRECTION, "are no weekly points"),
        (series([1]), "term", MethodName.PLAIN_DIRECTION, "is 1 termly point"),
        (yearly([1, 2, 3, 4, 5], 1), "year", MethodName.RECENT_TREND, "Office for Health Improvement"),
        (yearly([1, 2] * 10, 1), "year", MethodName.RECENT_TREND, "last 5 yearly points"),
        (yearly([1, 2, 3, 4], 1), "year", MethodName.PLAIN_DIRECTION, "are 4 yearly points"),
        (yearly([1, 2, 3, 4, 5]), "year", MethodName.PLAIN_DIRECTION, "none of them have one"),
        (
            [*yearly([1, 2, 3, 4, 5], 1), Point(date(2026, 1, 1), 6)],
            "year",
            MethodName.PLAIN_DIRECTION,
            "4 of them have one",
        ),
        (
            [*yearly([1, 2, 3, 4]), *yearly([1, 2, 3, 4, 5], 1)[4:]],
            "year",
            MethodName.PLAIN_DIRECTION,
            "1 of them has one.",
        ),
        (
            [p._replace(upper=None) for p in yearly([1, 2, 3, 4, 5], 1)],
            "year",
            MethodName.PLAIN_DIRECTION,
            "none of them",
        ),
        (series([1, 2] * 10), "holiday", MethodName.PLAIN_DIRECTION, "not alike"),
        (series([1, 2] * 10), "irregular", MethodName.PLAIN_DIRECTION, "not alike"),
    ],
)
def test_the_data_choose_the_method(points, frequency, name, says):
    chosen = choose(points, frequency)
    assert chosen.name is name
    assert says in chosen.sentence


@pytest.mark.parametrize(
    ("points", "frequency"), [(series(range(24)), "month"), (yearly([1, 2, 3, 4, 5], 0.1), "year")]
)
def test_a_running_total_is_compared_and_never_judged(points, frequency):
    assert judge(points, frequency, "up").method.name is not MethodName.PLAIN_DIRECTION
    found = judge(points, frequency, "up", is_running_total=True)
    assert found.method.name is MethodName.PLAIN_DIRECTION
    assert "Each counts everything so far" in found.method.sentence
    assert found.progress is Progress.CANNOT_TELL
    assert found.plain is not None
    assert (found.spc, found.trend) == (None, None)


def test_the_words_of_a_model_will_do():
    class Choice(str, Enum):  # noqa: UP042 (what Django makes of TextChoices)
        UP = "up"
        EACH_MONTH = "month"

    points = series([*NARROW, 10, 30])
    assert judge(points, Choice.EACH_MONTH, Choice.UP) == judge(points, "month", "up")


def test_an_unknown_frequency_is_refused():
    with pytest.raises(ValueError, match="fortnight"):
        choose([], "fortnight")


NARROW = [8.5, 11.5] * 6


@pytest.mark.parametrize(
    ("last", "direction", "progress", "moved", "lead"),
    [
        (30, "up", Progress.BETTER, Moved.UP, "Getting better"),
        (30, "down", Progress.WORSE, Moved.UP, "Getting worse"),
        (30, "neutral", Progress.CANNOT_TELL, Moved.UP, "Higher than usual"),
        (-10, "up", Progress.WORSE, Moved.DOWN, "Getting worse"),
        (-10, "down", Progress.BETTER, Moved.DOWN, "Getting better"),
        (-10, "neutral", Progress.CANNOT_TELL, Moved.DOWN, "Lower than usual"),
        (10, "up", Progress.NO_CHANGE, Moved.LEVEL, "No significant change"),
        (10, "neutral", Progress.NO_CHANGE, Moved.LEVEL, "No significant change"),
    ],
)
def test_a_chart_judges_by_its_latest_point(last, direction, progress, moved, lead):
    found = judge(series([*NARROW, 10, last]), "month", direction)
    assert (found.progress, found.moved) == (progress, moved)
    assert found.sentence.startswith(f"{lead}, as of February 2016. ")
    assert found.spc.values[-1] == last
    assert (found.trend, found.plain, found.target_sentence) == (None, None, "")


def test_points_come_in_any_order_and_as_plain_tuples():
    points = series([*NARROW, 10, 30])
    assert judge([tuple(point) for point in points[::-1]], "month", "up") == judge(points, "month", "up")


def test_the_target_is_held_against_the_limits():
    found = judge(series([*NARROW, 10]), "month", "up", 30)
    assert found.spc.assurance is Assurance.FAIL
    assert "missed time after time" in found.target_sentence


def test_rebases_with_and_without_a_point():
    points = series([*NARROW, None, *[x + 20 for x in NARROW]])
    ours = judge(points, "month", "up", rebases=[points[13].when])
    assert [s.start for s in ours.spc.segments] == [0, 12]
    assert ours.progress is Progress.NO_CHANGE
    assert any("trial limits: 12 points" in note for note in ours.notes)
    gone = judge(points, "month", "up", rebases=[points[12].when, date(1999, 1, 1), date(2050, 1, 1)])
    assert len(gone.spc.segments) == 1
    assert gone.notes == ("The rebase at January 2016 is not drawn: there is no longer a figure for it.",)
    at_the_ends = [points[0].when, points[-1].when]
    emptied = [points[0]._replace(value=None), *points[1:-1], points[-1]._replace(value=None)]
    assert judge(emptied, "month", "up", rebases=at_the_ends).notes == ()


def test_a_chart_with_one_point_since_its_rebase_cannot_tell():
    points = series([*NARROW, 10, 30])
    found = judge(points, "month", "up", rebases=[points[-1].when])
    assert (found.progress, found.moved) == (Progress.CANNOT_TELL, None)
    assert found.sentence.startswith("Cannot tell")


def test_settings_reach_the_chart():
    points = series([*NARROW, *[20] * 7])
    assert judge(points, "month", "up", fix_after_n_points=12).spc.segments[0].baseline == 12
    assert judge(points, "month", "up").spc.segments[0].baseline == 19
    spiky = series([*NARROW, 90, *NARROW])
    assert (
        judge(spiky, "month", "up", screen=False).spc.segments[0].upper
        > judge(spiky, "month", "up").spc.segments[0].upper
    )
    assert any("below 0" in note for note in judge(series([1, 99] * 7), "month", "up", minimum=0).notes)


def test_a_recent_trend():
    found = judge(yearly([1, 2, 3, 4, 5], 0.98), "year", "down", 3, wording=wording_for(0, "%"))
    assert (found.progress, found.moved) == (Progress.WORSE, Moved.UP)
    assert found.trend.slope == pytest.approx(1)
    assert found.target_sentence == "The latest figure does not meet the target of 3%."
    level = judge(yearly([3, 3, 3, 3, 3], 0.98), "year", "down", 3)
    assert (level.progress, level.moved) == (Progress.NO_CHANGE, Moved.LEVEL)
    assert level.target_sentence == "The latest figure meets the target of 3."


def test_plain_direction_never_judges():
    found = judge(yearly([1, 5]), "year", "up", 3)
    assert (found.progress, found.moved) == (Progress.CANNOT_TELL, Moved.UP)
    assert found.plain.since_previous == 4
    assert found.target_sentence == "The latest figure meets the target of 3."
    for latest, direction, met in ((3, "up", True), (2, "up", False), (3, "down", True), (4, "down", False)):
        sentence = judge(yearly([9, 0, latest]), "year", direction, 3).target_sentence
        assert sentence.startswith("The latest figure meets") is met
    assert "No judgement" in judge(yearly([1, 5]), "year", "neutral", 3).target_sentence
    nothing = judge(yearly([None]), "year", "up", 3)
    assert (nothing.progress, nothing.moved, nothing.target_sentence) == (Progress.CANNOT_TELL, None, "")
    assert nothing.sentence == "No figure has been reported."


def test_nothing_heavy_is_loaded_with_the_statistics():
    folder = Path(__file__).resolve().parents[3]
    names = sorted(
        path.stem for path in (folder / "outcomes" / "statistics").glob("*.py") if path.stem != "__init__"
    )
    imports = "; ".join(f"import outcomes.statistics.{name}" for name in names)
    script = f"{imports}; import sys; print([m for m in ('django', 'scipy', 'numpy', 'pandas') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
