"""What templates cannot do by themselves: {% load ui %}."""

from django import template

from config.forms import error_links

register = template.Library()


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms_and_formsets):
    """{% error_summary form formset %}: nothing when there are no errors."""
    return {"links": error_links(*forms_and_formsets)}
