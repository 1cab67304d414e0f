"""What every page is wrapped in: product, partnership, navigation, account menu."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from people.permissions import Permission

NAVIGATION = (
    ("Home", "home"),
    ("Activities", "activity-list"),
    ("Outcomes", "dashboard"),
    ("Learning", "learning-list"),
    ("Boards", "board-list"),
    ("Programmes", "programme-list"),
    ("People and organisations", "people-list"),
    ("Reports", "report-list"),
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
    }
    if signed_in:
        here["account"] = [
            {"label": user.name, "url": reverse("account")},
            {"label": "Sign out", "url": reverse("account_logout")},
        ]
    if signed_in and partnership:
        held = {name for name in ("VIEW",) if user.has_perm(Permission[name], partnership)}
        slug = partnership.slug
        if "VIEW" in held:
            here["navigation"] = [
                entry for entry in (_entry(request, slug, *row) for row in NAVIGATION) if entry
            ]
            here["search_url"] = _url("search", slug)
        if user.has_perm(Permission.LOG_ACTIVITY, partnership):
            here["log_activity_url"] = _url("activity-new", slug)
    return {"shell": here}


def _url(name: str, slug: str) -> str:
    try:
        return reverse(name, kwargs={"partnership": slug})
    except NoReverseMatch:
        return ""


def _entry(request: HttpRequest, slug: str, label: str, name: str) -> dict[str, Any] | None:
    url = _url(name, slug)
    if not url:
        return None
    is_home = name == "home"
    current = request.path == url if is_home else request.path.startswith(url)
    return {"label": label, "url": url, "current": current}
