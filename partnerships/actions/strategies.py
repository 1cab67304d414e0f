"""Strategies that the partnership aligns to, and their themes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from partnerships.actions.editing import save_edit
from partnerships.errors import DomainError
from partnerships.models import Organisation, Partnership, Strategy, StrategyTheme

MOST_LETTERS = 200


@transaction.atomic
def add_strategy(
    *,
    partnership: Partnership,
    name: str,
    organisation: Organisation | None = None,
    summary: str = "",
    link: str = "",
    from_year: int | None = None,
    to_year: int | None = None,
    themes: Iterable[str] = (),
    by: Any = None,
) -> Strategy:
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    strategy = Strategy.objects.create(
        partnership=partnership,
        name=_checked(partnership, name, from_year, to_year),
        organisation=organisation,
        summary=summary.strip(),
        link=link,
        from_year=from_year,
        to_year=to_year,
        created_by=by,
    )
    names: list[str] = []
    for theme in themes:
        name = " ".join(theme.split())
        if len(name) > MOST_LETTERS:
            raise DomainError(f"A theme must be {MOST_LETTERS} characters or fewer.", field="themes")
        if name and name.casefold() not in {one.casefold() for one in names}:
            names.append(name)
    StrategyTheme.objects.bulk_create(
        StrategyTheme(partnership=partnership, strategy=strategy, name=name, position=position)
        for position, name in enumerate(names)
    )
    return strategy


@transaction.atomic
def edit_strategy(
    *,
    strategy: Strategy,
    expected_version: int,
    by: Any,
    name: str,
    from_year: int | None,
    to_year: int | None,
    **changes: Any,
) -> Strategy:
    name = _checked(strategy.partnership, name, from_year, to_year, except_for=strategy.pk)
    changes |= {"name": name, "from_year": from_year, "to_year": to_year}
    return save_edit(strategy, expected_version=expected_version, changes=changes)


@transaction.atomic
def add_theme(*, strategy: Strategy, name: str, by: Any) -> StrategyTheme:
    Strategy.objects.select_for_update().get(pk=strategy.pk)
    name = _theme_name(strategy, name)
    last = strategy.themes.order_by("-position").values_list("position", flat=True).first()
    return StrategyTheme.objects.create(
        partnership_id=strategy.partnership_id,
        strategy=strategy,
        name=name,
        position=0 if last is None else last + 1,
    )


@transaction.atomic
def rename_theme(*, theme: StrategyTheme, name: str, by: Any) -> StrategyTheme:
    theme = StrategyTheme.objects.select_for_update().get(pk=theme.pk)
    theme.name = _theme_name(theme.strategy, name, except_for=theme.pk)
    theme.save(update_fields=["name"])
    return theme


@transaction.atomic
def remove_theme(*, theme: StrategyTheme, by: Any) -> None:
    """Only a theme to which nothing aligns can go; what aligns to it would lose that silently."""
    theme = StrategyTheme.objects.select_for_update().get(pk=theme.pk)
    for relation in StrategyTheme._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete) or relation.many_to_many:
            continue
        model = relation.related_model
        if hasattr(model, "pgh_tracked_model"):
            continue
        if model._base_manager.filter(**{relation.field.name: theme}).exists():
            raise DomainError(
                f"Something aligns to “{theme.name}”, so it stays. Take it off there first, or give it another name."
            )
    theme.delete()


def _checked(
    partnership: Partnership, name: str, from_year: int | None, to_year: int | None, except_for: int = 0
) -> str:
    name = " ".join(name.split())
    if not name:
        raise DomainError("Enter the strategy’s name.", field="name")
    same = Strategy.objects.filter(partnership=partnership, name__iexact=name).exclude(pk=except_for)
    if same.exists():
        raise DomainError("There is already a strategy of this name.", field="name")
    if from_year and to_year and to_year < from_year:
        raise DomainError("The last year must be the first one or later.", field="to_year")
    return name


def _theme_name(strategy: Strategy, name: str, except_for: int = 0) -> str:
    name = " ".join(name.split())
    if not name:
        raise DomainError("Enter the theme.", field="name")
    if len(name) > MOST_LETTERS:
        raise DomainError(f"A theme must be {MOST_LETTERS} characters or fewer.", field="name")
    if strategy.themes.filter(name__iexact=name).exclude(pk=except_for).exists():
        raise DomainError(f"The strategy has the theme “{name}” already.", field="name")
    return name
