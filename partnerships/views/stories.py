"""The story of us: the newest telling, the ones before, two side by side, and telling it anew."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from partnerships.actions.stories import tell_story
from partnerships.forms.comparison import side_by_side
from partnerships.forms.partnership_page import StoryForm
from partnerships.models import StoryVersion
from partnerships.queries import partnership_page as queries
from partnerships.renderers import partnership_page as rendered
from partnerships.renderers.sections import about_links
from partnerships.views.partnership_page import AboutView
from people.access import ActionForm, PartnershipView
from people.permissions import Permission

NO_NUMBER = -1


class StoryOfUs(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/about/story.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stories = queries.stories_of(self.partnership)
        slug = self.partnership.slug
        return super().get_context_data(
            page_title="Story of us",
            sections=about_links(self.partnership, "story"),
            newest=rendered.story(stories[0], slug) if stories else None,
            earlier=[rendered.story_row(story, slug) for story in stories[1:]],
            may_manage=self.may(Permission.MANAGE_PARTNERSHIP),
            **kwargs,
        )


class StorySection(AboutView):
    def list_name(self) -> str:
        return "story"

    def list_label(self) -> str:
        return "Story of us"


class OneStory(StorySection, TemplateView):
    """One telling; with `?with=` the number of another, the two side by side."""

    permission = Permission.VIEW
    template_name = "partnerships/about/story_version.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stories = queries.stories_of(self.partnership)
        story = next((one for one in stories if one.pk == kwargs["story"]), None)
        if story is None:
            get_object_or_404(StoryVersion.objects.none())
        asked = self.request.GET.get("with", "")
        other = next((one for one in stories if str(one.number) == asked and one.pk != story.pk), None)
        older, newer = sorted((story, other), key=lambda one: one.number) if other else (None, None)
        slug = self.partnership.slug
        title = f"Story of us, version {story.number}"
        return super().get_context_data(
            page_title=title,
            shown=rendered.story(story, slug),
            others=[rendered.compare_link(story, one, slug) for one in stories if one.pk != story.pk],
            sides=rendered.sides(older, newer, side_by_side(older.text, newer.text)) if other else None,
            **{name: value for name, value in kwargs.items() if name != "story"},
        )


class TellStory(ActionForm, StorySection, FormView):
    """A new version, begun from the words of the last. The hidden number says which that was."""

    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "partnerships/about/tell.html"
    form_class = StoryForm

    def last(self) -> StoryVersion | None:
        return StoryVersion.objects.filter(partnership=self.partnership).first()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        last = self.last()
        return {"text": last.text if last else "", "told_on": timezone.localdate()}

    def after_version(self) -> int:
        number = self.request.POST.get("after", "")
        return int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else NO_NUMBER

    def act(self, form: BaseForm) -> None:
        story = tell_story(
            partnership=self.partnership,
            after_version=self.after_version(),
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, f"Version {story.number} of the story is told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last = self.last()
        number = last.number if last else 0
        keeps = self.request.method == "POST" and not self.has_conflict
        conflict = reverse("story-version", args=[self.partnership.slug, last.pk]) if last else ""
        return super().get_context_data(
            page_title="Tell the story anew" if last else "Tell the story of us",
            after=self.after_version() if keeps else number,
            conflict_url=conflict if self.has_conflict else "",
            submit_label="Save this version",
            **kwargs,
        )
