"""Who leads which part of the work, at which level, taken over from whom; how much of it outside the lead body; and gaps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.views.generic import FormView, TemplateView

from config.words import day_words
from outcomes.charts import Bar, BarChart, Direction, bar_chart
from partnerships.models import BoardLevel
from people.access import ActionForm, PartnershipView, VersionedForm
from people.actions import leadership as actions
from people.forms.invitations import ConfirmForm
from people.forms.leadership import ElementForm, HandOverForm, LeadingForm, StopForm
from people.models import LeadershipElement, Leading
from people.permissions import Permission
from people.queries import leadership as queries
from people.queries.leavers import without_leavers

WIDTHS = (640, 320)
LEVELS = dict(BoardLevel.choices)


class Leadership(PartnershipView, TemplateView):
    permission = Permission.VIEW_INFLUENCE
    template_name = "people/leadership/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        elements = queries.elements_of(self.partnership)
        led = {one.owner_id: str(one.owner) for element in elements for one in element.leadings.all()}
        self.names = without_leavers(led, self.partnership, self.request.user)
        levels: dict[str, list[dict[str, Any]]] = {}
        for element in elements:
            levels.setdefault(LEVELS[element.level], []).append(self.row(element))
        shares = queries.shares_outside(self.partnership)
        return super().get_context_data(
            page_title="Who leads what",
            breadcrumbs=[
                {
                    "label": "People and organisations",
                    "url": reverse("people-list", args=[self.partnership.slug]),
                }
            ],
            levels=levels.items(),
            gaps=queries.gaps(self.partnership, elements),
            chart=share_chart(shares) if any(share.led for share in shares) else None,
            now=shares[-1],
            may_see_history=self.may(Permission.VIEW_HISTORY),
            may_manage=self.may(Permission.MANAGE_DEVELOPMENT),
            **kwargs,
        )

    def row(self, element: LeadershipElement) -> dict[str, Any]:
        slug, now = self.partnership.slug, queries.leading_now(element)
        before = [leading for leading in element.leadings.all() if leading != now]
        return {
            "pk": element.pk,
            "name": element.name,
            "description": element.description,
            "programme": element.programme,
            "now": now,
            "since": day_words(now.starts_on) if now else "",
            "before": [
                f"{self.names[one.owner_id]}, {day_words(one.starts_on)} to {day_words(one.ends_on)}"
                for one in before
                if one.ends_on
            ],
            "handover_url": reverse("handover", args=[slug, now.owner_id]) if now else "",
        }


def share_chart(shares: list[queries.Share]) -> dict[str, Any]:
    """The share by quarter, for two widths of the page, with its table."""
    known = [share for share in shares if share.percent is not None]
    drawn = [
        BarChart(
            chart_id=f"outside-{width}",
            title="Share led outside the lead body",
            bars=tuple(Bar(day_words(share.on), round(share.percent or 0)) for share in known),
            format_value=lambda value: f"{value:.0f}%",
            direction=Direction.HORIZONTAL,
            category_header="On",
            value_header="Share",
        )
        for width in WIDTHS
    ]
    wide, narrow = (SafeString(bar_chart(one, width=width)) for one, width in zip(drawn, WIDTHS, strict=True))
    rows = [[day_words(s.on), s.led, s.outside, f"{s.percent:.0f}%"] for s in known]
    headers = ["On", "Parts of the work led", "Outside the lead body", "Share"]
    caption = "Parts of the work led for a body other than the lead"
    table = {"caption": caption, "headers": headers, "rows": rows, "numeric": range(1, 4)}
    return {"wide": wide, "narrow": narrow, "table": table}


class LeadershipForms(PartnershipView, FormView):
    """What the forms share: one part of the work, or one leading of it."""

    permission = Permission.MANAGE_DEVELOPMENT
    title = ""
    done = ""

    @cached_property
    def element(self) -> LeadershipElement:
        found = LeadershipElement.objects.filter(partnership=self.partnership, ended_on__isnull=True)
        return get_object_or_404(found.select_related("partnership"), pk=self.kwargs["pk"])

    @cached_property
    def leading(self) -> Leading:
        found = Leading.objects.filter(partnership=self.partnership).select_related(
            "element", "owner", "partnership"
        )
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("leadership", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = self.get_success_url()
        given = {
            "page_title": self.title,
            "breadcrumbs": [{"label": "Who leads what", "url": url}],
            "cancel_url": url,
        }
        return super().get_context_data(**given | kwargs)


class WithPartnership:
    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}  # type: ignore[misc,attr-defined]


class AddElement(WithPartnership, ActionForm, LeadershipForms):
    template_name = "layouts/form.html"
    form_class = ElementForm
    title = "Add a part of the work"

    def act(self, form: BaseForm) -> None:
        element = actions.add_element(partnership=self.partnership, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{element} is added. Say who leads it.")


class ChangeElement(WithPartnership, VersionedForm, LeadershipForms):
    template_name = "layouts/versioned_form.html"
    form_class = ElementForm
    title = "Change a part of the work"

    def record(self) -> LeadershipElement:
        return self.element

    def get_initial(self) -> dict[str, Any]:
        names = ("name", "level", "description")
        return {name: getattr(self.element, name) for name in names} | {
            "programme": self.element.programme_id
        }

    def act(self, form: BaseForm) -> None:
        actions.edit_element(
            element=self.element,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )


class EndElement(VersionedForm, LeadershipForms):
    template_name = "layouts/versioned_form.html"
    form_class = ConfirmForm
    extra_context = {"submit_label": "Say that it has ended"}

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Is “{self.element}” not there any more?"

    def record(self) -> LeadershipElement:
        return self.element

    def act(self, form: BaseForm) -> None:
        actions.end_element(
            element=self.element, expected_version=self.expected_version, by=self.request.user
        )


class HandOver(WithPartnership, ActionForm, LeadershipForms):
    template_name = "layouts/form.html"
    form_class = HandOverForm

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Who leads {self.element} from now on?"

    def get_initial(self) -> dict[str, Any]:
        now = queries.leading_now(self.element)
        kept = {"organisation": now.organisation_id, "accountable": now.accountable_id} if now else {}
        successor = {"owner": now.successor_id} if now else {}
        return {"starts_on": timezone.localdate()} | kept | successor

    def act(self, form: BaseForm) -> None:
        leading = actions.hand_over(element=self.element, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{leading.owner} leads {self.element} now.")


class ChangeLeading(WithPartnership, VersionedForm, LeadershipForms):
    template_name = "layouts/versioned_form.html"
    form_class = LeadingForm

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"How {self.leading.element} is led"

    def record(self) -> Leading:
        return self.leading

    def get_initial(self) -> dict[str, Any]:
        keys = ("owner", "organisation", "accountable", "successor")
        held = {name: getattr(self.leading, f"{name}_id") for name in keys}
        return held | {"authority": self.leading.authority, "note": self.leading.note}

    def act(self, form: BaseForm) -> None:
        actions.edit_leading(
            leading=self.leading,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )


class StopLeading(VersionedForm, LeadershipForms):
    template_name = "layouts/versioned_form.html"
    form_class = StopForm

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"{self.leading.owner} does not lead {self.leading.element} any more"

    def record(self) -> Leading:
        return self.leading

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        actions.stop_leading(
            leading=self.leading,
            expected_version=self.expected_version,
            ends_on=form.cleaned_data["ends_on"],
            by=self.request.user,
        )
