"""The forms that declare a measure's breakdowns and keep their groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from config.forms import LongText
from outcomes.models import Group

ADDS_UP = {
    "label": "The groups make the total",
    "required": False,
    "help_text": "Leave it open where somebody may be in several groups, or where the figures are percentages.",
}
MORE = {
    "required": False,
    "max_length": 8_000,
    "widget": LongText(rows=6),
}


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class DeclareForm(forms.Form):
    dimension = forms.CharField(
        label="By what is it broken down?",
        max_length=80,
        help_text="Such as Sex, Age band or Deprivation quintile.",
    )
    groups = forms.CharField(
        label="Its groups, one a line, in their order",
        help_text="A dimension that other measures use has its groups already: leave this empty, or add to them.",
        **MORE,
    )
    adds_up = forms.BooleanField(**ADDS_UP)

    def clean_groups(self) -> list[str]:
        return lines(self.cleaned_data["groups"])


class ChangeForm(forms.Form):
    """One row for each group: its name and its place in the order. A group without figures can be taken out."""

    dimension = forms.CharField(label="By what is it broken down?", max_length=80)
    adds_up = forms.BooleanField(**ADDS_UP)
    more = forms.CharField(label="More groups, one a line", **MORE)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=2_000)

    def __init__(self, *args: Any, groups: Sequence[Group], fixed: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups, self.fixed = groups, fixed
        seen = _keys(self.data.get("seen", "")) if self.is_bound else {group.pk for group in groups}
        for place, group in enumerate(groups, 1):
            self.fields[f"name_{group.pk}"] = forms.CharField(
                label=f"Name of group {place}",
                max_length=120,
                initial=group.name,
                # A group that came since the page was opened is the action's to tell of.
                required=group.pk in seen,
            )
            self.fields[f"place_{group.pk}"] = forms.IntegerField(
                label=f"Place of {group.name}",
                min_value=1,
                max_value=999,
                initial=place,
                required=group.pk in seen,
                widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-2"}),
            )
            if group.pk not in fixed:
                self.fields[f"remove_{group.pk}"] = forms.BooleanField(
                    label=f"Remove {group.name}", required=False
                )

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "name": self[f"name_{group.pk}"],
                "place": self[f"place_{group.pk}"],
                "remove": self[f"remove_{group.pk}"] if group.pk not in self.fixed else None,
            }
            for group in self.groups
        ]

    def wanted(self) -> list[tuple[str, int | None]]:
        """The groups that shall be, in order: those that stay, then new ones."""
        said = self.cleaned_data
        seen = _keys(said["seen"])
        kept = [one for one in self.groups if one.pk in seen and not said.get(f"remove_{one.pk}")]
        kept.sort(key=lambda group: said[f"place_{group.pk}"])
        stay: list[tuple[str, int | None]] = [(said[f"name_{group.pk}"], group.pk) for group in kept]
        return stay + [(name, None) for name in lines(said["more"])]

    def seen_keys(self) -> set[int]:
        return _keys(self.cleaned_data["seen"])


def _keys(text: str) -> set[int]:
    return {int(key) for key in text[:2_000].split(",") if key.isascii() and key.isdecimal()}
