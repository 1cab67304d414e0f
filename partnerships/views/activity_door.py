"""Which activity a page is about, and whether whoever asks may change it."""

from __future__ import annotations

from django.http import Http404

from partnerships.models import Activity
from partnerships.queries import activities as queries
from people.access import PartnershipView
from people.permissions import Permission


def activity_or_404(view: PartnershipView, pk: int) -> Activity:
    """One that this person may see; what is not theirs to see does not exist for them."""
    rows = queries.visible(view.partnership, view.request.user).filter(pk=pk)
    found = rows.select_related("programme", "board", "place", "created_by", "partnership").first()
    if found is None:
        raise Http404("There is no such activity here.")
    return found


def may_edit(view: PartnershipView, activity: Activity) -> bool:
    return view.may(Permission.LOG_ACTIVITY) and (
        view.may(Permission.EDIT_ANY_ACTIVITY) or queries.is_author(activity, view.request.user)
    )
