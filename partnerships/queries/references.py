"""What points at a record, whichever room it is kept in."""

from __future__ import annotations

from django.db import models


def pointing_at(model: type[models.Model]) -> list[models.ForeignKey]:
    """Every foreign key to the model, those of many-to-many tables among them; never those of history, which stays."""
    return [
        relation.field
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and not relation.concrete
        and not relation.many_to_many
        and not is_history(relation.related_model)
    ]


def is_history(model: type[models.Model]) -> bool:
    return hasattr(model, "pgh_tracked_model") or model._meta.app_label == "pghistory"
