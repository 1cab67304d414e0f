from __future__ import annotations

import re
from datetime import time
from typing import Any

from django import forms

from config.forms import DateField, LongText, PickOne, Radios
from partnerships.forms.documents import DocumentForm
from partnerships.models import AgendaItem, ItemPurpose, Meeting, Partnership
from people.models import Person
from people.queries.people import people_of

OFTEN = {
    "": "Once",
    "1": "Every week",
    "2": "Every two weeks",
    "4": "Every four weeks",
    "6": "Every six weeks",
}
OFTEN |= {"8": "Every eight weeks", "12": "Every twelve weeks", "26": "Every half year (26 weeks)"}


class ClockField(forms.CharField):
    """A time of day as people write it: 14:30, 2:30pm, 2.30 pm, 9am, midday."""

    default_error_messages = {"invalid": "Enter a time, such as 10am or 2:30pm"}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"class": "govuk-input--width-5"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def clean(self, value: Any) -> time | None:
        said = super().clean(value).lower().replace(".", ":").replace(" ", "")
        if not said:
            return None
        if said in ("midday", "noon"):
            return time(12)
        found = re.fullmatch(r"([0-9]{1,2})(?::?([0-9]{2}))?(am|pm|a:m:|p:m:)?", said)
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
        if half and not 1 <= hour <= 12:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif not found[2] and hour < 7:
            raise forms.ValidationError("Say whether that is in the morning, such as 2pm", code="invalid")
        try:
            return time(hour, minute)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class MeetingForm(forms.Form):
    held_on = DateField(label="On which day?")
    starts_at = ClockField(
        label="When does it start?", required=False, help_text="For example 10am or 2:30pm."
    )
    ends_at = ClockField(label="When does it end?", required=False)
    where = forms.CharField(
        label="Where?",
        max_length=200,
        required=False,
        help_text="A room and an address, as on an invitation.",
    )
    link = forms.URLField(
        label="Link to join", required=False, max_length=200, assume_scheme="https", widget=forms.TextInput
    )
    title = forms.CharField(
        label="What is it called?",
        max_length=200,
        required=False,
        help_text="Only where it is more than an ordinary meeting, such as an annual review.",
    )
    papers_due_on = DateField(
        label="When must papers be there?",
        required=False,
        help_text="The board’s page then says which are missing.",
    )


class PlanForm(MeetingForm):
    every_weeks = forms.ChoiceField(
        label="How often?",
        choices=list(OFTEN.items()),
        required=False,
        help_text="Several are planned at once.",
    )
    until = DateField(
        label="Until which day?",
        required=False,
        help_text="The last is on or before this day. Leave it empty for one meeting.",
    )

    def clean_every_weeks(self) -> int | None:
        return int(self.cleaned_data["every_weeks"]) if self.cleaned_data["every_weeks"] else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("every_weeks") and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", "Enter the day until which it is to meet.")
        if cleaned.get("until") and not cleaned.get("every_weeks"):
            self.add_error("every_weeks", "Choose how often it is to meet until then.")
        return cleaned


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Why does it not take place?",
        max_length=300,
        help_text="Everybody who may read the board’s pages sees it, in their calendars too.",
    )


# --- Agenda ------------------------------------------------------------------------------------------------------
PURPOSES = {
    ItemPurpose.INFORMATION: "People are told, and may ask",
    ItemPurpose.DISCUSSION: "People think about it together",
    ItemPurpose.DECISION: "The board has to decide",
}


def minutes_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="How many minutes does it take?",
        required=False,
        min_value=1,
        max_value=1440,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
    )


class StandingItemForm(forms.Form):
    title = forms.CharField(label="What is it?", max_length=200)
    minutes = minutes_field()
    lead = forms.ModelChoiceField(
        label="Who leads it?", queryset=Person.objects.none(), required=False, widget=PickOne
    )

    def __init__(self, *args: Any, partnership: Partnership, lead: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_of(partnership)
        # Who led it and has left since stays chosen until somebody changes it.
        self.fields["lead"].queryset = (people | Person.objects.filter(pk=lead)) if lead else people


class ItemForm(StandingItemForm):
    field_order = ("title", "purpose", "minutes", "lead", "needs_paper")
    purpose = forms.ChoiceField(
        label="What is it for?",
        choices=ItemPurpose.choices,
        initial=ItemPurpose.DISCUSSION,
        widget=Radios(hints=PURPOSES),
    )
    needs_paper = forms.BooleanField(
        label="It needs a paper",
        required=False,
        help_text="Until one is uploaded, the meeting’s page says that it is missing.",
    )


class NewItemForm(ItemForm):
    """Most agendas end with an item that always stands there, so a new one goes before that unless somebody says so."""

    before = forms.ModelChoiceField(
        label="Where does it go?",
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label="At the end",
    )

    def __init__(self, *args: Any, items: list[AgendaItem], meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not items:
            del self.fields["before"]
            return
        self.fields["before"].queryset = meeting.agenda.order_by("position", "pk")
        self.fields["before"].label_from_instance = lambda item: f"Before “{item.title}”"
        self.fields["before"].initial = items[-1].pk if items[-1].standing_item_id else None


class PaperForm(DocumentForm):
    """A document, and the item that it is about."""

    agenda_item = forms.ModelChoiceField(
        label="For which item?",
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label="The meeting as a whole",
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agenda_item"].queryset = meeting.agenda.order_by("position", "pk")


# --- Minutes -----------------------------------------------------------------------------------------------------
LONGEST_NOTE = 20_000


class MinutesForm(forms.Form):
    """One box for each item of the agenda, and one for the meeting as a whole."""

    def __init__(self, *args: Any, items: list[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, item in enumerate(items, 1):
            self.fields[f"notes_{item.pk}"] = forms.CharField(
                label=f"{number}. {item.title}",
                required=False,
                initial=item.notes,
                max_length=LONGEST_NOTE,
                widget=LongText(rows=4),
            )
        self.fields["minutes"] = forms.CharField(
            label="Anything else, or the minutes as a whole",
            required=False,
            max_length=60_000,
            widget=LongText(rows=6),
        )
        self.items = items

    def notes(self) -> dict[int, str]:
        return {item.pk: self.cleaned_data[f"notes_{item.pk}"] for item in self.items}


class AgreeForm(forms.Form):
    agreed_on = DateField(label="On which day were they agreed?")
