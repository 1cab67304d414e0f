"""Sign-ins for partners' systems, as a manager makes, changes, renews and ends them."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from allauth.idp.oidc.models import Client as OAuthClient
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from partnerships.errors import DomainError, EditConflict
from partnerships.models import Partnership
from people.actions.api_clients import change_api_client, end_api_client, make_api_client, renew_secret
from people.models import ApiClient, Membership, Person
from people.permissions import HUMAN_ROLES, Role, Scope
from people.queries import api_clients as queries
from people.queries.names import Names

PAGES = ("", "new/", "{pk}/", "{pk}/change/", "{pk}/renew/", "{pk}/end/")
ROOT = "/p/testborough-together/api/"


@pytest.fixture
def made(world):
    return make_api_client(
        partnership=world.partnership,
        name="Warehouse",
        scopes=[Scope.REPORTS, Scope.ACTIVITIES],
        organisation=world.organisation,
        by=world.manager,
    )


def day_fields(day):
    return {"expires_on_day": day.day, "expires_on_month": day.month, "expires_on_year": day.year}


def form(**changes):
    given = {"name": "Leisure trust", "scopes": ["activities:read"], **day_fields(timezone.localdate())}
    return given | changes


def secret_in(page):
    found = re.search(r'id="client-secret">([^<]+)<', page.content.decode())
    return found[1] if found else None


# --- Making one --------------------------------------------------------------------------------------------------
def test_a_sign_in_has_a_client_and_a_person_that_is_no_human(made, world):
    client = made.client
    assert client.scopes == ["activities:read", "reports:read"]
    assert client.expires_on == queries.default_last_day()
    person = client.service_person
    assert person.is_system
    assert not person.has_usable_password()
    (membership,) = person.memberships.all()
    assert (membership.role, membership.organisation) == (Role.SYSTEM, world.organisation)
    assert membership.ends_on == client.expires_on
    assert list(Partnership.objects.visible_to(person)) == [world.partnership]
    oauth = OAuthClient.objects.get(pk=client.client_id)
    assert oauth.get_grant_types() == ["client_credentials"]
    assert oauth.get_redirect_uris() == []
    assert oauth.check_secret(made.secret)
    assert made.secret.startswith("tl_")
    assert len(made.secret) > 40


def test_its_person_is_in_no_list_of_people(made, as_):
    page = as_("manager").get("/p/testborough-together/people/")
    assert "Warehouse" not in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"scopes": []}, "scopes"),
        ({"expires_on": date(2020, 1, 1)}, "expires_on"),
        ({"name": " warehouse "}, "name"),
    ],
)
def test_what_is_refused_names_its_field(made, world, changes, field):
    given = {
        "partnership": world.partnership,
        "name": "Other",
        "scopes": [Scope.REPORTS],
        "by": world.manager,
    }
    before = Person.objects.count(), OAuthClient.objects.count()
    with pytest.raises(DomainError) as refused:
        make_api_client(**given | changes)
    assert refused.value.field == field
    assert (Person.objects.count(), OAuthClient.objects.count()) == before, "Nothing is left behind."


def test_two_years_are_the_most(world, made):
    given = {"partnership": world.partnership, "scopes": [Scope.REPORTS], "by": world.manager}
    latest = queries.latest_last_day()
    assert make_api_client(name="Longest", expires_on=latest, **given).client.expires_on == latest
    with pytest.raises(DomainError, match="two years"):
        make_api_client(name="Longer", expires_on=latest + timedelta(days=1), **given)
    with pytest.raises(DomainError, match="two years"):
        renew_secret(client=made.client, expected_version=1, expires_on=latest + timedelta(days=1))


def test_a_leap_day_has_a_last_day(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2028, 2, 29))
    assert queries.default_last_day() == date(2029, 2, 28)


def test_an_organisation_of_somewhere_else_is_refused(world, made):
    from partnerships.actions.setting_up import add_organisation

    theirs = add_organisation(partnership=world.other, name="Theirs", sector="sport")
    with pytest.raises(DomainError) as refused:
        make_api_client(
            partnership=world.partnership,
            name="X",
            scopes=[Scope.REPORTS],
            organisation=theirs,
            by=world.manager,
        )
    assert refused.value.field == "organisation"


def test_the_database_keeps_the_rules_too(made):
    for change in ({"scopes": []}, {"name": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiClient.objects.update(**change)


# --- Changing, renewing, ending ------------------------------------------------------------------------------------
def test_a_change_reaches_client_person_and_role(made, world):
    change_api_client(
        client=made.client, expected_version=1, name="Lake", scopes=[Scope.OBSERVATIONS], by=world.manager
    )
    client = ApiClient.objects.get()
    assert (client.name, client.scopes, client.version) == ("Lake", ["observations:read"], 2)
    oauth = OAuthClient.objects.get()
    assert (oauth.name, oauth.get_scopes()) == ("Lake", ["observations:read"])
    assert oauth.get_default_scopes() == ["observations:read"]
    assert oauth.check_secret(made.secret), "The secret stays."
    assert Person.objects.get(is_system=True).name == "Lake"
    assert Membership.objects.get(role=Role.SYSTEM).organisation is None


def test_a_change_that_somebody_overtook_is_told(made, world):
    change_api_client(
        client=made.client, expected_version=1, name="Lake", scopes=[Scope.REPORTS], by=world.manager
    )
    with pytest.raises(EditConflict):
        change_api_client(
            client=made.client, expected_version=1, name="Pond", scopes=[Scope.REPORTS], by=world.manager
        )
    assert ApiClient.objects.get().name == "Lake"


def test_a_secret_is_renewed_once_however_often_the_button_is_pressed(made, world):
    renewed = renew_secret(client=made.client, expected_version=1, by=world.manager)
    with pytest.raises(DomainError, match="renewed"):
        renew_secret(client=made.client, expected_version=1, by=world.manager)
    oauth = OAuthClient.objects.get()
    assert oauth.check_secret(renewed.secret)
    assert not oauth.check_secret(made.secret)


def test_renewing_brings_an_expired_sign_in_back(made, world):
    ApiClient.objects.update(expires_on=timezone.localdate() - timedelta(days=3))
    Membership.objects.filter(role=Role.SYSTEM).update(
        starts_on=date(2020, 1, 1), ends_on=timezone.localdate() - timedelta(days=3)
    )
    assert queries.open_api_client(made.client.client_id) is None
    until = timezone.localdate() + timedelta(days=30)
    renewed = renew_secret(
        client=ApiClient.objects.get(), expected_version=1, expires_on=until, by=world.manager
    )
    assert queries.open_api_client(made.client.client_id) == renewed.client
    assert list(Partnership.objects.visible_to(renewed.client.service_person)) == [world.partnership]


def test_ending_leaves_the_record_and_nothing_else(made, world):
    end_api_client(client=made.client, by=world.manager)
    client = ApiClient.objects.get()
    assert client.ended_at is not None
    assert not OAuthClient.objects.exists()
    assert Membership.objects.get(role=Role.SYSTEM).ended_at is not None
    assert not Person.objects.get(is_system=True).is_active
    for again in (
        lambda: end_api_client(client=client, by=world.manager),
        lambda: renew_secret(client=client, expected_version=client.version),
        lambda: change_api_client(
            client=client, expected_version=client.version, name="X", scopes=[Scope.REPORTS]
        ),
    ):
        with pytest.raises(DomainError, match="ended"):
            again()
    make_api_client(partnership=world.partnership, name="Warehouse", scopes=[Scope.REPORTS], by=world.manager)


def test_its_history_is_kept_without_secret_or_noise(made, world):
    from people.actions.api_clients import note_token_given

    note_token_given(client=made.client)
    renew_secret(client=made.client, expected_version=1, by=world.manager)
    events = ApiClient.pgh_event_model.objects.filter(pgh_obj_id=made.client.pk)
    assert events.count() == 2, "Made and renewed; a token is no change."
    assert not {"secret", "last_token_at"} & {field.name for field in ApiClient.pgh_event_model._meta.fields}


# --- Pages -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", [role for role in HUMAN_ROLES if role is not Role.MANAGER])
def test_only_a_manager_opens_the_pages(made, as_, page, role):
    assert as_(role.value).get(ROOT + page.format(pk=made.client.pk)).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_strangers_and_the_signed_out_learn_nothing(made, world, as_, page):
    address = ROOT + page.format(pk=made.client.pk)
    assert as_(world.stranger).get(address).status_code == 404
    away = Client().get(address)
    assert away.status_code == 302
    assert away["Location"].startswith("/account/login/")


@pytest.mark.parametrize("page", PAGES)
def test_a_manager_opens_the_pages(made, as_, page):
    response = as_("manager").get(ROOT + page.format(pk=made.client.pk))
    assert response.status_code == 200
    assert made.secret not in response.content.decode()


@pytest.mark.parametrize("page", PAGES[2:])
def test_a_sign_in_of_another_partnership_has_no_page_here(world, as_, page):
    theirs = make_api_client(
        partnership=world.other, name="Theirs", scopes=[Scope.REPORTS], by=world.stranger
    )
    assert as_("manager").get(ROOT + page.format(pk=theirs.client.pk)).status_code == 404


def test_the_secret_is_shown_once_and_stored_nowhere(world, as_):
    manager = as_("manager")
    page = manager.post(ROOT + "new/", form())
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    secret = secret_in(page)
    client = ApiClient.objects.get()
    assert OAuthClient.objects.get().check_secret(secret)
    text = page.content.decode()
    assert client.client_id in text
    assert "grant_type=client_credentials" in text
    for address in (ROOT, f"{ROOT}{client.pk}/"):
        assert secret not in manager.get(address).content.decode()
    assert not [session for session in Session.objects.all() if secret in str(session.get_decoded())]


def test_sending_the_form_twice_makes_one_sign_in(world, as_):
    manager = as_("manager")
    manager.post(ROOT + "new/", form())
    again = manager.post(ROOT + "new/", form())
    assert secret_in(again) is None
    assert "in use already" in again.content.decode()
    assert ApiClient.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Enter the name of the system"),
        ({"scopes": []}, "Select what it may read"),
        ({"scopes": ["everything:write"]}, "everything:write"),
        (day_fields(date(2020, 1, 1)), "The last day must be today or later."),
        (day_fields(date(2999, 1, 1)), "two years at most"),
    ],
)
def test_errors_are_said_and_what_was_typed_stays(world, as_, changes, said):
    page = as_("manager").post(ROOT + "new/", form(**{"name": "Kept as typed", **changes}))
    text = page.content.decode()
    assert page.status_code == 200
    assert "There is a problem" in text
    assert said in text
    assert not ApiClient.objects.exists()
    if "name" not in changes:
        assert "Kept as typed" in text


def test_renewing_by_page(made, as_):
    manager = as_("manager")
    address = f"{ROOT}{made.client.pk}/renew/"
    until = timezone.localdate() + timedelta(days=10)
    page = manager.post(address, {"version": 1, **day_fields(until)})
    assert OAuthClient.objects.get().check_secret(secret_in(page))
    assert ApiClient.objects.get().expires_on == until
    again = manager.post(address, {"version": 1, **day_fields(until)})
    assert secret_in(again) is None
    assert "renewed" in again.content.decode()


def test_changing_by_page(made, as_):
    manager = as_("manager")
    address = f"{ROOT}{made.client.pk}/change/"
    sent = {"name": "Lake", "scopes": ["observations:read"], "version": 1}
    assert manager.post(address, sent).status_code == 302
    overtaken = manager.post(address, sent | {"name": "Pond"})
    text = overtaken.content.decode()
    assert "What is saved now" in text
    assert 'value="Pond"' in text
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    assert manager.post(address, sent | {"name": "Pond", "version": version}).status_code == 302
    assert ApiClient.objects.get().name == "Pond"


def test_ending_by_page(made, as_):
    manager = as_("manager")
    here = f"{ROOT}{made.client.pk}/"
    assert manager.get(here + "end/").status_code == 200
    assert ApiClient.objects.get().ended_at is None, "Looking changes nothing."
    done = manager.post(here + "end/", follow=True)
    assert "has ended" in done.content.decode()
    for page in ("change/", "renew/", "end/"):
        assert manager.get(here + page).status_code == 404
    assert "Client ID" not in manager.get(here).content.decode()


def test_the_list_says_what_works(made, world, as_):
    manager = as_("manager")
    assert "Works" in manager.get(ROOT).content.decode()
    for days, said in ((0, "Ends today"), (1, "Ends in 1 day<"), (30, "Ends in 30 days"), (-1, "Expired")):
        ApiClient.objects.update(expires_on=timezone.localdate() + timedelta(days=days))
        assert said in manager.get(ROOT).content.decode()
    end_api_client(client=made.client, by=world.manager)
    text = manager.get(ROOT).content.decode()
    assert "No partner’s system reads from here" in text
    assert "Ended on" in text


def test_the_list_takes_as_many_queries_whatever_its_length(made, world, as_, django_assert_num_queries):
    manager = as_("manager")
    manager.get(ROOT)
    with django_assert_num_queries(5) as first:
        manager.get(ROOT)
    for number in range(5):
        make_api_client(
            partnership=world.partnership,
            name=f"System {number}",
            scopes=[Scope.REPORTS],
            organisation=world.organisation,
            by=world.manager,
        )
    with django_assert_num_queries(len(first)):
        manager.get(ROOT)


def test_what_was_typed_survives_a_session_that_ended(world, as_):
    browser = Client()
    browser.post(ROOT + "new/", form(name="Typed before"))
    browser.force_login(world.manager, backend="django.contrib.auth.backends.ModelBackend")
    assert "Typed before" in browser.get(ROOT + "new/").content.decode()
    assert not ApiClient.objects.exists()


# --- Names taken out of texts --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("names", "text", "left"),
    [
        (["Ann Lee"], "Ann Lee came.", "[name] came."),
        (["Ann Lee"], "ann\nlee", "[name]"),
        (["Ann Lee"], "Joann Lee and Ann Leeds", "Joann Lee and Ann Leeds"),
        (["Ann Lee", "Ann Lee-Jones"], "Ann Lee-Jones", "[name]"),
        (["Ann Lee"], "Ann Lee’s idea, Ann Lee, (Ann Lee)", "[name]’s idea, [name], ([name])"),
        (["Will"], "Will they?", "Will they?"),
        (["Seán Ó Súilleabháin"], "Met SEÁN Ó SÚILLEABHÁIN", "Met [name]"),
        (["(Ann) Lee"], "(Ann) Lee", "(Ann) Lee"),
        (["A. B* Lee"], "A. B* Lee, A. BBB Lee", "[name], A. BBB Lee"),
        ([], "Nothing to take out", "Nothing to take out"),
        (["Ann Lee"], "", ""),
    ],
)
def test_full_names_are_taken_out(names, text, left):
    assert Names(names).removed_from(text) == left


words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=5)


@given(first=words, last=words, before=st.text(max_size=20), after=st.text(max_size=20))
def test_no_name_survives_whatever_stands_around_it(first, last, before, after):
    name = f"{first} {last}"
    text = f"{before} {name} {after}"
    assert name not in Names([name]).removed_from(text).replace("[name]", "")
