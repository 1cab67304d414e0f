from reports.tasks.making import make_report
from reports.tasks.returns import send_return_mails
from reports.tasks.telling import tell_people

__all__ = ["make_report", "send_return_mails", "tell_people"]
