"""The activity log: the list with its filters and search, the same in numbers, and downloads of what is shown."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.generic import TemplateView

from outcomes.charts import Bar, BarChart, Direction, bar_chart, table_of
from outcomes.models import Outcome
from outcomes.queries.activities import TABLE_COLUMNS, helping, outcomes_of, table
from partnerships.actions.saved_filters import remove_filter, save_filter
from partnerships.errors import DomainError
from partnerships.forms.activity_log import ActivityFilterForm
from partnerships.models import Activity, ActivityKind, ReviewStatus, Visibility
from partnerships.queries import activities as queries
from partnerships.queries.activity_counts import count
from people.access import PartnershipView
from people.permissions import Permission
from reports.renderers.csv import csv_lines
from reports.renderers.xlsx import Cover, Sheet, write_workbook

VIEWS = (
    ("List", "activity-list"),
    ("Timeline", "activity-timeline"),
    ("Calendar", "activity-calendar"),
    ("Counts", "activity-counts"),
)
CHART_WIDTHS = (640, 320)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_IN_EXCEL = 20_000
FIRST_PAGE = "That page of the list is no longer there, so this is the newest."


class Filtered(PartnershipView):
    """What the list, the counts and the downloads share: the same address finds the same activities."""

    permission = Permission.VIEW

    @cached_property
    def filter_form(self) -> ActivityFilterForm:
        return ActivityFilterForm(self.request.GET, partnership=self.partnership)

    @cached_property
    def found(self) -> queries.Found:
        filters = self.filter_form.filters(by=self.request.user)
        activities = queries.visible(self.partnership, self.request.user)
        outcome = self.filter_form.cleaned_data.get("outcome")
        return queries.find(helping(activities, outcome) if outcome else activities, filters)


class FilteredPage(Filtered, TemplateView):
    """A page with the filters beside it, and links to the same activities in another view."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A browser sends the filters that are not used too; the address to keep or to send on does without them."""
        used = [(name, value) for name, values in request.GET.lists() for value in values if value]
        if len(used) < sum(len(values) for _, values in request.GET.lists()):
            return redirect(f"{request.path}?{urlencode(used)}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, found = self.filter_form, self.found
        form.fetch_choices()
        notices = [*kwargs.pop("notices", ()), *form.left_out()]
        return super().get_context_data(
            page_title="Activities",
            filter_form=form,
            left_out=" ".join(notices),
            in_use=[{"text": words, "url": self.address(without=name)} for name, words in form.in_use()],
            all_url=self.request.path,
            is_guess=found.is_guess,
            views=[self.view_link(*view) for view in VIEWS],
            saved_filters=self.saved_filters(),
            query=form.as_query(),
            may_log=self.may(Permission.LOG_ACTIVITY),
            **kwargs,
        )

    def saved_filters(self) -> list[dict[str, Any]]:
        here = self.filter_form.as_query()
        return [
            {"name": one.name, "pk": one.pk, "url": f"?{one.query}", "current": one.query == here}
            for one in queries.saved_filters(self.partnership, self.request.user)
        ]

    def view_link(self, label: str, name: str) -> dict[str, Any]:
        path = reverse(name, args=[self.partnership.slug])
        return {"label": label, "url": path + self.address(), "current": path == self.request.path}

    def address(self, without: str = "", **more: str) -> str:
        query = self.request.GET.copy()
        for name in ("before", "after", "month", without):
            query.pop(name, None)
        query.update(more)
        return f"?{query.urlencode()}"


class ActivityList(FilteredPage):
    template_name = "partnerships/activities/list.html"
    size = queries.PAGE_SIZE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page, notices = self.page()
        text = self.filter_form.cleaned_data.get("q", "")
        return super().get_context_data(
            notices=notices,
            total=in_numbers(queries.count_up_to(self.found.activities)),
            months=self.months(page, text),
            newer_url=self.address(after=str(page.newer)) if page.newer else "",
            downloads=self.downloads() if page.activities else [],
            older_url=self.address(before=str(page.older)) if page.older else "",
            ways=self.ways(),
            **kwargs,
        )

    def ways(self) -> list[dict[str, str]]:
        """What else may be done with the log."""
        review = self.partnership.reviews_activities and self.may(Permission.REVIEW_ACTIVITY)
        found = [
            (self.may(Permission.LOG_ACTIVITY), "Fill in a spreadsheet", "activity-sheet-new"),
            (self.may(Permission.LOG_ACTIVITY), "Templates", "activity-templates"),
            (review, "To review", "activity-review-queue"),
            (self.may(Permission.MANAGE_PARTNERSHIP), "Settings", "activity-settings"),
        ]
        slug = self.partnership.slug
        return [{"label": label, "url": reverse(name, args=[slug])} for shown, label, name in found if shown]

    def page(self) -> tuple[queries.Page, list[str]]:
        cursors, notices = {}, []
        for name in ("before", "after"):
            text = self.request.GET.get(name)
            try:
                cursors[name] = queries.Cursor.parse(text) if text else None
            except ValueError:
                notices = [FIRST_PAGE]
        page = queries.page(self.found.activities, **cursors, size=self.size)
        if any(cursors.values()) and not page.activities:
            return queries.page(self.found.activities, size=self.size), [FIRST_PAGE]
        return page, notices

    def months(self, page: queries.Page, text: str) -> list[dict[str, Any]]:
        """The rows under the month in which they happened."""
        marks = queries.highlights(page.activities, text) if text and not self.found.is_guess else {}
        helped = outcomes_of(page.activities)
        months: dict[str, list[dict[str, Any]]] = {}
        for activity in page.activities:
            row = list_row(
                activity, helped.get(activity.pk, []), marks.get(activity.pk), self.partnership.slug
            )
            months.setdefault(date_format(activity.happened_on, "F Y"), []).append(row)
        return [{"name": name, "rows": rows} for name, rows in months.items()]

    def downloads(self) -> list[dict[str, str]]:
        query = self.address()
        address = {
            kind: reverse("activity-export", args=[self.partnership.slug, kind]) for kind in ("csv", "xlsx")
        }
        return [
            {"label": "Download as CSV", "kind": "every page", "url": address["csv"] + query},
            {"label": "Download for Excel", "kind": "every page", "url": address["xlsx"] + query},
        ]


class ActivityCounts(FilteredPage):
    """The same activities as numbers: by month, kind and sector."""

    template_name = "partnerships/activities/counts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = count(self.found.activities)
        months = [(date_format(month, "M Y"), number) for month, number in counts.months]
        charts = [
            chart("months", "Activities by month", "Month", months, Direction.VERTICAL),
            chart("kinds", "Activities by kind", "Kind", counts.kinds),
            chart("sectors", "Activities by sector of the organisations named", "Sector", counts.sectors),
        ]
        return super().get_context_data(
            total=in_numbers(counts.total, up_to=counts.total),
            charts=charts if counts.total else [],
            earlier=counts.earlier,
            **kwargs,
        )


def chart(
    key: str,
    title: str,
    header: str,
    numbers: Iterable[tuple[str, int]],
    direction: Direction = Direction.HORIZONTAL,
) -> dict[str, Any]:
    """One chart for each width of the page, and its table."""
    drawn = [
        BarChart(
            chart_id=f"{key}-{width}",
            title=title,
            bars=tuple(Bar(label, number) for label, number in numbers),
            format_value=lambda value: f"{value:,.0f}",
            direction=direction,
            category_header=header,
            value_header="Activities",
        )
        for width in CHART_WIDTHS
    ]
    wide, narrow = (
        SafeString(bar_chart(one, width=width)) for one, width in zip(drawn, CHART_WIDTHS, strict=True)
    )
    return {"id": key, "title": title, "wide": wide, "narrow": narrow, "table": table_of(drawn[0])}


class SaveFilter(PartnershipView):
    """Keeps the filters in use under a name of one's own, or removes such a name."""

    permission = Permission.VIEW
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = ActivityFilterForm(QueryDict(request.POST.get("query", "")), partnership=self.partnership)
        form.is_valid()
        query, unwanted = form.as_query(), request.POST.get("remove", "")
        mine = {"partnership": self.partnership, "by": request.user}
        if unwanted.isascii() and unwanted.isdecimal() and len(unwanted) < 19:
            remove_filter(**mine, pk=int(unwanted))
            messages.success(request, "Saved filters removed.")
        else:
            try:
                saved = save_filter(**mine, name=request.POST.get("name", ""), query=query)
                messages.success(request, f"Saved as “{saved.name}”.")
            except DomainError as error:
                messages.error(request, error.message)
        return redirect(f"{reverse('activity-list', args=[self.partnership.slug])}?{query}")


class ActivityExport(Filtered):
    """All that the list shows at the same address, on every page of it."""

    def get(self, request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponseBase:
        activities = self.found.activities
        name = f"{self.partnership.slug}-activities-{timezone.localdate()}.{kind}"
        if kind == "csv":
            lines = csv_lines(TABLE_COLUMNS, table(activities))
            response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
        if queries.count_up_to(activities, MOST_IN_EXCEL) > MOST_IN_EXCEL:
            messages.error(
                request,
                f"These are more than {MOST_IN_EXCEL:,} activities, too many for Excel. Download them as CSV, or filter them.",
            )
            query = request.GET.urlencode()
            return redirect(f"{reverse('activity-list', args=[self.partnership.slug])}?{query}")
        sheet = Sheet("Activities", TABLE_COLUMNS, table(activities), widths=(10, 12, 40))
        file = write_workbook(Cover(f"Activities of {self.partnership}", self.notes()), [sheet])
        return FileResponse(file, as_attachment=True, filename=name, content_type=EXCEL)

    def notes(self) -> list[str]:
        now = date_format(timezone.localtime(), "j F Y, H:i")
        narrowed = "; ".join(words for _, words in self.filter_form.in_use())
        guess = (
            ["No activity has exactly these words: the titles are close to them."]
            if self.found.is_guess
            else []
        )
        return [
            f"Downloaded by {self.request.user} on {now}.",
            f"Narrowed to: {narrowed}." if narrowed else "Every activity that this person may see.",
            *guess,
        ]


def in_numbers(count: int, up_to: int = queries.COUNTED_UP_TO) -> str:
    if count > up_to:
        return f"More than {up_to:,} activities"
    return f"{count:,} {'activity' if count == 1 else 'activities'}"


def list_row(
    activity: Activity, outcomes: list[Outcome], marks: queries.Highlight | None, slug: str
) -> dict[str, Any]:
    names = [organisation.name for organisation in activity.organisations.all()]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    about = [
        date_format(activity.happened_on, "j F"),
        activity.get_kind_display(),
        ", ".join(names[:3]) + more,
        *(str(one) for one in (activity.programme, activity.board, activity.place) if one),
    ]
    meta = " · ".join(part for part in about if part)
    if outcomes:
        meta = format_html("{}<br>Should help: {}", meta, ", ".join(str(outcome) for outcome in outcomes))
    excerpt = marks.excerpt if marks and any(hit for _, hit in marks.excerpt) else ()
    return {
        "title": marked(marks.title) if marks else activity.title,
        "url": reverse("activity-detail", args=[slug, activity.pk]),
        "text": marked(excerpt),
        "meta": meta,
        "tag": state_tag(activity),
    }


def state_tag(activity: Activity) -> dict[str, str] | None:
    if not activity.is_complete:
        return {"text": "To finish", "tone": "yellow"}
    if activity.review in (ReviewStatus.SUBMITTED, ReviewStatus.SENT_BACK):
        tone = "blue" if activity.review == ReviewStatus.SUBMITTED else "yellow"
        return {"text": "In review" if tone == "blue" else "Sent back", "tone": tone}
    if activity.visibility == Visibility.AUTHORS:
        return {"text": "Only its authors see this", "tone": "purple"}
    if activity.visibility == Visibility.BOARD:
        return {"text": "Only its board sees this", "tone": "purple"}
    return {"text": "Setback", "tone": "orange"} if activity.kind == ActivityKind.SETBACK else None


def marked(pieces: queries.Pieces) -> str:
    """Escaped text with the matched words in <mark>."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", text) if hit else text,) for text, hit in pieces)
    )
