"""What the pages of one measure share: which measure, and from the address where, since when and as known on which day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from outcomes.forms.measure_page import LookForm
from outcomes.models import Measure
from outcomes.queries.ahead import Ahead, ahead_of
from outcomes.queries.beside import place_choices, protected
from outcomes.queries.dashboard import moment
from outcomes.queries.groups import Breakdown, group_series_for
from outcomes.queries.readings import Reading, england, readings_for
from outcomes.queries.series import Series, series_for
from outcomes.queries.targets import target_path
from outcomes.renderers.charts import measure_chart, rebase_notes, since
from partnerships.models import Place
from people.access import PartnershipView
from people.permissions import Permission


@dataclass(frozen=True, slots=True)
class Look:
    """A measure as somebody looks at it. `first` is the last day of the first period shown, None where all are."""

    reading: Reading
    places: tuple[Place, ...]
    nation: Place | None
    as_of: datetime
    first: date | None
    with_forecast: bool
    form: LookForm
    query: str

    @property
    def is_main(self) -> bool:
        return self.reading.place.pk == self.places[0].pk

    @property
    def is_without_groups(self) -> bool:
        """A part of the place or a group, not both: a group that is hidden in one part is the whole's less those of the others."""
        return self.reading.measure.hide_below is not None and not self.is_main

    def breakdowns(self) -> tuple[Breakdown, ...]:
        if self.is_without_groups:
            return ()
        measure, place = self.reading.measure, self.reading.place
        totals = {measure.pk: self.reading.series}
        return group_series_for([measure], place, as_of=self.as_of, totals=totals).get(measure.pk, ())


class MeasureView(PartnershipView):
    """A page of one measure, `measure` in the address."""

    permission = Permission.VIEW
    measure: Measure

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = Measure.objects.select_related("outcome", "programme", "partnership", "owner")
            self.measure = get_object_or_404(found, partnership=self.partnership, slug=kwargs["measure"])

    def crumbs(self, *, to_measure: bool = False) -> list[dict[str, str]]:
        slug = self.partnership.slug
        found = [{"label": "Outcomes", "url": reverse("dashboard", args=[slug])}]
        if to_measure:
            found.append({"label": self.measure.name, "url": self.url("measure")})
        return found

    def url(self, name: str, *more: Any, query: str = "") -> str:
        """An address below this measure's, with what is looked at where it matters."""
        address = reverse(name, args=[self.partnership.slug, self.measure.slug, *more])
        return f"{address}?{query}" if query else address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs | {"measure": self.measure})

    def look(self) -> Look | None:
        """What the address asks for; None where the partnership covers no place yet. A place that is none of its own is 404."""
        places = place_choices(self.partnership, self.measure)
        if not places:
            return None
        form = LookForm(self.request.GET or None, places=places)
        form.full_clean()
        asked = form.cleaned_data if form.is_bound else {}
        if "place" in form.errors:
            raise Http404("This partnership has no such place.")
        place = next((one for one in places if one.pk == asked.get("place")), places[0])
        as_of, nation = moment(asked.get("as_of")), england()
        reading = readings_for([self.measure], place, as_of=as_of, nation=nation)[self.measure.pk]
        (reading,) = protected([reading], as_of=as_of)
        return Look(
            reading=reading,
            places=tuple(places),
            nation=nation,
            as_of=as_of,
            first=_first(reading.series, asked),
            with_forecast=asked.get("forecast") != "no",
            form=form,
            query=_query(asked, places[0]),
        )

    def read(self) -> Reading | None:
        """The measure as it is looked at, and `as_of` beside it; None where the partnership covers no place yet."""
        look = self.look()
        if look is None:
            return None
        self.as_of = look.as_of
        return look.reading

    def drawing(
        self, look: Look, *, notes: tuple[Any, ...] = (), chart_id: str = "measure"
    ) -> tuple[Any, Ahead]:
        """The measure's chart as it is looked at, and how its forecast was made."""
        reading = look.reading
        beside = {}
        if look.nation is not None and look.nation.pk != reading.place.pk:
            found = series_for([self.measure], [look.nation.pk], as_of=look.as_of)
            key = (self.measure.pk, look.nation.pk)
            beside = {look.nation.name: found[key]} if key in found else {}
        ahead = ahead_of(reading) if look.with_forecast else Ahead((), "")
        chart = measure_chart(
            reading,
            chart_id=chart_id,
            beside=beside,
            annotations=(*rebase_notes(reading), *notes),
            path=target_path(self.measure, reading.place, look.as_of),
            ahead=ahead,
        )
        return since(chart, look.first), ahead


def narrow(drawn: Any) -> Any:
    """The same chart under another id: a page holds a wide and a narrow drawing, and shows one."""
    return replace(drawn, chart_id=f"{drawn.chart_id}-narrow")


def _first(series: Series, asked: dict[str, Any]) -> date | None:
    """The end of the first period to show, of the latest so many or from a day on; None for all."""
    ends = sorted({figure.period_end for figure in series.figures})
    if asked.get("from"):
        ends = [end for end in ends if end >= asked["from"]]
        return ends[0] if ends else None
    if asked.get("periods"):
        return ends[-asked["periods"]] if len(ends) > asked["periods"] else None
    return None


def _query(asked: dict[str, Any], main: Place) -> str:
    """What was asked as an address has it, without what goes without saying."""
    kept = {
        name: value for name, value in asked.items() if value and not (name == "place" and value == main.pk)
    }
    return urlencode(
        {name: value.isoformat() if isinstance(value, date) else value for name, value in kept.items()}
    )
