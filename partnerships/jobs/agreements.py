from celery import shared_task

from partnerships.actions.agreement_reminders import ask_for_agreement_reminders


@shared_task(name="partnerships.jobs.remind_of_agreements")
def remind_of_agreements() -> None:
    ask_for_agreement_reminders()
