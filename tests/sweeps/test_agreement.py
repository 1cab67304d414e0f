"""One number, everywhere the same: pages, files, API and report beside plain arithmetic on the table of observations."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from outcomes.actions.targets import set_target
from outcomes.models import Measure, Observation, Return, Target
from partnerships.models import Place
from tests.sweeps.test_partner_access import body, system

pytestmark = pytest.mark.django_db


# --- The second implementation: knows the table and the rules as the guidance words them, and none of our code ------------
@dataclass
class Row:
    label: str
    start: date
    end: date
    value: Decimal | None
    hidden: bool
    text: str
    of_partners: bool = False


def worded(measure: Measure, value: Decimal) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-measure.decimals), ROUND_HALF_UP)
    digits = f"{abs(rounded):,.{measure.decimals}f}"
    minus = "\u2212" if rounded < 0 else ""
    if measure.unit == "£":
        return f"{minus}£{digits}"
    if measure.unit == "number":
        return f"{minus}{digits}"
    return f"{minus}{digits}{'' if measure.unit == '%' else ' '}{measure.unit}"


def size(measure: Measure, change: Decimal) -> str:
    if measure.unit != "%":
        return worded(measure, abs(change))
    rounded = abs(change).quantize(Decimal(1).scaleb(-measure.decimals), ROUND_HALF_UP)
    return f"{rounded:,.{measure.decimals}f} percentage point{'' if rounded == 1 else 's'}"


def rows_of(measure: Measure, place: Place) -> list[Row]:
    periods: dict[tuple[date, date], list[Observation]] = {}
    for o in Observation.objects.filter(
        measure=measure, place=place, group=None, superseded_at=None, recorded_at__lte=timezone.now()
    ):
        periods.setdefault((o.period_end, o.period_start), []).append(o)
    return [row_of(measure, told) for _, told in sorted(periods.items(), key=lambda pair: pair[0])]


def row_of(measure: Measure, told: list[Observation]) -> Row:
    """The whole where somebody told it; otherwise what partners' parts make."""
    o = next((one for one in told if one.organisation_id is None), told[0])
    of_partners = o.organisation_id is not None
    value, counted = together(measure, told) if of_partners else (o.value, o.numerator)
    counted = value if counted is None else counted
    small = measure.hide_below is not None and counted is not None and 0 < counted < measure.hide_below
    hidden = small or o.marker == "c"
    value = None if hidden else value
    nothing = "No total" if of_partners else "Not available"
    text = "Hidden" if hidden else nothing if value is None else worded(measure, value)
    return Row(o.period_label, o.period_start, o.period_end, value, hidden, text, of_partners)


def together(measure: Measure, told: list[Observation]) -> tuple[Decimal | None, Decimal | None]:
    """Partners' parts by the measure's rule, and what is counted on top."""
    values = [one.value for one in told if one.value is not None]
    if measure.rule == "ratio_of_sums" and len(told) == 1:
        return told[0].value, told[0].numerator
    if measure.rule == "ratio_of_sums":
        top, bottom = sum(one.numerator for one in told), sum(one.denominator for one in told)
        times = 100 if measure.unit.startswith("%") else 1
        return Decimal(repr(times * float(top) / float(bottom))), top
    if measure.rule == "unique_count":
        alone = len(values) == 1 and not owed_elsewhere(measure, told[0])
        return (values[0] if alone else None), None
    assert measure.rule in ("sum", "max"), measure
    return (sum(values) if measure.rule == "sum" else max(values)), None


def owed_elsewhere(measure: Measure, part: Observation) -> bool:
    others = Return.objects.filter(programme=measure.programme, period__ends_on=part.period_end)
    return others.exclude(status="not_needed").exclude(organisation=part.organisation_id).exists()


@dataclass
class Told:
    measure: Measure
    rows: list[Row]
    latest: Row
    england: Row | None
    target: Target | None

    @property
    def gap(self) -> Decimal | None:
        """How far the latest is from the target on the wrong side of it; None where it is met or there is none."""
        if self.target is None or self.latest.value is None or self.measure.direction == "neutral":
            return None
        short = self.target.value - self.latest.value
        short = short if self.measure.direction == "up" else -short
        return short if short > 0 else None


def told(measure: Measure) -> Told:
    place = measure.partnership.covered.get(is_main=True).place
    rows = rows_of(measure, place)
    latest = [row for row in rows if row.value is not None or row.hidden or row.text == "No total"][-1]
    beside = rows_of(measure, Place.objects.get(code="E92000001"))
    targets = list(Target.objects.filter(measure=measure, place=place, kind="target").order_by("due_on"))
    coming = [target for target in targets if target.due_on >= timezone.localdate()]
    return Told(
        measure,
        rows,
        latest,
        next((row for row in beside if row.end == latest.end), None),
        coming[0] if coming else targets[-1] if targets else None,
    )


@pytest.fixture
def every(demo):
    place = demo.ours.partnership.covered.get(is_main=True).place
    known = Observation.objects.filter(place=place, group=None).values("measure")
    found = [told(measure) for measure in measures(demo).filter(pk__in=known)]
    # The demo has to show each case, or agreement about it would mean nothing.
    assert len(found) >= 15
    assert [one for one in found if one.england]
    assert [one for one in found if one.gap]
    assert [row for one in found for row in one.rows if row.of_partners and row.value is not None]
    assert [row for one in found for row in one.rows if row.text == "No total"]
    return found


def measures(demo):
    return Measure.objects.filter(partnership=demo.ours.partnership)


def on_the_board(every):
    """Of the lines that a programme's template brought, a chair sees the headlines only."""
    return [one for one in every if one.measure.is_headline or not one.measure.template_key]


def words_of(html: str) -> str:
    html = re.sub(r"<(script|svg)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


# --- Beside it, what people see ----------------------------------------------------------------------------------------
def test_the_page_of_each_measure(every, demo, visit):
    place = demo.ours.partnership.covered.get(is_main=True).place
    for one in every:
        html = visit("observer").get(f"/p/{demo.slug}/measures/{one.measure.slug}/").content.decode()
        page = words_of(html)
        assert re.search(
            rf"{re.escape(place.name)}, {re.escape(one.latest.label)}(?: \(provisional\))? {re.escape(one.latest.text)}",
            page,
        ), one.measure
        if one.target is None:
            assert "Target None set" in page
        else:
            assert f"Target {worded(one.measure, one.target.value)}" in page, one.measure
            due = f"{one.target.due_on:%B %Y}"
            if one.gap:
                assert f"by {due}: {size(one.measure, one.gap)} to go." in page, one.measure
            elif one.latest.value is not None and one.measure.direction != "neutral":
                assert f"by {due} is met." in page, one.measure
        if one.england is None:
            assert "England, same period" not in page
        else:
            assert f"England, same period {one.england.text}" in page, one.measure
            if one.latest.value is not None and one.england.value is not None:
                more = one.latest.value - one.england.value
                words = f"{size(one.measure, more)} {'higher' if more > 0 else 'lower'}"
                assert words in page or not more, one.measure
        for row in one.rows:
            assert row.text in page, (one.measure, row)


def test_the_page_of_a_measure_that_is_where_it_should_be(every, demo, visit):
    one = next(one for one in every if one.gap and one.measure.unit == "%")
    set_target(
        measure=one.measure,
        place=demo.ours.partnership.covered.get(is_main=True).place,
        due_on=timezone.localdate(),
        value=one.latest.value,
        by=demo.ours.manager,
    )
    page = words_of(visit("observer").get(f"/p/{demo.slug}/measures/{one.measure.slug}/").content.decode())
    assert f"The target of {one.latest.text} by {timezone.localdate():%B %Y} is met." in page


def test_the_file_of_each_measure(every, demo, visit):
    for one in every:
        answer = visit("observer").get(f"/p/{demo.slug}/measures/{one.measure.slug}/figures.csv")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [(row["period"], row["period_end"], row["text"]) for row in rows] == [
            (row.label, row.end.isoformat(), row.text) for row in one.rows
        ]
        for row, known in zip(rows, one.rows, strict=True):
            assert (Decimal(row["value"]) if row["value"] else None) == known.value


def test_the_dashboard(every, demo, visit):
    html = visit("observer").get(f"/p/{demo.slug}/outcomes/").content.decode()
    cards = dict(
        re.findall(
            r'<article class="tl-card tl-measure">.*?href="[^"]*/measures/([^/"]+)/"(.*?)</article>',
            html,
            re.S,
        )
    )
    board = on_the_board(every)
    assert {one.measure.slug for one in board} <= cards.keys()
    assert cards.keys() <= set(measures(demo).values_list("slug", flat=True))
    for slug in cards.keys() - {one.measure.slug for one in board}:
        assert "No figure" in cards[slug]
    for one in board:
        card = words_of("<a" + cards[one.measure.slug])
        assert f" {one.latest.text} {one.latest.label}" in card, one.measure
        assert ("Target" in card) == (one.target is not None)
        if one.target:
            assert f"Target {worded(one.measure, one.target.value)} by" in card
        if one.england:
            assert f"England {one.england.text}" in card


def test_the_api_in_json_and_in_csv(every, demo):
    ours = system(demo.ours.client.client_id, demo.ours.secret)
    root = f"/api/v1/p/{demo.slug}"
    place = demo.ours.partnership.covered.get(is_main=True).place
    stream = io.StringIO(body(ours.get(f"{root}/observations.csv", {"place_id": place.pk})).decode())
    exported: dict[str, dict[str, Any]] = {}
    for row in csv.DictReader(stream):
        if not row["group_name"] and not row["organisation_name"]:
            exported.setdefault(row["measure"], {})[row["period_end"]] = row
    for one in every:
        asked = {"measure": one.measure.slug, "place_id": place.pk, "page_size": 1000}
        listed = ours.get(f"{root}/observations", asked).json()
        assert listed["next"] is None
        totals = [item for item in listed["items"] if item["group_name"] is None]
        items = {item["period_end"]: item for item in totals if item["organisation_name"] is None}
        lines = exported.get(one.measure.slug, {})
        told_whole = [row for row in one.rows if not row.of_partners]
        assert items.keys() == lines.keys() == {row.end.isoformat() for row in told_whole}
        # What partners told is listed by partner; the pages add it up.
        parts = {item["period_end"] for item in totals if item["organisation_name"] is not None}
        assert parts == {row.end.isoformat() for row in one.rows if row.of_partners}
        for row in told_whole:
            item, line = items[row.end.isoformat()], lines[row.end.isoformat()]
            assert (item["text"], item["hidden"]) == (row.text, row.hidden)
            assert (None if item["value"] is None else Decimal(str(item["value"]))) == row.value
            assert (Decimal(line["value"]) if line["value"] else None) == row.value
            assert (line["hidden"] == "yes") == row.hidden


def test_the_report_frozen_and_printed(every, demo, visit):
    """Made a moment ago, so that it knows what the pages know."""
    report = demo.ours.report
    report.refresh_from_db()
    rows = {
        row[0]: row
        for section in report.document["sections"]
        for block in section["blocks"]
        if block["kind"] == "table" and "England" in block["headers"]
        for row in block["rows"]
    }
    board = on_the_board(every)
    assert {one.measure.name for one in board} <= rows.keys()
    page = words_of(visit("observer").get(f"/p/{demo.slug}/reports/{report.pk}/").content.decode())
    printed = printed_text(bytes(report.pdf))
    for one in board:
        _, period, latest, target, england, progress = rows[one.measure.name]
        assert period.removesuffix(" (provisional)") == one.latest.label
        assert latest == one.latest.text
        assert target == (worded(one.measure, one.target.value) if one.target else "None set")
        assert england == (one.england.text if one.england else "Not compared")
        assert f"{one.measure.name} {period} {latest} {target} {england} {progress}" in page
        if printed:
            assert latest.replace(" ", "") in printed, one.measure
            assert england.replace(" ", "") in printed, one.measure


def printed_text(pdf: bytes) -> str:
    """The PDF's text without spaces, since a printed line may break anywhere. Empty where no program can read it."""
    if not shutil.which("pdftotext"):
        return ""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s+", "", done.stdout.decode())


def test_directions_agree_and_point_where_the_figures_went(every, demo, visit):
    """The judgement itself has tests of its own; here: dashboard, page and report say the same of each measure."""
    words = {
        "Better": "Getting better",
        "Worse": "Getting worse",
        "No change": "No significant change",
        "Cannot tell": "Cannot tell yet",
    }
    report = demo.ours.report
    report.refresh_from_db()
    frozen = {
        row[0]: row[-1]
        for section in report.document["sections"]
        for block in section["blocks"]
        if block["kind"] == "table" and "England" in block["headers"]
        for row in block["rows"]
    }
    seen = set()
    for one in on_the_board(every):
        said = words[frozen[one.measure.name]]
        seen.add(said)
        page = words_of(visit("chair").get(f"/p/{demo.slug}/measures/{one.measure.slug}/").content.decode())
        assert f"Direction {said}" in page, one.measure
        values = [row.value for row in one.rows if row.value is not None]
        good = {"up": 1, "down": -1, "neutral": 0}[one.measure.direction]
        half = len(values) // 2
        moved = (sum(values[-half:]) - sum(values[:half])) * good if half else 0
        if said == "Getting better":
            assert moved > 0, one.measure
        if said == "Getting worse":
            assert moved < 0, one.measure
    assert {"Getting better", "Getting worse"} <= seen
