"""Which saved choices suit a file."""

from __future__ import annotations

from outcomes.imports.mapping import Mapping, words_of
from outcomes.imports.table import Reading
from outcomes.models import ImportRecipe, Measure, MeasureBreakdown
from partnerships.models import Partnership


def recipe_for(partnership: Partnership, reading: Reading) -> ImportRecipe | None:
    """The one recipe made for a file of exactly these headings whose filters let rows of this file through.

    Where two would do (one file for active adults and one for inactive ones have the same headings, say) a person decides.
    """
    fitting = [
        recipe for recipe in _recipes(partnership)
        if recipe.headers == reading.headings and Mapping.from_json(recipe.mapping).fits(reading)
    ]  # fmt: skip
    return fitting[0] if len(fitting) == 1 else None


def likeliest_recipe(partnership: Partnership, reading: Reading) -> ImportRecipe | None:
    """The newest recipe whose columns the file has: where to start from, for a person to check."""
    return next(
        (recipe for recipe in _recipes(partnership) if Mapping.from_json(recipe.mapping).fits(reading)), None
    )


def likeliest_measure(partnership: Partnership, reading: Reading, file_name: str) -> Measure | None:
    """The measure whose name shares the most words with the file's name, its headings and what its columns say it is about."""
    said = [file_name.rsplit(".", 1)[0], reading.sheet, *reading.headings]
    said += [column.choices[0] for column in reading.columns if len(column.choices) == 1]
    words = words_of(" ".join(said))
    scored = sorted(
        ((len(words & words_of(m.name)) / max(len(words_of(m.name)), 1), m.pk, m) for m in Measure.objects.filter(partnership=partnership)),
        reverse=True, key=lambda entry: entry[:2],
    )  # fmt: skip
    if not scored or scored[0][0] < 0.5 or (len(scored) > 1 and scored[1][0] == scored[0][0]):
        return None
    return scored[0][2]


def declared_dimensions(measure: Measure) -> list[str]:
    """The breakdowns that a measure has already."""
    return list(MeasureBreakdown.objects.filter(measure=measure).values_list("dimension", flat=True))


def _recipes(partnership: Partnership) -> list[ImportRecipe]:
    return list(
        ImportRecipe.objects.filter(partnership=partnership)
        .select_related("measure")
        .order_by("-updated_at", "-pk")
    )
