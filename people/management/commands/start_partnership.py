"""Begins a partnership: makes it and invites its first manager, who invites everybody else."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from partnerships.actions.setting_up import create_partnership
from partnerships.errors import DomainError
from partnerships.models import Place
from people.actions.invitations import invite
from people.models import Invitation
from people.permissions import Role
from people.queries.invitations import link_of


class Command(BaseCommand):
    help = "Make a partnership, invite its first manager by email, and print the link of the invitation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="What the partnership is called.")
        parser.add_argument(
            "--place", required=True, metavar="CODE", help="GSS code of its main place: E06000032."
        )
        parser.add_argument("--manager-email", required=True, metavar="EMAIL")
        parser.add_argument(
            "--manager-name", metavar="NAME", help="By default, the email address up to the @."
        )

    def handle(self, *args: Any, name: str, place: str, manager_email: str, **options: Any) -> None:
        manager_name = options["manager_name"] or manager_email.partition("@")[0].replace(".", " ").title()
        try:
            validate_email(manager_email)
        except ValidationError:
            raise CommandError(f"{manager_email} is not an email address.") from None
        main_place = Place.objects.filter(code=place).first()
        if main_place is None:
            raise CommandError(
                f"No place has the code {place}. Load England's places first with "
                "`manage.py import_places`, then look the code up there."
            )
        try:
            invitation = self.begin(name, main_place, manager_email, manager_name)
        except DomainError as refused:
            raise CommandError(refused.message) from None
        last_day = timezone.localtime(invitation.expires_at).date()
        self.stdout.write(f"{name} is begun, with {main_place.name} as its main place.")
        self.stdout.write(
            f"An invitation goes to {manager_email}. It works until {last_day:%d/%m/%Y}, and once."
        )
        self.stdout.write("If no email comes, give the manager this link by a safe way:")
        self.stdout.write(link_of(invitation))

    @transaction.atomic
    def begin(self, name: str, place: Place, email: str, manager: str) -> Invitation:
        partnership = create_partnership(name=name, started_on=timezone.localdate(), main_place=place)
        return invite(partnership=partnership, name=manager, email=email, role=Role.MANAGER)
