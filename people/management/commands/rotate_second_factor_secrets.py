"""Encrypts the secrets of second steps under the newest secret key, so that older ones can be forgotten."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from people.adapters import MFAAdapter


class Command(BaseCommand):
    help = "After SECRET_KEY was changed and the old one put into SECRET_KEY_FALLBACKS: encrypt second steps anew."

    def handle(self, *args: Any, **options: Any) -> None:
        adapter = MFAAdapter()
        done, unreadable = 0, 0
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
        for pk in Authenticator.objects.filter(type__in=kinds).values_list("pk", flat=True):
            with transaction.atomic():
                kept = Authenticator.objects.select_for_update().get(pk=pk)
                try:
                    for name in {"secret", "seed"} & kept.data.keys():
                        kept.data[name] = adapter.rotate(kept.data[name])
                except InvalidToken:
                    unreadable += 1
                    continue
                kept.save(update_fields=["data"])
                done += 1
        self.stdout.write(f"{done} encrypted with the newest key.")
        if unreadable:
            raise CommandError(
                f"{unreadable} can be read with none of the keys. Put the key they were made under into "
                "SECRET_KEY_FALLBACKS and run this again."
            )
