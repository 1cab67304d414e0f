import stat
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from demo import accounts, loading
from outcomes.models import Observation
from partnerships.errors import DomainError
from partnerships.models import Activity, Partnership
from people.models import Person
from tests.demo.conftest import TODAY, rolled_back
from tests.demo.telling import everything, fingerprint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def load_demo(*arguments):
    out = StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


def told_as_of(day):
    with rolled_back():
        loading.load(today=day)
        check_a_year_before(day)
        return fingerprint()


def check_a_year_before(today):
    activities = Activity.objects.filter(partnership__slug="brackenford-together")
    days = list(activities.values_list("happened_on", flat=True))
    assert len(days) >= 200
    assert today - timedelta(372) < min(days)
    assert max(days) < today
    assert not activities.filter(created_at__date__gte=today).exists()
    assert not Observation.objects.filter(recorded_at__date__gte=today).exists()
    assert not activities.filter(next_step_done_on__gte=today).exists()


# A load is many seconds of work, so each of these asks more than one thing of it.
def test_the_same_day_tells_the_same_and_another_year_something_else():
    assert told_as_of(TODAY) == told_as_of(TODAY) != told_as_of(date(2024, 2, 29))


def test_loading_twice_changes_nothing_and_the_password_is_kept_in_the_folder(
    django_assert_max_num_queries,
):
    # An activity or an observation at a time would take tens of thousands of queries, and a newcomer would wait for
    # them. Meetings and returns are made step by step, as people make them: they are most of what is counted here.
    with django_assert_max_num_queries(8500):
        said = load_demo()
    before = everything()
    again = load_demo()
    assert everything() == before
    assert "Nothing was changed" in again
    secret = accounts.password()
    assert secret in said
    assert secret in again
    file = accounts.password_file()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.unlink()
    assert load_demo("--accounts") == ""
    load_demo()
    assert accounts.password() not in (None, secret)
    manager = Person.objects.get(email="manager@brackenford.example")
    assert manager.check_password(accounts.password())
    assert not manager.check_password(secret)


def test_only_where_there_is_nothing_yet_and_real_places_stay_as_they_are(world):
    from partnerships.models import Place, PlaceKind

    england = Place.objects.create(code="E92000001", name="England (imported)", kind=PlaceKind.NATION)
    assert "Nothing was changed" in load_demo("--if-empty")
    assert not Partnership.objects.filter(slug="brackenford-together").exists()
    assert loading.load(today=date(2026, 1, 1))
    check_a_year_before(date(2026, 1, 1))
    assert Place.objects.get(code="E92000001").name == england.name


def test_accounts_alone_loads_nothing():
    assert load_demo("--accounts") == ""
    assert not Partnership.objects.exists()


def test_a_day_to_come_is_refused():
    tomorrow = timezone.localdate() + timedelta(1)
    with pytest.raises(CommandError, match="day to come"):
        load_demo("--today", tomorrow.isoformat())
    with pytest.raises(CommandError, match="Write it as"):
        load_demo("--today", "17 June")
    assert not Partnership.objects.exists()


def test_a_production_server_is_no_demo_unless_it_was_told_so(settings, monkeypatch):
    loaded = []
    monkeypatch.setattr(loading, "_load", loaded.append)
    settings.PRODUCTION, settings.DEMO = True, False
    with pytest.raises(DomainError, match="production"):
        loading.load(today=TODAY)
    assert not loaded
    settings.DEMO = True
    assert loading.load(today=TODAY)
    assert loaded == [TODAY]


def test_what_fails_half_way_leaves_nothing(monkeypatch):
    def fail(setting):
        raise RuntimeError("half way")

    monkeypatch.setattr(loading, "load_partnership_page", fail)
    with pytest.raises(RuntimeError):
        loading.load(today=TODAY)
    assert not Partnership.objects.exists()
    assert not Observation.objects.exists()
