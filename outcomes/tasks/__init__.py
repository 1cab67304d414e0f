"""Background work of this app. Celery looks for its tasks here."""

from outcomes.tasks.imports import check_file, save_figures, undo_figures

__all__ = ["check_file", "save_figures", "undo_figures"]
