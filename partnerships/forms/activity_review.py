from __future__ import annotations

from django import forms

from config.forms import LongText
from partnerships.actions.activity_review import LONGEST_COMMENT


class ReviewForm(forms.Form):
    """Accept, or send back with what is missing."""

    comment = forms.CharField(
        label="What should its authors know?",
        required=False,
        max_length=LONGEST_COMMENT,
        widget=LongText(rows=4),
        help_text="Needed to send it back. The authors and everyone who can see the activity read it.",
    )
