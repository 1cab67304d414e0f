from __future__ import annotations

from typing import Any

from django import forms

from config.forms import DateField, LongText, PickMany, PickOne, Radios
from partnerships.models import Partnership, Place, PlaceKind
from partnerships.queries import places as queries
from partnerships.queries.place_codes import small_areas_in

LOCAL_KINDS = [(kind.value, kind.label) for kind in queries.LOCAL]
HOLDS = [kind for kind in PlaceKind if queries.SIZES[kind] < queries.SIZES[PlaceKind.HYPER_LOCAL]]


class SmallAreasField(forms.CharField):
    """LSOA codes, however they are separated."""

    widget = LongText(rows=3)

    def clean(self, value: Any) -> list[str]:
        good, wrong = small_areas_in(super().clean(value))
        if wrong:
            raise forms.ValidationError(
                f"“{wrong[0][:40]}” is no LSOA code. Write codes like E01005570, with spaces between them."
            )
        return good


class PlaceForm(forms.Form):
    name = forms.CharField(label="What is it called?", max_length=200)
    kind = forms.ChoiceField(label="How large is it?", choices=LOCAL_KINDS, widget=Radios)
    parent = forms.ModelChoiceField(label="Where is it?", queryset=Place.objects.none(), widget=PickOne)
    small_areas = SmallAreasField(
        label="LSOAs that it is made of",
        required=False,
        max_length=4000,
        help_text="Codes of the lower-layer super output areas, if you know them. Then we can say how deprived they are.",
    )

    def __init__(
        self, *args: Any, partnership: Partnership, place: Place | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        around = queries.places_around(partnership)
        self.fields["parent"].queryset = around.exclude(pk=place.pk) if place else around
        self.alike: list[Place] = []
        if self.is_bound and place is None:
            self._ask_about_alike(partnership)

    def _ask_about_alike(self, partnership: Partnership) -> None:
        """Where places of a similar name are there, the person says once whether this is another."""
        chosen = str(self.data.get("parent", ""))
        number = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19 else 0
        parent = self.fields["parent"].queryset.filter(pk=number).first()
        name = str(self.data.get("name", "")).replace("\x00", "")[:200]
        self.alike = queries.alike(partnership, name, parent)
        if self.alike:
            self.fields["is_another"] = forms.BooleanField(
                label="It is none of those: add mine as another place", required=False
            )


class ClosePlaceForm(forms.Form):
    on = DateField(label="What was its last day?")
    successors = forms.ModelMultipleChoiceField(
        label="Which places took over?",
        queryset=Place.objects.none(),
        required=False,
        widget=PickMany(noun="places"),
    )

    def __init__(self, *args: Any, partnership: Partnership, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        around = queries.places_around(partnership)
        self.fields["successors"].queryset = around.exclude(pk=place.pk)


class FindPlaceForm(forms.Form):
    q = forms.CharField(
        label="Find a place", required=False, max_length=100, help_text="A name, or a code such as E08000007."
    )
