from partnerships.tasks.agreements import send_agreement_reminder
from partnerships.tasks.commitments import send_commitment_reminder
from partnerships.tasks.mentions import tell_mentioned

__all__ = ["send_agreement_reminder", "send_commitment_reminder", "tell_mentioned"]
