"""A production installation begins from the command line."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from partnerships.models import Partnership, Place
from people.models import Invitation, Person

GIVEN = {"name": "Marlbeck Together", "place": "E06000999", "manager_email": "pat.lee@example.org"}


@pytest.fixture
def place(db):
    return Place.objects.create(name="Marlbeck", kind="local_authority", code="E06000999")


def test_a_partnership_begins_with_an_invitation_to_its_manager(
    place, capsys, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("start_partnership", **GIVEN)
    partnership = Partnership.objects.get()
    assert partnership.covered.get().place == place
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.name, invitation.invited_by) == ("manager", "Pat Lee", None)
    link = capsys.readouterr().out.split()[-1]
    assert link in mailoutbox[0].body
    client = Client()
    path = link[link.index("/invitations/") :]
    client.post(path, {"name": "Pat Lee", "password": "three odd words"})
    page = client.get(f"/p/{partnership.slug}/people/")
    assert page.status_code == 200
    assert "Invite somebody" in page.content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"place": "E99999999"}, "import_places"),
        ({"manager_email": "pat"}, "not an email address"),
        ({"name": "!!!"}, "a name with letters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_half_done(place, change, words):
    with pytest.raises(CommandError, match=words):
        call_command("start_partnership", **{**GIVEN, **change})
    assert not Partnership.objects.exists()
    assert not Person.objects.exists()


def test_a_second_partnership_of_the_name_is_refused(place):
    call_command("start_partnership", **GIVEN)
    with pytest.raises(CommandError, match="already a partnership of this name"):
        call_command("start_partnership", **GIVEN)
    assert Invitation.objects.count() == 1
