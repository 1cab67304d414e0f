from django.urls import include, path

from people.views import (
    accepting,
    account,
    api_clients,
    calendar,
    invitations,
    joining,
    joining_codes,
    memberships,
    organisations,
    people,
    roles,
)

urlpatterns = [
    path("roles/", roles.Roles.as_view(), name="roles"),
    path("account/", account.Account.as_view(), name="account"),
    path("join/", joining.TypeCode.as_view(), name="join"),
    path("join/<str:code>/", joining.JoinByCode.as_view(), name="join-by-code"),
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
        "p/<slug:partnership>/api/",
        include(
            [
                path("", api_clients.ApiClients.as_view(), name="api-clients"),
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
