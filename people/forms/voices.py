from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet

from config.forms import DateField, LongText, PickOne, Radios
from config.words import day_words
from partnerships.models import Activity, Board, Partnership, Place
from partnerships.queries.activities import places_of, visible
from people.models import Audience, Person, Voice
from people.queries.named import people_to_name
from people.queries.voices import VoiceFilters, themes_of

NO_NAMES = "Do not name a child or a patient, and describe nobody so that they could be recognised."
HINTS = {
    Audience.FORUM: "People who sit on that forum, and whoever wrote it down. Others see only that there is a voice.",
    Audience.PARTNERSHIP: "Everybody with a role in the partnership, and guests on a board to which it is carried.",
    Audience.PUBLIC: "It may be quoted outside the partnership too.",
}
RECENT_ACTIVITIES = 200


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class VoiceForm(forms.Form):
    words = forms.CharField(
        label="What was said?",
        max_length=5_000,
        widget=LongText(rows=4),
        help_text=f"In their own words, as far as you can. {NO_NAMES}",
    )
    theme = forms.CharField(
        label="What is it about?",
        max_length=120,
        widget=forms.TextInput({"list": "themes", "autocomplete": "off"}),
        help_text="A word or two, such as: getting there safely. Use a theme that is there already if it fits.",
    )
    said_on = DateField(label="When was it said?")
    board = forms.ModelChoiceField(
        label="At which forum or board was it said?",
        queryset=Board.objects.none(),
        required=False,
        widget=PickOne,
    )
    activity = forms.ModelChoiceField(
        label="Or at which activity?",
        queryset=Activity.objects.none(),
        required=False,
        widget=PickOne,
        help_text="One of the latest in the log.",
    )
    said_as = forms.CharField(
        label="How is the person known?",
        max_length=120,
        help_text="A first name, another name, or such as: a parent carer. This is what others read.",
    )
    audience = forms.ChoiceField(
        label="Who may read these words?", choices=Audience.choices, widget=Radios(hints=HINTS)
    )
    consent_note = forms.CharField(
        label="How did the person agree?",
        max_length=300,
        required=False,
        help_text="Such as: asked after the meeting, said yes. Not needed if you speak for yourself.",
    )
    place = forms.ModelChoiceField(
        label="Which place is it about?", queryset=Place.objects.none(), required=False, widget=PickOne
    )

    def __init__(
        self,
        *args: Any,
        partnership: Partnership,
        by: Person,
        voice: Voice | None = None,
        activity: Activity | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["board"].queryset = Board.objects.filter(partnership=partnership)
        self.fields["place"].queryset = places_of(partnership)
        offered = list(
            visible(partnership, by)
            .order_by("-happened_on", "-pk")
            .values_list("pk", flat=True)[:RECENT_ACTIVITIES]
        )
        kept = activity or (voice.activity if voice else None)
        self.fields["activity"].queryset = visible(partnership, by).filter(
            pk__in=[*offered, kept.pk] if kept else offered
        )
        self.fields["activity"].label_from_instance = lambda a: f"{day_words(a.happened_on)}: {a.title}"


class NewVoiceForm(VoiceForm):
    myself = forms.BooleanField(
        label="I am speaking for myself",
        required=False,
        help_text="You then see under “My voices” what became of it. Your name is not shown, only how you are known.",
    )
    speaker = forms.ModelChoiceField(
        label="Does the person who spoke sign in here?",
        queryset=Person.objects.none(),
        required=False,
        widget=PickOne,
        help_text="Then they see it under “My voices”. Nobody else is shown their name.",
    )

    field_order = ("words", "theme", "myself", "said_on", "board", "activity", "said_as", "audience")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, partnership=partnership, **kwargs)
        self.fields["speaker"].queryset = people_to_name(partnership).exclude(pk=self.by.pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("myself") and cleaned.get("speaker"):
            self.add_error("speaker", "Leave this empty if you speak for yourself.")
        return cleaned

    def facts(self) -> dict[str, Any]:
        facts = dict(self.cleaned_data)
        return facts | {"speaker": self.by if facts.pop("myself") else facts["speaker"]}


class ConsentForm(forms.Form):
    audience = forms.ChoiceField(label="What should happen from now on?", widget=Radios)

    WITHDRAW = "withdraw"
    SMALLER = {
        Audience.PARTNERSHIP: "Only people in the partnership may read it",
        Audience.FORUM: "Only the forum where it was said may read it",
    }

    def __init__(self, *args: Any, voice: Voice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wider = list(self.SMALLER)
        now = wider.index(Audience(voice.audience)) + 1 if voice.audience in wider else 0
        choices = [(audience, self.SMALLER[audience]) for audience in wider[now:]]
        if voice.board_id is None and (voice.activity is None or voice.activity.board_id is None):
            choices = [(audience, label) for audience, label in choices if audience != Audience.FORUM]
        self.fields["audience"].choices = [
            *choices,
            (self.WITHDRAW, "Consent is taken back: nobody but the person who spoke may read it"),
        ]

    def chosen(self) -> Audience | None:
        chosen = self.cleaned_data["audience"]
        return None if chosen == self.WITHDRAW else Audience(chosen)


class VoiceFilterForm(forms.Form):
    """The filters of the voices, as they stand in the address. One that makes no sense is said, and left out."""

    mark_optional = False

    q = forms.CharField(label="Words", required=False, max_length=200)
    theme = forms.ChoiceField(label="Theme", required=False)
    forum = forms.ModelChoiceField(
        label="Forum", queryset=Board.objects.none(), required=False, empty_label="Any"
    )
    place = forms.ModelChoiceField(
        label="Place", queryset=Place.objects.none(), required=False, empty_label="Any"
    )
    since = forms.DateField(
        label="From", required=False, widget=Day, error_messages={"invalid": "Enter a real date."}
    )
    until = forms.DateField(
        label="To", required=False, widget=Day, error_messages={"invalid": "Enter a real date."}
    )
    not_carried = forms.BooleanField(label="Only what was not carried yet", required=False)
    unanswered = forms.BooleanField(label="Only what waits for an answer", required=False)

    def __init__(self, *args: Any, partnership: Partnership, voices: QuerySet[Voice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = themes_of(voices)
        self.fields["theme"].choices = [("", "Any"), *((theme, theme) for theme in themes)]
        self.fields["forum"].queryset = Board.objects.filter(pk__in=voices.order_by().values("board"))
        self.fields["place"].queryset = places_of(partnership)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day must be on or after the first.")
        return cleaned

    def fetch_choices(self) -> None:
        for name in ("forum", "place"):
            self.fields[name].choices = list(self.fields[name].choices)

    def filters(self) -> VoiceFilters:
        self.is_valid()
        given = self.cleaned_data
        return VoiceFilters(
            text=given.get("q", ""),
            theme=given.get("theme", ""),
            forum=given.get("forum"),
            place=given.get("place"),
            starts_on=given.get("since"),
            ends_on=given.get("until"),
            not_carried=bool(given.get("not_carried")),
            unanswered=bool(given.get("unanswered")),
        )

    def left_out(self) -> str:
        return " ".join(
            f"{self.fields[name].label}: {error}" for name, errors in self.errors.items() for error in errors
        )

    def as_query(self) -> str:
        return urlencode([(name, self.data[name]) for name in self.fields if self.cleaned_data.get(name)])
