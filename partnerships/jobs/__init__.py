"""What the clock starts in partnerships."""

from partnerships.jobs.activity_sheets import clear_sheets
from partnerships.jobs.agreements import remind_of_agreements
from partnerships.jobs.comments import tell_mentioned
from partnerships.jobs.commitments import remind_of_commitments
from partnerships.jobs.notices import ask_for_digests, forget_old_notices, send_waiting_notices

__all__ = [
    "ask_for_digests",
    "clear_sheets",
    "forget_old_notices",
    "remind_of_agreements",
    "remind_of_commitments",
    "send_waiting_notices",
    "tell_mentioned",
]
