"""What the clock starts in partnerships."""

from partnerships.jobs.activity_sheets import clear_sheets
from partnerships.jobs.agreements import remind_of_agreements
from partnerships.jobs.comments import tell_mentioned
from partnerships.jobs.commitments import remind_of_commitments

__all__ = ["clear_sheets", "remind_of_agreements", "remind_of_commitments", "tell_mentioned"]
