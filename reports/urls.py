from django.urls import path

from reports.views import health, history, home, pages, search

urlpatterns = [
    path("", home.Start.as_view(), name="start"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accessibility/", pages.Accessibility.as_view(), name="accessibility"),
    path("privacy/", pages.Privacy.as_view(), name="privacy"),
    path("gallery/", pages.gallery, name="gallery"),
    path("p/<slug:partnership>/", home.Home.as_view(), name="home"),
    path("p/<slug:partnership>/search/", search.Search.as_view(), name="search"),
    path("p/<slug:partnership>/history/<slug:kind>/<int:pk>/", history.History.as_view(), name="history"),
]
