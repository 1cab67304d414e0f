from django.urls import path

from learning.views import entries

urlpatterns = [
    path("learning/", entries.LearningLog.as_view(), name="learning-list"),
    path("learning/new/", entries.WriteLearning.as_view(), name="learning-new"),
    path("learning/<int:pk>/", entries.LearningDetail.as_view(), name="learning-detail"),
    path("learning/<int:pk>/change/", entries.ChangeLearning.as_view(), name="learning-edit"),
]
