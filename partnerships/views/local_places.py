"""Neighbourhoods and smaller places that the partnership adds, changes and closes itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from partnerships.actions.local_places import add_place, close_place, edit_place
from partnerships.forms.places import ClosePlaceForm, PlaceForm
from partnerships.models import Place
from partnerships.renderers import places as rendered
from partnerships.views.places import PlaceView
from people.access import ActionForm, PartnershipView, VersionedForm
from people.permissions import Permission


class AddPlace(ActionForm, PartnershipView, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "partnerships/places/form.html"
    form_class = PlaceForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        return {"parent": self.request.GET.get("in", "").replace("\x00", "")}

    def act(self, form: BaseForm) -> None:
        self.place = add_place(partnership=self.partnership, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{self.place.name} is added, and you cover it.")

    def get_success_url(self) -> str:
        return reverse("place-detail", args=[self.partnership.slug, self.place.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        list_url = reverse("place-list", args=[self.partnership.slug])
        context = super().get_context_data(
            page_title="Add a place",
            breadcrumbs=[{"label": "Places", "url": list_url}],
            submit_label="Add",
            cancel_url=list_url,
            **kwargs,
        )
        slug = self.partnership.slug
        return context | {"alike": [rendered.place_row(place, slug) for place in context["form"].alike]}


class OwnPlace(PlaceView):
    """A place that this partnership added: nobody else may change it."""

    permission = Permission.MANAGE_PARTNERSHIP

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and self.place.added_by_id != self.partnership.pk:
            raise Http404("This place is no place of your own.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership, "place": self.place}


class ChangePlace(VersionedForm, OwnPlace, FormView):
    template_name = "layouts/versioned_form.html"
    form_class = PlaceForm

    def record(self) -> Place:
        return self.place

    def get_initial(self) -> dict[str, Any]:
        place = self.place
        return {
            "name": place.name,
            "kind": place.kind,
            "parent": place.parent_id,
            "small_areas": " ".join(place.small_areas),
        }

    def act(self, form: BaseForm) -> None:
        edit_place(
            place=self.place,
            partnership=self.partnership,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Change {self.place.name}", cancel_url=self.get_success_url(), **kwargs
        )


class ClosePlace(VersionedForm, OwnPlace, FormView):
    template_name = "layouts/versioned_form.html"
    form_class = ClosePlaceForm

    def record(self) -> Place:
        return self.place

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        close_place(
            place=self.place,
            partnership=self.partnership,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, f"{self.place.name} is closed. What was recorded there stays.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Close {self.place.name}",
            submit_label="Close this place",
            cancel_url=self.get_success_url(),
            **kwargs,
        )
