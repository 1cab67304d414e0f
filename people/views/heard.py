"""What became of a voice, for somebody who does not sign in and has a code on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from people.actions.voices import narrow_consent
from people.forms.follow_ups import CodeForm
from people.models import FollowUp
from people.queries.follow_ups import find, in_groups
from people.queries.names import names_in
from people.queries.voice_chains import chain_of
from people.views.voice_rows import audience_words, heard_columns


class Hidden:
    """Search engines keep neither the page nor its address, and no other site learns it from a link."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "no-referrer"
        return response


@method_decorator(never_cache, name="dispatch")
class TypeCode(Hidden, FormView):
    template_name = "people/voices/type_code.html"
    form_class = CodeForm

    def form_valid(self, form: Form) -> HttpResponse:
        return redirect("voice-heard", voice_code=in_groups(form.cleaned_data["code"]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="What became of what you said", **kwargs)


@method_decorator(never_cache, name="dispatch")
class Heard(Hidden, TemplateView):
    """You said, they heard, this followed: without the name of anybody else."""

    template_name = "people/voices/heard.html"
    follow_up: FollowUp

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = find(kwargs["voice_code"])
        if found is None:
            return render(
                request, "people/voices/no_code.html", {"page_title": "This code does not work"}, status=404
            )
        self.follow_up = found
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Taking back one's consent needs nobody's help."""
        if request.POST.get("take_back") == "yes":
            narrow_consent(voice=self.follow_up.voice, audience=None, by=None)
            messages.success(request, "Nobody can read your words here any more.")
        return redirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        voice = self.follow_up.voice
        chain, names = chain_of(voice), names_in(voice.partnership)
        columns = heard_columns(chain, own=voice.withdrawn_on is None)
        for column in columns[1:]:
            column["lines"] = [names.removed_from(line) for line in column["lines"]]
        columns[0]["kind"] = "You said"
        return super().get_context_data(
            page_title="What became of what you said",
            partnership_name=voice.partnership.name,
            theme=voice.theme,
            said_on=voice.said_on,
            columns=columns,
            gaps=[names.removed_from(gap) for gap in chain.gaps],
            withdrawn=voice.withdrawn_on is not None,
            audience=audience_words(voice),
            **kwargs,
        )
