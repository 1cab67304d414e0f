from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outcomes.actions.frameworks import load_framework
from outcomes.imports.frameworks import Wrong, read_items
from partnerships.errors import DomainError


class Command(BaseCommand):
    help = (
        "Load a framework of outcomes for every partnership, or a later edition of one that is loaded. The file has the columns "
        "code, title, description and parent. Items that a later edition no longer has end; links to them stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a CSV file or an Excel workbook")
        parser.add_argument("--name", required=True, help="the same name loads a later edition")
        for option in ("publisher", "edition", "url", "licence"):
            parser.add_argument(f"--{option}", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["path"].open("rb") as file:
                items = read_items(file)
            loaded = load_framework(
                name=options["name"],
                items=items,
                publisher=options["publisher"],
                edition=options["edition"],
                source_url=options["url"],
                licence=options["licence"],
            )
        except OSError as error:
            raise CommandError(f"The file can't be opened: {error.strerror}.") from None
        except Wrong as wrong:
            raise CommandError("\n".join(wrong.said)) from None
        except DomainError as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(f"{loaded.framework}: {len(items)} items. {loaded.sentence}")
