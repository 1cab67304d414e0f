from django.urls import include, path, re_path

from partnerships.models import Commitment
from partnerships.views import (
    activities,
    activity_calendar,
    activity_files,
    activity_log,
    activity_review,
    activity_sheets,
    activity_templates,
    agendas,
    boards,
    comments,
    commitment_list,
    commitments,
    commitments_closing,
    documents,
    drafts,
    meetings,
    minutes,
    money,
    own_kinds,
    periods,
    programmes,
    seats,
    spread,
)

urlpatterns = [
    path("activities/", activity_log.ActivityList.as_view(), name="activity-list"),
    path("activities/counts/", activity_log.ActivityCounts.as_view(), name="activity-counts"),
    path("activities/filters/", activity_log.SaveFilter.as_view(), name="activity-filters"),
    path("activities/new/", activities.LogActivity.as_view(), name="activity-new"),
    path("activities/timeline/", activity_calendar.ActivityTimeline.as_view(), name="activity-timeline"),
    path("activities/calendar/", activity_calendar.ActivityCalendar.as_view(), name="activity-calendar"),
    path("activities/settings/", own_kinds.ActivitySettings.as_view(), name="activity-settings"),
    path("activities/kinds/new/", own_kinds.AddOwnKind.as_view(), name="own-kind-new"),
    path("activities/kinds/<int:own_kind>/", own_kinds.RenameOwnKind.as_view(), name="own-kind-rename"),
    path("activities/kinds/<int:own_kind>/end/", own_kinds.EndOwnKind.as_view(), name="own-kind-end"),
    path("activities/templates/", activity_templates.TemplateList.as_view(), name="activity-templates"),
    path(
        "activities/templates/<int:template>/",
        activity_templates.ChangeTemplate.as_view(),
        name="activity-template-change",
    ),
    path(
        "activities/templates/<int:template>/remove/",
        activity_templates.RemoveTemplate.as_view(),
        name="activity-template-remove",
    ),
    path("activities/sheets/new/", activity_sheets.UploadSheet.as_view(), name="activity-sheet-new"),
    path(
        "activities/sheets/blank.xlsx", activity_sheets.BlankSheet.as_view(), name="activity-sheet-blank"
    ),
    path("activities/sheets/<int:sheet>/", activity_sheets.SheetPreview.as_view(), name="activity-sheet"),
    path(
        "activities/sheets/<int:sheet>/give-up/",
        activity_sheets.GiveUpSheet.as_view(),
        name="activity-sheet-give-up",
    ),
    path("activities/review/", activity_review.ReviewQueue.as_view(), name="activity-review-queue"),
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
    path(
        "activities/<int:pk>/template/",
        activity_templates.KeepTemplate.as_view(),
        name="activity-template-keep",
    ),
    path("activities/<int:pk>/file/", activity_files.AttachFile.as_view(), name="activity-file"),
    path("activities/<int:pk>/submit/", activity_review.SubmitForReview.as_view(), name="activity-submit"),
    path("activities/<int:pk>/review/", activity_review.ReviewActivity.as_view(), name="activity-review"),
    path("activities/<int:pk>/comments/", comments.WriteComment.as_view(), name="activity-comment"),
    path(
        "activities/<int:pk>/comments/seen/", comments.MentionsSeen.as_view(), name="activity-comments-seen"
    ),
    path(
        "commitments/<int:pk>/comments/",
        comments.WriteComment.as_view(model=Commitment),
        name="commitment-comment",
    ),
    path(
        "commitments/<int:pk>/comments/seen/",
        comments.MentionsSeen.as_view(model=Commitment),
        name="commitment-comments-seen",
    ),
    path("comments/<int:comment>/", comments.ChangeComment.as_view(), name="comment-change"),
    path("boards/", boards.BoardList.as_view(), name="board-list"),
    path("boards/new/", boards.AddBoard.as_view(), name="board-new"),
    path("boards/<int:board>/", boards.BoardDetail.as_view(), name="board-detail"),
    path("boards/<int:board>/change/", boards.ChangeBoard.as_view(), name="board-edit"),
    path("boards/<int:board>/close/", boards.CloseBoard.as_view(), name="board-close"),
    path("boards/<int:board>/open-again/", boards.ReopenBoard.as_view(), name="board-reopen"),
    path("boards/<int:board>/decisions/", minutes.DecisionList.as_view(), name="decision-list"),
    path("boards/<int:board>/seats/new/", seats.TakeSeat.as_view(), name="seat-new"),
    path("boards/<int:board>/seats/<int:seat>/end/", seats.EndSeat.as_view(), name="seat-end"),
    path("boards/<int:board>/vacancies/new/", seats.OpenVacancy.as_view(), name="vacancy-new"),
    path(
        "boards/<int:board>/vacancies/<int:vacancy>/close/",
        seats.CloseVacancy.as_view(),
        name="vacancy-close",
    ),
    path(
        "boards/<int:board>/standing-items/",
        include(
            [
                path("", agendas.StandingItems.as_view(), name="standing-items"),
                path(
                    "<int:standing>/change/", agendas.ChangeStandingItem.as_view(), name="standing-item-edit"
                ),
                re_path(
                    r"^(?P<standing>[0-9]{1,18})/move-(?P<way>up|down)/$",
                    agendas.MoveStandingItem.as_view(),
                    name="standing-item-move",
                ),
                path("<int:standing>/end/", agendas.EndStandingItem.as_view(), name="standing-item-end"),
            ]
        ),
    ),
    path("boards/<int:board>/meetings/", meetings.MeetingList.as_view(), name="meeting-list"),
    path("boards/<int:board>/meetings/new/", meetings.PlanMeeting.as_view(), name="meeting-new"),
    path(
        "boards/<int:board>/meetings/<int:meeting>/",
        include(
            [
                path("", meetings.MeetingDetail.as_view(), name="meeting-detail"),
                path("change/", meetings.ChangeMeeting.as_view(), name="meeting-edit"),
                path("cancel/", meetings.CancelMeeting.as_view(), name="meeting-cancel"),
                path("held/", meetings.MarkHeld.as_view(), name="meeting-held"),
                path("plan-again/", meetings.PlanAgain.as_view(), name="meeting-again"),
                path("pack/", meetings.MeetingPack.as_view(), name="meeting-pack"),
                path("minutes/", meetings.MeetingMinutes.as_view(), name="meeting-minutes"),
                path("minutes/write/", minutes.WriteMinutes.as_view(), name="minutes-edit"),
                path("minutes/agree/", minutes.AgreeMinutes.as_view(), name="minutes-agree"),
                path("minutes/open-again/", minutes.ReopenMinutes.as_view(), name="minutes-reopen"),
                path("attendance/", minutes.TakeAttendance.as_view(), name="attendance"),
                path("papers/new/", agendas.AddPaper.as_view(), name="paper-new"),
                path("agenda/", agendas.Agenda.as_view(), name="agenda"),
                path("agenda/<int:item>/change/", agendas.ChangeItem.as_view(), name="agenda-item-edit"),
                re_path(
                    r"^agenda/(?P<item>[0-9]{1,18})/move-(?P<way>up|down)/$",
                    agendas.MoveItem.as_view(),
                    name="agenda-item-move",
                ),
                path("agenda/<int:item>/remove/", agendas.RemoveItem.as_view(), name="agenda-item-remove"),
                path("decisions/new/", minutes.RecordDecision.as_view(), name="decision-new"),
                path(
                    "decisions/<int:decision>/change/", minutes.ChangeDecision.as_view(), name="decision-edit"
                ),
                path(
                    "decisions/<int:decision>/what-became/",
                    minutes.FollowUpDecision.as_view(),
                    name="decision-follow-up",
                ),
                path(
                    "decisions/<int:decision>/remove/",
                    minutes.RemoveDecision.as_view(),
                    name="decision-remove",
                ),
            ]
        ),
    ),
    path("documents/<int:pk>/", documents.DocumentFile.as_view(), name="document"),
    path("documents/<int:pk>/remove/", documents.RemoveDocument.as_view(), name="document-remove"),
    path("programmes/", programmes.ProgrammeList.as_view(), name="programme-list"),
    path("programmes/new/", programmes.AddProgramme.as_view(), name="programme-new"),
    path("programmes/spread/", spread.SpreadList.as_view(), name="spread-list"),
    path("programmes/spread/new/", spread.RecordAdoption.as_view(), name="spread-new"),
    path("programmes/spread/spread.csv", spread.SpreadExport.as_view(), name="spread-csv"),
    path("programmes/spread/spread.xlsx", spread.SpreadExport.as_view(kind="xlsx"), name="spread-xlsx"),
    path("programmes/spread/<int:pk>/change/", spread.ChangeAdoption.as_view(), name="spread-edit"),
    path("programmes/<int:pk>/change/", programmes.ChangeProgramme.as_view(), name="programme-edit"),
    path("programmes/<int:pk>/status/", programmes.ChangeStatus.as_view(), name="programme-status"),
    path("programmes/<int:pk>/money/new/", money.AddMoney.as_view(), name="programme-money-new"),
    path(
        "programmes/<int:pk>/money/<int:line>/change/",
        money.ChangeMoney.as_view(),
        name="programme-money-edit",
    ),
    path(
        "programmes/<int:pk>/money/<int:line>/remove/",
        money.RemoveMoney.as_view(),
        name="programme-money-remove",
    ),
    path("programmes/<int:pk>/periods/new/", periods.AddPeriod.as_view(), name="programme-period-new"),
    path(
        "programmes/<int:pk>/periods/propose/",
        periods.ProposePeriods.as_view(),
        name="programme-periods-propose",
    ),
    path(
        "programmes/<int:pk>/periods/<int:period>/change/",
        periods.ChangePeriod.as_view(),
        name="programme-period-edit",
    ),
    path(
        "programmes/<int:pk>/periods/<int:period>/remove/",
        periods.RemovePeriod.as_view(),
        name="programme-period-remove",
    ),
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
