"""What a browser sends from the activity form, and what a page says."""

import re

from django.utils import timezone


def sent(**more):
    """The quick questions as a browser sends them, with whatever else."""
    day = timezone.localdate()
    fields = {
        "title": "Met the tenants",
        "happened_on_day": day.day,
        "happened_on_month": day.month,
        "happened_on_year": day.year,
        "kind": "meeting",
        "visibility": "partnership",
        "draft_form": "activity:new",
        "draft_page": "tab-a",
    }
    return fields | more


def hidden(page, name):
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page.content.decode())
    return found[1] if found else None


def says(page, text):
    return text in page.content.decode()
