"""The demo is loaded once for a whole file of tests, and rolled back after it."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.conf import settings
from django.db import connection, transaction

from demo import loading

TODAY = date(2026, 6, 17)


class RollBack(Exception):
    pass


@contextmanager
def rolled_back():
    try:
        with transaction.atomic():
            yield
            raise RollBack
    except RollBack:
        pass


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory):
    before, settings.DATA_DIR = settings.DATA_DIR, tmp_path_factory.mktemp("data")
    yield settings.DATA_DIR
    settings.DATA_DIR = before


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, data_folder):
    """The demo partnership as of TODAY; each test of the file then has a transaction of its own inside."""
    from partnerships.models import Partnership

    with django_db_blocker.unblock(), rolled_back():
        assert loading.load(today=TODAY)
        # Otherwise the keys of every row would be checked anew at the end of each test.
        connection.check_constraints()
        yield Partnership.objects.get(slug="brackenford-together")
