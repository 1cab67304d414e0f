from django.urls import path, re_path

from partnerships.views import (
    activities,
    activity_log,
    boards,
    commitment_list,
    commitments,
    commitments_closing,
    documents,
    drafts,
    programmes,
)

urlpatterns = [
    path("activities/", activity_log.ActivityList.as_view(), name="activity-list"),
    path("activities/counts/", activity_log.ActivityCounts.as_view(), name="activity-counts"),
    path("activities/filters/", activity_log.SaveFilter.as_view(), name="activity-filters"),
    path("activities/new/", activities.LogActivity.as_view(), name="activity-new"),
    path("activities/draft/", drafts.KeepDraft.as_view(), name="activity-draft"),
    path("activities/draft/discard/", drafts.DiscardDraft.as_view(), name="activity-draft-discard"),
    re_path(
        r"^activities/export\.(?P<kind>csv|xlsx)$",
        activity_log.ActivityExport.as_view(),
        name="activity-export",
    ),
    path("activities/<int:pk>/", activities.ActivityDetail.as_view(), name="activity-detail"),
    path("activities/<int:pk>/edit/", activities.ChangeActivity.as_view(), name="activity-edit"),
    path("activities/<int:pk>/next-step/", activities.NextStep.as_view(), name="activity-next-step"),
    path("boards/", boards.BoardList.as_view(), name="board-list"),
    path("boards/new/", boards.AddBoard.as_view(), name="board-new"),
    path("boards/<int:board>/", boards.BoardDetail.as_view(), name="board-detail"),
    path("boards/<int:board>/change/", boards.ChangeBoard.as_view(), name="board-edit"),
    path("boards/<int:board>/seats/new/", boards.TakeSeat.as_view(), name="seat-new"),
    path("boards/<int:board>/seats/<int:seat>/end/", boards.EndSeat.as_view(), name="seat-end"),
    path("documents/<int:pk>/", documents.DocumentFile.as_view(), name="document"),
    path("documents/<int:pk>/remove/", documents.RemoveDocument.as_view(), name="document-remove"),
    path("programmes/", programmes.ProgrammeList.as_view(), name="programme-list"),
    path("programmes/new/", programmes.AddProgramme.as_view(), name="programme-new"),
    path("programmes/<int:pk>/", programmes.ProgrammeDetail.as_view(), name="programme-detail"),
    path("programmes/<int:pk>/change/", programmes.ChangeProgramme.as_view(), name="programme-edit"),
    path("commitments/", commitment_list.CommitmentList.as_view(), name="commitment-list"),
    path("commitments/new/", commitments.MakeCommitment.as_view(), name="commitment-new"),
    re_path(
        r"^commitments/export\.(?P<kind>csv|xlsx)$",
        commitment_list.CommitmentExport.as_view(),
        name="commitment-export",
    ),
    path(
        "commitments/from-activity/<int:activity>/",
        commitments.CommitmentFromNextStep.as_view(),
        name="commitment-from-next-step",
    ),
    path("commitments/<int:pk>/", commitments.CommitmentDetail.as_view(), name="commitment-detail"),
    path("commitments/<int:pk>/edit/", commitments.ChangeCommitment.as_view(), name="commitment-edit"),
    path("commitments/<int:pk>/undo/", commitments.UndoCommitment.as_view(), name="commitment-undo"),
    path("commitments/<int:pk>/take-on/", commitments_closing.TakeOn.as_view(), name="commitment-take-on"),
    path(
        "commitments/<int:pk>/close/", commitments_closing.CloseCommitment.as_view(), name="commitment-close"
    ),
    path(
        "commitments/<int:pk>/reopen/",
        commitments_closing.ReopenCommitment.as_view(),
        name="commitment-reopen",
    ),
    path(
        "commitments/<int:pk>/verify/",
        commitments_closing.VerifyCommitment.as_view(),
        name="commitment-verify",
    ),
]
