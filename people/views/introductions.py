"""Joined dots: who was put in touch with whom, and what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.views.generic import FormView, TemplateView

from config.words import day_words
from outcomes.charts import Bar, BarChart, Direction, bar_chart
from partnerships.models import Activity
from partnerships.queries.activities import visible
from people.access import ActionForm, PartnershipView, VersionedForm
from people.actions.introductions import edit_introduction, introduce, say_what_came
from people.forms.introductions import IntroductionFilterForm, IntroductionForm, WhatCameForm
from people.models import Introduction
from people.permissions import Permission
from people.queries import introductions as queries
from people.queries.leavers import SOMEBODY, hidden_among, without_leavers

TONES = {"programme": "green", "joint_work": "green", "contact": "pine", "nothing": "grey", "": "yellow"}
WIDTHS = (640, 320)


class IntroductionList(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "people/introductions/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = IntroductionFilterForm(
            self.request.GET, partnership=self.partnership, reader=self.request.user
        )
        rows = queries.introductions_of(self.partnership)
        filters = form.filters()
        named = queries.people_in(rows) if filters.text else set()
        hidden = hidden_among(named, self.partnership, self.request.user)
        found = queries.find(rows, filters, hidden=hidden)
        page = Paginator(found, queries.PAGE_SIZE).get_page(self.request.GET.get("page"))
        may_log = self.may(Permission.LOG_ACTIVITY)
        met = {person.pk: str(person) for one in page for person in (one.one, one.other, one.made_by)}
        self.names = without_leavers(met, self.partnership, self.request.user)
        any_made = bool(page.paginator.count) or rows.exists()
        return super().get_context_data(
            page_title="Introductions",
            section="introductions",
            filter_form=form,
            left_out=form.left_out(),
            clear_url=self.request.path if form.as_query() else "",
            page=page,
            rows=[self.row(one, may_log=may_log) for one in page],
            to_ask=rows.filter(queries.waits_for_word()).count(),
            any_made=any_made,
            chart=chart(queries.growth(self.partnership)) if any_made else None,
            may_log=may_log,
            **kwargs,
        )

    def row(self, one: Introduction, *, may_log: bool) -> dict[str, Any]:
        slug = self.partnership.slug
        waits = queries.is_waiting(one)
        looked = f"as known on {day_words(one.looked_at_on)}" if one.looked_at_on else ""
        return {
            "title": capfirst(f"{self.names[one.one_id]} and {self.names[one.other_id]}"),
            "about": f"Introduced by {self.names[one.made_by_id]} on {day_words(one.made_on)}",
            "why": one.why,
            "note": one.note,
            "tag": {"text": queries.WORDS[one.came_of_it], "tone": TONES[one.came_of_it]},
            "looked": looked,
            "waits": waits,
            "programme": one.programme,
            "came_url": reverse("introduction-came", args=[slug, one.pk]) if may_log else "",
            "history_url": reverse("history", args=[slug, "introduction", one.pk])
            if self.may(Permission.VIEW_HISTORY)
            and SOMEBODY not in map(self.names.get, (one.one_id, one.other_id, one.made_by_id))
            else "",
            "edit_url": reverse("introduction-edit", args=[slug, one.pk]) if may_change(self, one) else "",
        }


def may_change(view: PartnershipView, one: Introduction) -> bool:
    own = one.created_by_id == view.request.user.pk
    return view.may(Permission.LOG_ACTIVITY) and (own or view.may(Permission.EDIT_ANY_ACTIVITY))


def chart(quarters: list[queries.Quarter]) -> dict[str, Any]:
    """Pairs by quarter, added up, for two widths of the page; the table says what came of them as well."""
    drawn = [
        BarChart(
            chart_id=f"growth-{width}",
            title="People who know each other through an introduction",
            bars=tuple(Bar(quarter.label, quarter.pairs) for quarter in quarters),
            format_value=lambda value: f"{value:,.0f}",
            direction=Direction.HORIZONTAL,
            category_header="By the end of",
            value_header="Pairs",
        )
        for width in WIDTHS
    ]
    wide, narrow = (SafeString(bar_chart(one, width=width)) for one, width in zip(drawn, WIDTHS, strict=True))
    headers = ["By the end of", "Pairs", "New", *queries.WORDS.values()]
    table = {
        "caption": "Pairs, and what came of them as known today",
        "headers": headers,
        "rows": [[one.label, one.pairs, one.new, *(number for _, number in one.came)] for one in quarters],
        "numeric": range(1, len(headers)),
    }
    return {"wide": wide, "narrow": narrow, "table": table}


class IntroductionForms(PartnershipView, FormView):
    """What the forms share."""

    permission = Permission.LOG_ACTIVITY
    introduction: Introduction | None = None

    def check_permission(self) -> None:
        super().check_permission()
        if "introduction" in self.kwargs:
            found = Introduction.objects.filter(partnership=self.partnership, pk=self.kwargs["introduction"])
            self.introduction = found.select_related("one", "other", "activity", "partnership").first()
            if self.introduction is None:
                raise Http404("There is no such introduction here.")

    def get_success_url(self) -> str:
        return reverse("introduction-list", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = self.get_success_url()
        given = {"breadcrumbs": [{"label": "Introductions", "url": url}], "cancel_url": url}
        return super().get_context_data(**given | kwargs)


class AddIntroduction(ActionForm, IntroductionForms):
    template_name = "layouts/form.html"
    form_class = IntroductionForm

    @cached_property
    def activity(self) -> Activity | None:
        """An introduction in the activity log fills in what it knows."""
        pk = self.request.GET.get("activity", "")
        if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
            return None
        return visible(self.partnership, self.request.user).filter(pk=pk).first()

    def get_form_kwargs(self) -> dict[str, Any]:
        given = {"partnership": self.partnership, "by": self.request.user, "activity": self.activity}
        return super().get_form_kwargs() | given

    def get_initial(self) -> dict[str, Any]:
        if self.activity is None:
            return {"made_on": timezone.localdate(), "made_by": self.request.user.pk}
        made_by = self.activity.created_by_id or self.request.user.pk
        named = self.activity.people.exclude(pk=made_by).order_by("name").values_list("pk", flat=True)
        one, other = [*named[:2], None, None][:2]
        return {
            "one": one,
            "other": other,
            "made_by": made_by,
            "made_on": self.activity.happened_on,
            "why": self.activity.what_happened[:2_000],
            "activity": self.activity.pk,
        }

    def act(self, form: BaseForm) -> None:
        introduce(partnership=self.partnership, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Written down. Come back and say what came of it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Write down an introduction", **kwargs)


class ChangeIntroduction(VersionedForm, IntroductionForms):
    template_name = "layouts/versioned_form.html"
    form_class = IntroductionForm

    def check_permission(self) -> None:
        super().check_permission()
        if not may_change(self, self.introduction):
            raise PermissionDenied("Only whoever wrote this down, or an officer, can change it.")

    def record(self) -> Introduction:
        return self.introduction

    def get_form_kwargs(self) -> dict[str, Any]:
        given = {
            "partnership": self.partnership,
            "by": self.request.user,
            "activity": self.introduction.activity,
        }
        return super().get_form_kwargs() | given

    def get_initial(self) -> dict[str, Any]:
        keys = {
            name: getattr(self.introduction, f"{name}_id") for name in ("one", "other", "made_by", "activity")
        }
        return keys | {"made_on": self.introduction.made_on, "why": self.introduction.why}

    def act(self, form: BaseForm) -> None:
        edit_introduction(
            introduction=self.introduction,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Change this introduction", **kwargs)


class WhatCame(VersionedForm, IntroductionForms):
    template_name = "layouts/versioned_form.html"
    form_class = WhatCameForm

    def record(self) -> Introduction:
        return self.introduction

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"introduction": self.introduction}

    def get_initial(self) -> dict[str, Any]:
        one = self.introduction
        return {
            "came_of_it": one.came_of_it,
            "programme": one.programme_id,
            "looked_at_on": timezone.localdate(),
            "note": one.note,
        }

    def act(self, form: BaseForm) -> None:
        say_what_came(
            introduction=self.introduction,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Thank you. That is written down with today’s knowledge.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = f"What came of introducing {self.introduction.one} and {self.introduction.other}"
        return super().get_context_data(page_title=title, **kwargs)
