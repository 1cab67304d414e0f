from reports.models.reports import Delivery, Report, ReportDefinition, ReportStatus

__all__ = ["Delivery", "Report", "ReportDefinition", "ReportStatus"]
