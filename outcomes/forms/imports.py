"""The forms of an import: the file, how it is read, what its columns hold, and taking it back."""

from __future__ import annotations

from typing import Any

from django import forms

from config.forms import PickOne
from outcomes.imports.files import LARGEST
from outcomes.imports.table import Reading


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File of figures",
        help_text="A CSV file or an Excel workbook (.xlsx), up to 200 MB, just as it was published. Nothing is saved before you have seen what would change.",
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={"empty": "The file is empty."},
    )
    source = forms.CharField(
        label="Where the figures are from",
        max_length=300,
        required=False,
        help_text="Shown beside them, such as “Sport England, Active Lives, April 2026”. Leave it empty to use the measure's own source.",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(f"The file must be {LARGEST >> 20} MB or smaller.")
        return file


class LayoutForm(forms.Form):
    """Which sheet and which rows hold the headings, where they were not found rightly."""

    sheet = forms.ChoiceField(label="Sheet", widget=PickOne)
    heading_row = forms.IntegerField(
        label="Row of the headings",
        min_value=1,
        max_value=1000,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-4"}),
        help_text="The first of them, as the spreadsheet numbers its rows.",
    )
    heading_rows = forms.IntegerField(
        label="How many rows the headings take up",
        min_value=1,
        max_value=6,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-2"}),
        help_text="Often 1. More where a heading such as a year stands above several columns.",
    )

    def __init__(self, *args: Any, reading: Reading, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(reading.sheets) > 1:
            self.fields["sheet"].choices = [(name, name) for name in reading.sheets]
        else:
            del self.fields["sheet"]


class UndoForm(forms.Form):
    """One button; where figures have been changed since, a box says that they may stay as they are."""

    leave_changed = forms.BooleanField(label="", required=False)

    def __init__(self, *args: Any, changed: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if changed:
            them = "the figure that has" if changed == 1 else f"the {changed:,} figures that have"
            self.fields[
                "leave_changed"
            ].label = f"Undo the others, and leave {them} been changed since as now"
        else:
            del self.fields["leave_changed"]
