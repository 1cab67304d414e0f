from django.urls import path

from outcomes.views import dashboard

urlpatterns = [
    path("outcomes/", dashboard.Dashboard.as_view(), name="dashboard"),
    path("measures/<slug:measure>/", dashboard.MeasurePage.as_view(), name="measure"),
    path("measures/<slug:measure>/chart.svg", dashboard.MeasureChart.as_view(), name="measure-chart"),
    path("measures/<slug:measure>/figures.csv", dashboard.MeasureData.as_view(), name="measure-data"),
    path("measures/<slug:measure>/story/", dashboard.WriteCommentary.as_view(), name="commentary-new"),
]
