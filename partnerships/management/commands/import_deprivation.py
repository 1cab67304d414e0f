from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from partnerships.actions.places import import_authority_deprivation, import_small_area_deprivation
from partnerships.errors import DomainError


class Command(BaseCommand):
    help = "Load the Indices of Deprivation: published summaries of local authorities, and small areas. Run import_places first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--authorities", type=Path, help="such as imd2025_ltla24_england.csv")
        parser.add_argument("--small-areas", type=Path, help="such as imd2025_lsoa21_england.csv")
        parser.add_argument("--year", type=int, default=2025, help="of the indices (default: 2025)")

    def handle(self, *args: Any, **options: Any) -> None:
        loads = [
            ("Local authorities", options["authorities"], import_authority_deprivation),
            ("Small areas", options["small_areas"], import_small_area_deprivation),
        ]
        if not any(path for _, path, _ in loads):
            raise CommandError("Say which file to load: --authorities, --small-areas or both.")
        try:
            with transaction.atomic():
                said = [
                    f"{what}: {load(path=path, year=options['year'])}." for what, path, load in loads if path
                ]
        except DomainError as refused:
            raise CommandError(refused.message) from None
        for line in said:
            self.stdout.write(line)
