"""Comments on activities and commitments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from config.words import moment_words
from partnerships.actions import comments as actions
from partnerships.errors import DomainError
from partnerships.forms.comments import CommentForm
from partnerships.models import Activity, Comment, Commitment
from partnerships.queries import comments as queries
from partnerships.views.activity_door import activity_or_404
from people.access import ActionForm, PartnershipView
from people.permissions import Permission

PAGES = {Activity: "activity", Commitment: "commitment"}


def page_of(about: Activity | Commitment, slug: str) -> str:
    return reverse(f"{PAGES[type(about)]}-detail", args=[slug, about.pk])


def thread(view: PartnershipView, about: Activity | Commitment) -> dict[str, Any]:
    """What `partnerships/comments/_thread.html` shows below a record that this person may see."""
    slug, may_write = view.partnership.slug, view.may(Permission.COMMENT)
    may_redact = view.may(Permission.MANAGE_PARTNERSHIP)
    rows = [
        comment_row(one, view.request.user, slug, may_write, may_redact) for one in queries.comments_on(about)
    ]
    form = None
    if may_write:
        form = CommentForm(readers=queries.people_who_may_read(about).exclude(pk=view.request.user.pk))
        form.fetch_choices()
    kind = PAGES[type(about)]
    return {
        "open": [row for row in rows if not row["resolved"]],
        "resolved": [row for row in rows if row["resolved"]],
        "form": form,
        "post_url": reverse(f"{kind}-comment", args=[slug, about.pk]),
        "seen_url": reverse(f"{kind}-comments-seen", args=[slug, about.pk]),
        "is_named": any(row["names_me"] for row in rows),
    }


def comment_row(
    comment: Comment, person: Any, slug: str, may_write: bool, may_redact: bool
) -> dict[str, Any]:
    mentions = list(comment.mentions.all())
    own = comment.author_id == person.pk
    is_fresh = timezone.now() - comment.written_at <= actions.A_WHILE
    resolved = ""
    if comment.resolved_at:
        resolved = f"{comment.resolved_by}, {moment_words(comment.resolved_at)}"
    return {
        "pk": comment.pk,
        "text": comment.text,
        "author": comment.author.name,
        "when": moment_words(comment.written_at),
        "named": ", ".join(sorted(mention.person.name for mention in mentions)),
        "names_me": any(one.person_id == person.pk and one.seen_at is None for one in mentions),
        "resolved": resolved,
        "change_url": reverse("comment-change", args=[slug, comment.pk]) if may_write else "",
        "may_delete": may_write and own and is_fresh,
        "may_redact": may_redact and not own and comment.text != actions.REMOVED,
    }


class CommentPage(PartnershipView):
    """A page about one record: `about()` is found only where this person may see it."""

    model: type[Activity] | type[Commitment] = Activity

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.about = self.find(kwargs["pk"])

    def find(self, pk: int) -> Activity | Commitment:
        if self.model is Activity:
            return activity_or_404(self, pk)
        found = Commitment.objects.select_related("partnership")
        return get_object_or_404(found, partnership=self.partnership, pk=pk)


class WriteComment(ActionForm, CommentPage, FormView):
    """The form below a record posts here; a page of its own shows it again where something is wrong with it."""

    permission = Permission.COMMENT
    form_class = CommentForm
    template_name = "partnerships/comments/form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        readers = queries.people_who_may_read(self.about).exclude(pk=self.request.user.pk)
        return super().get_form_kwargs() | {"readers": readers}

    def get_success_url(self) -> str:
        return f"{page_of(self.about, self.partnership.slug)}#comments"

    def act(self, form: Any) -> None:
        actions.write_comment(about=self.about, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Your comment is saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["form"].fetch_choices()
        url = page_of(self.about, self.partnership.slug)
        crumbs = [{"label": str(self.about), "url": url}]
        return context | {"page_title": f"Comment on {self.about}", "cancel_url": url, "breadcrumbs": crumbs}


class MentionsSeen(CommentPage):
    """“I have read it.”"""

    permission = Permission.VIEW
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        actions.mark_seen(about=self.about, by=request.user)
        messages.success(request, "Marked as read.")
        return redirect(f"{page_of(self.about, self.partnership.slug)}#comments")


class ChangeComment(PartnershipView):
    """Resolves a comment, opens it again, deletes or removes it."""

    permission = Permission.COMMENT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, comment: int, **kwargs: Any) -> HttpResponse:
        found = queries.comments_in(self.partnership, request.user).select_related("activity", "commitment")
        one = get_object_or_404(found, pk=comment)
        wanted = request.POST.get("do", "")
        if wanted == "redact" and not self.may(Permission.MANAGE_PARTNERSHIP):
            raise PermissionDenied("Only a manager removes what others wrote.")
        try:
            messages.success(request, self.do(wanted, one))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(f"{page_of(one.activity or one.commitment, self.partnership.slug)}#comments")

    def do(self, wanted: str, comment: Comment) -> str:
        known = {
            "resolve": (actions.resolve_comment, "Comment resolved."),
            "reopen": (actions.reopen_comment, "The comment is open again."),
            "delete": (actions.delete_comment, "Comment deleted."),
            "redact": (actions.redact_comment, "Comment removed."),
        }
        if wanted not in known:
            raise DomainError("Say what should happen to the comment.")
        act, said = known[wanted]
        act(comment=comment, by=self.request.user)
        return said
