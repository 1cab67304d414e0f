"""How a voice was carried, what was answered, and what followed: each a form of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404
from django.utils import timezone
from django.views.generic import FormView

from config.words import day_words
from people.access import ActionForm, VersionedForm
from people.actions.messages import (
    add_effect,
    answer_message,
    carry_voice,
    edit_effect,
    edit_message,
    remove_effect,
    remove_message,
)
from people.forms.invitations import ConfirmForm
from people.forms.messages import AnswerForm, EffectForm, MessageForm
from people.models import Message, VoiceEffect
from people.permissions import Permission
from people.queries.voice_chains import where_to
from people.views.voice_pages import VoicePage


class StepPage(VoicePage, FormView):
    permission = Permission.RECORD_VOICE

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"voice": self.voice}


class Carry(ActionForm, StepPage):
    template_name = "people/voices/carry.html"
    form_class = MessageForm

    def get_initial(self) -> dict[str, Any]:
        """From the last board that it reached, or from the forum where it was said."""
        last = Message.objects.filter(voice=self.voice, to_board__isnull=False).last()
        start = last.to_board_id if last else self.voice.board_id
        return {
            "carried_on": timezone.localdate(),
            "carried_by": self.request.user.pk,
            "from_board": start,
        }

    def act(self, form: BaseForm) -> None:
        message = carry_voice(voice=self.voice, by=self.request.user, **form.cleaned_data)
        messages.success(
            self.request, f"Carried to {where_to(message)}. Write down the answer when it comes."
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Say where it was carried", **kwargs)


class MessagePage(VersionedForm, StepPage):
    """A page that changes one message of the voice in its address."""

    template_name = "layouts/versioned_form.html"
    message: Message

    def check_permission(self) -> None:
        super().check_permission()
        found = Message.objects.filter(voice=self.voice, pk=self.kwargs["message"])
        self.message = found.select_related("voice__partnership", "to_board", "answered_by").first()
        if self.message is None:
            raise Http404("There is no such step here.")

    def record(self) -> Message:
        return self.message


class ChangeMessage(MessagePage):
    form_class = MessageForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"message": self.message}

    def get_initial(self) -> dict[str, Any]:
        plain = ("carried_on", "way", "to_whom", "ask", "evidence", "evidence_note")
        keys = ("carried_by", "from_board", "to_board", "meeting", "agenda_item")
        linked = {name: getattr(self.message, f"{name}_id") for name in keys}
        return {name: getattr(self.message, name) for name in plain} | linked

    def act(self, form: BaseForm) -> None:
        edit_message(
            message=self.message,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Change how it was carried", **kwargs)


class Answer(MessagePage):
    form_class = AnswerForm

    def get_initial(self) -> dict[str, Any]:
        message = self.message
        if not message.reply:
            return {"answered_on": timezone.localdate()}
        plain = ("reply", "answer", "answered_on", "answer_evidence")
        return {name: getattr(message, name) for name in plain} | {"answered_by": message.answered_by_id}

    def act(self, form: BaseForm) -> None:
        answer_message(
            message=self.message,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(
            self.request, "The answer is written down. If something followed from it, add that too."
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title=f"The answer from {where_to(self.message)}", **kwargs)


class RemoveMessage(MessagePage):
    template_name = "people/voices/remove.html"
    form_class = ConfirmForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        del kwargs["voice"]
        return kwargs

    def act(self, form: BaseForm) -> None:
        remove_message(message=self.message, by=self.request.user)
        messages.success(self.request, "The step is removed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = f"Carried to {where_to(self.message)} on {day_words(self.message.carried_on)}"
        return super().get_context_data(page_title="Remove this step?", words=words, **kwargs)


# --- What followed -----------------------------------------------------------------------------------------------
class AddEffect(ActionForm, StepPage):
    template_name = "layouts/form.html"
    form_class = EffectForm

    def get_initial(self) -> dict[str, Any]:
        answered = Message.objects.filter(voice=self.voice).exclude(reply="").last()
        return {"message": answered.pk if answered else None}

    def act(self, form: BaseForm) -> None:
        add_effect(voice=self.voice, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Added to the story.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Say what followed", **kwargs)


class EffectPage(VersionedForm, StepPage):
    """A page that changes one thing that followed from the voice in its address."""

    template_name = "layouts/versioned_form.html"
    effect: VoiceEffect

    def check_permission(self) -> None:
        super().check_permission()
        found = VoiceEffect.objects.filter(voice=self.voice, pk=self.kwargs["effect"])
        self.effect = found.select_related("voice__partnership").first()
        if self.effect is None:
            raise Http404("There is no such step here.")

    def record(self) -> VoiceEffect:
        return self.effect


class ChangeEffect(EffectPage):
    form_class = EffectForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"effect": self.effect}

    def get_initial(self) -> dict[str, Any]:
        plain = ("kind", "what", "happened_on", "evidence", "evidence_note", "what_else")
        keys = {name: getattr(self.effect, f"{name}_id") for name in ("decision", "commitment", "message")}
        return {name: getattr(self.effect, name) for name in plain} | keys

    def act(self, form: BaseForm) -> None:
        edit_effect(
            effect=self.effect,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Change what followed", **kwargs)


class RemoveEffect(EffectPage):
    template_name = "people/voices/remove.html"
    form_class = ConfirmForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        del kwargs["voice"]
        return kwargs

    def act(self, form: BaseForm) -> None:
        remove_effect(effect=self.effect, by=self.request.user)
        messages.success(self.request, "It is removed from the story.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Did this not follow?", words=self.effect.what, **kwargs)
