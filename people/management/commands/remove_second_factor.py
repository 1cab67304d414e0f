"""Lets in somebody who has lost their phone, their key and their recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from people.models import Person


class Command(BaseCommand):
    help = "Remove a person's passkeys, authenticator app and recovery codes. Make sure first that it is they who ask."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="The address the person signs in with.")

    @transaction.atomic
    def handle(self, *args: Any, email: str, **options: Any) -> None:
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {email}.")
        removed, _ = Authenticator.objects.filter(user=person).delete()
        if not removed:
            raise CommandError(f"{person.name} has no second step.")
        self.stdout.write(f"{person.name} can sign in without a second step, and set up a new one.")
