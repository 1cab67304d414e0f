"""What the clock does about returns."""

from celery import shared_task

from outcomes.actions.returns import open_due_returns


@shared_task(name="outcomes.jobs.open_returns")
def open_returns() -> None:
    open_due_returns()
