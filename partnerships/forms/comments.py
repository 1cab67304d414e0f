from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from config.forms import LongText, PickMany
from partnerships.actions.comments import LONGEST
from people.models import Person


class CommentForm(forms.Form):
    """A comment, and who should read it."""

    text = forms.CharField(
        label="Your comment",
        max_length=LONGEST,
        widget=LongText(rows=4),
        error_messages={
            "required": "Write a comment",
            "max_length": "This must be %(limit_value)d characters or fewer. It has %(show_value)d.",
        },
    )
    mentions = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label="Who should read it?",
        required=False,
        widget=PickMany(noun="people"),
        help_text="They get an email, and see it on their home page.",
        error_messages={
            "invalid_choice": "One of the people you named cannot see this. The others are still chosen.",
            "invalid_pk_value": "One of the people you named cannot see this. The others are still chosen.",
        },
    )

    def __init__(self, *args: Any, readers: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentions"].queryset = readers
        del self.fields["text"].widget.attrs["maxlength"]

    def fetch_choices(self) -> None:
        self.fields["mentions"].choices = list(self.fields["mentions"].choices)
