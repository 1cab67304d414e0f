"""What people see when a request is refused."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Not for showing: what proves who somebody is, and what the page put there by itself.
SECRET = ("password", "token", "credential", "code")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's proof of origin is stale, most often after signing in or out in another tab.

    What was typed is shown for copying and never put back into a form by itself: another site may have sent it.
    """
    context = {"typed": typed(request), "way_back": request.get_full_path()}
    return render(request, "403_csrf.html", context, status=403)


def typed(request: HttpRequest) -> list[dict[str, Any]]:
    fields = []
    for name, values in request.POST.lists():
        text = "\n".join(value for value in values if value.strip())
        if not text or any(word in name.lower() for word in SECRET):
            continue
        lines = sum(1 + len(line) // 60 for line in text.splitlines())
        label = name.replace("_", " ").replace("-", " ").strip()
        fields.append({"label": label[:1].upper() + label[1:], "text": text, "rows": min(max(lines, 1), 12)})
    return fields
