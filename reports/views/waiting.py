"""What waits for somebody, as rows: on the home page the first of it, on their own page all of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.text import Truncator

from config.words import day_words, moment_words, time_words
from outcomes.models import Return
from outcomes.queries.returns import returns_waiting
from outcomes.renderers.returns import status_tag
from partnerships.models import Agreement, Commitment, Meeting
from partnerships.renderers.commitments import commitment_row
from people.access import PartnershipView
from people.permissions import Permission
from reports.queries import home as queries
from reports.queries.drafts import draft_address
from reports.views.waiting_log import log_rows


class WaitingPage(PartnershipView):
    """A page that says what waits for whoever opens it."""

    permission = Permission.VIEW

    def check_permission(self) -> None:
        """Everybody who may come in at all has such a page; what it shows depends on what they may see."""

    def waiting(self, promises: queries.Promises, today: date) -> list[dict[str, Any]]:
        """What waits for the person, of every room: what was promised first."""
        slug = self.partnership.slug
        renewals = queries.to_renew(self.partnership) if self.may(Permission.MANAGE_PARTNERSHIP) else []
        return [
            *promised_rows(promises, slug, today),
            *return_rows(self.returns(), slug),
            *(renewal_row(agreement, slug, today) for agreement in renewals),
            *log_rows(self),
            *waiting_rows(queries.waiting_for(self.request.user, self.partnership), slug, today),
        ]

    def returns(self) -> list[Return]:
        found = returns_waiting(
            self.partnership,
            self.request.user,
            may_send=self.may(Permission.SUBMIT_RETURN),
            may_accept=self.may(Permission.ACCEPT_RETURN),
            limit=5,
        )
        return [*found.owed, *found.to_accept]


def urgent(promises: queries.Promises, slug: str, *, may_commit: bool) -> dict[str, Any] | None:
    """What comes before everything else: one's overdue commitments, and those of all that nobody owns."""
    if not (promises.overdue or promises.unowned or promises.overdue_of_all):
        return None
    offered = [
        commitment_row(one, slug)
        | {"take_on": reverse("commitment-take-on", args=[slug, one.pk]) if may_commit else ""}
        for one in promises.unowned
    ]
    return {
        "rows": [*(commitment_row(one, slug) for one in promises.overdue), *offered],
        "overdue_of_all": promises.overdue_of_all,
        "all_url": f"{reverse('commitment-list', args=[slug])}?overdue=on",
    }


def promised_rows(promises: queries.Promises, slug: str, today: date) -> list[dict[str, Any]]:
    """Commitments that are not yet overdue, then those that somebody else closed and this person answers for."""
    due = [commitment_row(one, slug) | {"tag": due_tag(one.due_on, today)} for one in promises.soon]
    verify = [
        commitment_row(one, slug)
        | {
            "url": reverse("commitment-verify", args=[slug, one.pk]),
            "meta": f"{closed_words(one)}. Was it adequate?",
            "tag": {"text": "To verify", "tone": "purple"},
        }
        for one in promises.to_verify
    ]
    return due + verify


def closed_words(commitment: Commitment) -> str:
    state = commitment.get_status_display()
    owner = f" by {commitment.owner.name}" if commitment.owner else ""
    return f"Commitment {state.lower()}{owner}, {day_words(commitment.closed_on)}"


def renewal_row(agreement: Agreement, slug: str, today: date) -> dict[str, Any]:
    return {
        "title": agreement.title,
        "url": address("agreement-detail", slug, agreement.pk),
        "meta": "Agreement to renew",
        "tag": due_tag(agreement.renews_on, today),
    }


def meeting_row(meeting: Meeting, slug: str) -> dict[str, Any]:
    starts = meeting.starts_at and time_words(datetime.combine(meeting.held_on, meeting.starts_at))
    about = [f"{meeting.held_on:%A} {day_words(meeting.held_on)}", starts, meeting.where]
    return {
        "title": str(meeting),
        "url": address("meeting-detail", slug, meeting.board_id, meeting.pk),
        "meta": ", ".join(part for part in about if part),
    }


def address(page: str, *args: Any) -> str:
    """Where a page is; nothing where this installation has none."""
    try:
        return reverse(page, args=args)
    except NoReverseMatch:
        return ""


def return_rows(found: list[Return], slug: str) -> list[dict[str, Any]]:
    """Returns that one's organisation owes, and those that wait to be accepted."""
    return [
        {
            "title": f"Figures of {one.organisation} for {one.programme}, {one.period}",
            "url": reverse("return-detail", args=[slug, one.pk]),
            "meta": f"Due {date_format(one.due_on, 'j F')}",
            "tag": status_tag(one),
        }
        for one in found
    ]


def waiting_rows(waiting: queries.Waiting, slug: str, today: date) -> list[dict[str, Any]]:
    """What is waiting, as rows: overdue first, then what is coming, drafts, unfinished and learning to look at again."""
    rows = [
        {
            "title": Truncator(activity.next_step).chars(100),
            "url": reverse("activity-detail", args=[slug, activity.pk]),
            "meta": f"From “{Truncator(activity.title).chars(70)}”",
            "tag": due_tag(activity.next_step_on, today),
        }
        for activity in waiting.next_steps
    ]
    for draft in waiting.drafts:
        address = draft_address(draft, slug)
        kept = moment_words(draft.saved_at)
        rows.append(
            {
                "title": Truncator(address.title).chars(100),
                "url": address.url,
                "meta": f"{address.label} you had not saved, kept {kept}",
                "tag": {"text": "Draft", "tone": "grey"},
            }
        )
    rows += [
        {
            "title": activity.title,
            "url": reverse("activity-edit", args=[slug, activity.pk]),
            "meta": f"Logged for {date_format(activity.happened_on, 'j F')}",
            "tag": {"text": "To finish", "tone": "blue"},
        }
        for activity in waiting.to_finish
    ]
    rows += [
        {
            "title": entry.title,
            "url": reverse("learning-detail", args=[slug, entry.pk]),
            "meta": f"Learning to look at again by {date_format(entry.review_on, 'j F')}",
            "tag": {"text": "Look again", "tone": "purple"},
        }
        for entry in waiting.reviews
    ]
    return rows


def due_tag(day: date, today: date) -> dict[str, str]:
    if day < today:
        return {"text": f"Overdue since {date_format(day, 'j F')}", "tone": "red"}
    if day == today:
        return {"text": "Due today", "tone": "yellow"}
    return {"text": f"By {date_format(day, 'j F')}", "tone": "grey"}
