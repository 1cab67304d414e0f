from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerships.actions.council_identifiers import import_council_ids
from partnerships.errors import DomainError


class Command(BaseCommand):
    help = "Load the lookup from councils' org-id identifiers to GSS codes. It is offered when a council is added."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="such as la_orgid_to_gss.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = import_council_ids(path=options["path"])
        except DomainError as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(f"Councils: {loaded}.")
