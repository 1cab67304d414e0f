"""Addresses of the partnership's own page, of what belongs to it, and of organisations and contacts as it keeps them."""

from django.urls import path, re_path

from partnerships.views import (
    agreements,
    contacts,
    local_places,
    organisations,
    partnership_page,
    places,
    rules,
    stories,
    strategies,
)

urlpatterns = [
    path("about/", partnership_page.About.as_view(), name="about"),
    path("about/change/", partnership_page.ChangeAbout.as_view(), name="about-edit"),
    path("about/rules/", rules.RuleList.as_view(), name="rule-list"),
    path("about/rules/new/", rules.AddRule.as_view(), name="rule-new"),
    path("about/rules/<int:rule>/", rules.RuleDetail.as_view(), name="rule-detail"),
    path("about/rules/<int:rule>/change/", rules.ExplainRule.as_view(), name="rule-edit"),
    path("about/rules/<int:rule>/end/", rules.EndRule.as_view(), name="rule-end"),
    path("about/rules/<int:rule>/move/", rules.MoveRule.as_view(), name="rule-move"),
    path("about/story/", stories.StoryOfUs.as_view(), name="story"),
    path("about/story/new/", stories.TellStory.as_view(), name="story-new"),
    path("about/story/<int:story>/", stories.OneStory.as_view(), name="story-version"),
    path("about/strategies/", strategies.StrategyList.as_view(), name="strategy-list"),
    path("about/strategies/new/", strategies.AddStrategy.as_view(), name="strategy-new"),
    path("about/strategies/<int:strategy>/", strategies.StrategyDetail.as_view(), name="strategy-detail"),
    path(
        "about/strategies/<int:strategy>/change/", strategies.ChangeStrategy.as_view(), name="strategy-edit"
    ),
    path("about/strategies/<int:strategy>/themes/new/", strategies.AddTheme.as_view(), name="theme-new"),
    path("about/themes/<int:theme>/", strategies.RenameTheme.as_view(), name="theme-edit"),
    path("about/themes/<int:theme>/remove/", strategies.RemoveTheme.as_view(), name="theme-remove"),
    path("about/agreements/", agreements.AgreementList.as_view(), name="agreement-list"),
    path("about/agreements/new/", agreements.AddAgreement.as_view(), name="agreement-new"),
    path("about/agreements/<int:agreement>/", agreements.AgreementDetail.as_view(), name="agreement-detail"),
    path(
        "about/agreements/<int:agreement>/change/",
        agreements.ChangeAgreement.as_view(),
        name="agreement-edit",
    ),
    path(
        "about/agreements/<int:agreement>/renew/", agreements.RenewAgreement.as_view(), name="agreement-renew"
    ),
    path("about/agreements/<int:agreement>/end/", agreements.EndAgreement.as_view(), name="agreement-end"),
    path(
        "about/agreements/<int:agreement>/attach/", agreements.AttachPaper.as_view(), name="agreement-attach"
    ),
    path("about/places/", places.PlaceList.as_view(), name="place-list"),
    path("about/places/new/", local_places.AddPlace.as_view(), name="place-new"),
    path("about/places/<int:place>/", places.PlaceDetail.as_view(), name="place-detail"),
    path("about/places/<int:place>/cover/", places.CoverPlace.as_view(), name="place-cover"),
    path("about/places/<int:place>/stop/", places.StopCovering.as_view(), name="place-uncover"),
    path("about/places/<int:place>/main/", places.ChooseMain.as_view(), name="place-main"),
    path("about/places/<int:place>/change/", local_places.ChangePlace.as_view(), name="place-edit"),
    path("about/places/<int:place>/close/", local_places.ClosePlace.as_view(), name="place-close"),
    path("people/contacts/", contacts.ContactList.as_view(), name="contact-list"),
    re_path(
        r"^people/contacts/export\.(?P<kind>csv|xlsx)$",
        contacts.ContactExport.as_view(),
        name="contact-export",
    ),
    path("people/contacts/new/", contacts.AddContact.as_view(), name="contact-new"),
    path("people/contacts/<int:contact>/", contacts.ChangeContact.as_view(), name="contact-edit"),
    path("people/contacts/<int:contact>/end/", contacts.EndContact.as_view(), name="contact-end"),
    path(
        "people/organisations/duplicates/", organisations.Duplicates.as_view(), name="organisation-duplicates"
    ),
    path(
        "people/organisations/<int:organisation>/change/",
        organisations.CorrectOrganisation.as_view(),
        name="organisation-edit",
    ),
    path(
        "people/organisations/<int:organisation>/merge/",
        organisations.MergeOrganisation.as_view(),
        name="organisation-merge",
    ),
    path(
        "people/organisations/<int:organisation>/corrections/<int:correction>/",
        organisations.DecideCorrection.as_view(),
        name="organisation-correction",
    ),
]
