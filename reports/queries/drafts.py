"""Where the form of a draft is, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from partnerships.models import Draft

# The form's name in a draft, to the address that opens it again and to what people call it.
FORMS = {
    "activity": ("activity-new", "activity-edit", "Activity"),
    "learning": ("learning-new", "learning-edit", "Learning entry"),
}


@dataclass(frozen=True, slots=True)
class DraftAddress:
    label: str
    title: str
    url: str


def draft_address(draft: Draft, slug: str) -> DraftAddress:
    """What to call a draft and where its form is; an unknown form has no address."""
    name, _, key = draft.form.partition(":")
    new, edit, label = FORMS.get(name, ("", "", "Form"))
    titles = draft.fields.get("title") or [""]
    title = (titles if isinstance(titles, str) else titles[0]).strip() or "Without a title yet"
    try:
        url = reverse(edit, args=[slug, int(key)]) if key.isdecimal() else reverse(new, args=[slug])
    except NoReverseMatch:
        url = ""
    return DraftAddress(label, title, f"{url}?draft={draft.pk}" if url else "")
