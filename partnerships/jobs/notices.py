"""What the clock starts for notices."""

from celery import shared_task

from partnerships.actions import notices
from partnerships.tasks.notices import send_notices


@shared_task(name="partnerships.jobs.send_waiting_notices")
def send_waiting_notices() -> None:
    """What could not be sent when it happened, as when the mail server was down."""
    send_notices()


@shared_task(name="partnerships.jobs.ask_for_digests")
def ask_for_digests() -> None:
    notices.ask_for_digests()


@shared_task(name="partnerships.jobs.forget_old_notices")
def forget_old_notices() -> None:
    notices.forget_old_notices()
