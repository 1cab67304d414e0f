"""The periodic report: once and only once, frozen, told once, and only to those who may read it."""

from datetime import date, timedelta
from decimal import Decimal
from smtplib import SMTPServerDisconnected
from types import SimpleNamespace

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from learning.actions.entries import write_entry
from outcomes.actions.observations import record_observation
from outcomes.actions.setting_up import add_measure, add_outcome
from partnerships.actions.activities import log_activity
from partnerships.errors import DomainError
from partnerships.models import ActivityKind, Visibility
from reports.actions.reports import ask_for_due_reports, ask_for_report, define_report
from reports.models import Delivery, Report, ReportStatus
from reports.queries.periods import last_complete, period_of
from reports.tasks import make_report, tell_people


@pytest.fixture
def set_up(world):
    definition = define_report(
        partnership=world.partnership,
        name="Monthly report",
        frequency="month",
        recipients=[world.chair, world.officer],
    )
    period = last_complete("month", timezone.localdate())
    return SimpleNamespace(definition=definition, period=period, world=world)


def log(world, period, **fields):
    return log_activity(
        partnership=world.partnership,
        by=world.officer,
        happened_on=period.start + timedelta(days=3),
        **fields,
    )


def made(set_up, run):
    with run(execute=True):
        report, _ = ask_for_report(definition=set_up.definition, period=set_up.period)
    report.refresh_from_db()
    return report


def test_a_report_is_made_whole_and_told_once(set_up, django_capture_on_commit_callbacks):
    log(set_up.world, set_up.period, title="Opened the garden", kind=ActivityKind.EVENT)
    report = made(set_up, django_capture_on_commit_callbacks)
    assert report.status == ReportStatus.MADE
    assert bytes(report.pdf).startswith(b"%PDF")
    assert {m.to[0] for m in mail.outbox} == {set_up.world.chair.email, set_up.world.officer.email}
    assert all(
        reverse("report-detail", args=[set_up.world.partnership.slug, report.pk]) in m.body
        for m in mail.outbox
    )


def test_the_same_message_five_times_makes_one_report_and_one_mail_each(
    set_up, django_capture_on_commit_callbacks
):
    report = made(set_up, django_capture_on_commit_callbacks)
    first = (report.made_at, bytes(report.pdf))
    for _ in range(5):
        with django_capture_on_commit_callbacks(execute=True):
            make_report(report.pk)
        tell_people(report.pk)
    report.refresh_from_db()
    assert (report.made_at, bytes(report.pdf)) == first
    assert Report.objects.count() == 1
    assert len(mail.outbox) == 2


def test_asking_twice_gives_the_same_report(set_up):
    first, was_first = ask_for_report(definition=set_up.definition, period=set_up.period)
    second, again = ask_for_report(definition=set_up.definition, period=set_up.period)
    assert first == second
    assert was_first
    assert not again


def test_a_period_that_is_not_over_is_refused(set_up):
    with pytest.raises(DomainError):
        ask_for_report(definition=set_up.definition, period=period_of("month", timezone.localdate()))


def test_what_is_corrected_later_does_not_change_a_report(set_up, django_capture_on_commit_callbacks):
    world = set_up.world
    outcome = add_outcome(partnership=world.partnership, title="More active")
    measure = add_measure(outcome=outcome, name="Active adults", unit="%", direction="up", frequency="year")
    cell = {
        "measure": measure,
        "place": world.place,
        "by": world.officer,
        "period_start": date(2024, 4, 1),
        "period_end": date(2025, 3, 31),
        "period_label": "2024/25",
    }
    record_observation(**cell, value=Decimal("61.5"))
    report = made(set_up, django_capture_on_commit_callbacks)
    record_observation(**cell, value=Decimal("99.9"))
    with django_capture_on_commit_callbacks(execute=True):
        make_report(report.pk)
    report.refresh_from_db()
    text = str(report.document)
    assert "61.5%" in text
    assert "99.9%" not in text


def test_what_only_its_author_may_see_is_in_no_report(set_up, django_capture_on_commit_callbacks):
    log(
        set_up.world,
        set_up.period,
        title="Quiet word with the school",
        kind="setback",
        visibility=Visibility.AUTHORS,
    )
    log(set_up.world, set_up.period, title="The bus did not come", kind="setback")
    text = str(made(set_up, django_capture_on_commit_callbacks).document)
    assert "The bus did not come" in text
    assert "Quiet word" not in text


def test_what_did_not_work_comes_first_or_is_said_to_be_missing(set_up, django_capture_on_commit_callbacks):
    text = str(made(set_up, django_capture_on_commit_callbacks).document)
    assert "No learning was written down in this period." in text
    other = define_report(partnership=set_up.world.partnership, name="Second", frequency="month")
    for title, verdict in (("Leaflets", "worked"), ("Posters", "did_not_work")):
        write_entry(
            partnership=set_up.world.partnership,
            by=set_up.world.officer,
            title=title,
            expected="More people",
            happened="As it went",
            verdict=verdict,
            learned_on=set_up.period.start,
        )
    with django_capture_on_commit_callbacks(execute=True):
        report, _ = ask_for_report(definition=other, period=set_up.period)
    report.refresh_from_db()
    text = str(report.document)
    assert text.index("Posters") < text.index("Leaflets")


def test_the_clock_makes_each_period_once_and_asks_again_for_what_was_lost(
    set_up, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=False):
        assert len(ask_for_due_reports()) == 1  # Its message is lost: the callback never runs.
    report = Report.objects.get()
    assert report.status == ReportStatus.WAITING
    assert ask_for_due_reports() == []
    Report.objects.update(asked_at=timezone.now() - timedelta(minutes=10))
    assert ask_for_due_reports() == [report.pk]
    report.refresh_from_db()
    assert report.status == ReportStatus.MADE


def test_one_refused_mail_does_not_stop_the_others_and_is_tried_again(
    set_up, django_capture_on_commit_callbacks, monkeypatch
):
    from reports.tasks import telling

    real = telling.report_made_letter

    def flaky(delivery, **more):
        if delivery.person == set_up.world.chair:
            raise SMTPServerDisconnected("gone")
        return real(delivery, **more)

    monkeypatch.setattr(telling, "report_made_letter", flaky)
    report = made(set_up, django_capture_on_commit_callbacks)
    assert [m.to[0] for m in mail.outbox] == [set_up.world.officer.email]
    monkeypatch.undo()
    Report.objects.update(made_at=timezone.now() - timedelta(minutes=10))
    ask_for_due_reports()
    assert sorted(m.to[0] for m in mail.outbox) == sorted(
        [set_up.world.officer.email, set_up.world.chair.email]
    )
    assert not Delivery.objects.filter(report=report, sent_at__isnull=True).exists()


# --- Pages ---------------------------------------------------------------------------------------------------------
def page(name, world, *args):
    return reverse(name, args=[world.partnership.slug, *args])


def test_a_member_reads_the_report_and_its_pdf_and_a_stranger_gets_404(
    set_up, as_, django_capture_on_commit_callbacks
):
    log(set_up.world, set_up.period, title="Opened the garden", kind=ActivityKind.INTRODUCTION)
    report = made(set_up, django_capture_on_commit_callbacks)
    for name in ("report-detail", "report-pdf", "report-progress"):
        address = page(name, set_up.world, report.pk)
        assert as_("observer").get(address).status_code == 200
        assert as_(set_up.world.stranger).get(address).status_code == 404
    assert (
        "Opened the garden"
        in as_("observer").get(page("report-detail", set_up.world, report.pk)).content.decode()
    )


def test_a_report_of_another_partnership_is_not_served_under_ours(
    set_up, as_, django_capture_on_commit_callbacks
):
    theirs = define_report(partnership=set_up.world.other, name="Theirs", frequency="month")
    with django_capture_on_commit_callbacks(execute=True):
        report, _ = ask_for_report(definition=theirs, period=set_up.period)
    assert as_("manager").get(page("report-detail", set_up.world, report.pk)).status_code == 404
    assert as_("manager").post(page("report-make", set_up.world, theirs.pk)).status_code == 404


def test_the_button_makes_a_report_now(set_up, as_, django_capture_on_commit_callbacks):
    form = {f"d{set_up.definition.pk}-period": set_up.period.start.isoformat()}
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_("officer").post(page("report-make", set_up.world, set_up.definition.pk), form)
    assert answer.status_code == 302
    assert Report.objects.get().status == ReportStatus.MADE
    again = as_("officer").post(page("report-make", set_up.world, set_up.definition.pk), form, follow=True)
    assert "This period has its report already" in again.content.decode()


def test_who_may_not_make_reports_is_told_so(set_up, as_):
    assert as_("observer").post(page("report-make", set_up.world, set_up.definition.pk)).status_code == 403
    assert as_("resident").get(page("report-define", set_up.world)).status_code == 403


def test_a_waiting_report_says_so_and_has_no_pdf_yet(set_up, as_):
    report, _ = ask_for_report(definition=set_up.definition, period=set_up.period)
    answer = as_("chair").get(page("report-detail", set_up.world, report.pk))
    assert "The report is being made." in answer.content.decode()
    assert as_("chair").get(page("report-pdf", set_up.world, report.pk)).status_code == 404


def test_the_list_asks_the_same_number_of_queries_however_long(set_up, as_, django_assert_num_queries):
    client = as_("observer")
    address = page("report-list", set_up.world)
    client.get(address)

    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    before = count()
    for number in range(5):
        definition = define_report(
            partnership=set_up.world.partnership, name=f"Report {number}", frequency="month"
        )
        ask_for_report(definition=definition, period=set_up.period)
    assert count() <= before + 1


def test_setting_up_and_changing_a_report(set_up, as_):
    client = as_("manager")
    people = [set_up.world.chair.pk]
    client.post(
        page("report-define", set_up.world),
        {"name": "Quarterly", "frequency": "quarter", "recipients": people},
    )
    made_now = set_up.world.partnership.report_definitions.get(name="Quarterly")
    address = page("report-change", set_up.world, made_now.pk)
    fields = {
        "name": "Each quarter",
        "frequency": "quarter",
        "recipients": people,
        "version": made_now.version,
    }
    assert client.post(address, fields).status_code == 302
    stale = client.post(address, fields | {"name": "Older edit"})
    assert stale.status_code == 200
    assert "Somebody else saved this" in stale.content.decode()
    assert "Older edit" in stale.content.decode()
    made_now.refresh_from_db()
    assert made_now.name == "Each quarter"
    assert not made_now.is_active
