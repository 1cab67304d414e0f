"""How a measure is judged, as a block of its page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from outcomes.models import Commentary
from outcomes.queries.commentaries import stories_of
from outcomes.queries.judged import rebases_told
from outcomes.queries.readings import Reading
from outcomes.renderers.judging import rebase_rows, story_of, three_judgements
from people.permissions import Permission


def judging_of(view: Any, reading: Reading) -> dict[str, Any]:
    """What `outcomes/measures/_judging.html` shows of a reading. `view` is a page of the measure."""
    slug, measure = view.partnership.slug, reading.measure.slug
    may_judge = view.may(Permission.JUDGE_MEASURES)
    rebases, seen = rebases_told(reading.measure, reading.place, viewer=view.request.user)
    has_limits = reading.judgement.spc is not None
    return {
        "judgements": three_judgements(reading),
        "rebases": rebase_rows(rebases, slug, measure, seen=seen, may_judge=may_judge),
        "rebase_url": reverse("rebase-new", args=[slug, measure]) if may_judge and has_limits else "",
        "evidence_url": reverse("evidence-check", args=[slug, measure]) if may_judge else "",
        "standards_url": reverse("evidence-standards", args=[slug]),
        "turn_url": reverse("turn-the-curve", args=[slug, measure]),
    }


def stories_shown(view: Any, *, as_of: datetime, limit: int = 10) -> list[dict[str, Any]]:
    """What was written about the measure, newest first."""
    return [shown_story(view, one) for one in stories_of(view.measure, as_of=as_of)[:limit]]


def shown_story(view: Any, story: Commentary) -> dict[str, Any]:
    """A story with the buttons that the reader may press."""
    may_comment = view.may(Permission.COMMENT)
    is_own = may_comment and story.author_id == view.request.user.pk
    return story_of(
        story,
        view.partnership.slug,
        may_edit=is_own,
        may_decide=is_own or (may_comment and view.may(Permission.MANAGE_MEETINGS)),
        sees_history=view.may(Permission.VIEW_HISTORY),
    )
