from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from config.forms import DateField
from partnerships.models import Place


class EmbedForm(forms.Form):
    """Where a chart will stand, for which place and until when."""

    shown_where = forms.CharField(
        label="Where will it stand?",
        max_length=200,
        help_text="The page or website, such as “Council website, Active lives”. So that others know what would go blank.",
    )
    place = forms.TypedChoiceField(label="For which place?", coerce=int)
    ends_on = DateField(
        label="Until when?",
        required=False,
        help_text="The last day on which it shows. Left empty, until somebody ends it.",
    )

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(str(place.pk), place.name) for place in places]
