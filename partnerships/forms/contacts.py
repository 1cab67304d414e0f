from __future__ import annotations

from typing import Any

from django import forms

from config.forms import DateField, PickOne
from partnerships.models import Organisation, OrganisationContact, Partnership
from partnerships.queries.activities import organisations_of
from people.models import Person
from people.queries.people import known_people_of, people_of


class FindContactsForm(forms.Form):
    mark_optional = False
    q = forms.CharField(label="Role, name or address", required=False, max_length=100)
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), required=False, empty_label="Any organisation"
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(partnership)


class ContactForm(forms.Form):
    role = forms.CharField(
        label="What can be asked there?",
        max_length=150,
        help_text="Such as safeguarding, finance or bookings.",
    )
    person = forms.ModelChoiceField(
        label="Who is it?",
        queryset=Person.objects.none(),
        required=False,
        widget=PickOne,
        help_text="Leave it empty for a shared mailbox or telephone.",
    )
    email = forms.EmailField(
        label="Email address",
        required=False,
        max_length=254,
        help_text="For a person, only if it is another than their own.",
    )
    phone = forms.CharField(
        label="Telephone", required=False, max_length=40, widget=forms.TextInput({"type": "tel"})
    )

    def __init__(
        self, *args: Any, partnership: Partnership, contact: OrganisationContact | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people = known_people_of(partnership) if contact else people_of(partnership)
        self.fields["person"].queryset = people


class NewContactForm(ContactForm):
    organisation = forms.ModelChoiceField(queryset=Organisation.objects.none(), widget=PickOne)
    starts_on = DateField(label="Since when?")
    field_order = ("organisation", "role", "person", "email", "phone", "starts_on")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, partnership=partnership, **kwargs)
        self.fields["organisation"].queryset = organisations_of(partnership)


class EndContactForm(forms.Form):
    on = DateField(label="What was the last day?", help_text="It is then no longer shown in the register.")
