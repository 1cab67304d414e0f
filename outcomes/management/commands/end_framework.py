from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outcomes.actions.frameworks import end_framework
from outcomes.models import Framework


class Command(BaseCommand):
    help = "End a framework that was loaded for every partnership: nobody can link to it any more, and links stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Framework.objects.filter(name=options["name"], shared_by__isnull=True, ended_on__isnull=True)
        framework = rows.first()
        if framework is None:
            raise CommandError("No framework of this name is loaded for everybody.")
        end_framework(framework=framework)
        self.stdout.write(f"{framework} ended. What is linked to it stays linked.")
