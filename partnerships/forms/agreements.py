from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from config.forms import DateField, LongText, PickMany, PickOne
from partnerships.models import Agreement, AgreementKind, Organisation, Partnership
from partnerships.queries.activities import organisations_of
from people.models import Person
from people.queries.people import people_of


class AgreementForm(forms.Form):
    title = forms.CharField(max_length=200)
    kind = forms.ChoiceField(
        label="What kind of agreement is it?", choices=[("", "Choose a kind"), *AgreementKind.choices]
    )
    parties = forms.ModelMultipleChoiceField(
        label="Between which organisations?",
        queryset=Organisation.objects.none(),
        widget=PickMany(noun="organisations"),
    )
    purpose = forms.CharField(
        label="What is it for?",
        required=False,
        max_length=3000,
        widget=LongText(rows=4),
        help_text="For a data-sharing agreement: which data, for what, kept how long.",
    )
    owner = forms.ModelChoiceField(
        label="Who looks after it?",
        queryset=Person.objects.none(),
        required=False,
        widget=PickOne,
        help_text="They get an email 60 and 14 days before it has to be renewed.",
    )
    signed_on = DateField(label="When was it signed?", required=False, help_text="Leave empty until it is.")
    renews_on = DateField(label="By when does it have to be renewed?", required=False)

    def __init__(
        self, *args: Any, partnership: Partnership, agreement: Agreement | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        parties, people = organisations_of(partnership), people_of(partnership)
        if agreement is not None:
            # Who signed once stays to be seen, also after leaving the partnership.
            signed = agreement.parties.through.objects.filter(agreement=agreement).values("organisation")
            parties = Organisation.objects.filter(Q(pk__in=parties.values("pk")) | Q(pk__in=signed))
            people = Person.objects.filter(Q(pk__in=people.values("pk")) | Q(pk=agreement.owner_id))
        self.fields["parties"].queryset = parties
        self.fields["owner"].queryset = people


class RenewForm(forms.Form):
    renewed_on = DateField(label="When was it renewed?")
    renews_on = DateField(label="By when does it have to be renewed next?")
    note = forms.CharField(
        label="What was said or changed?", required=False, max_length=2000, widget=LongText(rows=3)
    )


class EndAgreementForm(forms.Form):
    on = DateField(label="What was its last day?", help_text="It stays in the list of those that ended.")
