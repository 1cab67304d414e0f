"""A measure's page and what belongs to it: files, groups, places, remarks, and the chart on other websites."""

from django.urls import path

from outcomes.views import embeds, measure_files, measure_parts, measures, remarks

MEASURE = "measures/<slug:measure>/"
urlpatterns = [
    path(MEASURE, measures.MeasurePage.as_view(), name="measure"),
    path(f"{MEASURE}chart.svg", measure_files.MeasureChart.as_view(), name="measure-chart"),
    path(f"{MEASURE}chart.png", measure_files.MeasurePicture.as_view(), name="measure-picture"),
    path(f"{MEASURE}figures.csv", measure_files.MeasureData.as_view(), name="measure-data"),
    path(f"{MEASURE}groups.csv", measure_files.GroupData.as_view(), name="measure-groups-data"),
    path(f"{MEASURE}places.csv", measure_files.PlacesData.as_view(), name="measure-places-data"),
    path(f"{MEASURE}groups/<int:group>/", measure_parts.GroupsPage.as_view(), name="measure-groups"),
    path(f"{MEASURE}compare/", measure_parts.ComparePlaces.as_view(), name="measure-compare"),
    path(f"{MEASURE}remarks/new/", remarks.AddRemark.as_view(), name="remark-new"),
    path(
        f"{MEASURE}remarks/<int:remark>/answer/",
        remarks.AnswerRemark.as_view(),
        name="remark-answer",
    ),
    path(
        f"{MEASURE}remarks/<int:remark>/take-back/",
        remarks.TakeBack.as_view(),
        name="remark-take-back",
    ),
    path(
        f"{MEASURE}remarks/<int:remark>/remove/",
        remarks.RemoveRemark.as_view(),
        name="remark-remove",
    ),
    path(f"{MEASURE}embeds/", embeds.MeasureEmbeds.as_view(), name="measure-embeds"),
    path("embeds/", embeds.EmbedList.as_view(), name="embed-list"),
    path("embeds/allow/", embeds.AllowEmbedding.as_view(), name="embed-allow"),
    path("embeds/<int:embed>/end/", embeds.EndEmbed.as_view(), name="embed-end"),
]
