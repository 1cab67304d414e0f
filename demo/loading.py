"""Loads the whole demo, once, in one transaction, by calling the actions that pages call."""

from __future__ import annotations

from datetime import date

import pghistory
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from demo import accounts
from demo.activities import load_activities
from demo.boards import load_boards
from demo.breakdowns import load_remarks, load_sexes
from demo.chance import Chance
from demo.commitments import load_commitments
from demo.frameworks import load_frameworks, load_national_framework
from demo.joining import load_joining
from demo.judging import load_judging
from demo.leadership import load_leadership
from demo.learning import load_learning
from demo.log import load_log
from demo.meetings import load_meetings
from demo.notices import load_notices
from demo.outcomes import load_commentaries, load_measures, load_outcomes
from demo.partnership import load_partnership_page, load_rules
from demo.people import let_in, load_organisations, load_people
from demo.place import load_partnerships, load_places
from demo.programmes import load_programmes
from demo.reports import load_reports
from demo.returns import load_returns
from demo.setting import SLUG, Setting
from demo.voices import load_voices
from partnerships.errors import DomainError
from partnerships.models import Partnership
from people.models import Person

# Two commands at once would both find the database empty; the second waits and then finds the demo.
LOCK = 7_311_604_112


def load(*, today: date | None = None, only_if_empty: bool = False) -> bool:
    """Load the demo as of a day, today if none is given. False where it is there already and nothing was done.

    Raises DomainError for a day to come, and on a production server that was not told to be a demo.
    """
    today = today or timezone.localdate()
    if today > timezone.localdate():
        raise DomainError(
            "The demo can't be loaded as of a day to come: nothing in it may lie in the future."
        )
    if settings.PRODUCTION and not settings.DEMO:
        raise DomainError(
            "This is a production server. Set THROUGHLINE_DEMO=1 if it is meant to show the demo."
        )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if Partnership.objects.filter(slug=SLUG).exists():
            _keep_password()
            return False
        if only_if_empty and Partnership.objects.exists():
            return False
        _load(today)
        _look_at_tables()
    return True


def _load(today: date) -> None:
    setting = Setting(today, Chance(SLUG, today.year))
    load_places(setting)
    load_partnerships(setting)
    load_organisations(setting)
    load_people(setting)
    let_in(list(setting.accounts.values()), accounts.new_password())
    with pghistory.context(user=setting.manager.pk):
        load_joining(setting)
        load_rules(setting)
        load_boards(setting)
        load_meetings(setting)
        load_national_framework(setting)
        load_outcomes(setting)
        load_programmes(setting)
        load_measures(setting)
        load_sexes(setting)
        load_frameworks(setting)
        load_partnership_page(setting)
        _look_at_tables()
        load_returns(setting)
        load_reports(setting)
    load_activities(setting)
    load_commitments(setting)
    load_log(setting)
    load_voices(setting)
    load_leadership(setting)
    load_learning(setting)
    load_commentaries(setting)
    load_judging(setting)
    load_remarks(setting)
    load_notices(setting)


def _look_at_tables() -> None:
    """So much in one go is unknown to the planner until it has looked: what comes next would be slow."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _keep_password() -> None:
    """A demo whose password file went missing, with a data folder say, gets a new password."""
    if accounts.password() is None:
        people = Person.objects.filter(email__in=accounts.addresses())
        let_in(list(people), accounts.new_password())
