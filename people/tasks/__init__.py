from people.tasks.access import make_access_export
from people.tasks.invitations import send_invitation

__all__ = ["make_access_export", "send_invitation"]
