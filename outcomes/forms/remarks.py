from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from config.forms import LongText
from outcomes.actions.remarks import LONGEST

WHOLE = "The measure as a whole"


class RemarkForm(forms.Form):
    """Something said of a measure, and of which period."""

    period = forms.ChoiceField(
        label="What is it about?",
        required=False,
        help_text="A note about a period gets a number on the chart.",
    )
    text = forms.CharField(
        label="Your note",
        help_text="Everybody in the partnership can read it. Do not name a child, patient or family.",
        max_length=LONGEST,
        widget=LongText(rows=5),
        error_messages={
            "required": "Write what you want to say",
            "max_length": "This must be %(limit_value)d characters or fewer. It has %(show_value)d.",
        },
    )

    def __init__(self, *args: Any, periods: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["text"].widget.attrs["maxlength"]
        if periods:
            self.fields["period"].choices = [("", WHOLE), *periods]
        else:
            del self.fields["period"]


class AnswerForm(RemarkForm):
    """An answer: it is about what it answers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"periods": ()})
        self.fields["text"].label = "Your answer"
