"""What becomes of a commitment: taken on, closed, opened again, verified."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.utils import timezone
from django.views.generic import FormView

from outcomes.actions.commitments import close_commitment_for_outcomes
from partnerships.actions.commitments import take_on
from partnerships.actions.commitments_closing import reopen_commitment, verify_commitment
from partnerships.forms.commitments import CloseForm, ReopenForm, TakeOnForm, VerifyForm
from partnerships.models import Verdict
from partnerships.queries.commitments import is_overdue
from partnerships.renderers.commitment_facts import facts
from partnerships.views.commitments import ChangesCommitment, CommitmentPage, may_reopen
from people.access import ActionForm, VersionedForm
from people.permissions import Permission


class TakeOn(CommitmentPage, ActionForm, FormView):
    permission = Permission.COMMIT
    form_class = TakeOnForm
    template_name = "layouts/form.html"

    def get_initial(self) -> dict[str, Any]:
        return {"due_on": None if is_overdue(self.commitment) else self.commitment.due_on}

    def act(self, form: BaseForm) -> None:
        take_on(commitment=self.commitment, by=self.request.user, due_on=form.cleaned_data["due_on"])
        messages.success(self.request, "It is yours. It stands on your home page until you close it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = f"Take on “{self.commitment.what}”"
        return super().get_context_data(page_title=title, submit_label="Take it on", **kwargs)


class CloseCommitment(ChangesCommitment, VersionedForm, FormView):
    form_class = CloseForm
    template_name = "partnerships/commitments/close.html"

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate(), "status": self.request.GET.get("as", "")}

    def act(self, form: CloseForm) -> None:
        closed = close_commitment_for_outcomes(
            commitment=self.commitment,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.facts(),
        )
        new = " The new commitment is made." if closed.changed_into_id else ""
        messages.success(self.request, f"Closed: {closed.get_status_display().lower()}.{new}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Close this commitment", submit_label="Close the commitment", **kwargs
        )


class ReopenCommitment(CommitmentPage, VersionedForm, FormView):
    permission = Permission.COMMIT
    form_class = ReopenForm
    template_name = "layouts/versioned_form.html"

    def check_permission(self) -> None:
        super().check_permission()
        if not may_reopen(self, self.commitment):
            raise PermissionDenied(
                "Only who made, owns, answers for or verified this commitment can open it again, "
                "or somebody who prepares meetings."
            )

    def act(self, form: BaseForm) -> None:
        reopen_commitment(
            commitment=self.commitment,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "The commitment is open again.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Open this commitment again", submit_label="Open it again", **kwargs
        )


class VerifyCommitment(CommitmentPage, VersionedForm, FormView):
    permission = Permission.COMMIT
    form_class = VerifyForm
    template_name = "partnerships/commitments/verify.html"

    def act(self, form: BaseForm) -> None:
        seen = verify_commitment(
            commitment=self.commitment,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        if seen.verdict == Verdict.ADEQUATE:
            messages.success(self.request, "Verified as adequate.")
        else:
            messages.warning(self.request, "Recorded as not adequate. You can open it again below.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.commitment
        return super().get_context_data(
            page_title="Verify this commitment",
            submit_label="Save",
            facts=facts(one, self.partnership.slug, []),
            **kwargs,
        )
