"""What the clock starts for spreadsheets of activities."""

from celery import shared_task

from partnerships.actions import activity_sheets


@shared_task(name="partnerships.jobs.clear_activity_sheets")
def clear_sheets() -> None:
    activity_sheets.clear_old_sheets()
