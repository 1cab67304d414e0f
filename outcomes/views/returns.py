"""Returns: what is owed by whom, one return, and what an officer decides about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from config.words import day_words, moment_words
from outcomes.actions import returns_deciding as actions
from outcomes.forms.returns import AcceptForm, FeedbackForm, ReasonForm, ReturnFilterForm
from outcomes.models import Return, ReturnStatus
from outcomes.queries import returns as queries
from outcomes.renderers.returns import figures_table, status_tag, steps_timeline
from people.access import PartnershipView, VersionedForm
from people.permissions import Permission

PAGE_SIZE = 50


class ReturnList(PartnershipView, TemplateView):
    """Mine first; then everybody's, with filters that live in the address."""

    permission = Permission.VIEW
    template_name = "outcomes/returns/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = ReturnFilterForm(self.request.GET, choices=queries.filter_choices(self.partnership))
        wanted = {name: value for name, value in self.cleaned(form).items() if value}
        mine = queries.returns_waiting(
            self.partnership,
            self.request.user,
            may_send=self.may(Permission.SUBMIT_RETURN),
            may_accept=self.may(Permission.ACCEPT_RETURN),
        )
        pages = Paginator(queries.filtered(self.partnership, **wanted), PAGE_SIZE)
        page = pages.get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page_title="Returns",
            form=form,
            owed=[self.row(one) for one in mine.owed],
            to_accept=[self.row(one) for one in mine.to_accept],
            missing=[self.missing(one) for one in queries.missing_now(self.partnership)],
            rows=[self.row(one) for one in page],
            page=page,
            total=pages.count,
            clear_url=self.request.path if wanted else "",
            breadcrumbs=[
                {"label": "Programmes", "url": reverse("programme-list", args=[self.partnership.slug])}
            ],
            **kwargs,
        )

    @staticmethod
    def cleaned(form: ReturnFilterForm) -> dict[str, Any]:
        """What cannot be understood narrows nothing; the form says so."""
        form.is_valid()
        return form.cleaned_data

    def row(self, found: Return) -> dict[str, Any]:
        return {
            "title": f"{found.programme}, {found.period}: {found.organisation}",
            "url": reverse("return-detail", args=[self.partnership.slug, found.pk]),
            "meta": f"Due {day_words(found.due_on)}",
            "tag": status_tag(found),
        }

    @staticmethod
    def missing(found: queries.Missing) -> dict[str, str]:
        names = ", ".join(one.name for one in found.organisations)
        return {"what": f"{found.programme}, {found.period}", "who": names}


class ReturnView(PartnershipView):
    """What the pages of one return share."""

    found: Return
    permission = Permission.VIEW

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = queries.one_return(self.partnership, kwargs["pk"])
            if found is None:
                raise Http404("There is no such return here.")
            self.found = found

    @property
    def may_fill(self) -> bool:
        """Officers any; partners those of their own organisation."""
        if not self.may(Permission.SUBMIT_RETURN):
            return False
        own = queries.organisations_of(self.partnership, self.request.user)
        return self.may(Permission.ACCEPT_RETURN) or self.found.organisation_id in own

    def crumbs(self, *, to_return: bool = True) -> list[dict[str, str]]:
        slug = self.partnership.slug
        found = [{"label": "Returns", "url": reverse("return-list", args=[slug])}]
        if to_return:
            label = f"{self.found.programme}, {self.found.period}: {self.found.organisation}"
            found.append({"label": label, "url": self.get_success_url()})
        return found

    def get_success_url(self) -> str:
        return reverse("return-detail", args=[self.partnership.slug, self.found.pk])


class ReturnDetail(ReturnView, TemplateView):
    template_name = "outcomes/returns/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found, may_fill = self.found, self.may_fill
        grid, steps = queries.grid_of(found), queries.steps_of(found)
        sent_back = found.status == ReturnStatus.SENT_BACK
        return super().get_context_data(
            page_title=f"{found.programme}: {found.period}",
            found=found,
            tag=status_tag(found),
            facts=self.facts(),
            table=figures_table(grid, hide=not may_fill) if grid.asked else None,
            narrative=self.narrative(grid) if may_fill or found.submitted_at else [],
            feedback=next((step.comment for step in steps if step.comment), "") if sent_back else "",
            steps=steps_timeline(steps),
            may_fill=may_fill and found.status in queries.OPEN_TO_CHANGE,
            decisions=self.decisions() if self.may(Permission.ACCEPT_RETURN) else [],
            may_see_history=self.may(Permission.VIEW_HISTORY),
            breadcrumbs=self.crumbs(to_return=False),
            **kwargs,
        )

    def facts(self) -> list[dict[str, str]]:
        found, slug = self.found, self.partnership.slug
        period = found.period
        rows = [
            {"label": "Partner", "value": found.organisation.name},
            {
                "label": "Programme",
                "value": found.programme.name,
                "url": reverse("programme-detail", args=[slug, found.programme_id]),
            },
            {
                "label": "Period",
                "value": f"{period.name}: {day_words(period.starts_on)} to {day_words(period.ends_on)}",
            },
            {"label": "Place", "value": found.place.name},
            {"label": "Due", "value": day_words(found.due_on)},
        ]
        for label, who, when in (
            ("Sent", found.submitted_by, found.submitted_at),
            ("Decided", found.decided_by, found.decided_at),
        ):
            if when:
                rows.append(
                    {"label": label, "value": f"{moment_words(when)}{f' by {who.name}' if who else ''}"}
                )
        return rows

    @staticmethod
    def narrative(grid: queries.Grid) -> list[dict[str, str]]:
        found = grid.found
        rows = [
            {"label": "What got in the way", "value": found.got_in_the_way},
            {"label": "The way forward", "value": found.way_forward},
        ]
        rows += [{"label": q.text, "value": grid.answers.get(q.pk, "")} for q in grid.questions]
        return [row for row in rows if row["value"]]

    def decisions(self) -> list[dict[str, str]]:
        """What may be decided in the state that it is in."""
        offered = {
            ReturnStatus.SUBMITTED: [("Accept", "return-accept"), ("Send back", "return-send-back")],
            ReturnStatus.ACCEPTED: [("Open it again", "return-reopen")],
            ReturnStatus.NOT_NEEDED: [("It is needed after all", "return-reopen")],
            ReturnStatus.OWED: [("Not needed after all", "return-not-needed")],
            ReturnStatus.SENT_BACK: [("Not needed after all", "return-not-needed")],
        }[ReturnStatus(self.found.status)]
        args = [self.partnership.slug, self.found.pk]
        return [{"label": label, "url": reverse(name, args=args)} for label, name in offered]


class ReturnForms(VersionedForm):
    """A form that changes the return of its address."""

    found: Return

    def record(self) -> Return:
        return self.found


class Decide(ReturnForms, ReturnView, FormView):
    """What the decisions share: one question, one action."""

    permission = Permission.ACCEPT_RETURN
    template_name = "outcomes/returns/decide.html"
    title = ""
    explained = ""
    label = ""
    done = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs
            | {
                "page_title": self.title,
                "found": self.found,
                "explained": self.explained,
                "submit_label": self.label,
                "cancel_url": self.get_success_url(),
                "breadcrumbs": self.crumbs(),
            }
        )

    def act(self, form: Any) -> None:
        self.decide(
            found=self.found,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, self.done)

    def decide(self, **said: Any) -> Return:
        raise NotImplementedError


class SendBack(Decide):
    form_class = FeedbackForm
    title, label = "Send the return back", "Send back"
    explained = "The partner can change it and send it again."
    done = "Sent back. The partner is told by email."

    def decide(self, **said: Any) -> Return:
        return actions.send_back(**said)


class Accept(Decide):
    form_class = AcceptForm
    title, label = "Accept the return", "Accept"
    explained = "Its figures then count in the programme’s measures, and it is locked."
    done = "Accepted. The figures count now."

    def decide(self, **said: Any) -> Return:
        return actions.accept(**said)


class Reopen(Decide):
    form_class = ReasonForm
    title, label = "Open the return again", "Open again"
    explained = "Its figures stay in all totals until it is sent and accepted again."
    done = "The return is open again."

    def decide(self, **said: Any) -> Return:
        return actions.reopen(**said)


class NotNeeded(Decide):
    form_class = ReasonForm
    title, label = "The return is not needed after all", "Not needed"
    explained = "Nobody is reminded of it, and no total names the partner as missing."
    done = "Nobody is asked for this return any more."

    def decide(self, **said: Any) -> Return:
        return actions.not_needed(**said)


def may_not() -> PermissionDenied:
    return PermissionDenied("You can fill in the returns of your own organisation only.")
