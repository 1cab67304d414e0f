from django.urls import path

from reports.views import handover, health, history, home, influence, my_page, pages, reports, search

urlpatterns = [
    path("", home.Start.as_view(), name="start"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accessibility/", pages.Accessibility.as_view(), name="accessibility"),
    path("privacy/", pages.Privacy.as_view(), name="privacy"),
    path("gallery/", pages.gallery, name="gallery"),
    path("p/<slug:partnership>/", home.Home.as_view(), name="home"),
    path("p/<slug:partnership>/me/", my_page.MyPage.as_view(), name="my-page"),
    path("p/<slug:partnership>/search/", search.Search.as_view(), name="search"),
    path("p/<slug:partnership>/history/<slug:kind>/<int:pk>/", history.History.as_view(), name="history"),
    path(
        "p/<slug:partnership>/people/<int:person>/handover/",
        handover.HandoverSheet.as_view(),
        name="handover",
    ),
    path("p/<slug:partnership>/influence/", influence.Influence.as_view(), name="influence"),
    path("p/<slug:partnership>/influence/channels/", influence.Channels.as_view(), name="channels"),
    path("p/<slug:partnership>/influence/wanted/new/", influence.WantLink.as_view(), name="wanted-link-new"),
    path(
        "p/<slug:partnership>/influence/wanted/<int:pk>/end/",
        influence.GiveUpLink.as_view(),
        name="wanted-link-end",
    ),
    path("p/<slug:partnership>/reports/", reports.ReportList.as_view(), name="report-list"),
    path("p/<slug:partnership>/reports/new/", reports.NewDefinition.as_view(), name="report-define"),
    path("p/<slug:partnership>/reports/<int:pk>/", reports.ReportDetail.as_view(), name="report-detail"),
    path(
        "p/<slug:partnership>/reports/<int:pk>/progress/",
        reports.ReportProgress.as_view(),
        name="report-progress",
    ),
    path("p/<slug:partnership>/reports/<int:pk>/report.pdf", reports.ReportPdf.as_view(), name="report-pdf"),
    path(
        "p/<slug:partnership>/reports/set-up/<int:pk>/",
        reports.ChangeDefinition.as_view(),
        name="report-change",
    ),
    path(
        "p/<slug:partnership>/reports/set-up/<int:pk>/make/", reports.MakeReport.as_view(), name="report-make"
    ),
]
