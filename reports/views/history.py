from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from config.words import moment_words
from learning.models import LearningEntry
from outcomes.models import Measure
from partnerships.models import (
    Activity,
    Agreement,
    Board,
    Commitment,
    Decision,
    Meeting,
    Organisation,
    OrganisationContact,
    Partnership,
    Place,
    Programme,
    Seat,
    SimpleRule,
    Strategy,
)
from partnerships.queries.activities import visible
from people.access import PartnershipView
from people.models import (
    ApiClient,
    Introduction,
    JoiningCode,
    LeadershipElement,
    Leading,
    Membership,
    Message,
    Person,
    Voice,
    VoiceEffect,
    WantedLink,
)
from people.permissions import Permission
from people.queries.leavers import hidden_among
from people.queries.voices import visible_voices
from reports.models import ReportDefinition
from reports.queries.history import Entry, history_of, record_for

# Where a record is shown, and through which of its links.
PAGES: dict[type[Model], tuple[str, str]] = {
    Activity: ("activity-detail", ""),
    Agreement: ("agreement-detail", ""),
    ApiClient: ("api-client", ""),
    Board: ("board-detail", ""),
    Commitment: ("commitment-detail", ""),
    JoiningCode: ("joining-code", ""),
    LearningEntry: ("learning-detail", ""),
    Membership: ("person-detail", "person"),
    Organisation: ("organisation-detail", ""),
    Place: ("place-detail", ""),
    Programme: ("programme-detail", ""),
    ReportDefinition: ("report-change", ""),
    OrganisationContact: ("organisation-detail", "organisation"),
    Seat: ("board-detail", "board"),
    SimpleRule: ("rule-detail", ""),
    Strategy: ("strategy-detail", ""),
    Message: ("voice-detail", "voice"),
    Voice: ("voice-detail", ""),
    VoiceEffect: ("voice-detail", "voice"),
}
# What somebody held or was part of, and who: kept from most once they have left.
HOLDERS: dict[type[Model], tuple[str, ...]] = {
    Introduction: ("one", "other", "made_by"),
    Leading: ("owner",),
    Membership: ("person",),
    Seat: ("person",),
}


class History(PartnershipView, TemplateView):
    """Who changed a record, when, from what to what."""

    permission = Permission.VIEW_HISTORY
    template_name = "reports/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = record_for(self.partnership, kwargs["kind"], kwargs["pk"])
        if record is None:
            raise Http404("There is no such record in this partnership.")
        if not may_see(record, self.partnership, self.request.user):
            raise Http404("There is no such record in this partnership.")
        page = Paginator(history_of(record, within=self.partnership), 50).get_page(
            self.request.GET.get("page")
        )
        return super().get_context_data(
            page_title=f"History of {record}",
            record_kind=record._meta.verbose_name,
            page=page,
            entries=[row(entry) for entry in page],
            breadcrumbs=trail(record, self.partnership.slug),
            **kwargs,
        )


def may_see(record: Model, partnership: Partnership, person: Person) -> bool:
    """What keeps a record from somebody's eyes keeps its history from them too."""
    if isinstance(record, Activity):
        return visible(partnership, person).filter(pk=record.pk).exists()
    if isinstance(record, Voice | Message | VoiceEffect):
        voice = record.pk if isinstance(record, Voice) else record.voice_id
        return visible_voices(partnership, person).filter(pk=voice).exists()
    is_tie = isinstance(record, LeadershipElement | Leading | WantedLink)
    if is_tie and not person.has_perm(Permission.VIEW_INFLUENCE, partnership):
        return False
    held = [getattr(record, f"{name}_id") for name in HOLDERS.get(type(record), ())]
    return not hidden_among(held, partnership, person)


def trail(record: Model, slug: str) -> list[dict[str, str]]:
    """The way back to the record; where it has no page of its own, to where it is shown."""
    measure = record if isinstance(record, Measure) else getattr(record, "measure", None)
    if measure is not None:
        return [{"label": measure.name, "url": reverse("measure", args=[slug, measure.slug])}]
    if isinstance(record, Partnership):
        return [{"label": "About", "url": reverse("about", args=[slug])}]
    if isinstance(record, Introduction):
        return [{"label": "Introductions", "url": reverse("introduction-list", args=[slug])}]
    if isinstance(record, LeadershipElement | Leading):
        return [{"label": "Who leads what", "url": reverse("leadership", args=[slug])}]
    if isinstance(record, WantedLink):
        return [{"label": "Who links which boards", "url": reverse("influence", args=[slug])}]
    if isinstance(record, Meeting | Decision):
        meeting = record if isinstance(record, Meeting) else record.meeting
        here = [slug, meeting.board_id, meeting.pk]
        return [{"label": str(meeting), "url": reverse("meeting-detail", args=here)}]
    for kind, (page, parent) in PAGES.items():
        if isinstance(record, kind):
            shown = getattr(record, parent) if parent else record
            return [{"label": str(shown), "url": reverse(page, args=[slug, shown.pk])}]
    return [{"label": "Outcomes", "url": reverse("dashboard", args=[slug])}]


def row(entry: Entry) -> dict[str, Any]:
    at = timezone.localtime(entry.at)
    return {
        "when": moment_words(entry.at),
        "when_iso": at.isoformat(timespec="seconds"),
        "who": entry.who or "The system",
        "what": "made this" if entry.is_first else "changed this",
        "changes": [
            {"label": change.field, "before": change.before, "after": change.after}
            for change in entry.changes
        ],
    }
