from partnerships.tasks.agreements import send_agreement_reminder
from partnerships.tasks.commitments import send_commitment_reminder

__all__ = ["send_agreement_reminder", "send_commitment_reminder"]
