from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from partnerships.queries.file_kinds import KINDS, WHAT_IS_TAKEN

ACCEPTED = ",".join(f".{ending}" for kind in KINDS.values() for ending in kind.endings)


class DocumentField(forms.FileField):
    """A file to attach. Its size is looked at here; what it holds is looked at by `attach_document`."""

    def __init__(self, **kwargs: Any) -> None:
        most = settings.DOCUMENT_MEGABYTES
        kwargs = {
            "label": "File",
            "help_text": f"{WHAT_IS_TAKEN}, up to {most} MB.",
            "widget": forms.FileInput({"accept": ACCEPTED}),
            "error_messages": {"empty": "The file is empty."},
        } | kwargs
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file.size > settings.DOCUMENT_MEGABYTES << 20:
            raise forms.ValidationError(f"The file must be {settings.DOCUMENT_MEGABYTES} MB or smaller.")
        return file


class DocumentForm(forms.Form):
    """A file with the title that people will look for."""

    file = DocumentField()
    title = forms.CharField(
        label="What is it called?",
        max_length=200,
        required=False,
        help_text="Leave it empty to use the file’s own name.",
    )


class ConfirmForm(forms.Form):
    """Nothing to fill in: sending it is the answer."""
