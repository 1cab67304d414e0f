from django.urls import include, path

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("people.urls")),
    path("", include("people.voice_urls")),
    path("", include("partnerships.notice_urls")),
    path("api/", include("config.api_urls")),
    path("", include("outcomes.public_urls")),
    path("p/<slug:partnership>/", include("partnerships.urls")),
    path("p/<slug:partnership>/", include("partnerships.about_urls")),
    path("p/<slug:partnership>/", include("outcomes.urls")),
    path("p/<slug:partnership>/", include("learning.urls")),
]
