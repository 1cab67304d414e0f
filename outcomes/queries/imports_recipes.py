"""Which saved choices suit a file."""

from __future__ import annotations

from outcomes.imports.mapping import Mapping
from outcomes.imports.table import Reading
from outcomes.models import ImportRecipe
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


def _recipes(partnership: Partnership) -> list[ImportRecipe]:
    return list(
        ImportRecipe.objects.filter(partnership=partnership)
        .select_related("measure")
        .order_by("-updated_at", "-pk")
    )
