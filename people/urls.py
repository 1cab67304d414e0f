from django.urls import include, path

from people.views import (
    accepting,
    account,
    api_clients,
    calendar,
    development,
    duplicates,
    held,
    invitations,
    joining,
    joining_codes,
    leadership,
    leaving,
    memberships,
    offers,
    opening,
    organisations,
    people,
    roles,
)

urlpatterns = [
    path("roles/", roles.Roles.as_view(), name="roles"),
    path("account/", account.Account.as_view(), name="account"),
    path("join/", joining.TypeCode.as_view(), name="join"),
    path("join/<str:code>/", joining.JoinByCode.as_view(), name="join-by-code"),
    path("account/held/", held.HeldAboutMe.as_view(), name="held"),
    path("account/held/copy/", held.AskForMyCopy.as_view(), name="access-export-ask"),
    path("account/held/copy/<int:pk>/", held.CopyFile.as_view(), name="access-export"),
    path("account/held/forget/", held.ForgetMe.as_view(), name="forget-me"),
    path("account/held/leave/<int:pk>/", held.LeaveMine.as_view(), name="leave-partnership"),
    path("account/held/offers/new/<int:pk>/", offers.AddOwnOffer.as_view(), name="own-offer-new"),
    path("account/held/offers/<int:pk>/", offers.ChangeOwnOffer.as_view(), name="own-offer-edit"),
    path("account/held/offers/<int:pk>/remove/", offers.RemoveOwnOffer.as_view(), name="own-offer-remove"),
    path("account/sign-in-name/", joining.SignInName.as_view(), name="sign-in-name"),
    path("account/calendar/", calendar.CalendarPage.as_view(), name="calendar-feed"),
    path("calendar/<str:token>.ics", calendar.CalendarFile.as_view(), name="calendar-file"),
    path("account/invitations/<int:pk>/", accepting.AcceptMine.as_view(), name="invitation-mine"),
    path("account/", include("allauth.urls")),
    path("invitations/<str:token>/", accepting.Accept.as_view(), name="invitation-accept"),
    path(
        "p/<slug:partnership>/people/",
        include(
            [
                path("", people.PeopleList.as_view(), name="people-list"),
                path("add/", people.AddPerson.as_view(), name="person-add"),
                path("invite/", invitations.Invite.as_view(), name="invitation-new"),
                path("invitations/", invitations.Invitations.as_view(), name="invitation-list"),
                path(
                    "invitations/<int:pk>/send-again/", invitations.Resend.as_view(), name="invitation-resend"
                ),
                path(
                    "invitations/<int:pk>/withdraw/", invitations.Revoke.as_view(), name="invitation-revoke"
                ),
                path("joining/", joining_codes.JoiningCodes.as_view(), name="joining-codes"),
                path("joining/new/", joining_codes.NewJoiningCode.as_view(), name="joining-code-new"),
                path("joining/<int:pk>/", joining_codes.CodeDetail.as_view(), name="joining-code"),
                path(
                    "joining/<int:pk>/withdraw/",
                    joining_codes.WithdrawCode.as_view(),
                    name="joining-code-withdraw",
                ),
                path("roles/", roles.RolesHere.as_view(), name="roles-here"),
                path("duplicates/", duplicates.Duplicates.as_view(), name="person-duplicates"),
                path("<int:person>/merge/<int:other>/", duplicates.Merge.as_view(), name="person-merge"),
                path("<int:person>/apart/<int:other>/", duplicates.Apart.as_view(), name="person-apart"),
                path("<int:person>/leave/", leaving.Leave.as_view(), name="person-leave"),
                path("<int:person>/forget/", leaving.Forget.as_view(), name="person-forget"),
                path("<int:person>/name/", leaving.NoteRealName.as_view(), name="person-real-name"),
                path("<int:person>/copy/", held.AskForCopy.as_view(), name="person-copy"),
                path("<int:person>/offers/new/", offers.AddOffer.as_view(), name="offer-new"),
                path(
                    "<int:person>/offers/<int:offer>/remove/",
                    offers.RemoveOffer.as_view(),
                    name="offer-remove",
                ),
                path("<int:person>/way-back/", joining_codes.WayBack.as_view(), name="person-way-back"),
                path("second-step/", memberships.SecondFactor.as_view(), name="second-factor"),
                path("<int:person>/", people.PersonDetail.as_view(), name="person-detail"),
                path("<int:person>/details/", people.EditPerson.as_view(), name="person-edit"),
                path("<int:person>/roles/give/", memberships.GiveRole.as_view(), name="role-give"),
                path(
                    "<int:person>/roles/<int:membership>/end/", memberships.EndRole.as_view(), name="role-end"
                ),
            ]
        ),
    ),
    path(
        "p/<slug:partnership>/training/",
        include(
            [
                path("", development.CourseList.as_view(), name="course-list"),
                path("new/", development.AddCourse.as_view(), name="course-new"),
                path("<int:pk>/change/", development.ChangeCourse.as_view(), name="course-edit"),
                path("<int:pk>/cohorts/new/", development.AddCohort.as_view(), name="cohort-new"),
                path("cohorts/<int:pk>/", development.CohortDetail.as_view(), name="cohort"),
                path("cohorts/<int:pk>/change/", development.ChangeCohort.as_view(), name="cohort-edit"),
                path("cohorts/<int:pk>/people/", development.GivePlaces.as_view(), name="cohort-places"),
                path("places/<int:pk>/", development.NoteAttendance.as_view(), name="cohort-place"),
                path("places/<int:pk>/then/", development.NoteInfluence.as_view(), name="influenced-new"),
                path("then/<int:pk>/", development.ChangeInfluence.as_view(), name="influenced-edit"),
            ]
        ),
    ),
    path(
        "p/<slug:partnership>/leadership/",
        include(
            [
                path("", leadership.Leadership.as_view(), name="leadership"),
                path("new/", leadership.AddElement.as_view(), name="element-new"),
                path("<int:pk>/change/", leadership.ChangeElement.as_view(), name="element-edit"),
                path("<int:pk>/end/", leadership.EndElement.as_view(), name="element-end"),
                path("<int:pk>/hand-over/", leadership.HandOver.as_view(), name="element-hand-over"),
                path("leading/<int:pk>/", leadership.ChangeLeading.as_view(), name="leading-edit"),
                path("leading/<int:pk>/stop/", leadership.StopLeading.as_view(), name="leading-stop"),
            ]
        ),
    ),
    path(
        "p/<slug:partnership>/api/",
        include(
            [
                path("", api_clients.ApiClients.as_view(), name="api-clients"),
                path("links/", opening.OpenInfluence.as_view(), name="influence-opening"),
                path("new/", api_clients.NewApiClient.as_view(), name="api-client-new"),
                path("<int:pk>/", api_clients.ApiClientDetail.as_view(), name="api-client"),
                path("<int:pk>/change/", api_clients.ChangeApiClient.as_view(), name="api-client-change"),
                path("<int:pk>/renew/", api_clients.RenewSecret.as_view(), name="api-client-renew"),
                path("<int:pk>/end/", api_clients.EndApiClient.as_view(), name="api-client-end"),
            ]
        ),
    ),
    path(
        "p/<slug:partnership>/people/organisations/",
        include(
            [
                path("", organisations.OrganisationList.as_view(), name="organisation-list"),
                path("add/", organisations.AddOrganisation.as_view(), name="organisation-add"),
                path(
                    "<int:organisation>/",
                    organisations.OrganisationDetail.as_view(),
                    name="organisation-detail",
                ),
                path(
                    "<int:organisation>/parts/add/",
                    organisations.AddPart.as_view(),
                    name="organisation-part-add",
                ),
                path(
                    "<int:organisation>/parts/<int:part>/end/",
                    organisations.EndPart.as_view(),
                    name="organisation-part-end",
                ),
            ]
        ),
    ),
]
