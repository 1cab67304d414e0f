"""Pages that say something about the product itself, open to everybody."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import TemplateView


class Accessibility(TemplateView):
    template_name = "reports/accessibility.html"
    extra_context = {"page_title": "Accessibility statement"}


class Privacy(TemplateView):
    template_name = "reports/privacy.html"
    extra_context = {"page_title": "Privacy"}


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for those who build; production has no use for it."""
    if settings.PRODUCTION and not request.user.is_staff:
        raise Http404
    from django.shortcuts import render

    from config.gallery import sample_context

    return render(request, "gallery.html", sample_context())
