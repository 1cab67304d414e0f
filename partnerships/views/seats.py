"""Taking and ending a seat on a board, and the seats that nobody holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import FormView

from partnerships.actions.seats import close_vacancy, end_seat, open_vacancy, take_seat
from partnerships.forms.boards import EndSeatForm, SeatForm, VacancyForm, vacancy_words
from partnerships.forms.documents import ConfirmForm
from partnerships.models import Seat, Vacancy
from partnerships.queries.boards import open_vacancies
from partnerships.views.boards import BoardPage
from people.access import ActionForm
from people.permissions import Permission


class TakeSeat(ActionForm, BoardPage, FormView):
    """`?vacancy=` starts from an empty seat, which the new one then fills."""

    permission = Permission.MANAGE_BOARDS
    template_name = "layouts/form.html"
    form_class = SeatForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "partnership": self.partnership,
            "vacancies": open_vacancies(self.board),
        }

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = {"starts_on": timezone.localdate()}
        wanted = self.request.GET.get("vacancy", "")
        if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19:
            vacancy = open_vacancies(self.board).filter(pk=int(wanted)).first()
            if vacancy is not None:
                initial |= {
                    "vacancy": vacancy.pk,
                    "kind": vacancy.kind,
                    "organisation": vacancy.organisation_id,
                }
        return initial

    def act(self, form: BaseForm) -> None:
        seat = take_seat(board=self.board, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{seat.person.name} has a seat on {self.board.name}.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Add a seat", cancel_url=self.get_success_url(), **kwargs)


class EndSeat(ActionForm, BoardPage, FormView):
    permission = Permission.MANAGE_BOARDS
    template_name = "layouts/form.html"
    form_class = EndSeatForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            seats = Seat.objects.select_related("person", "organisation", "board")
            self.seat = get_object_or_404(seats, board=self.board, pk=kwargs["seat"])

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        said = form.cleaned_data
        end_seat(
            seat=self.seat,
            on=said["ends_on"],
            is_vacant=said["is_vacant"],
            note=said["note"],
            by=self.request.user,
        )
        messages.success(
            self.request, f"The last day of {self.seat.person.name} on {self.board.name} is recorded."
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"End {self.seat.person.name}’s seat",
            submit_label="End the seat",
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class OpenVacancy(ActionForm, BoardPage, FormView):
    permission = Permission.MANAGE_BOARDS
    template_name = "layouts/form.html"
    form_class = VacancyForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        return {"since": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        open_vacancy(board=self.board, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The empty seat is shown.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Show an empty seat", cancel_url=self.get_success_url(), **kwargs
        )


class CloseVacancy(ActionForm, BoardPage, FormView):
    permission = Permission.MANAGE_BOARDS
    template_name = "layouts/form.html"
    form_class = ConfirmForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = Vacancy.objects.select_related("organisation")
            self.vacancy = get_object_or_404(rows, board=self.board, pk=kwargs["vacancy"])

    def act(self, form: BaseForm) -> HttpResponseBase | None:
        close_vacancy(vacancy=self.vacancy, by=self.request.user)
        messages.success(self.request, "Nobody is looked for any more.")
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Close the empty seat: {vacancy_words(self.vacancy)}?",
            submit_label="Close it",
            cancel_url=self.get_success_url(),
            **kwargs,
        )
