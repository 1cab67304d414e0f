from __future__ import annotations

from typing import Any

from django import forms

from config.forms import DateField, LongText, PickOne, Radios
from config.words import day_words
from partnerships.models import AgendaItem, Board, Commitment, Decision, Meeting, MeetingStatus
from people.forms.choices import OneOf, share
from people.models import EffectKind, Evidence, Message, Person, Reply, Voice, VoiceEffect, Way
from people.queries.named import people_to_name
from people.queries.voice_chains import where_to

EVIDENCE = {"choices": Evidence.choices, "initial": Evidence.UNTESTED, "widget": Radios}
SHOWN = 200


class MessageForm(forms.Form):
    """How a voice was carried."""

    to_board = OneOf(
        label="To which board was it carried?", queryset=Board.objects.none(), required=False, widget=PickOne
    )
    to_whom = forms.CharField(
        label="Or to whom?",
        max_length=200,
        required=False,
        help_text="Where it was not a board: the commissioners, say. One of the two is needed.",
    )
    carried_on = DateField(label="On which day?")
    way = forms.ChoiceField(label="How?", choices=Way.choices, widget=Radios)
    ask = forms.CharField(
        label="What was asked for?", max_length=2_000, required=False, widget=LongText(rows=3)
    )
    carried_by = forms.ModelChoiceField(
        label="Who carried it?", queryset=Person.objects.none(), required=False, widget=PickOne
    )
    from_board = OneOf(
        label="From which forum or board?", queryset=Board.objects.none(), required=False, widget=PickOne
    )
    meeting = forms.ModelChoiceField(
        label="At which meeting?", queryset=Meeting.objects.none(), required=False, widget=PickOne
    )
    agenda_item = forms.ModelChoiceField(
        label="Under which item of its agenda?",
        queryset=AgendaItem.objects.none(),
        required=False,
        widget=PickOne,
    )
    evidence = forms.ChoiceField(label="How strong is the evidence that it was carried?", **EVIDENCE)
    evidence_note = forms.CharField(
        label="What shows it?",
        max_length=2_000,
        required=False,
        widget=LongText(rows=2),
        help_text="Such as: the paper is attached to the meeting.",
    )

    def __init__(self, *args: Any, voice: Voice, message: Message | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        share(self, ("to_board", "from_board"), Board.objects.filter(partnership=voice.partnership))
        self.fields["carried_by"].queryset = people_to_name(voice.partnership)
        meetings = Meeting.objects.filter(partnership=voice.partnership, held_on__gte=voice.said_on).exclude(
            status=MeetingStatus.CANCELLED
        )
        recent = list(meetings.values_list("pk", flat=True)[:SHOWN])
        if message is not None and message.meeting_id:
            recent.append(message.meeting_id)
        self.fields["meeting"].queryset = Meeting.objects.filter(pk__in=recent).select_related("board")
        self.fields["meeting"].label_from_instance = meeting_words
        items = AgendaItem.objects.filter(meeting__in=recent).select_related("meeting__board")
        self.fields["agenda_item"].queryset = items.order_by("-meeting__held_on", "position")
        self.fields["agenda_item"].label_from_instance = lambda i: f"{meeting_words(i.meeting)}: {i.title}"


def meeting_words(meeting: Meeting) -> str:
    return f"{meeting.board}, {day_words(meeting.held_on)}"


class AnswerForm(forms.Form):
    reply = forms.ChoiceField(
        label="What was the answer?",
        choices=Reply.choices,
        widget=Radios(attrs={"class": "govuk-radios--inline"}),
    )
    answer = forms.CharField(
        label="In their words",
        max_length=5_000,
        required=False,
        widget=LongText(rows=4),
        help_text="A no needs its reason: the person who spoke reads it.",
    )
    answered_on = DateField(label="When was it given?")
    answered_by = forms.ModelChoiceField(
        label="Who gave it?", queryset=Person.objects.none(), required=False, widget=PickOne
    )
    answer_evidence = forms.ChoiceField(label="How strong is the evidence for this answer?", **EVIDENCE)

    def __init__(self, *args: Any, voice: Voice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answered_by"].queryset = people_to_name(voice.partnership)


class EffectForm(forms.Form):
    kind = forms.ChoiceField(label="What kind of thing followed?", choices=EffectKind.choices, widget=Radios)
    decision = forms.ModelChoiceField(
        label="Which decision?",
        queryset=Decision.objects.none(),
        required=False,
        widget=PickOne,
        help_text="Where it is written down at a meeting here.",
    )
    commitment = forms.ModelChoiceField(
        label="Which commitment?", queryset=Commitment.objects.none(), required=False, widget=PickOne
    )
    what = forms.CharField(
        label="What followed?",
        max_length=300,
        required=False,
        help_text="Leave it empty to use the words of the decision or commitment.",
    )
    happened_on = DateField(
        label="When did it happen?", required=False, help_text="Leave it empty if nobody knows the day."
    )
    message = forms.ModelChoiceField(
        label="From which step did it follow?",
        queryset=Message.objects.none(),
        required=False,
        widget=PickOne,
    )
    evidence = forms.ChoiceField(label="How strong is the evidence that the voice led to it?", **EVIDENCE)
    evidence_note = forms.CharField(
        label="What shows it?", max_length=2_000, required=False, widget=LongText(rows=2)
    )
    what_else = forms.CharField(
        label="What else may have led to it?",
        max_length=2_000,
        required=False,
        widget=LongText(rows=2),
        help_text="Other people who pressed for it, money that came, a law that changed.",
    )

    def __init__(self, *args: Any, voice: Voice, effect: VoiceEffect | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = {"partnership": voice.partnership}
        decisions = Decision.objects.filter(**here, meeting__held_on__gte=voice.said_on)
        commitments = Commitment.objects.filter(**here).order_by("-pk")
        for name, rows in (("decision", decisions), ("commitment", commitments)):
            keys = list(rows.values_list("pk", flat=True)[:SHOWN])
            kept = getattr(effect, f"{name}_id", None)
            self.fields[name].queryset = rows.model._default_manager.filter(
                pk__in=[*keys, kept] if kept else keys
            )
        self.fields["decision"].queryset = self.fields["decision"].queryset.select_related("meeting__board")
        self.fields["decision"].label_from_instance = lambda d: f"{meeting_words(d.meeting)}: {d.what}"
        self.fields["message"].queryset = Message.objects.filter(voice=voice).select_related("to_board")
        self.fields["message"].label_from_instance = lambda m: f"{where_to(m)}, {day_words(m.carried_on)}"
