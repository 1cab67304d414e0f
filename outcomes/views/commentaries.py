"""The story behind a measure's curve, what became of its proposal, and all of it on one page."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from config.forms import as_typed
from outcomes import charts
from outcomes.actions.commentaries import edit_commentary, link_decision, write_commentary
from outcomes.forms.commentaries import CommentaryForm, DecidedForm, initial_of
from outcomes.models import Commentary
from outcomes.queries.ahead import ahead_of
from outcomes.queries.commentaries import stories_of
from outcomes.renderers.judging import three_judgements
from outcomes.renderers.readings import svg
from outcomes.views.judged import shown_story
from outcomes.views.looking import MeasureView, narrow
from partnerships.queries.meetings import upcoming
from people.access import ActionForm, VersionedForm
from people.permissions import Permission

MORE_ROWS = 3


class StoryPage(ActionForm, MeasureView, FormView):
    """A form for a story, whose rows for partners grow when asked."""

    permission = Permission.COMMENT
    form_class = CommentaryForm
    template_name = "outcomes/measures/story_form.html"
    heading = ""

    @cached_property
    def story(self) -> Commentary | None:
        return None

    @cached_property
    def rows(self) -> int:
        typed = self.request.POST.get("rows", "")
        if typed.isdecimal() and len(typed) < 3:
            return int(typed) + (MORE_ROWS if "more" in self.request.POST else 0)
        return MORE_ROWS + (self.story.partners.count() if self.story else 0)

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"partnership": self.partnership, "reading": self.read(), "rows": self.rows}
        return super().get_form_kwargs() | more | {"commentary": self.story}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "more" not in request.POST:
            return super().post(request, *args, **kwargs)
        kwargs = {key: value for key, value in self.get_form_kwargs().items() if key not in ("data", "files")}
        typed = as_typed(CommentaryForm(**kwargs), dict(request.POST.lists()))
        return self.render_to_response(
            self.get_context_data(form=CommentaryForm(**kwargs | {"initial": typed}))
        )

    def get_success_url(self) -> str:
        return self.url("measure") + "#story"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = {
            "page_title": self.heading,
            "breadcrumbs": self.crumbs(to_measure=True),
            "cancel_url": self.url("measure"),
            "rows": self.rows,
            "submit_label": "Save the story",
        }
        return super().get_context_data(**found | kwargs)


class WriteCommentary(StoryPage):
    heading = "Write the story behind the numbers"

    def act(self, form: CommentaryForm) -> None:
        write_commentary(measure=self.measure, by=self.request.user, **form.said)


class OneStory(MeasureView):
    @cached_property
    def story(self) -> Commentary:
        rows = Commentary.objects.select_related("measure__partnership", "for_board", "decision")
        return get_object_or_404(rows, measure=self.measure, pk=self.kwargs["commentary"])


class EditCommentary(VersionedForm, OneStory, StoryPage):
    heading = "Change the story behind the numbers"

    def check_permission(self) -> None:
        super().check_permission()
        if self.story.author_id != self.request.user.pk:
            raise PermissionDenied("Only who wrote it can change it. You can write your own beside it.")

    def record(self) -> Commentary:
        return self.story

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.story)

    def act(self, form: CommentaryForm) -> None:
        edit_commentary(
            commentary=self.story,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.said,
        )


class Decided(ActionForm, OneStory, FormView):
    """Which decision came of a proposal: said by who wrote it, or by who prepares meetings."""

    permission = Permission.COMMENT
    form_class = DecidedForm
    template_name = "outcomes/measures/decided.html"

    def check_permission(self) -> None:
        super().check_permission()
        if self.story.author_id != self.request.user.pk and not self.may(Permission.MANAGE_MEETINGS):
            raise PermissionDenied("Only who wrote it, or who prepares meetings, can say what was decided.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"commentary": self.story}

    def get_initial(self) -> dict[str, Any]:
        return {"decision": self.story.decision_id}

    def act(self, form: DecidedForm) -> None:
        link_decision(commentary=self.story, decision=form.cleaned_data["decision"], by=self.request.user)
        messages.success(self.request, "It is kept what the board decided.")

    def get_success_url(self) -> str:
        return self.url("turn-the-curve") + f"?story={self.story.pk}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"What {self.story.for_board or 'the board'} decided",
            breadcrumbs=self.crumbs(to_measure=True),
            story=self.story,
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class TurnTheCurve(MeasureView, TemplateView):
    """One sheet for a meeting: the curve, the story, the partners, what works, what is proposed, and the ask."""

    template_name = "outcomes/measures/turn_the_curve.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        look = self.look()
        stories = list(stories_of(self.measure, as_of=look.as_of if look else timezone.now())[:30])
        asked = self.request.GET.get("story", "")
        chosen = next((one for one in stories if str(one.pk) == asked), stories[0] if stories else None)
        context = super().get_context_data(
            page_title=f"Turn the curve: {self.measure.name}",
            breadcrumbs=self.crumbs(to_measure=True),
            reading=look.reading if look else None,
            others=[one for one in stories if one is not chosen],
            may_comment=self.may(Permission.COMMENT),
            story=shown_story(self, chosen) if chosen else None,
            agenda_url=self._agenda(chosen),
            **kwargs,
        )
        if look and look.reading.latest:
            drawn, _ = self.drawing(look)
            context |= {
                "chart": svg(charts.line_chart(drawn, width=900)),
                "chart_narrow": svg(charts.line_chart(narrow(drawn), width=320)),
                "table": charts.table_of(drawn),
                "ahead": ahead_of(look.reading).sentence,
                "judgements": three_judgements(look.reading),
            }
        return context

    def _agenda(self, story: Commentary | None) -> str:
        """The next meeting's agenda with the item filled in, for who prepares meetings; empty where there is none."""
        if story is None or not story.for_board or story.decision or not self.may(Permission.MANAGE_MEETINGS):
            return ""
        meeting = upcoming(story.for_board).first()
        if meeting is None:
            return ""
        address = reverse("agenda", args=[self.partnership.slug, story.for_board_id, meeting.pk])
        return f"{address}?{urlencode({'title': f'Turn the curve: {self.measure.name}'[:200]})}"
