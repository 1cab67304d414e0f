from celery import shared_task

from partnerships.actions.commitment_reminders import ask_for_commitment_reminders


@shared_task(name="partnerships.jobs.remind_of_commitments")
def remind_of_commitments() -> None:
    ask_for_commitment_reminders()
