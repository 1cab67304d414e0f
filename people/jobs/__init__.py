"""What the clock starts in people."""

from celery import shared_task

from people.actions import access, api_clients, api_requests, voice_notices
from people.actions.invitations import send_waiting_invitations as send_waiting


@shared_task(name="people.jobs.send_waiting_invitations")
def send_waiting_invitations() -> None:
    send_waiting()


@shared_task(name="people.jobs.clear_expired_tokens")
def clear_expired_tokens() -> None:
    api_clients.clear_expired_tokens()
    api_requests.forget_old_requests()


@shared_task(name="people.jobs.tend_copies")
def tend_copies() -> None:
    """Copies of what is held about people: those that were not made yet, and those that are seven days old."""
    access.send_waiting_copies()
    access.delete_old_copies()


@shared_task(name="people.jobs.tell_of_unanswered_voices")
def tell_of_unanswered_voices() -> None:
    voice_notices.tell_of_unanswered()
