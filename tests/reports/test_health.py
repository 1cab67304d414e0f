import time

import pytest
from django.core.cache import cache

from reports.jobs import heartbeat
from reports.queries.heartbeat import HEARTBEAT

pytestmark = pytest.mark.django_db


def test_the_process_answers_without_a_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_ready_when_the_clock_ticks(client):
    heartbeat()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json().values()) == {"ok"}


def test_not_ready_when_the_clock_has_stopped(client):
    cache.set(HEARTBEAT, time.time() - 3600)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["clock_and_worker"] == "failing"


def test_not_ready_without_a_broker_and_says_nothing_of_the_inside(client, monkeypatch):
    def broken(*args, **kwargs):
        raise ConnectionError("redis://:secret@host")

    heartbeat()
    monkeypatch.setattr(cache, "set", broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["broker"] == "failing"
    assert "secret" not in answer.content.decode()
