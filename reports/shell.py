"""What every page is wrapped in: product, partnership, navigation, account menu."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from people.permissions import Permission

NAVIGATION = (
    ("Home", "home"),
    ("Activities", "activity-list"),
    ("Commitments", "commitment-list"),
    ("Voices", "voice-list"),
    ("Outcomes", "dashboard"),
    ("Programmes", "programme-list"),
    ("Boards", "board-list"),
    ("Learning", "learning-list"),
    ("People", "people-list"),
    ("Reports", "report-list"),
    ("About us", "about"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Runs at most the permission query that the view's own check has already made."""
    partnership = getattr(request, "partnership", None)
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    here: dict[str, Any] = {
        "product": "Throughline",
        "base_url": settings.BASE_URL,
        "is_demo": settings.DEMO,
        "partnership": partnership,
        "navigation": [],
        "account": [],
        "search_url": "",
        "log_activity_url": "",
        "my_page_url": "",
        "unread": 0,
    }
    if signed_in:
        here["person_name"] = user.name
        here["account"] = [
            {"label": "Your account", "url": reverse("account")},
            {"label": "Your partnerships", "url": f"{reverse('start')}?all=yes"},
            {"label": "Sign out", "url": reverse("account_logout"), "method": "post", "signs_out": True},
        ]
    if signed_in and partnership:
        slug = partnership.slug
        here["my_page_url"] = reverse("my-page", args=[slug])
        here["unread"] = getattr(partnership, "unread", 0)
        if user.has_perm(Permission.VIEW, partnership):
            here["navigation"] = [_entry(request, slug, *row) for row in NAVIGATION]
            here["search_url"] = reverse("search", args=[slug])
        if user.has_perm(Permission.LOG_ACTIVITY, partnership):
            here["log_activity_url"] = reverse("activity-new", args=[slug])
        if user.has_perm(Permission.MANAGE_API, partnership):
            here["account"].insert(
                2, {"label": "Partners’ systems", "url": reverse("api-clients", args=[slug])}
            )
    return {"shell": here}


def _entry(request: HttpRequest, slug: str, label: str, name: str) -> dict[str, Any]:
    url = reverse(name, args=[slug])
    current = request.path == url if name == "home" else request.path.startswith(url)
    return {"label": label, "url": url, "current": current}
