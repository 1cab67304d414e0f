"""What templates cannot do by themselves: {% load ui %}."""

from django import template

from config.forms import error_links
from config.words import moment_words

register = template.Library()


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms_and_formsets, focus=True):
    """{% error_summary form formset %}: nothing when there are no errors. It takes the focus unless told not to."""
    return {"links": error_links(*forms_and_formsets), "focus": focus}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context, page, parameter="page"):
    """{% pagination page_obj %}: links to the pages around this one, keeping every other parameter of the address."""
    paginator = page.paginator
    last = paginator.num_pages

    def url(number):
        query = context["request"].GET.copy()
        query[parameter] = number
        return f"?{query.urlencode()}"

    numbers = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "last": last,
        "previous_url": url(page.number - 1) if page.number > 1 else "",
        "next_url": url(page.number + 1) if page.number < last else "",
        "pages": [
            {"number": number, "url": url(number), "current": number == page.number}
            if isinstance(number, int)
            else None
            for number in numbers
        ],
    }


@register.filter
def beside(cells, columns):
    """Pairs each cell of a table's row with its column."""
    return list(zip(cells, columns, strict=True))


@register.filter
def moment(value):
    """{{ saved_at|moment }}: 4 June 2026, 2:30pm. Django's own formats write "p.m."."""
    return moment_words(value) if value else ""
