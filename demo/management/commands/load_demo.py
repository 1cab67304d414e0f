from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo import accounts
from demo.loading import load
from partnerships.errors import DomainError


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a day. Write it as 2026-03-31.") from None


class Command(BaseCommand):
    help = "Loads a fictional borough to look around in. Loading it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="only where there is no partnership yet")
        parser.add_argument("--today", type=day, metavar="YYYY-MM-DD", help="as of this day instead of today")
        parser.add_argument("--accounts", action="store_true", help="only show who may sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["accounts"]:
            try:
                made = load(today=options["today"], only_if_empty=options["if_empty"])
            except DomainError as refusal:
                raise CommandError(refusal.message) from None
            if not made:
                self.stdout.write("Nothing was changed: there is something in the database already.")
        for line in accounts.lines():
            self.stdout.write(line)
