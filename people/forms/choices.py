"""A list that several questions of one form choose from, asked for once."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.db.models import Model, QuerySet


class OneOf(forms.ModelChoiceField):
    """One record of a list that the form's other questions share; see `share`."""

    known: Any = None

    def to_python(self, value: Any) -> Model | None:
        if value in self.empty_values:
            return None
        found = self.known().get(str(getattr(value, "pk", value)))
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found


def share(form: forms.Form, names: tuple[str, ...], rows: QuerySet) -> None:
    """Let these questions choose from the same rows."""
    known = cache(lambda: {str(row.pk): row for row in rows})
    for name in names:
        field = form.fields[name]
        field.queryset, field.known = rows, known
        empty = [("", field.empty_label)] if field.empty_label is not None else []
        field.choices = lambda empty=empty: [*empty, *((row.pk, str(row)) for row in known().values())]
