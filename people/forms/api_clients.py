from __future__ import annotations

from typing import Any

from django import forms

from config.forms import Checkboxes, DateField, PickOne, Radios
from partnerships.models import Organisation, Partnership
from people.permissions import Scope
from people.queries.api_clients import default_last_day
from people.queries.organisations import organisations_of

SCOPE_HINTS = {
    Scope.ACTIVITIES.value: (
        "Activities that everyone in the partnership can see, with the organisations that took part. "
        "Who took part and who logged them is left out."
    ),
    Scope.COMMITMENTS.value: (
        "Commitments, boards, their meetings with agendas, and decisions with what became of them. Papers, minutes "
        "and the names of people stay here."
    ),
    Scope.OBSERVATIONS.value: "Every figure as the pages show it: small counts stay hidden.",
    Scope.PROGRAMMES.value: (
        "Programmes with where they stand and why, the outcomes they should help, and their money in sums."
    ),
    Scope.INFLUENCE.value: (
        "How many people sit on which two boards, and the ways from one board to another. Never who they are. "
        "It stays closed to every system until the partnership opens it."
    ),
    Scope.WRITE_RETURNS.value: "Only the returns of its own organisation, named above. Officers still accept them.",
    Scope.WRITE_OBSERVATIONS.value: "Only its own organisation’s part, and only for programmes in which it is a partner.",
    Scope.REPORTS.value: "Periodic reports as their board read them, as data and as PDF.",
}


class ApiClientForm(forms.Form):
    name = forms.CharField(
        label="Name of the system",
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="So that you know it again, such as Leisure trust data warehouse.",
        error_messages={"required": "Enter the name of the system"},
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        required=False,
        widget=PickOne,
        empty_label="None",
        help_text="Whose system it is.",
    )
    scopes = forms.TypedMultipleChoiceField(
        label="What it may read and write",
        coerce=Scope,
        choices=Scope.choices,
        widget=Checkboxes(hints=SCOPE_HINTS),
        help_text="Choose as little as it needs.",
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(partnership)


class NewApiClientForm(ApiClientForm):
    expires_on = DateField(
        label="Last day",
        initial=default_last_day,
        help_text="It stops working after this day, two years from now at the latest. You can renew it before.",
    )


class ChangeApiClientForm(ApiClientForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class RenewSecretForm(forms.Form):
    expires_on = DateField(
        label="Last day",
        initial=default_last_day,
        help_text="The sign-in stops working after this day, two years from now at the latest.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class OpenInfluenceForm(forms.Form):
    is_open = forms.TypedChoiceField(
        label="May partners’ systems read which boards are linked?",
        coerce=lambda answer: answer == "yes",
        choices=[("no", "No, keep it closed"), ("yes", "Yes, open it")],
        widget=Radios,
        error_messages={"required": "Choose whether to open it."},
    )
