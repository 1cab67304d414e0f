"""One voice: its story, writing it down, its consent, and the code for somebody who does not sign in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from config.words import day_words
from partnerships.errors import DomainError
from partnerships.models import Activity
from partnerships.queries.activities import visible
from people.access import ActionForm, PartnershipView, VersionedForm
from people.actions.voices import edit_voice, end_code, give_code, narrow_consent, record_voice
from people.forms.voices import ConsentForm, NewVoiceForm, VoiceForm
from people.models import Audience, Voice
from people.permissions import Permission
from people.queries.follow_ups import code_for, in_groups, link_of, open_code
from people.queries.voice_chains import chain_of
from people.queries.voices import may_change, themes_of, visible_voices
from people.views.voice_rows import audience_words, heard_columns, story


class VoicePage(PartnershipView):
    """What the pages of one voice share. One that this person may not read does not exist for them."""

    voice: Voice

    def check_permission(self) -> None:
        super().check_permission()
        rows = visible_voices(self.partnership, self.request.user).filter(pk=self.kwargs["voice"])
        found = rows.select_related("board", "activity", "place", "partnership", "created_by").first()
        if found is None:
            raise Http404("There is no such voice here.")
        self.voice = found

    def get_success_url(self) -> str:
        return reverse("voice-detail", args=[self.partnership.slug, self.voice.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [{"label": "Voices", "url": reverse("voice-list", args=[self.partnership.slug])}]
        if self.request.path != self.get_success_url():
            crumbs.append({"label": self.voice.theme, "url": self.get_success_url()})
        context = {"breadcrumbs": crumbs, "cancel_url": self.get_success_url()}
        return super().get_context_data(**context | kwargs | {"voice": self.voice})


class VoiceDetail(VoicePage, TemplateView):
    permission = Permission.VIEW
    template_name = "people/voices/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        voice, slug, person = self.voice, self.partnership.slug, self.request.user
        may_record = self.may(Permission.RECORD_VOICE) and voice.withdrawn_on is None
        chain, own = chain_of(voice), voice.speaker_id == person.pk
        return super().get_context_data(
            page_title=voice.theme,
            own=own,
            columns=heard_columns(chain, own=own),
            steps=story(chain, slug, writer=person if may_record else None),
            gaps=chain.gaps,
            facts=facts(voice, person, self.seen_activity()),
            may_record=may_record,
            may_change=may_record and may_change(voice, person),
            may_narrow=voice.withdrawn_on is None and (own or may_record),
            has_code=may_record and open_code(voice) is not None,
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )

    def seen_activity(self) -> Activity | None:
        if self.voice.activity_id is None:
            return None
        return visible(self.partnership, self.request.user).filter(pk=self.voice.activity_id).first()


def facts(voice: Voice, person: Any, activity: Activity | None) -> list[dict[str, Any]]:
    """The name of somebody who spoke for themself is shown to nobody, so neither is that they wrote it down."""
    slug = voice.partnership.slug
    writer = voice.created_by
    if writer is not None and writer.pk == voice.speaker_id:
        written_by = "The person who spoke"
    else:
        written_by = writer.name if writer else ""
    rows = [
        {"label": "Known as", "value": voice.said_as},
        {"label": "Said on", "value": day_words(voice.said_on)},
        {
            "label": "Forum",
            "value": str(voice.board or ""),
            "url": reverse("board-detail", args=[slug, voice.board_id]) if voice.board_id else "",
        },
        {
            "label": "Activity",
            "value": activity.title if activity else "",
            "url": reverse("activity-detail", args=[slug, activity.pk]) if activity else "",
        },
        {"label": "Place", "value": str(voice.place or "")},
        {"label": "Who may read it", "value": audience_words(voice)},
        {"label": "How they agreed", "value": voice.consent_note},
        {"label": "Written down by", "value": written_by},
    ]
    return [row for row in rows if row["value"]]


# --- Writing it down ---------------------------------------------------------------------------------------------
class RecordVoice(ActionForm, PartnershipView, FormView):
    permission = Permission.RECORD_VOICE
    template_name = "people/voices/form.html"
    form_class = NewVoiceForm

    @cached_property
    def activity(self) -> Activity | None:
        pk = self.request.GET.get("activity", "")
        if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
            return None
        return visible(self.partnership, self.request.user).select_related("board").filter(pk=pk).first()

    def get_form_kwargs(self) -> dict[str, Any]:
        given = {"partnership": self.partnership, "by": self.request.user, "activity": self.activity}
        return super().get_form_kwargs() | given

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = {"said_on": timezone.localdate(), "audience": Audience.FORUM}
        initial["myself"] = "myself" in self.request.GET
        if self.activity is not None:
            initial |= {"said_on": self.activity.happened_on, "activity": self.activity.pk}
            initial |= {"board": self.activity.board_id, "place": self.activity.place_id}
        elif self.request.GET.get("board", "").isdecimal():
            initial["board"] = self.request.GET["board"][:18]
        return initial

    def act(self, form: BaseForm) -> None:
        self.voice = record_voice(partnership=self.partnership, by=self.request.user, **form.facts())
        messages.success(self.request, "Written down. Now say where it was carried, when it was.")

    def get_success_url(self) -> str:
        return reverse("voice-detail", args=[self.partnership.slug, self.voice.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        list_url = reverse("voice-list", args=[self.partnership.slug])
        return super().get_context_data(
            page_title="Write down a voice",
            themes=themes_of(visible_voices(self.partnership, self.request.user)),
            breadcrumbs=[{"label": "Voices", "url": list_url}],
            cancel_url=list_url,
            **kwargs,
        )


class ChangeVoice(VersionedForm, VoicePage, FormView):
    permission = Permission.RECORD_VOICE
    template_name = "people/voices/form.html"
    form_class = VoiceForm

    def check_permission(self) -> None:
        super().check_permission()
        if not may_change(self.voice, self.request.user):
            raise PermissionDenied("Only the person who spoke, or who wrote this down, can change it.")

    def record(self) -> Voice:
        return self.voice

    def get_form_kwargs(self) -> dict[str, Any]:
        given = {"partnership": self.partnership, "by": self.request.user, "voice": self.voice}
        return super().get_form_kwargs() | given

    def get_initial(self) -> dict[str, Any]:
        plain = ("words", "theme", "said_on", "said_as", "audience", "consent_note")
        keys = {name: getattr(self.voice, f"{name}_id") for name in ("board", "activity", "place")}
        return {name: getattr(self.voice, name) for name in plain} | keys

    def act(self, form: BaseForm) -> None:
        edit_voice(
            voice=self.voice,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        themes = themes_of(visible_voices(self.partnership, self.request.user))
        return super().get_context_data(page_title="Change what was written down", themes=themes, **kwargs)


class Consent(ActionForm, VoicePage, FormView):
    """Fewer people may read it, or nobody: whoever spoke says so, or tells somebody who writes it down here."""

    permission = Permission.VIEW
    template_name = "people/voices/consent.html"
    form_class = ConsentForm

    def check_permission(self) -> None:
        super().check_permission()
        if self.voice.speaker_id != self.request.user.pk and not self.may(Permission.RECORD_VOICE):
            raise PermissionDenied("Your role here does not let you write down what somebody agreed to.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"voice": self.voice}

    def act(self, form: BaseForm) -> None:
        narrow_consent(voice=self.voice, audience=form.chosen(), by=self.request.user)
        messages.success(self.request, "From now on fewer people can read this.")

    def get_success_url(self) -> str:
        slug = self.partnership.slug
        still = visible_voices(self.partnership, self.request.user).filter(pk=self.voice.pk).exists()
        if self.request.method == "POST" and not still:
            return reverse("voice-list", args=[slug])
        return reverse("voice-detail", args=[slug, self.voice.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Let fewer people read it",
            now=audience_words(self.voice),
            submit_label="Save",
            **kwargs,
        )


class Code(VoicePage, TemplateView):
    """A code on paper for somebody who does not sign in: made, printed again, ended."""

    permission = Permission.RECORD_VOICE
    template_name = "people/voices/code.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            if request.POST.get("end"):
                end_code(voice=self.voice, by=request.user)
                messages.success(request, "The code does not work any more.")
            else:
                give_code(voice=self.voice, by=request.user)
        except DomainError as refused:
            messages.error(request, refused.message)
        return redirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = open_code(self.voice)
        return super().get_context_data(
            page_title="A code for the person who spoke",
            code=in_groups(code_for(code.nonce)) if code else "",
            link=link_of(code) if code else "",
            **kwargs,
        )
