from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerships.actions.places import import_places
from partnerships.errors import DomainError


class Command(BaseCommand):
    help = "Load local authorities past and present, with counties, combined authorities, regions and nations, from la_codes.csv."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", type=Path, help="la_codes.csv: one row for each local authority, past and present"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = import_places(path=options["path"])
        except DomainError as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(f"Places: {loaded}.")
