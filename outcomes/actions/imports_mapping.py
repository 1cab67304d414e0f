"""Whether a mapping makes sense, and the recipe in which it is kept for the next file of its kind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from outcomes.imports.errors import Unclear
from outcomes.imports.groups import IS, LONGEST_DIMENSION, Breakdown, dimension_in, plain
from outcomes.imports.mapping import GROUPS, WIDE, Mapping, period_in
from outcomes.imports.rows import MeasureFacts
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
    _check_groups(mapping)
    _check_apart(mapping)


def _leave_out_what_is_not_used(mapping: Mapping) -> None:
    """What was chosen for the other layout, or beside a column that says it, has no part in the reading."""
    if mapping.place_columns:
        mapping.fixed_place = None
    if mapping.layout != GROUPS:
        mapping.group_columns, mapping.group_dimension = [], ""
    if mapping.layout == WIDE:
        mapping.period_column = mapping.period_note_column = mapping.fixed_period = mapping.value_column = ""
        mapping.numerator_column = mapping.denominator_column = mapping.lower_column = (
            mapping.upper_column
        ) = ""
    else:
        mapping.period_columns = []
        mapping.fixed_period = "" if mapping.period_column else mapping.fixed_period
    if mapping.layout == GROUPS:  # The counts and limits of such a file are of nobody in particular.
        mapping.numerator_column = mapping.denominator_column = ""
        mapping.lower_column = mapping.upper_column = ""
    mapping.breakdowns = [
        replace(one, dimension=one.dimension or ("" if one.topic else dimension_in(one.column)))
        for one in mapping.breakdowns
    ]


def _check_wide(measure: Measure, mapping: Mapping) -> None:
    if not mapping.period_columns:
        raise DomainError("Select the columns that each hold a period.", field="period_columns")
    facts = measure_facts(measure)
    for name in mapping.period_columns:
        _check_period(period_in(name) or name, facts, mapping, "period_columns")


def _check_long(measure: Measure, mapping: Mapping) -> None:
    if mapping.fixed_period:
        _check_period(mapping.fixed_period, measure_facts(measure), mapping, "fixed_period")
    elif not mapping.period_column:
        raise DomainError(
            "Select the column that says the period, or enter one period for the whole file.",
            field="period_column",
        )
    if mapping.layout == GROUPS:
        if not mapping.group_columns:
            raise DomainError("Select the columns that each hold a group.", field="group_columns")
        if not mapping.group_dimension:
            raise DomainError("Enter what these groups are, such as Sex.", field="group_dimension")
    elif not mapping.value_column:
        counts = mapping.numerator_column and mapping.denominator_column
        if not (counts and measure_facts(measure).is_percentage):
            raise DomainError(
                "Select the column with the figures. Only a percentage can be worked out from a numerator and a denominator.",
                field="value_column",
            )


def _check_period(text: str, facts: MeasureFacts, mapping: Mapping, field: str) -> None:
    try:
        facts.read_period(text, mapping.year_type)
    except Unclear as reason:
        raise DomainError(str(reason), field=field) from None


def _check_groups(mapping: Mapping) -> None:
    """Each column of groups is only that, each dimension has one, and the choice of rows leaves some of its groups."""
    others = {
        *mapping.place_columns, *mapping.period_columns, *mapping.group_columns, mapping.period_column, mapping.value_column,
        mapping.numerator_column, mapping.denominator_column, mapping.lower_column, mapping.upper_column,
    }  # fmt: skip
    dimensions = {plain(mapping.group_dimension)} - {""}
    for n, one in enumerate(mapping.breakdowns, 1):
        field = f"group_{n}"
        if one.column in others or one.column == one.topic:
            raise DomainError(f"“{one.column}” is chosen for something else as well.", field=field)
        others.add(one.column)
        if len(one.dimension) > LONGEST_DIMENSION:
            raise DomainError(f"Use {LONGEST_DIMENSION} characters or fewer.", field=f"{field}_name")
        if one.dimension and plain(one.dimension) in dimensions:
            raise DomainError(f"Two breakdowns are called “{one.dimension}”.", field=f"{field}_name")
        dimensions.add(plain(one.dimension))
        _check_choice_of_rows(mapping, one, field)


def _check_choice_of_rows(mapping: Mapping, one: Breakdown, field: str) -> None:
    let_through = [value for column, value in mapping.filters if column == one.column]
    if let_through and all(one.is_total(value) for value in let_through):
        raise DomainError(
            f"“{one.column}” should hold groups, and the choice of rows lets only {let_through[0]} through. Take one of the two back.",
            field=field,
        )
    topics = [value for column, value in mapping.filters if column == one.topic]
    if topics and one.total == IS + topics[0] and len(topics) == 1:
        raise DomainError(
            f"“{one.topic}” should name breakdowns, and the choice of rows lets only {topics[0]} through. Take one of the two back.",
            field=field,
        )


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
