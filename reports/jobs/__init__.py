"""What the clock sets off."""

import time

from celery import shared_task
from django.core.cache import cache

from reports.actions.reports import ask_for_due_reports
from reports.actions.returns import ask_for_return_mails
from reports.queries.heartbeat import HEARTBEAT


@shared_task(name="reports.jobs.heartbeat")
def heartbeat() -> None:
    """Writes down that the clock ticks and a worker answers; `/readyz` reads it."""
    cache.set(HEARTBEAT, time.time(), timeout=600)


@shared_task(name="reports.jobs.make_due_reports")
def make_due_reports() -> None:
    ask_for_due_reports()


@shared_task(name="reports.jobs.tell_about_returns")
def tell_about_returns() -> None:
    ask_for_return_mails()
