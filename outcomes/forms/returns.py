"""The form of a return: a box for each number, named by measure and group, and the words beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from config.forms import LongText
from outcomes.actions.returns import LONGEST, NewCell
from outcomes.imports.returns import box_name, called, read_cells, typed, why_name
from outcomes.models import ReturnStatus
from outcomes.queries.returns import Grid
from outcomes.statistics.return_checks import Asked, Box, CellKey, Said
from partnerships.models import Organisation, Programme, ProgrammePeriod


class ReturnForm(forms.Form):
    """A box that is left empty is no figure; what cannot be understood is said beside its box, and the rest is kept."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, grid: Grid, **kwargs: Any) -> None:
        self.grid = grid
        kwargs["initial"] = self.start(grid) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        for line in grid.asked:
            for group in (None, *line.groups):
                for box in line.boxes:
                    self.fields[box_name(line.measure, group, box)] = self.box(line, group, box)
                self.fields[why_name((line.measure, group))] = forms.CharField(
                    label=f"Why is {line.name_of(group)} right?",
                    required=False,
                    max_length=LONGEST["explanation"],
                )
        for question in grid.questions:
            self.fields[f"answer-{question.pk}"] = forms.CharField(
                label=question.text,
                help_text=question.hint,
                required=False,
                max_length=LONGEST["answer"],
                widget=LongText,
            )
        for name, label, hint in (
            ("got_in_the_way", "What got in the way?", "If nothing did, write “nothing”."),
            ("way_forward", "What is the way forward?", "What you will do about it, and what you need from others."),
        ):  # fmt: skip
            self.fields[name] = forms.CharField(
                label=label, help_text=hint, required=False, max_length=LONGEST[name], widget=LongText
            )

    mark_optional = False

    @staticmethod
    def box(line: Asked, group: int | None, box: Box) -> forms.CharField:
        whole = f"{line.name}, total" if group is None else line.name_of(group)
        part = called(line, box)
        attrs = {"inputmode": "decimal", "autocomplete": "off", "data-box": "", "maxlength": 40}
        return forms.CharField(
            label=f"{whole}: {part}" if part else whole,
            required=False,
            max_length=40,
            widget=forms.TextInput(attrs),
        )

    @staticmethod
    def start(grid: Grid) -> dict[str, Any]:
        found = grid.found
        start: dict[str, Any] = {
            "got_in_the_way": found.got_in_the_way,
            "way_forward": found.way_forward,
            **{f"answer-{pk}": text for pk, text in grid.answers.items()},
        }
        for line in grid.asked:
            for group in (None, *line.groups):
                cell = grid.cells.get((line.measure, group))
                if cell is None:
                    continue
                start[why_name((line.measure, group))] = cell.explanation
                for box in line.boxes:
                    start[box_name(line.measure, group, box)] = cell.marker or typed(getattr(cell, box.value))
        return start

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        texts = {
            (line.measure, group, box): cleaned.get(box_name(line.measure, group, box), "")
            for line in self.grid.asked
            for group in (None, *line.groups)
            for box in line.boxes
        }
        self.read = read_cells(self.grid.asked, texts)
        for (measure, group, box), words in self.read.problems.items():
            name = box_name(measure, group, box)
            self.add_error(name, f"{self.fields[name].label}: {words}")
        return cleaned

    @property
    def said(self) -> dict[CellKey, Said]:
        """The cells that were understood and are not empty."""
        return {key: said for key, said in self.read.cells.items() if not said.is_empty}

    def cells(self) -> dict[CellKey, NewCell | None]:
        """What the action is given: every cell that was understood, None where it is empty now."""
        return dict(self._cells())

    def _cells(self) -> Iterator[tuple[CellKey, NewCell | None]]:
        for key, said in self.read.cells.items():
            if not self.was_sent(key) or any(box_name(*key, box) in self.errors for box in Box):
                continue
            name = why_name(key)
            before = self.grid.cells.get(key)
            # A page shows the question why only where something is odd; elsewhere what was answered before stays.
            why = (
                self.cleaned_data.get(name, "")
                if name in self.data
                else (before.explanation if before else "")
            )
            yield (
                key,
                None
                if said.is_empty
                else NewCell(said.value, said.numerator, said.denominator, said.marker, why),
            )

    def was_sent(self, key: CellKey) -> bool:
        """Whether all boxes of a cell came; one that did not come was not shown, and stays as it is."""
        line = next(line for line in self.grid.asked if line.measure == key[0])
        return all(box_name(*key, box) in self.data for box in line.boxes)

    def words(self) -> dict[str, Any]:
        """The texts, of those that were sent and are not too long."""
        given = {name: text for name, text in self.cleaned_data.items() if name in self.data}
        answers = {
            question.pk: given[f"answer-{question.pk}"]
            for question in self.grid.questions
            if f"answer-{question.pk}" in given
        }
        return {
            "answers": answers,
            "got_in_the_way": given.get("got_in_the_way"),
            "way_forward": given.get("way_forward"),
        }


class ReturnFilterForm(forms.Form):
    """What of the returns is shown; it lives in the address."""

    mark_optional = False
    status = forms.ChoiceField(
        required=False,
        choices=[("", "Any"), ("overdue", "Overdue"), *ReturnStatus.choices],
    )
    programme = forms.ModelChoiceField(Programme.objects.none(), required=False, empty_label="Any")
    period = forms.ModelChoiceField(ProgrammePeriod.objects.none(), required=False, empty_label="Any")
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Partner", required=False, empty_label="Any"
    )

    def __init__(self, *args: Any, choices: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            self.fields[name].queryset = found


class FeedbackForm(forms.Form):
    feedback = forms.CharField(
        label="What should the partner look at again?",
        help_text="They get this by email and see it above the form.",
        max_length=5_000,
        widget=LongText,
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Why?", max_length=5_000, widget=LongText)


class AcceptForm(forms.Form):
    provisional = forms.BooleanField(
        label="The figures are provisional",
        required=False,
        help_text="Every page shows them as provisional until the return is opened again and accepted as final.",
    )
    comment = forms.CharField(
        label="Comment", required=False, max_length=5_000, widget=LongText(rows=3), help_text="Kept with the return."
    )  # fmt: skip


class FilledFileForm(forms.Form):
    file = forms.FileField(
        label="Filled spreadsheet",
        help_text="The one that was downloaded here for this return. Nothing is saved before you have seen what would change.",
        widget=forms.FileInput({"accept": ".xlsx"}),
        error_messages={"empty": "The file is empty."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 2 * 1024 * 1024:
            raise forms.ValidationError("The file must be 2 MB or smaller.")
        return file
