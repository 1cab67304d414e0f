"""How measures are judged: rebases, evidence, the story behind the curve, and what leads to an outcome."""

from django.urls import path, re_path

from outcomes.views import commentaries, contribution, contribution_parts, evidence, rebases

MEASURE = "measures/<slug:measure>/"
OUTCOME = "outcomes/<int:pk>/"
STONE = f"{OUTCOME}stones/<int:stone>/"
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
    path(f"{OUTCOME}map/", contribution.ContributionMapPage.as_view(), name="outcome-map"),
    path(f"{OUTCOME}map.csv", contribution.ContributionMapFile.as_view(), name="outcome-map-file"),
    path(f"{OUTCOME}stones/new/", contribution.AddStone.as_view(), name="outcome-stone-new"),
    path(f"{STONE}edit/", contribution.EditStone.as_view(), name="outcome-stone-edit"),
    path(f"{STONE}look/", contribution.LookAtStone.as_view(), name="outcome-stone-look"),
    path(f"{STONE}remove/", contribution.RemoveStone.as_view(), name="outcome-stone-remove"),
    re_path(
        r"^outcomes/(?P<pk>[0-9]{1,18})/stones/(?P<stone>[0-9]{1,18})/move-(?P<way>up|down)/$",
        contribution.MoveStone.as_view(),
        name="outcome-stone-move",
    ),
    path(f"{STONE}helps/new/", contribution_parts.AddContribution.as_view(), name="outcome-help-new"),
    path(
        f"{STONE}helps/<int:contribution>/",
        contribution_parts.EditContribution.as_view(),
        name="outcome-help-edit",
    ),
    path(
        f"{STONE}helps/<int:contribution>/remove/",
        contribution_parts.RemoveContribution.as_view(),
        name="outcome-help-remove",
    ),
    path(f"{STONE}evidence/new/", contribution_parts.AddEvidence.as_view(), name="outcome-evidence-new"),
    path(
        f"{STONE}evidence/<int:evidence>/",
        contribution_parts.EditEvidence.as_view(),
        name="outcome-evidence-edit",
    ),
    path(
        f"{STONE}evidence/<int:evidence>/remove/",
        contribution_parts.RemoveEvidence.as_view(),
        name="outcome-evidence-remove",
    ),
    path(
        f"{OUTCOME}explanations/new/",
        contribution_parts.AddExplanation.as_view(),
        name="outcome-explanation-new",
    ),
    path(
        f"{OUTCOME}explanations/<int:explanation>/",
        contribution_parts.EditExplanation.as_view(),
        name="outcome-explanation-edit",
    ),
    path(
        f"{OUTCOME}explanations/<int:explanation>/remove/",
        contribution_parts.RemoveExplanation.as_view(),
        name="outcome-explanation-remove",
    ),
]
