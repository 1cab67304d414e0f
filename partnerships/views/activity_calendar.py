"""The activities of the log as a timeline and as a calendar, for the same filters as the list."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from config.words import day_words
from partnerships.models import Activity, ActivityKind
from partnerships.queries import activities as queries
from partnerships.queries.activity_calendar import Day, month_of, newest_month
from partnerships.views.activity_log import ActivityList, FilteredPage, state_tag

NO_MONTH = "That month could not be read, so this is the newest."
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Two letters that stand beside the kind's name, so that the eye finds one kind down a long page.
MARKS = {
    ActivityKind.MEETING: "Me",
    ActivityKind.CALL: "Ca",
    ActivityKind.VISIT: "Vi",
    ActivityKind.EVENT: "Ev",
    ActivityKind.TRAINING: "Tr",
    ActivityKind.PAPER: "Pa",
    ActivityKind.INTRODUCTION: "In",
    ActivityKind.CAMPAIGN: "Cm",
    ActivityKind.DELIVERY: "De",
    ActivityKind.SETBACK: "Se",
}


def kind_mark(activity: Activity) -> dict[str, str]:
    own = activity.own_kind.name[:2] if activity.own_kind_id else "Ot"
    kind = activity.get_kind_display()
    return {"letters": MARKS.get(ActivityKind(activity.kind), own), "kind": activity.kind, "name": kind}


class ActivityTimeline(ActivityList):
    """What happened when, a day under another, with a mark for each kind."""

    template_name = "partnerships/activities/timeline.html"
    size = 50

    def months(self, page: queries.Page, text: str) -> list[dict[str, Any]]:
        def month(activity: Activity) -> str:
            return date_format(activity.happened_on, "F Y")

        return [
            {"name": name, "days": self.days(list(found))} for name, found in groupby(page.activities, month)
        ]

    def days(self, activities: list[Activity]) -> list[dict[str, Any]]:
        by_day = groupby(activities, lambda activity: activity.happened_on)
        return [
            {
                "words": date_format(day, "l j F"),
                "iso": day.isoformat(),
                "items": [self.item(one) for one in found],
            }
            for day, found in by_day
        ]

    def item(self, activity: Activity) -> dict[str, Any]:
        names = [organisation.name for organisation in activity.organisations.all()]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        return {
            "title": activity.title,
            "url": reverse("activity-detail", args=[self.partnership.slug, activity.pk]),
            "mark": kind_mark(activity),
            "who": ", ".join(names[:3]) + more,
            "tag": state_tag(activity),
        }


class ActivityCalendar(FilteredPage):
    """A month of activities, which stands in the address."""

    template_name = "partnerships/activities/calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first, notices = self.month()
        before, after = (first - timedelta(1)).replace(day=1), (first + timedelta(32)).replace(day=1)
        weeks = month_of(self.found.activities, first)
        total = sum(day.count for week in weeks for day in week)
        return super().get_context_data(
            notices=notices,
            month=date_format(first, "F Y"),
            weekdays=[(name, name[:3]) for name in WEEKDAYS],
            total=f"{total:,} {'activity' if total == 1 else 'activities'}",
            weeks=[[self.cell(day) for day in week] for week in weeks],
            before={"words": date_format(before, "F Y"), "url": self.address(month=f"{before:%Y-%m}")},
            after={"words": date_format(after, "F Y"), "url": self.address(month=f"{after:%Y-%m}")}
            if after <= timezone.localdate()
            else None,
            **kwargs,
        )

    def month(self) -> tuple[date, list[str]]:
        asked = self.request.GET.get("month", "")
        newest = newest_month(self.found.activities) or timezone.localdate().replace(day=1)
        if not asked:
            return newest, []
        found = re.fullmatch(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])", asked, re.ASCII)
        return (date(int(found[1]), int(found[2]), 1), []) if found else (newest, [NO_MONTH])

    def cell(self, day: Day) -> dict[str, Any]:
        slug, iso = self.partnership.slug, day.date.isoformat()
        return {
            "number": day.date.day,
            "words": date_format(day.date, "l j F"),
            "is_outside": day.is_outside,
            "is_today": day.date == timezone.localdate(),
            "items": [
                {
                    "title": Truncator(one.title).chars(60),
                    "url": reverse("activity-detail", args=[slug, one.pk]),
                    "mark": kind_mark(one),
                }
                for one in day.activities
            ],
            "more": day.count - len(day.activities),
            "more_url": reverse("activity-list", args=[slug]) + self.address(since=iso, until=iso),
            "all_words": f"All {day.count} on {day_words(day.date)}",
        }
