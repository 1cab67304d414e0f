"""Training and leadership programmes: cohorts, who took part, champions, and what they then set in motion."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.views.generic import FormView, TemplateView

from config.words import day_words
from people.access import ActionForm, PartnershipView, VersionedForm
from people.actions import development as actions
from people.forms.development import AttendanceForm, CohortForm, CourseForm, InfluenceForm, PlacesForm
from people.models import Attended, Cohort, CohortPlace, Course, Evidence, Influenced
from people.permissions import Permission
from people.queries import development as queries
from people.queries.leavers import SOMEBODY, hidden_among

TONES = {
    Attended.COMPLETED: "green",
    Attended.PLACED: "blue",
    Attended.PARTLY: "yellow",
    Attended.LEFT: "grey",
}


class CourseList(PartnershipView, TemplateView):
    permission = Permission.VIEW_DEVELOPMENT
    template_name = "people/development/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Training and leadership programmes",
            breadcrumbs=[crumb("People and organisations", "people-list", self.partnership.slug)],
            courses=[
                {"course": course, "cohorts": [self.row(one) for one in course.cohorts.all()]}
                for course in queries.courses_of(self.partnership)
            ],
            summary=queries.summary(self.partnership),
            may_manage=self.may(Permission.MANAGE_DEVELOPMENT),
            **kwargs,
        )

    def row(self, cohort: Cohort) -> dict[str, Any]:
        people = "person" if cohort.people == 1 else "people"
        return {
            "title": cohort.name,
            "url": reverse("cohort", args=[self.partnership.slug, cohort.pk]),
            "text": f"{cohort.people} {people}, {cohort.completed} completed it, {cohort.champions} became champions",
            "meta": f"From {day_words(cohort.starts_on)}"
            + (f" to {day_words(cohort.ends_on)}" if cohort.ends_on else ""),
            "tag": {"text": f"{cohort.then} set in motion", "tone": "green"}
            if cohort.then
            else {"text": "Nothing noted yet", "tone": "grey"},
        }


class CohortDetail(PartnershipView, TemplateView):
    permission = Permission.VIEW_DEVELOPMENT
    template_name = "people/development/cohort.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        found = Cohort.objects.filter(partnership=self.partnership).select_related("course")
        cohort = get_object_or_404(found, pk=self.kwargs["pk"])
        places = queries.places_in(cohort)
        hidden = hidden_among({one.person_id for one in places}, self.partnership, self.request.user)
        return super().get_context_data(
            page_title=str(cohort),
            breadcrumbs=[crumb("Training and leadership programmes", "course-list", slug)],
            cohort=cohort,
            places=[self.place(one, hidden) for one in places],
            may_manage=self.may(Permission.MANAGE_DEVELOPMENT),
            **kwargs,
        )

    def place(self, place: CohortPlace, hidden: frozenset[int]) -> dict[str, Any]:
        champion = ""
        if place.champion_since:
            what = f" of {place.champion_of}" if place.champion_of else ""
            champion = f"Champion{what} since {day_words(place.champion_since)}"
        return {
            "pk": place.pk,
            "name": capfirst(SOMEBODY) if place.person_id in hidden else str(place.person),
            "tag": {"text": place.get_attended_display(), "tone": TONES[Attended(place.attended)]},
            "champion": champion,
            "influenced": [self.influenced(one) for one in place.influenced.all()],
        }

    def influenced(self, one: Influenced) -> dict[str, Any]:
        slug = self.partnership.slug
        url = ""
        if one.decision:
            url = reverse(
                "meeting-detail", args=[slug, one.decision.meeting.board_id, one.decision.meeting_id]
            )
        elif one.message:
            url = reverse("voice-detail", args=[slug, one.message.voice_id])
        elif one.activity:
            url = reverse("activity-detail", args=[slug, one.activity_id])
        return {
            "pk": one.pk,
            "what": one.what,
            "url": url,
            "when": day_words(one.happened_on),
            "evidence": Evidence(one.evidence).label,
            "note": one.evidence_note,
        }


class DevelopmentForms(PartnershipView, FormView):
    """What the forms share: the record that each stands for, and the way back."""

    permission = Permission.MANAGE_DEVELOPMENT
    template_name = "layouts/form.html"
    title = ""

    def found(self, model: type, *related: str) -> Any:
        rows = model.objects.filter(partnership=self.partnership).select_related(*related)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def course(self) -> Course:
        return self.found(Course, "partnership")

    @cached_property
    def cohort(self) -> Cohort:
        return self.found(Cohort, "course", "partnership")

    @cached_property
    def place(self) -> CohortPlace:
        return self.found(CohortPlace, "cohort__course__partnership", "person")

    @cached_property
    def influenced(self) -> Influenced:
        return self.found(Influenced, "place__cohort__course__partnership", "place__person")

    def back_to(self, cohort: Cohort | None = None) -> str:
        slug = self.partnership.slug
        return reverse("cohort", args=[slug, cohort.pk]) if cohort else reverse("course-list", args=[slug])

    def get_success_url(self) -> str:
        return self.back_to()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        given = {
            "page_title": self.title,
            "breadcrumbs": [crumb("Training and leadership programmes", "course-list", slug)],
            "cancel_url": self.get_success_url(),
        }
        return super().get_context_data(**given | kwargs)


class AddCourse(ActionForm, DevelopmentForms):
    form_class = CourseForm
    title = "Add training or a leadership programme"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def act(self, form: BaseForm) -> None:
        course = actions.add_course(partnership=self.partnership, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{course} is added. Add its first cohort.")


class ChangeCourse(VersionedForm, DevelopmentForms):
    template_name = "layouts/versioned_form.html"
    form_class = CourseForm
    title = "Change training"

    def record(self) -> Course:
        return self.course

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        course = self.course
        links = {"provider": course.provider_id, "programme": course.programme_id}
        return {"name": course.name, "purpose": course.purpose} | links

    def act(self, form: BaseForm) -> None:
        version, by = self.expected_version, self.request.user
        actions.edit_course(course=self.course, expected_version=version, by=by, **form.cleaned_data)


class AddCohort(ActionForm, DevelopmentForms):
    form_class = CohortForm

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Add a cohort of {self.course}"

    def act(self, form: BaseForm) -> None:
        actions.add_cohort(course=self.course, by=self.request.user, **form.cleaned_data)


class ChangeCohort(VersionedForm, DevelopmentForms):
    template_name = "layouts/versioned_form.html"
    form_class = CohortForm
    title = "Change a cohort"

    def record(self) -> Cohort:
        return self.cohort

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.cohort, name) for name in ("name", "starts_on", "ends_on")}

    def act(self, form: BaseForm) -> None:
        version, by = self.expected_version, self.request.user
        actions.edit_cohort(cohort=self.cohort, expected_version=version, by=by, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.back_to(self.cohort)


class GivePlaces(ActionForm, DevelopmentForms):
    form_class = PlacesForm

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Who has a place in {self.cohort}?"

    def get_form_kwargs(self) -> dict[str, Any]:
        taken = set(self.cohort.places.values_list("person", flat=True))
        return super().get_form_kwargs() | {"partnership": self.partnership, "taken": taken}

    def act(self, form: BaseForm) -> None:
        actions.give_places(cohort=self.cohort, people=form.cleaned_data["people"], by=self.request.user)

    def get_success_url(self) -> str:
        return self.back_to(self.cohort)


class NoteAttendance(VersionedForm, DevelopmentForms):
    template_name = "layouts/versioned_form.html"
    form_class = AttendanceForm

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"{self.place.person} in {self.place.cohort}"

    def record(self) -> CohortPlace:
        return self.place

    def get_initial(self) -> dict[str, Any]:
        names = ("attended", "champion_since", "champion_of")
        return {name: getattr(self.place, name) for name in names}

    def act(self, form: BaseForm) -> None:
        version, by = self.expected_version, self.request.user
        actions.note_attendance(place=self.place, expected_version=version, by=by, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.back_to(self.place.cohort)


class NoteInfluence(ActionForm, DevelopmentForms):
    form_class = InfluenceForm

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"What did {self.place.person} set in motion?"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"place": self.place, "by": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return {"happened_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        actions.note_influence(place=self.place, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.back_to(self.place.cohort)


class ChangeInfluence(VersionedForm, DevelopmentForms):
    template_name = "layouts/versioned_form.html"
    form_class = InfluenceForm
    title = "Change what was set in motion"

    def record(self) -> Influenced:
        return self.influenced

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"place": self.influenced.place, "by": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        one = self.influenced
        links = {name: getattr(one, f"{name}_id") for name in ("activity", "message", "decision")}
        names = ("what", "happened_on", "evidence", "evidence_note")
        return {name: getattr(one, name) for name in names} | links

    def act(self, form: BaseForm) -> None:
        version, by = self.expected_version, self.request.user
        actions.edit_influence(
            influenced=self.influenced, expected_version=version, by=by, **form.cleaned_data
        )

    def get_success_url(self) -> str:
        return self.back_to(self.influenced.place.cohort)


def crumb(label: str, name: str, slug: str) -> dict[str, str]:
    return {"label": label, "url": reverse(name, args=[slug])}
