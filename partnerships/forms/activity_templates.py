from __future__ import annotations

from django import forms

from partnerships.actions.activity_templates import LONGEST_NAME


class TemplateForm(forms.Form):
    """What a template is called, and whether others may use it."""

    name = forms.CharField(
        label="Name of the template",
        max_length=LONGEST_NAME,
        help_text="Such as “Weekly call with the leisure trust”.",
    )
    is_shared = forms.BooleanField(label="Everybody who logs activities here may use it", required=False)
