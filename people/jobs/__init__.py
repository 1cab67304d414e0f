"""What the clock starts in people."""

from celery import shared_task

from people.actions import api_clients
from people.actions.invitations import send_waiting_invitations as send_waiting


@shared_task(name="people.jobs.send_waiting_invitations")
def send_waiting_invitations() -> None:
    send_waiting()


@shared_task(name="people.jobs.clear_expired_tokens")
def clear_expired_tokens() -> None:
    api_clients.clear_expired_tokens()
