"""The page of one measure: what its numbers say, for whom and where, and what was said about them."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from outcomes import charts
from outcomes.charts.tables import notes_of
from outcomes.forms.remarks import AnswerForm, RemarkForm
from outcomes.queries import dashboard as queries
from outcomes.queries.beside import beside_similar, parts_beside
from outcomes.queries.breakdowns import is_split
from outcomes.queries.origins import origins_of
from outcomes.queries.readings import Reading
from outcomes.queries.remarks import Remarks, remarks_on
from outcomes.renderers.charts import places_chart
from outcomes.renderers.groups import Drawn, multiples
from outcomes.renderers.origins import origin_tables
from outcomes.renderers.reading_guide import reading_guide
from outcomes.renderers.readings import PROGRESS_WORDS, marks, svg
from outcomes.renderers.remarks import pins, remark_rows
from outcomes.renderers.rollup import year_table
from outcomes.statistics.rounding import format_change
from outcomes.views.judged import judging_of, stories_shown
from outcomes.views.looking import Look, MeasureView, narrow
from partnerships.renderers.rows import activity_row
from people.permissions import Permission


def stats(reading: Reading) -> list[dict[str, str]]:
    """The four figures at the top of a measure's page: latest, direction, target, England."""
    latest, measure = reading.latest, reading.measure
    if latest is None:
        return []
    provisional = " (provisional)" if latest.provisional else ""
    words = PROGRESS_WORDS[reading.judgement.progress]
    found = [
        {
            "label": f"{reading.place.name}, {latest.period_label}{provisional}",
            "value": latest.text,
            "note": latest.note,
        },
        {"label": "Direction", "value": words, "note": measure.get_direction_display()},
    ]
    if reading.goal:
        found.append({"label": "Target", "value": reading.goal.text, "note": reading.goal.sentence})
    else:
        found.append({"label": "Target", "value": "None set"})
    if reading.england:
        found.append(
            {"label": "England, same period", "value": reading.england.text, "note": beside_england(reading)}
        )
    return [{"note": "", "change": ""} | stat for stat in found]


def beside_england(reading: Reading) -> str:
    """How far the place is from England, in words; empty where one of them has no number, and for counts."""
    here, there = reading.latest, reading.england
    if here is None or there is None or here.value is None or there.value is None or not reading.is_relative:
        return ""
    gap = round(here.value - there.value, 9)
    if not gap:
        return f"{reading.place.name} is the same as England"
    size = format_change(gap, reading.measure.decimals, reading.measure.unit)
    return f"{reading.place.name} is {size} {'higher' if gap > 0 else 'lower'}"


def shown(drawn: Any, draw: Any) -> dict[str, Any]:
    """A chart in two widths with its table, as `outcomes/_chart.html` takes it."""
    return {
        "chart": svg(draw(drawn, width=900)),
        "chart_narrow": svg(draw(narrow(drawn), width=320)),
        "table": charts.table_of(drawn),
    }


class MeasurePage(MeasureView, TemplateView):
    template_name = "outcomes/measure.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        look = self.look()
        context = super().get_context_data(
            page_title=self.measure.name,
            breadcrumbs=self.crumbs(),
            reading=look.reading if look else None,
            look=look,
            may_comment=self.may(Permission.COMMENT),
            may_manage=self.may(Permission.MANAGE_OUTCOMES),
            may_judge=self.may(Permission.JUDGE_MEASURES),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )
        found = queries.helping_activities(self.partnership, self.measure.outcome, viewer=self.request.user)
        slug = self.partnership.slug
        context["activities"] = [
            activity_row(a, slug, more=a.programme.name if a.programme else "") for a in found
        ]
        if look is None:
            return context
        remarks = remarks_on(self.measure, look.reading.place, as_of=look.as_of)
        context |= self._talk(look, remarks) | {
            "as_of": look.as_of,
            "stories": stories_shown(self, as_of=look.as_of),
            "judging": judging_of(self, look.reading),
        }
        return context | (self._numbers(look, remarks) if look.reading.latest else {})

    def _numbers(self, look: Look, remarks: Remarks) -> dict[str, Any]:
        reading = look.reading
        drawn, ahead = self.drawing(look, notes=pins(remarks))
        return {
            "marks": marks(reading),
            "stats": stats(reading),
            **shown(drawn, charts.line_chart),
            "point_links": self._point_links(look, charts.table_of(drawn)),
            "guide": reading_guide(drawn, reading, ahead=ahead.sentence),
            "ahead": ahead,
            "by_year": year_table(self.measure, reading.series, today=look.as_of.date()),
            "pinned": remark_rows(remarks.pinned, **self._speaker(), numbers=notes_of(drawn)),
            "breakdowns": self._breakdowns(look),
            "keeps_groups_whole": look.is_without_groups and is_split(self.measure),
            "parts": self._parts(look),
            "places": self._places(look),
            "origins": self._origins(look),
        }

    def _point_links(self, look: Look, table: charts.ChartTable) -> list[str]:
        """For each row of the chart's table the way to pin a note to it; none for periods to come."""
        if not self.may(Permission.COMMENT):
            return []
        ends = {figure.period_label: figure.period_end for figure in look.reading.series.figures}
        query = f"{look.query}&" if look.query else ""
        return [
            self.url("remark-new", query=f"{query}at={ends[row[0]]}") if row[0] in ends else ""
            for row in table.rows
        ]

    def _speaker(self) -> dict[str, Any]:
        return {
            "slug": self.partnership.slug,
            "measure": self.measure.slug,
            "person": self.request.user,
            "may_write": self.may(Permission.COMMENT),
            "may_remove": self.may(Permission.MANAGE_OUTCOMES),
        }

    def _talk(self, look: Look, remarks: Remarks) -> dict[str, Any]:
        may = self.may(Permission.COMMENT)
        return {
            "discussion": remark_rows(remarks.discussion, **self._speaker()),
            "remark_form": RemarkForm(periods=(), auto_id="id_said_%s") if may else None,
            "answer_form": AnswerForm(auto_id="id_answer_%s") if may else None,
        }

    def _breakdowns(self, look: Look) -> list[dict[str, Any]]:
        return [
            {
                "breakdown": one,
                "url": self.url("measure-groups", one.key, query=look.query),
                **shown(
                    multiples(Drawn(one, look.reading.place.name, look.first), chart_id=f"groups-{one.key}"),
                    charts.small_multiples,
                ),
            }
            for one in look.breakdowns()
        ]

    def _parts(self, look: Look) -> dict[str, Any] | None:
        """The parts of the place, such as neighbourhoods, in order, beside the whole."""
        reading = look.reading
        latest = reading.latest
        found = parts_beside(self.measure, reading.place, as_of=look.as_of, period_end=latest.period_end)
        if not found:
            return None
        # A count of the whole would push its parts into a corner: only shares and rates are drawn beside it.
        line = latest if any(one.figure.denominator for one in found) else None
        drawn = places_chart(
            reading, found, line, chart_id="parts", line_label=reading.place.name, among="and its parts"
        )
        with_intervals = any(one.figure.lower is not None for one in found)
        return shown(drawn, charts.ranked_dots) | {"with_intervals": with_intervals}

    def _places(self, look: Look) -> dict[str, Any] | None:
        beside = beside_similar(look.reading, as_of=look.as_of)
        if not beside:
            return None
        # A whole country's count would push the places into a corner.
        line = look.reading.england if look.reading.is_relative else None
        return shown(places_chart(look.reading, beside, line, chart_id="places"), charts.ranked_dots)

    def _origins(self, look: Look) -> list[dict[str, Any]]:
        reading = look.reading
        return origin_tables(
            origins_of(self.measure, reading.place, reading.series, as_of=look.as_of),
            self.partnership.slug,
            reading.place.name,
            may_open_imports=self.may(Permission.IMPORT_FIGURES),
        )
