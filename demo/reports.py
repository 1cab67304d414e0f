"""The reports that are made again each period. The clock makes the first of them."""

from __future__ import annotations

from demo.setting import Setting
from partnerships.models import ReportFrequency
from reports.actions.reports import define_report

STEERING = ("akinwale", "ramanathan", "ockley", "brereton", "prothero")


def load_reports(setting: Setting) -> None:
    define_report(
        partnership=setting.partnership,
        name="Quarterly report to the steering group",
        frequency=ReportFrequency.QUARTER,
        recipients=[setting.people[key] for key in STEERING],
        by=setting.manager,
    )
    define_report(
        partnership=setting.partnership,
        name="Monthly report for partners and residents",
        frequency=ReportFrequency.MONTH,
        recipients=[setting.people["ockley"], setting.people["karimi"]],
        by=setting.manager,
    )
