"""Sends the mails about returns, each once."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from outcomes.models import ReturnMail, ReturnMailKind, ReturnStatus
from outcomes.queries.returns import STILL_OWED
from partnerships.models import NoticeKind
from partnerships.tasks.notices import note_mailed, wants_own_letter
from partnerships.tasks.telling import untell
from reports.emails.returns import return_letter

log = structlog.get_logger(__name__)


@shared_task(name="reports.send_return_mails")
def send_return_mails() -> None:
    """One mail for each row not sent yet. A row is locked while its mail goes out, so two workers never send the same.

    What has lost its sense meanwhile, since the return was sent, is dropped. What cannot be sent stays, and the clock asks again.
    Who wants no mail at once about returns gets none here: then it is settled, and a digest may say it.
    """
    for pk in ReturnMail.objects.filter(sent_at__isnull=True).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            mail = (
                ReturnMail.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related(
                    "returned_in__programme",
                    "returned_in__period",
                    "returned_in__organisation",
                    "returned_in__partnership",
                    "person",
                )
                .filter(pk=pk, sent_at__isnull=True)
                .first()
            )
            if mail is None:
                continue
            if not _still_makes_sense(mail):
                untell(
                    partnership_id=mail.partnership_id,
                    about=occasion_of(mail.returned_in_id, mail.kind, mail.occasion),
                )
                mail.delete()
                continue
            here = {"person": mail.person_id, "partnership": mail.partnership_id}
            wanted = wants_own_letter(**here, kind=NoticeKind.RETURN)
            try:
                if wanted:
                    return_letter(mail).send()
            except OSError as problem:  # One full mail box must not stop the others.
                log.warning("return mail not sent", mail=pk, problem=type(problem).__name__)
                continue
            mail.sent_at = timezone.now()
            mail.save(update_fields=["sent_at"])
            if wanted:
                note_mailed(**here, occasion=occasion_of(mail.returned_in_id, mail.kind, mail.occasion))


def occasion_of(found: int, kind: str, occasion: str) -> str:
    """How the notice is called that says the same."""
    return f"return {found} {kind} {occasion}"


def _still_makes_sense(mail: ReturnMail) -> bool:
    status = mail.returned_in.status
    if mail.kind == ReturnMailKind.SENT_BACK:
        return status == ReturnStatus.SENT_BACK
    return status in STILL_OWED
