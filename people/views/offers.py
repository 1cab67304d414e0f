"""What somebody knows and is trusted with: their own pages, and those of a manager for who does not sign in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from partnerships.models import Partnership
from people.access import ActionForm, SignedInView, VersionedForm
from people.actions.offers import add_offer, change_offer, remove_offer
from people.forms.invitations import ConfirmForm
from people.forms.offers import OfferForm
from people.models import Offer
from people.permissions import Permission
from people.queries.offers import own_offers
from people.queries.signing_in import has_been_let_in
from people.views.people import PersonView


class OwnView(SignedInView):
    def get_success_url(self) -> str:
        return reverse("held")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trail = [
            {"label": "Your account", "url": reverse("account")},
            {"label": "What we hold about you", "url": reverse("held")},
        ]
        return super().get_context_data(**{"breadcrumbs": trail, "cancel_url": reverse("held")} | kwargs)


class AddOwnOffer(ActionForm, OwnView, FormView):
    template_name = "people/offers/form.html"
    form_class = OfferForm
    extra_context = {"page_title": "Say what you know or can help with", "is_own": True}

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            mine = Partnership.objects.visible_to(request.user)
            self.place = get_object_or_404(mine, pk=kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"is_own": True}

    def act(self, form: BaseForm) -> None:
        person = self.request.user
        add_offer(partnership=self.place, person=person, by=person, **form.cleaned_data)
        messages.success(self.request, f"Saved for {self.place.name}.")


class OwnOfferView(OwnView):
    offer: Offer

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.offer = get_object_or_404(own_offers(request.user), pk=kwargs["pk"])


class ChangeOwnOffer(VersionedForm, OwnOfferView, FormView):
    template_name = "layouts/versioned_form.html"
    form_class = OfferForm
    extra_context = {"page_title": "Change what you said"}

    def record(self) -> Offer:
        return self.offer

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"is_own": True}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.offer, name) for name in ("kind", "text", "is_shown")}

    def act(self, form: BaseForm) -> None:
        change_offer(
            offer=self.offer,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Saved.")


class RemoveOwnOffer(ActionForm, OwnOfferView, FormView):
    template_name = "people/offers/remove.html"
    form_class = ConfirmForm

    def act(self, form: BaseForm) -> None:
        remove_offer(offer=self.offer, by=self.request.user)
        messages.success(self.request, "It is gone.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Take it away", offer=self.offer, **kwargs)


class AddOffer(ActionForm, PersonView, FormView):
    """A manager writes down what somebody who does not sign in agreed to say."""

    permission = Permission.MANAGE_PEOPLE
    template_name = "people/offers/form.html"
    form_class = OfferForm

    def check_permission(self) -> None:
        super().check_permission()
        if has_been_let_in(self.person):
            raise PermissionDenied("Whoever signs in says this for themselves.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"is_own": False}

    def get_initial(self) -> dict[str, Any]:
        return {"agreed_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        add_offer(partnership=self.partnership, person=self.person, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Saved, with how they agreed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"What {self.person.name} knows or can help with",
            is_own=False,
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class RemoveOffer(ActionForm, PersonView, FormView):
    permission = Permission.MANAGE_PEOPLE
    template_name = "people/offers/remove.html"
    form_class = ConfirmForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            shown = Offer.objects.filter(partnership=self.partnership, person=self.person, is_shown=True)
            self.offer = get_object_or_404(shown, pk=kwargs["offer"])

    def act(self, form: BaseForm) -> None:
        remove_offer(offer=self.offer, by=self.request.user)
        messages.success(self.request, "It is gone.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Take it away", offer=self.offer, cancel_url=self.get_success_url(), **kwargs
        )
