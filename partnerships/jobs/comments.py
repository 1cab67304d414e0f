"""What the clock starts for comments."""

from celery import shared_task

from partnerships.actions import comments


@shared_task(name="partnerships.jobs.tell_mentioned")
def tell_mentioned() -> None:
    comments.tell_waiting()
