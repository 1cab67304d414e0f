"""What of outcomes anybody may read who has a signed address."""

from django.urls import path

from outcomes.views.embeds import PublicEmbed

urlpatterns = [path("embed/<str:token>/", PublicEmbed.as_view(), name="embed")]
