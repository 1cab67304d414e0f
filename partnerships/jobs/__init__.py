"""What the clock starts in partnerships."""

from partnerships.jobs.agreements import remind_of_agreements
from partnerships.jobs.commitments import remind_of_commitments

__all__ = ["remind_of_agreements", "remind_of_commitments"]
