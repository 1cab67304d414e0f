"""What migrations leave in the database is what the models say, however the operations were run."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config.migrations import Together

OURS = ("partnerships", "people", "outcomes", "learning", "reports")
MANY = 30


def models():
    return [model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)]


def asked(sql: str) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return set(cursor.fetchall())


@pytest.mark.django_db
def test_every_column_constraint_index_and_trigger_of_the_models_is_there():
    columns = asked(
        "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'"
    )
    named = asked("SELECT conrelid::regclass::text, conname::text FROM pg_constraint") | asked(
        "SELECT tablename::text, indexname::text FROM pg_indexes"
    )
    triggers = asked("SELECT tgrelid::regclass::text, tgname::text FROM pg_trigger")
    missing = []
    for model in models():
        table = model._meta.db_table
        missing += [
            (table, field.column)
            for field in model._meta.local_concrete_fields
            if (table, field.column) not in columns
        ]
        missing += [
            (table, item.name)
            for item in [*model._meta.constraints, *model._meta.indexes]
            if (table, item.name) not in named
        ]
        missing += [
            (table, trigger.name)
            for trigger in getattr(model._meta, "triggers", [])
            if (table, trigger.get_pgid(model)) not in triggers
        ]
    assert not missing


@pytest.mark.django_db
def test_every_key_to_another_table_is_guarded_by_the_database():
    guarded = asked(
        "SELECT c.conrelid::regclass::text, a.attname::text FROM pg_constraint c "
        "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) WHERE c.contype = 'f'"
    )
    missing = [
        (model._meta.db_table, field.column)
        for model in models()
        for field in model._meta.local_concrete_fields
        if field.is_relation and field.db_constraint and (model._meta.db_table, field.column) not in guarded
    ]
    assert not missing


def test_many_operations_run_together():
    """One by one they cost minutes on a fresh machine: see config/migrations.py."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    alone = {
        str(migration): count
        for (app, _), migration in loader.disk_migrations.items()
        if app in OURS
        and (count := sum(not isinstance(operation, Together) for operation in migration.operations)) > MANY
    }
    assert not alone, "Put their operations in Together."
