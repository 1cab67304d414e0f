"""Addresses of the partner API, and of the sign-in for it."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from outcomes.api import observations, outcomes, programmes, returns
from partnerships.api import activities, boards, commitments, partnership
from people.api import influence
from people.views import partner_tokens
from reports.api import documentation, reports, start

version_1 = [
    path("schema", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "p/<slug:partnership>/",
        include(
            [
                path("", start.Start.as_view(), name="api-root"),
                path("partnership", partnership.PartnershipPage.as_view(), name="api-partnership"),
                path("organisations", partnership.Organisations.as_view(), name="api-organisations"),
                path("places", partnership.Places.as_view(), name="api-places"),
                path("activities", activities.Activities.as_view(), name="api-activities"),
                path("activities/<int:pk>", activities.OneActivity.as_view(), name="api-activity"),
                path("commitments", commitments.Commitments.as_view(), name="api-commitments"),
                path("commitments/<int:pk>", commitments.OneCommitment.as_view(), name="api-commitment"),
                path("boards", boards.Boards.as_view(), name="api-boards"),
                path("meetings", boards.Meetings.as_view(), name="api-meetings"),
                path("decisions", boards.Decisions.as_view(), name="api-decisions"),
                path("links", influence.Links.as_view(), name="api-links"),
                path("channels", influence.Channels.as_view(), name="api-channels"),
                path("outcomes", outcomes.Outcomes.as_view(), name="api-outcomes"),
                path("measures", outcomes.Measures.as_view(), name="api-measures"),
                path("observations", observations.Observations.as_view(), name="api-observations"),
                path(
                    "observations.csv",
                    observations.ObservationsExport.as_view(),
                    name="api-observations-export",
                ),
                path("programmes", programmes.Programmes.as_view(), name="api-programmes"),
                path("programmes/<int:pk>", programmes.OneProgramme.as_view(), name="api-programme"),
                path("returns", returns.Returns.as_view(), name="api-returns"),
                path("returns/<int:pk>", returns.OneReturn.as_view(), name="api-return"),
                path("reports", reports.Reports.as_view(), name="api-reports"),
                path("reports/<int:pk>", reports.OneReport.as_view(), name="api-report"),
                path("reports/<int:pk>/report.pdf", reports.ReportFile.as_view(), name="api-report-pdf"),
            ]
        ),
    ),
    path("", reports.NothingHere.as_view(), name="api-nothing"),
    path("<path:rest>", reports.NothingHere.as_view(), name="api-nothing-here"),
]

urlpatterns = [
    path("", documentation.Documentation.as_view(), name="api-docs"),
    path("token", partner_tokens.GiveToken.as_view(), name="api-token"),
    path("token/revoke", partner_tokens.RevokeToken.as_view(), name="api-token-revoke"),
    path("v1/", include(version_1)),
]
