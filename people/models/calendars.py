import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone


def new_nonce() -> str:
    return secrets.token_hex(16)


class CalendarFeed(models.Model):
    """The secret address under which a person's calendar program reads their meetings, across partnerships.

    The address is worked out from the secret key and the nonce, so that the database alone opens nothing. A new nonce
    ends the address given before.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    nonce = models.CharField(max_length=32, default=new_nonce)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    last_read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Calendar of {self.person}"
