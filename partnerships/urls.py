from django.urls import path

from partnerships.views import activities, activity_log, drafts

urlpatterns = [
    path("activities/", activity_log.ActivityList.as_view(), name="activity-list"),
    path("activities/new/", activities.LogActivity.as_view(), name="activity-new"),
    path("activities/draft/", drafts.KeepDraft.as_view(), name="activity-draft"),
    path("activities/draft/discard/", drafts.DiscardDraft.as_view(), name="activity-draft-discard"),
    path("activities/<int:pk>/", activities.ActivityDetail.as_view(), name="activity-detail"),
    path("activities/<int:pk>/edit/", activities.ChangeActivity.as_view(), name="activity-edit"),
    path("activities/<int:pk>/next-step/", activities.NextStep.as_view(), name="activity-next-step"),
]
