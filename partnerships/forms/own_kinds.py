from __future__ import annotations

from django import forms

from config.forms import Radios
from partnerships.actions.own_kinds import LONGEST


class OwnKindForm(forms.Form):
    name = forms.CharField(
        label="Name of the kind",
        max_length=LONGEST,
        help_text="Such as “Door knocking” or “Peer support session”.",
    )


class ReviewSettingForm(forms.Form):
    """Whether what is logged is looked at by somebody."""

    reviews = forms.TypedChoiceField(
        label="Should somebody review what is logged?",
        choices=[
            ("yes", "Yes, its authors submit it and somebody else accepts it or sends it back"),
            ("no", "No, what is logged stands as it is"),
        ],
        coerce=lambda value: value == "yes",
        widget=Radios,
    )
