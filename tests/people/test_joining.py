"""Residents join with a code, from a link or from paper, without an email address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.errors import DomainError
from people.actions.joining import (
    come_back,
    join,
    join_as,
    make_joining_code,
    make_way_back,
    withdraw_joining_code,
)
from people.actions.memberships import give_role
from people.models import Joined, JoiningCode, Membership, Person, RealName
from people.permissions import Role
from people.queries.joining import LETTERS, code_for, find_code, hash_of_code, written
from tests.people.conftest import code_in
from tests.small_world import PASSWORD

pytestmark = pytest.mark.django_db
SECRET = "lantern-otter-42-river"


@pytest.fixture
def code(world):
    return made(world)


def made(world, **changes):
    facts = {
        "partnership": world.partnership,
        "name": "Mill Road forum",
        "uses_allowed": 2,
        "expires_on": timezone.localdate() + timedelta(30),
        "by": world.manager,
    }
    return make_joining_code(**facts | changes)


def path(code) -> str:
    return reverse("join-by-code", args=[written(code)])


def sent(**changes):
    return {"name": "Robin", "real_name": "Anna Brightwater", "password": SECRET} | changes


def test_a_code_is_short_plain_and_not_in_the_database(code):
    text = written(code)
    assert len(text) == 11
    assert text[5] == "-"
    assert set(text) <= set(LETTERS + "-")
    row = JoiningCode.objects.values().get(pk=code.pk)
    assert text not in str(row)
    assert text.replace("-", "") not in str(row)
    assert find_code(text.lower().replace("-", " ")) == code
    assert find_code("22222-22222") is None
    assert find_code("") is None
    assert find_code("٣" * 10) is None


def test_a_code_outlives_a_change_of_the_secret_key(code, settings):
    text = written(code)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-secret-key-entirely"
    assert written(code) == text
    assert find_code(text) == code
    assert code_for(code.nonce) != text
    assert hash_of_code(text) != code.code_hash


def test_somebody_joins_under_the_name_they_choose_and_is_signed_in(world, code):
    client = Client()
    page = client.get(path(code))
    assert page.status_code == 200
    assert "Mill Road forum" in page.content.decode()
    response = client.post(path(code), sent())
    assert (response.status_code, response.url) == (302, reverse("sign-in-name"))
    person = Person.objects.get(name="Robin")
    role = Membership.objects.get(person=person)
    assert (role.role, role.partnership, role.ends_on) == (Role.RESIDENT, world.partnership, None)
    assert person.email is None
    assert RealName.objects.get(person=person).name == "Anna Brightwater"
    assert person.sign_in_name in client.get(reverse("sign-in-name")).content.decode()
    assert client.get(reverse("home", args=[world.partnership.slug])).status_code == 200
    assert client.get(reverse("people-list", args=[world.partnership.slug])).status_code == 200


@pytest.mark.parametrize(
    "typed", [str, lambda name: f" {name.upper()} ", lambda name: name.replace("-", " ")]
)
def test_they_sign_in_again_with_the_name_that_was_made_for_them(world, code, client, typed):
    name = join(code=code, name="Robin", password=SECRET).sign_in_name
    response = client.post(reverse("account_login"), {"login": typed(name), "password": SECRET})
    assert response.status_code == 302
    assert "verif" not in response.url
    assert client.get(reverse("home", args=[world.partnership.slug])).status_code == 200


def test_a_wrong_password_or_name_says_the_same(world, code):
    person = join(code=code, name="Robin", password=SECRET)
    said = []
    for login in (person.sign_in_name, "nobody-here-10", "nobody@nowhere.example"):
        page = Client().post(reverse("account_login"), {"login": login, "password": "quite wrong indeed"})
        assert page.status_code == 200
        said.append("The email address, sign-in name or password is wrong." in page.content.decode())
    assert said == [True, True, True]


def test_email_still_signs_in(world):
    client = Client()
    client.post(reverse("account_login"), {"login": "Officer@testborough.example", "password": PASSWORD})
    assert client.get(reverse("home", args=[world.partnership.slug])).status_code == 200


def test_someone_without_an_address_can_add_one_and_a_second_step(world, code, client):
    client.post(path(code), sent())
    for name in ("account", "account_email", "mfa_index", "usersessions_list", "account_change_password"):
        page = client.get(reverse(name), follow=True)
        assert page.status_code == 200, name
        assert "None" not in page.content.decode() or name == "account"


@pytest.mark.parametrize("by", ["email", "sign_in_name"])
def test_an_address_that_is_added_is_confirmed_and_signs_in_too(world, code, client, mailoutbox, by):
    client.post(path(code), sent())
    asked = client.post(reverse("account_email"), {"email": "robin@bright.example", "action_add": ""})
    assert asked.status_code == 302, asked.context["form"].errors
    if asked.url.startswith("/account/reauthenticate/"):
        asked = client.post(asked.url, {"password": SECRET, "next": reverse("account_email")})
    assert asked.status_code == 302, (asked.context["form"].errors, asked.templates[0].name)
    client.post(asked.url, {"code": code_in(mailoutbox[-1])})
    person = Person.objects.get(name="Robin")
    assert person.email == "robin@bright.example"
    again = Client()
    again.post(reverse("account_login"), {"login": getattr(person, by), "password": SECRET})
    assert again.session.get("_auth_user_id") == str(person.pk)


def test_a_code_runs_out(world, code):
    join(code=code, name="One", password=SECRET)
    join(code=code, name="Two", password=SECRET)
    with pytest.raises(DomainError, match="does not work any more"):
        join(code=code, name="Three", password=SECRET)
    assert not Person.objects.filter(name="Three").exists()
    assert Client().get(path(code)).status_code == 410


def test_a_code_ends_with_its_day_and_when_withdrawn(world, code):
    JoiningCode.objects.filter(pk=code.pk).update(expires_on=timezone.localdate() - timedelta(1))
    assert Client().get(path(code)).status_code == 410
    other = made(world)
    withdraw_joining_code(code=other, by=world.manager)
    withdraw_joining_code(code=other, by=world.manager)
    assert Client().post(path(other), sent()).status_code == 410
    assert not Person.objects.filter(name="Robin").exists()


def test_what_is_refused_keeps_what_was_typed(code, client):
    page = client.post(path(code), sent(password="short"))
    assert page.status_code == 200
    assert 'value="Robin"' in page.content.decode()
    assert 'value="Anna Brightwater"' in page.content.decode()
    assert page.context["form"].errors.keys() == {"password"}
    page = client.post(path(code), sent(name="  "))
    assert page.context["form"].errors.keys() == {"name"}
    page = client.post(path(code), sent(name="R\x00obin"))
    assert page.status_code == 200
    assert "name" in page.context["form"].errors


def test_two_may_have_the_same_name(code):
    one, other = (join(code=code, name="Robin", password=SECRET) for _ in range(2))
    assert one.sign_in_name != other.sign_in_name


def test_somebody_signed_in_joins_as_themselves_once(world, as_, code):
    client = as_(world.stranger)
    assert client.post(path(code)).status_code == 302
    assert client.post(path(code)).status_code == 302
    held = Membership.objects.filter(person=world.stranger, partnership=world.partnership)
    assert [one.role for one in held] == [Role.RESIDENT]
    code.refresh_from_db()
    assert code.uses == 1
    assert join_as(code=code, person=world.resident).role == Role.RESIDENT
    code.refresh_from_db()
    assert code.uses == 1


def test_the_box_for_the_code(world, code, client):
    page = client.get(reverse("join"))
    assert page.status_code == 200
    response = client.post(reverse("join"), {"code": written(code).lower().replace("-", " ")})
    assert response.url == path(code)
    page = client.post(reverse("join"), {"code": "22222-22222"})
    assert page.status_code == 200
    assert "does not work" in page.content.decode()
    assert 'value="22222-22222"' in page.content.decode()


def test_guessing_is_slowed_down_and_right_codes_cost_nothing(world, code, client):
    for _ in range(25):
        assert client.get(path(code)).status_code == 200
    answers = {client.get(f"/join/22222-2222{letter}/").status_code for letter in LETTERS[:19]}
    assert answers == {410}
    assert client.post(reverse("join"), {"code": "nonsense"}).status_code == 200
    assert client.post(reverse("join"), {"code": "nonsense"}).status_code == 429
    assert client.get(path(code)).status_code == 429


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"uses_allowed": 0}, "uses_allowed"),
        ({"uses_allowed": 501}, "uses_allowed"),
        ({"expires_on": timezone.localdate() - timedelta(1)}, "expires_on"),
        ({"expires_on": timezone.localdate() + timedelta(367)}, "expires_on"),
        ({"role_ends_on": timezone.localdate()}, "role_ends_on"),
    ],
)
def test_what_a_code_may_not_be(world, changes, field):
    with pytest.raises(DomainError) as refused:
        made(world, **changes)
    assert refused.value.field == field


def test_a_role_that_ends(world):
    last = timezone.localdate() + timedelta(90)
    person = join(code=made(world, role_ends_on=last), name="Robin", password=SECRET)
    assert person.memberships.get().ends_on == last


def test_the_manager_makes_prints_and_withdraws_a_code(world, as_):
    client, slug = as_("manager"), world.partnership.slug
    assert "No code works now" in client.get(reverse("joining-codes", args=[slug])).content.decode()
    day = timezone.localdate() + timedelta(20)
    assert client.get(reverse("joining-code-new", args=[slug])).status_code == 200
    form = {"name": "Library", "uses_allowed": "5"} | {
        f"expires_on_{part}": value
        for part, value in (("day", day.day), ("month", day.month), ("year", day.year))
    }
    response = client.post(reverse("joining-code-new", args=[slug]), form)
    code = JoiningCode.objects.get(name="Library")
    assert response.url == reverse("joining-code", args=[slug, code.pk])
    shown = client.get(response.url).content.decode()
    assert written(code) in shown
    assert "<svg" in shown
    assert "No code works now" not in shown
    join(code=code, name="Robin", password=SECRET)
    assert "Robin" in client.get(response.url).content.decode()
    client.post(reverse("joining-code-withdraw", args=[slug, code.pk]))
    assert written(code) not in client.get(response.url).content.decode()
    assert "Withdrawn" in client.get(reverse("joining-codes", args=[slug])).content.decode()


def test_only_who_manages_people_sees_codes(world, as_, code):
    slug = world.partnership.slug
    for name, args in (
        ("joining-codes", []),
        ("joining-code-new", []),
        ("joining-code", [code.pk]),
        ("joining-code-withdraw", [code.pk]),
    ):
        address = reverse(name, args=[slug, *args])
        assert as_("officer").get(address).status_code == 403
        assert as_("officer").post(address).status_code == 403
        assert as_(world.stranger).get(address).status_code == 404
        assert Client().get(address).url.startswith("/account/login/")
    give_role(partnership=world.other, person=world.manager, role=Role.MANAGER)
    elsewhere = reverse("joining-code", args=[world.other.slug, code.pk])
    assert as_("manager").get(elsewhere).status_code == 404


def test_a_forgotten_password(world, as_, code):
    person = join(code=code, name="Robin", password=SECRET)
    before = Client()
    before.force_login(person, backend="people.backends.SignInNameBackend")
    address = reverse("person-way-back", args=[world.partnership.slug, person.pk])
    assert as_("officer").get(address).status_code == 403
    assert as_("manager").get(address).status_code == 200
    response = as_("manager").post(address)
    way = JoiningCode.objects.get(person=person)
    assert response.url == reverse("joining-code", args=[world.partnership.slug, way.pk])
    client = Client()
    assert person.sign_in_name in client.get(path(way)).content.decode()
    assert client.post(path(way), {"password": "short"}).status_code == 200
    assert client.post(path(way), {"password": "harbour-candle-77"}).status_code == 302
    assert client.get(reverse("home", args=[world.partnership.slug])).status_code == 200
    assert before.get(reverse("account")).status_code == 302, "the old password's sessions are over"
    assert Client().get(path(way)).status_code == 410
    person.refresh_from_db()
    assert person.check_password("harbour-candle-77")
    assert Joined.objects.filter(code=way, person=person).exists()


def test_a_second_way_back_ends_the_first(world, code):
    person = join(code=code, name="Robin", password=SECRET)
    first, second = (
        make_way_back(partnership=world.partnership, person=person, by=world.manager) for _ in range(2)
    )
    with pytest.raises(DomainError):
        come_back(code=first, password="harbour-candle-77")
    come_back(code=second, password="harbour-candle-77")


def test_no_manager_opens_a_door_that_is_not_theirs(world, as_, code):
    with pytest.raises(DomainError, match="without an email address"):
        make_way_back(partnership=world.partnership, person=world.officer, by=world.manager)
    person = join(code=code, name="Robin", password=SECRET)
    give_role(partnership=world.other, person=person, role=Role.RESIDENT)
    with pytest.raises(DomainError, match="in another partnership too"):
        make_way_back(partnership=world.partnership, person=person, by=world.manager)
    address = reverse("person-way-back", args=[world.partnership.slug, person.pk])
    page = as_("manager").post(address)
    assert page.status_code == 200
    assert "another partnership" in page.content.decode()
    other = join(code=code, name="Wren", password=SECRET)
    give_role(partnership=world.partnership, person=other, role=Role.OFFICER)
    with pytest.raises(DomainError, match="more than the role of a resident"):
        make_way_back(partnership=world.partnership, person=other, by=world.manager)
