from django.urls import path

from outcomes.views import dashboard, imports, imports_preview, measures_setup

urlpatterns = [
    path("outcomes/", dashboard.Dashboard.as_view(), name="dashboard"),
    path("outcomes/new/", measures_setup.AddOutcome.as_view(), name="outcome-new"),
    path("outcomes/<int:pk>/edit/", measures_setup.EditOutcome.as_view(), name="outcome-edit"),
    path("measures/new/", measures_setup.AddMeasure.as_view(), name="measure-new"),
    path("measures/<slug:measure>/edit/", measures_setup.EditMeasure.as_view(), name="measure-edit"),
    path("measures/<slug:measure>/targets/new/", measures_setup.SetTarget.as_view(), name="target-new"),
    path("imports/", imports.ImportList.as_view(), name="import-list"),
    path("imports/new/", imports.Upload.as_view(), name="import-new"),
    path("imports/recipes/<int:pk>/remove/", imports.RemoveRecipe.as_view(), name="import-recipe-remove"),
    path("imports/<int:pk>/", imports_preview.Detail.as_view(), name="import-detail"),
    path("imports/<int:pk>/columns/", imports.MapColumns.as_view(), name="import-map"),
    path("imports/<int:pk>/layout/", imports.Layout.as_view(), name="import-layout"),
    path("imports/<int:pk>/preview/", imports_preview.Preview.as_view(), name="import-preview"),
    path("imports/<int:pk>/progress/", imports_preview.Progress.as_view(), name="import-progress"),
    path("imports/<int:pk>/confirm/", imports_preview.Confirm.as_view(), name="import-confirm"),
    path("imports/<int:pk>/put-aside/", imports_preview.GiveUp.as_view(), name="import-give-up"),
    path("imports/<int:pk>/again/", imports_preview.Again.as_view(), name="import-again"),
    path("imports/<int:pk>/refused.csv", imports_preview.RefusedRows.as_view(), name="import-refused"),
    path("imports/<int:pk>/undo/", imports_preview.Undo.as_view(), name="import-undo"),
    path("measures/<slug:measure>/", dashboard.MeasurePage.as_view(), name="measure"),
    path("measures/<slug:measure>/chart.svg", dashboard.MeasureChart.as_view(), name="measure-chart"),
    path("measures/<slug:measure>/figures.csv", dashboard.MeasureData.as_view(), name="measure-data"),
    path("measures/<slug:measure>/story/", dashboard.WriteCommentary.as_view(), name="commentary-new"),
]
