"""What the clock sets off in outcomes. Celery finds the jobs here."""

from outcomes.jobs.returns import open_returns

__all__ = ["open_returns"]
