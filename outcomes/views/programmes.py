"""The page of one programme, and the outcomes that it should help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.forms import BaseForm
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from config.words import day_words
from outcomes.actions.programmes import link_outcomes, set_holiday_rules
from outcomes.forms.programmes import HolidayRulesForm, OutcomeLinksForm
from outcomes.models import Outcome, Return, ReturnStatus
from outcomes.queries import programmes as queries
from outcomes.queries.readings import Reading
from outcomes.queries.returns import is_overdue, measures_not_asked
from outcomes.queries.series import Figure
from outcomes.statistics.haf import HafRules
from partnerships.models import Programme, ProgrammeKind, ProgrammePeriod
from partnerships.queries import commitments
from partnerships.queries.activities import visible
from partnerships.queries.documents import documents_in
from partnerships.queries.money import money_of
from partnerships.queries.periods import periods_of
from partnerships.queries.programmes import status_changes
from partnerships.queries.spread import adoptions_of
from partnerships.renderers import programmes as rendered
from partnerships.renderers.commitments import commitment_row
from partnerships.renderers.documents import document_rows
from partnerships.renderers.rows import activity_row
from people.access import ActionForm, ProgrammeView, VersionedForm
from people.permissions import Permission

SHOWN = 10
PERIODS_SHOWN = 6
UNTOUCHED = {ReturnStatus.OWED, ReturnStatus.NOT_NEEDED}
RETURN_TONES = {
    ReturnStatus.OWED: "grey",
    ReturnStatus.SUBMITTED: "blue",
    ReturnStatus.SENT_BACK: "orange",
    ReturnStatus.ACCEPTED: "green",
    ReturnStatus.NOT_NEEDED: "grey",
}


class ProgrammeDetail(ProgrammeView, TemplateView):
    permission = Permission.VIEW
    template_name = "outcomes/programmes/detail.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            prefetch_related_objects([self.programme], "partners", "places", "themes__strategy")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        programme, slug = self.programme, self.partnership.slug
        return super().get_context_data(
            page_title=programme.name,
            tag=rendered.status_tag(programme.status),
            facts=rendered.facts(programme, slug),
            ladder=rendered.ladder(programme),
            may_manage=self.may(Permission.MANAGE_PROGRAMMES),
            may_keep_template=self.may(Permission.MANAGE_OUTCOMES),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **self._numbers(),
            **self._periods(),
            **self._money(),
            **self._work(),
            **self._story(),
            **kwargs,
        )

    def _numbers(self) -> dict[str, Any]:
        readings = queries.readings_of(self.programme, as_of=timezone.now())
        return {
            "outcomes": [
                {
                    "title": link.outcome.title,
                    "url": reverse("outcome-detail", args=[self.partnership.slug, link.outcome_id]),
                    "text": link.how,
                }
                for link in queries.outcome_links(self.programme)
            ],
            "measures": measure_table(readings, self.partnership.slug) if readings else None,
            "missing": missing_words(readings),
            "changes": queries.score_changes(readings),
        }

    def _periods(self) -> dict[str, Any]:
        periods = list(reversed(periods_of(self.programme)))
        returns = queries.returns_by_period(self.programme)
        is_haf = self.programme.kind == ProgrammeKind.HAF
        findings = queries.holiday_findings(self.programme, periods, returns) if is_haf else {}
        slug = self.partnership.slug
        cards = [period_card(one, returns.get(one.pk, []), findings.get(one.pk, []), slug) for one in periods]
        return {
            "periods": cards[:PERIODS_SHOWN],
            "earlier_periods": cards[PERIODS_SHOWN:],
            "sends": self.programme.get_calendar_display(),
            "has_calendar": bool(self.programme.calendar),
            "has_rules": is_haf,
            "not_asked": self._not_asked() if self.programme.calendar else [],
            "may_import": self.may(Permission.IMPORT_FIGURES),
        }

    def _not_asked(self) -> list[dict[str, str]]:
        return [
            {
                "name": one.name,
                "url": reverse("measure", args=[self.partnership.slug, one.slug]),
                "rhythm": one.get_frequency_display().lower(),
            }
            for one in measures_not_asked(self.programme)
        ]

    def _money(self) -> dict[str, Any]:
        money, slug = money_of(self.programme), self.partnership.slug
        may_change = self.may(Permission.MANAGE_PROGRAMMES)
        if not money.lines:
            return {"money_totals": None}
        return {
            "money_totals": rendered.money_totals(money),
            "money_facts": rendered.money_facts(money),
            "money_lines": rendered.money_lines(money.lines, slug, self.programme, may_change=may_change),
        }

    def _work(self) -> dict[str, Any]:
        programme, slug, user = self.programme, self.partnership.slug, self.request.user
        newest = visible(self.partnership, user).filter(programme=programme)[:SHOWN]
        documents = documents_in(self.partnership, user).filter(programme=programme)
        new = reverse("commitment-new", args=[slug])
        promised = commitments.of_programme(programme).order_by(*commitments.BY_DUE_DAY)[:SHOWN]
        return {
            "activities": [activity_row(activity, slug) for activity in newest],
            "commitments": [commitment_row(one, slug) for one in promised],
            "documents": document_rows(documents.select_related("uploaded_by"), slug),
            "commitment_url": f"{new}?programme={programme.pk}" if self.may(Permission.COMMIT) else "",
        }

    def _story(self) -> dict[str, Any]:
        adoptions = list(adoptions_of(self.partnership).filter(programme=self.programme))
        changes = status_changes(self.programme)
        return {
            "story": rendered.story(self.programme, changes, adoptions, self.partnership.slug),
            "spread": [
                rendered.adoption_item(
                    one, self.partnership.slug, with_link=self.may(Permission.MANAGE_PROGRAMMES)
                )
                for one in adoptions
            ],
        }


def measure_table(readings: Sequence[Reading], slug: str) -> dict[str, Any]:
    """Each measure with its latest figure, by the question that it answers; a column says what is late where something is."""
    some_late = any(reading.freshness.is_late for reading in readings)
    rows = []
    for reading in readings:
        measure, latest = reading.measure, reading.latest
        cells: list[dict[str, Any]] = [
            {"text": measure.name, "url": reverse("measure", args=[slug, measure.slug]), "header": True},
            {"text": latest.text if latest else "No figure yet"},
            {"text": period_words(latest) if latest else ""},
            {"text": measure.get_quadrant_display() or "Not said"},
        ]
        if some_late:
            late = reading.freshness.is_late
            cells.append({"text": "Late", "tag": "orange"} if late else {"text": "In time"})
        rows.append(cells)
    labels = ["Measure", "Latest", "For", "Which question it answers", *(["In time?"] if some_late else [])]
    return {
        "id": "measures",
        "caption": "Latest figures",
        "hide_caption": True,
        "columns": [{"label": label, "numeric": label == "Latest"} for label in labels],
        "rows": rows,
    }


def period_words(figure: Figure) -> str:
    """What the figure is for, and how much of it is still to come."""
    missing = len(figure.missing)
    said = [figure.period_label, "provisional" if figure.provisional else ""]
    said.append(f"{missing} partner{'' if missing == 1 else 's'} missing" if missing else "")
    return ", ".join(word for word in said if word)


def missing_words(readings: Sequence[Reading]) -> str:
    """Who is not in the latest figures yet, by name."""
    names = {name for reading in readings if reading.latest for name in reading.latest.missing}
    return f"Not in all of the latest figures yet: {', '.join(sorted(names))}." if names else ""


def period_card(
    period: ProgrammePeriod,
    returns: Sequence[Return],
    findings: Sequence[queries.HolidayFindings],
    slug: str,
) -> dict[str, Any]:
    """One period with what each partner owes or sent, and what a holiday's figures say about the rules."""
    today = timezone.localdate()
    accepted = sum(1 for one in returns if one.status == ReturnStatus.ACCEPTED)
    needed = sum(1 for one in returns if one.status != ReturnStatus.NOT_NEEDED)
    return {
        "pk": period.pk,
        "name": period.name,
        "days": f"{day_words(period.starts_on)} to {day_words(period.ends_on)}",
        "due": day_words(period.returns_due_on),
        "has_begun": period.starts_on <= today,
        "count": f"{accepted} of {needed} accepted" if needed else "",
        "may_go": all(one.status in UNTOUCHED for one in returns),
        "rules": rules_words(findings),
        "returns": [return_row(one, slug, today=today) for one in returns],
        "findings": [
            {
                "who": one.found.organisation.name,
                "rules": [finding_words(finding) for finding in one.findings],
            }
            for one in findings
        ],
    }


def rules_words(findings: Sequence[queries.HolidayFindings]) -> str:
    asks = sum(1 for one in findings for finding in one.findings if finding.kept is False)
    return f"{asks} to ask about" if asks else "nothing to ask about"


def return_row(found: Return, slug: str, *, today: Any) -> dict[str, Any]:
    late = is_overdue(found, today)
    words = f"{found.get_status_display()}, overdue" if late else found.get_status_display()
    return {
        "who": found.organisation.name,
        "url": reverse("return-detail", args=[slug, found.pk]),
        "tag": {"text": words, "tone": "red" if late else RETURN_TONES[ReturnStatus(found.status)]},
    }


FINDING_WORDS: Mapping[bool | None, tuple[str, str]] = {
    True: ("Kept", "green"),
    False: ("To ask about", "orange"),
    None: ("Not told", "grey"),
}


def finding_words(finding: Any) -> dict[str, str]:
    word, tone = FINDING_WORDS[finding.kept]
    return {"word": word, "tone": tone, "text": finding.text}


class ProgrammeOutcomes(ActionForm, ProgrammeView, FormView):
    """Which outcomes a programme should help, and how."""

    permission = Permission.MANAGE_PROGRAMMES
    template_name = "outcomes/programmes/outcomes.html"
    form_class = OutcomeLinksForm

    def get_success_url(self) -> str:
        return f"{super().get_success_url()}#helps"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "outcomes": Outcome.objects.filter(partnership=self.partnership),
            "links": queries.outcome_links(self.programme),
        }

    def act(self, form: BaseForm) -> None:
        link_outcomes(programme=self.programme, links=form.links(), by=self.request.user)  # type: ignore[attr-defined]
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Outcomes that it should help", cancel_url=self.get_success_url(), **kwargs
        )


class HolidayRules(VersionedForm, ProgrammeView, FormView):
    """What a holiday of this programme must offer, where its grant asks for something else than is usual."""

    permission = Permission.MANAGE_PROGRAMMES
    template_name = "layouts/versioned_form.html"
    form_class = HolidayRulesForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and self.programme.kind != ProgrammeKind.HAF:
            raise Http404("Only holiday programmes have these rules.")

    def record(self) -> Programme:
        return self.programme

    def get_initial(self) -> dict[str, Any]:
        return HafRules.of(self.programme.rules).as_kept()

    def get_success_url(self) -> str:
        return f"{super().get_success_url()}#periods"

    def act(self, form: HolidayRulesForm) -> None:
        set_holiday_rules(
            programme=self.programme,
            expected_version=self.expected_version,
            rules=form.rules(),
            by=self.request.user,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="What a holiday must offer",
            submit_label="Save",
            cancel_url=self.get_success_url(),
            **kwargs,
        )
