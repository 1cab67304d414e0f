"""Somebody is known by another name: their real one is on no page, in no file and in no answer to a system, but for managers."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
from django.test import Client

from people.models import Person, RealName
from reports.models import Report
from tests.sweeps.addresses import of_partners_systems, of_partnerships, paths

pytestmark = pytest.mark.django_db
SHOWN = "Joe of Foundry Park"


@pytest.fixture
def real(demo) -> str:
    known = RealName.objects.get(partnership=demo.ours.partnership, person__name=SHOWN)
    return known.name


def body(content: bytes) -> str:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"".join(packed.read(name) for name in packed.namelist())
    return content.decode("utf-8", "replace")


def his_pages(demo) -> list[str]:
    """The pages of the person himself, beside the sample of each kind that the sweep knows."""
    joe = Person.objects.get(name=SHOWN)
    slug = demo.slug
    pages = [f"/p/{slug}/people/{joe.pk}/", f"/p/{slug}/search/?q=Foundry"]
    pages += [f"/p/{slug}/activities/{pk}/" for pk in joe.activities.values_list("pk", flat=True)]
    pages += [f"/p/{slug}/boards/{pk}/" for pk in joe.seats.values_list("board", flat=True)]
    return pages


@pytest.mark.parametrize("address", of_partnerships(), ids=str)
def test_on_no_page_and_in_no_file(address, demo, read, real):
    """As an officer, who reads most of those who do not manage people; a chair where an officer may not come."""
    for path in paths(address, demo.ours):
        found = read("officer", path)
        if found.status_code == 403:
            found = read("chair", path)
        if found.status_code == 200:
            assert real not in body(found.content), path


def test_not_where_he_is_named(demo, read, real):
    for path in his_pages(demo):
        for who in ("officer", "chair", "partner", "resident", "evaluator", "observer"):
            found = read(who, path)
            if found.status_code != 200:
                assert found.status_code in (403, 404)
                continue
            assert real not in body(found.content), (who, path)


def test_he_is_shown_by_the_other_name_and_managers_know(demo, read, real):
    joe = Person.objects.get(name=SHOWN)
    path = f"/p/{demo.slug}/people/{joe.pk}/"
    assert SHOWN in body(read("observer", path).content)
    assert real in body(read("manager", path).content)


def test_in_no_report(demo, real):
    for report in Report.objects.filter(partnership=demo.ours.partnership):
        assert real not in str(report.document)


def test_in_no_answer_to_a_partners_system(demo, real):
    basic = base64.b64encode(f"{demo.ours.client.client_id}:{demo.ours.secret}".encode()).decode()
    asked = Client(headers={"authorization": f"Basic {basic}"}).post(
        "/api/token", {"grant_type": "client_credentials"}
    )
    system = Client(headers={"authorization": f"Bearer {asked.json()['access_token']}"})
    for address in of_partners_systems():
        for path in paths(address, demo.ours):
            found = system.get(path)
            content = b"".join(found.streaming_content) if found.streaming else found.content
            assert real not in body(content), path
