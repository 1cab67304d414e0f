from django.urls import path

from partnerships.views import notices

urlpatterns = [
    path("emails/stop/<str:way>/", notices.Unsubscribe.as_view(), name="unsubscribe"),
    path("p/<slug:partnership>/me/told/", notices.Notices.as_view(), name="notice-list"),
    path("p/<slug:partnership>/me/told/read/", notices.ReadAll.as_view(), name="notices-read"),
    path("p/<slug:partnership>/me/told/<int:notice>/read/", notices.ReadOne.as_view(), name="notice-read"),
    path("p/<slug:partnership>/me/emails/", notices.Choices.as_view(), name="notification-choices"),
]
