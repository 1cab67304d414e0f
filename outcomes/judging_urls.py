"""How measures are judged: rebases, evidence, the story behind the curve, and what leads to an outcome."""

from django.urls import path, re_path

from outcomes.views import commentaries, evidence, rebases

MEASURE = "measures/<slug:measure>/"
urlpatterns = [
    path(f"{MEASURE}rebase/", rebases.AddRebase.as_view(), name="rebase-new"),
    path(f"{MEASURE}rebase/<int:rebase>/withdraw/", rebases.WithdrawRebase.as_view(), name="rebase-withdraw"),
    path("evidence/standards/", evidence.Standards.as_view(), name="evidence-standards"),
    path("evidence/standards/start/", evidence.StartWithCommon.as_view(), name="evidence-standards-start"),
    path("evidence/standards/new/", evidence.AddStandard.as_view(), name="evidence-standard-new"),
    path(
        "evidence/standards/<int:standard>/edit/",
        evidence.EditStandard.as_view(),
        name="evidence-standard-edit",
    ),
    path(
        "evidence/standards/<int:standard>/end/", evidence.EndStandard.as_view(), name="evidence-standard-end"
    ),
    re_path(
        r"^evidence/standards/(?P<standard>[0-9]{1,18})/move-(?P<way>up|down)/$",
        evidence.MoveStandard.as_view(),
        name="evidence-standard-move",
    ),
    path(f"{MEASURE}evidence/", evidence.CheckEvidence.as_view(), name="evidence-check"),
    path(f"{MEASURE}story/", commentaries.WriteCommentary.as_view(), name="commentary-new"),
    path(f"{MEASURE}story/<int:commentary>/", commentaries.EditCommentary.as_view(), name="commentary-edit"),
    path(
        f"{MEASURE}story/<int:commentary>/decided/", commentaries.Decided.as_view(), name="commentary-decided"
    ),
    path(f"{MEASURE}turn-the-curve/", commentaries.TurnTheCurve.as_view(), name="turn-the-curve"),
]
