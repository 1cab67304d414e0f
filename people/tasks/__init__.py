from people.tasks.invitations import send_invitation

__all__ = ["send_invitation"]
