from reports.tasks.making import make_report
from reports.tasks.telling import tell_people

__all__ = ["make_report", "tell_people"]
