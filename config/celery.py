import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("throughline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="tasks")
app.autodiscover_tasks(related_name="jobs")


@setup_logging.connect
def keep_djangos_logging(**kwargs: object) -> None:
    """Celery would otherwise replace the root handlers; one logging set-up serves web and worker."""
