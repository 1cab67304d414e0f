"""Background work of this app. Celery looks for its tasks here."""

from outcomes.tasks.imports import check_file, save_figures, undo_figures
from outcomes.tasks.telling import tell_of_figures

__all__ = ["check_file", "save_figures", "tell_of_figures", "undo_figures"]
