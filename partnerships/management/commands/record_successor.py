from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerships.actions.local_places import record_successor
from partnerships.errors import DomainError


class Command(BaseCommand):
    help = "Say that a published code ended on a day and which code took over, where the published lookup does not yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", help="the code that ended, such as E08000016")
        parser.add_argument("new", help="the code that took over, such as E08000038")
        parser.add_argument("--last-day", type=date.fromisoformat, required=True, help="such as 2025-03-31")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            old = record_successor(old_code=options["old"], new_code=options["new"], on=options["last_day"])
        except DomainError as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(f"{old.name} ({old.code}) ended on {old.valid_to}; {options['new']} took over.")
