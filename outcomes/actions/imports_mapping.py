"""Whether a mapping makes sense, and the recipe in which it is kept for the next file of its kind."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from outcomes.imports.errors import Unclear
from outcomes.imports.mapping import WIDE, Mapping, period_in
from outcomes.imports.periods import parse_period
from outcomes.imports.table import Reading
from outcomes.models import ImportRecipe, Measure
from outcomes.queries.imports_places import known_places
from outcomes.tasks.imports_staging import measure_facts
from partnerships.errors import DomainError
from partnerships.models import Partnership


def check_mapping(*, partnership: Partnership, measure: Measure, reading: Reading, mapping: Mapping) -> None:
    """Raises DomainError for the first thing that is missing or does not go together."""
    if measure.partnership_id != partnership.pk:
        raise DomainError("Choose a measure of this partnership.", field="measure")
    _leave_out_what_is_not_used(mapping)
    missing = next((name for name in mapping.columns if name not in reading.headings), None)
    if missing is not None:
        raise DomainError(f"The file has no column “{missing}”. Choose the columns again.")
    if mapping.fixed_place is not None:
        if mapping.fixed_place not in {place.id for place in known_places(partnership)}:
            raise DomainError("Choose a place from the list.", field="fixed_place")
    elif not mapping.place_columns:
        raise DomainError(
            "Select the column that says which place a row is about, or one place for the whole file.",
            field="place_column",
        )
    if mapping.layout == WIDE:
        _check_wide(measure, mapping)
    else:
        _check_long(measure, mapping)
    _check_apart(mapping)


def _leave_out_what_is_not_used(mapping: Mapping) -> None:
    """What was chosen for the other layout, or beside a column that says it, has no part in the reading."""
    if mapping.place_columns:
        mapping.fixed_place = None
    if mapping.layout == WIDE:
        mapping.period_column = mapping.period_note_column = mapping.fixed_period = mapping.value_column = ""
        mapping.numerator_column = mapping.denominator_column = mapping.lower_column = (
            mapping.upper_column
        ) = ""
    else:
        mapping.period_columns = []
        mapping.fixed_period = "" if mapping.period_column else mapping.fixed_period


def _check_wide(measure: Measure, mapping: Mapping) -> None:
    if not mapping.period_columns:
        raise DomainError("Select the columns that each hold a period.", field="period_columns")
    for name in mapping.period_columns:
        _check_period(period_in(name) or name, measure, mapping, "period_columns")


def _check_long(measure: Measure, mapping: Mapping) -> None:
    if mapping.fixed_period:
        _check_period(mapping.fixed_period, measure, mapping, "fixed_period")
    elif not mapping.period_column:
        raise DomainError(
            "Select the column that says the period, or enter one period for the whole file.",
            field="period_column",
        )
    if not mapping.value_column:
        counts = mapping.numerator_column and mapping.denominator_column
        if not (counts and measure_facts(measure).is_percentage):
            raise DomainError(
                "Select the column with the figures. Only a percentage can be worked out from a numerator and a denominator.",
                field="value_column",
            )


def _check_period(text: str, measure: Measure, mapping: Mapping, field: str) -> None:
    try:
        parse_period(text, year_type=mapping.year_type, frequency=measure.frequency)
    except Unclear as reason:
        raise DomainError(str(reason), field=field) from None


def _check_apart(mapping: Mapping) -> None:
    """One column cannot be two numbers at once."""
    seen: dict[str, str] = {}
    for field in ("value_column", "numerator_column", "denominator_column", "lower_column", "upper_column"):
        name = getattr(mapping, field)
        if name and name in seen:
            raise DomainError(f"“{name}” is chosen twice. Choose another column here.", field=field)
        seen[name] = field


def keep_recipe(
    *, partnership: Partnership, name: str, measure: Measure, reading: Reading, mapping: Mapping, by: Any
) -> ImportRecipe:
    name = " ".join(name.split()) or measure.name[:150]
    same = ImportRecipe.objects.filter(partnership=partnership, name__iexact=name).first()
    if same is not None and same.measure_id != measure.pk:
        raise DomainError(
            f"The saved choices “{same.name}” are for another measure. Enter another name.",
            field="recipe_name",
        )
    recipe = same or ImportRecipe(partnership=partnership, name=name, created_by=by)
    recipe.measure, recipe.headers, recipe.mapping = measure, reading.headings, mapping.to_json()
    recipe.updated_at = timezone.now()
    recipe.save()
    return recipe


@transaction.atomic
def remove_recipe(*, recipe: ImportRecipe, by: Any) -> None:
    """Forget saved choices. Imports that were made with them stay as they are."""
    recipe.delete()
