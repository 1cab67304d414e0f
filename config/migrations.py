"""Migrations of many tables in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

FOLDED_INTO_CREATION = (AddField, AddConstraint, AddIndex)


class Together(Operation):
    """Many operations of one migration, run on one rendering of the models before them and one after.

    Django renders the models anew for every operation, and every model here leads to nearly every other: with hundreds
    of operations that is minutes. A table that is made in the same go is made at once as it is in the end, so operations
    that add columns, constraints or indexes to it have nothing left to do. A field must not be altered twice in one go,
    and Python code must not stand among the operations.
    """

    reduces_to_sql = True
    reversible = False

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [], {"operations": self.operations})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # What is not rendered need not be rendered again with each change.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        made = {operation.name_lower for operation in self.operations if isinstance(operation, CreateModel)}
        for operation in self.operations:
            folded = isinstance(operation, FOLDED_INTO_CREATION) and operation.model_name_lower in made
            if not folded:
                operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        raise NotImplementedError(
            "Restore a backup: these tables were made together and are not taken apart."
        )

    def describe(self) -> str:
        return f"{len(self.operations)} operations together"
