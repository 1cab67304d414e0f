"""Parts of a page that follow from plain words and numbers alone, kept once they are drawn."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

KEPT = 256


def fragment(template: str, data: Hashable) -> SafeString:
    """The template filled with `it`. What is equal is drawn once: `data` holds everything that the template may use."""
    return _draw(template, data) if settings.DEBUG else _kept(template, data)


@lru_cache(maxsize=KEPT)
def _kept(template: str, data: Hashable) -> SafeString:
    return _draw(template, data)


def _draw(template: str, data: Hashable) -> SafeString:
    return render_to_string(template, {"it": data})
