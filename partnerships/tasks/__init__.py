from partnerships.tasks.agreements import send_agreement_reminder
from partnerships.tasks.commitments import send_commitment_reminder
from partnerships.tasks.mentions import tell_mentioned
from partnerships.tasks.notices import send_digest, send_notices

__all__ = [
    "send_agreement_reminder",
    "send_commitment_reminder",
    "send_digest",
    "send_notices",
    "tell_mentioned",
]
