"""Voices, what became of them, and introductions."""

from django.urls import include, path, re_path

from people.views import heard, introductions, voice_messages, voice_pages, voices

urlpatterns = [
    path("heard/", heard.TypeCode.as_view(), name="voice-code"),
    path("heard/<str:voice_code>/", heard.Heard.as_view(), name="voice-heard"),
    path(
        "p/<slug:partnership>/voices/",
        include(
            [
                path("", voices.VoiceList.as_view(), name="voice-list"),
                path("mine/", voices.MyVoices.as_view(), name="my-voices"),
                path("new/", voice_pages.RecordVoice.as_view(), name="voice-new"),
                re_path(r"^export\.(?P<kind>csv|xlsx)$", voices.VoiceExport.as_view(), name="voice-export"),
                path("<int:voice>/", voice_pages.VoiceDetail.as_view(), name="voice-detail"),
                path("<int:voice>/change/", voice_pages.ChangeVoice.as_view(), name="voice-edit"),
                path("<int:voice>/consent/", voice_pages.Consent.as_view(), name="voice-consent"),
                path("<int:voice>/code/", voice_pages.Code.as_view(), name="voice-follow-up"),
                path("<int:voice>/carried/new/", voice_messages.Carry.as_view(), name="message-new"),
                path(
                    "<int:voice>/carried/<int:message>/change/",
                    voice_messages.ChangeMessage.as_view(),
                    name="message-edit",
                ),
                path(
                    "<int:voice>/carried/<int:message>/answer/",
                    voice_messages.Answer.as_view(),
                    name="message-answer",
                ),
                path(
                    "<int:voice>/carried/<int:message>/remove/",
                    voice_messages.RemoveMessage.as_view(),
                    name="message-remove",
                ),
                path("<int:voice>/followed/new/", voice_messages.AddEffect.as_view(), name="effect-new"),
                path(
                    "<int:voice>/followed/<int:effect>/change/",
                    voice_messages.ChangeEffect.as_view(),
                    name="effect-edit",
                ),
                path(
                    "<int:voice>/followed/<int:effect>/remove/",
                    voice_messages.RemoveEffect.as_view(),
                    name="effect-remove",
                ),
            ]
        ),
    ),
    path(
        "p/<slug:partnership>/introductions/",
        include(
            [
                path("", introductions.IntroductionList.as_view(), name="introduction-list"),
                path("new/", introductions.AddIntroduction.as_view(), name="introduction-new"),
                path(
                    "<int:introduction>/change/",
                    introductions.ChangeIntroduction.as_view(),
                    name="introduction-edit",
                ),
                path(
                    "<int:introduction>/what-came/",
                    introductions.WhatCame.as_view(),
                    name="introduction-came",
                ),
            ]
        ),
    ),
]
