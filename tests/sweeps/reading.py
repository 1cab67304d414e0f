"""A request that may only read: the database itself refuses whatever else it tries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tests.demo_place import RollBack


@contextmanager
def read_only() -> Iterator[None]:
    """PostgreSQL forgets the restriction when the savepoint is rolled back."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL transaction_read_only = on")
            yield
            raise RollBack
    except RollBack:
        pass
