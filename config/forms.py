"""How forms look: the renderer, the widgets and the two fields that Django lacks.

Form templates live in templates/django/forms; plain Django fields and widgets get the right markup by themselves.
"""

import datetime
import re
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField as DjangoBoundField
from django.forms.renderers import TemplatesSetting
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


class BoundField(DjangoBoundField):
    """A field with its value, plus what our templates need to know about it."""

    @property
    def is_single_checkbox(self):
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_group_of_inputs(self):
        """True for a fieldset of text inputs: screen readers skip its description unless the role is spelt out."""
        return isinstance(self.field.widget, DateInput | forms.MultiWidget)

    @property
    def says_optional(self):
        """Optional fields are marked where something else is required; in a form of filters nothing is."""
        if self.field.required or self.is_single_checkbox or not getattr(self.form, "mark_optional", True):
            return False
        return any(field.required for field in self.form.fields.values())

    @property
    def error_target(self):
        """The id that the error summary links to: the first input that can take the correction."""
        widget = self.field.widget
        if isinstance(widget, DateInput):
            return f"{self.auto_id}_{self.wrong_parts[0]}"
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
            return f"{self.auto_id}_0"
        return self.id_for_label

    @cached_property
    def wrong_parts(self):
        """Which of day, month and year to mark in red; an error of the whole date marks all three."""
        named = [
            part
            for error in self.errors.as_data()
            for part in DateParts._fields
            if part in (getattr(error, "params", None) or {}).get("parts", ())
        ]
        return named or list(DateParts._fields)

    @property
    def errors(self):
        """Django's errors, with "This field is required" said about this field, in words that tell what to do."""
        errors = super().errors
        for error in errors.data:
            if (
                getattr(error, "code", "") == "required"
                and error.message == forms.Field.default_error_messages["required"]
            ):
                error.message = self.ask()
        return errors

    def ask(self):
        label = str(self.label).rstrip(": ")
        picked = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.FileInput)
        chosen = isinstance(self.field.widget, picked)
        if label.endswith("?"):
            return f"{'Choose an answer to' if chosen else 'Answer'} “{label}”"
        if not label[1:2].isupper():  # "NHS number" keeps its capitals
            label = label[:1].lower() + label[1:]
        if self.is_single_checkbox:
            return f"Tick the box: {label}"
        return f"{'Select' if chosen else 'Enter'} {label}"

    def label_tag(self, contents=None, attrs=None, label_suffix=None, tag=None):
        return super().label_tag(contents, attrs, label_suffix or "", tag)

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        # The browser's own messages cannot be styled or read back; the server says the same, better.
        attrs.pop("required", None)
        if widget.is_hidden:
            return attrs
        if widget.use_fieldset:
            if isinstance(widget, DateInput) and self.errors:
                attrs["wrong_parts"] = self.wrong_parts
            if not isinstance(widget, forms.MultiWidget):
                attrs.pop("aria-invalid", None)
            return attrs
        if self.is_counted(widget):
            info = f"{attrs.get('id') or self.auto_id}-info"
            attrs["aria-describedby"] = f"{attrs.get('aria-describedby', '')} {info}".strip()
        own = [base for kind, base in WIDGET_CLASSES if isinstance(widget, kind)][:1]
        wrong = [f"{base}--error" for base in own if self.errors]
        attrs["class"] = " ".join([*own, *wrong, widget.attrs.get("class", "")]).strip()
        return attrs

    @staticmethod
    def is_counted(widget):
        return isinstance(widget, forms.Textarea) and "maxlength" in widget.attrs


WIDGET_CLASSES = (
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.widgets.Input, "govuk-input"),
)


class FormRenderer(TemplatesSetting):
    bound_field_class = BoundField


class DateParts(NamedTuple):
    """What was typed into the three boxes of a date, kept as it was typed."""

    day: str = ""
    month: str = ""
    year: str = ""

    def __bool__(self):
        return any(self)

    @property
    def missing(self):
        return [part for part, text in self._asdict().items() if not text]

    def as_date(self):
        """The date, or ValueError. Takes month names, short years and leading noughts."""
        month = self.month.lower().rstrip(".")
        if not month.isdecimal():
            matches = [n for n, name in enumerate(MONTHS, 1) if len(month) >= 3 and name.startswith(month)]
            matches += [9] if month == "sept" and not matches else []
            if len(matches) != 1:
                raise ValueError(f"{self.month!r} is not a month")
            month = matches[0]
        year = int(self.year)
        if len(self.year) == 2:
            year += 2000
        if not 1000 <= year <= 9999:
            raise ValueError(f"{self.year!r} is not a year")
        return datetime.date(year, int(month), int(re.sub(r"(?i)(st|nd|rd|th)$", "", self.day)))


class DateInput(forms.Widget):
    """Day, month and year in three boxes. `quick_days=True` adds Today and Yesterday buttons where JavaScript runs."""

    template_name = "django/forms/widgets/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs=None, quick_days=False):
        super().__init__(attrs)
        self.quick_days = quick_days

    def id_for_label(self, id_):
        return f"{id_}_day" if id_ else id_

    def value_from_datadict(self, data, files, name):
        if name in data:  # One value in one field: what the API's clients, tests and links send.
            return data.get(name)
        return DateParts(*(str(data.get(f"{name}_{part}", "")).strip() for part in DateParts._fields))

    def value_omitted_from_data(self, data, files, name):
        return not any(key in data for key in (name, *(f"{name}_{part}" for part in DateParts._fields)))

    def format_value(self, value):
        if isinstance(value, str):
            try:
                value = datetime.date.fromisoformat(value)
            except ValueError:
                return DateParts(day=value)
        if isinstance(value, datetime.date):
            return DateParts(str(value.day), str(value.month), str(value.year))
        return value or DateParts()

    def get_context(self, name, value, attrs):
        attrs = dict(attrs or {})
        wrong = attrs.pop("wrong_parts", [])
        context = super().get_context(name, value, attrs)
        parts = context["widget"]["value"]
        identity = context["widget"]["attrs"].get("id") or f"id_{name}"
        context["widget"] |= {
            "identity": identity,
            "quick_days": self.quick_days,
            "disabled": context["widget"]["attrs"].get("disabled", False),
            "parts": [
                {
                    "label": part.capitalize(),
                    "name": f"{name}_{part}",
                    "id": f"{identity}_{part}",
                    "value": getattr(parts, part),
                    "width": 4 if part == "year" else 2,
                    "wrong": part in wrong,
                }
                for part in DateParts._fields
            ],
        }
        return context


class DateField(forms.DateField):
    """A date in three boxes. Bad input stays in the boxes, and the message says which box is wrong."""

    widget = DateInput
    default_error_messages = {
        "required": "Enter a date",
        "invalid": "Enter a real date, such as 27 3 2026",
        "incomplete": "The date must include a %(missing)s",
    }

    def to_python(self, value):
        if not isinstance(value, DateParts):
            return super().to_python(value)
        if not value:
            return None
        if value.missing:
            params = {"missing": " and a ".join(value.missing), "parts": value.missing}
            raise ValidationError(self.error_messages["incomplete"], code="incomplete", params=params)
        try:
            return value.as_date()
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def validate(self, value):
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")


class DurationInput(forms.MultiWidget):
    """Hours and minutes in two boxes."""

    template_name = "django/forms/widgets/duration.html"
    use_fieldset = True

    def __init__(self, attrs=None):
        box = {"inputmode": "numeric", "class": "govuk-input govuk-input--width-3"}
        super().__init__({"hours": forms.TextInput(box), "minutes": forms.TextInput(box)}, attrs)

    def decompress(self, value):
        if value in (None, ""):
            return ["", ""]
        hours, minutes = divmod(int(value), 60)
        return [hours or "", minutes if minutes or not hours else ""]


class DurationField(forms.MultiValueField):
    """How long something took, as whole minutes. "1.5" hours and "90" minutes are the same answer."""

    widget = DurationInput
    default_error_messages = {
        "required": "Enter how long it took",
        "invalid": "Hours and minutes must be numbers, such as 1 and 30",
        "too_long": "The time must be %(limit)s hours or less",
    }

    def __init__(self, *, max_hours=100, **kwargs):
        self.max_hours = max_hours
        super().__init__(
            (forms.CharField(required=False), forms.CharField(required=False)),
            require_all_fields=False,
            **kwargs,
        )

    def compress(self, values):
        if not any(values or []):
            return None
        try:
            hours, minutes = (float(text.replace(",", ".") or 0) for text in values)
            total = round(hours * 60 + minutes)
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if hours < 0 or minutes < 0:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if total > self.max_hours * 60:
            raise ValidationError(
                self.error_messages["too_long"], code="too_long", params={"limit": self.max_hours}
            )
        return total


class LongText(forms.Textarea):
    """A text area. A field with `max_length` gets a count of the characters left; a line break counts as one."""

    def __init__(self, attrs=None, rows=5):
        super().__init__({"cols": False, "rows": rows, **(attrs or {})})

    def value_from_datadict(self, data, files, name):
        text = super().value_from_datadict(data, files, name)
        return text.replace("\r\n", "\n") if text else text


class AffixInput(forms.TextInput):
    """A short text box with a unit before or after it: AffixInput(prefix="£", width=5)."""

    template_name = "django/forms/widgets/affix.html"

    def __init__(self, attrs=None, prefix="", suffix="", width=5):
        super().__init__({"class": f"govuk-input--width-{width}", **(attrs or {})})
        self.prefix, self.suffix = prefix, suffix

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"prefix": self.prefix, "suffix": self.suffix}
        return context


class HintsMixin:
    """Adds a line of explanation under a choice: Radios(hints={"partner": "May log activities for their organisation"})."""

    def __init__(self, attrs=None, choices=(), hints=None):
        super().__init__(attrs, choices)
        self.hints = hints or {}

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        return option | {"hint": self.hints.get(getattr(value, "value", value), "")}


class Radios(HintsMixin, forms.RadioSelect):
    """Radios with hints. attrs={"class": "govuk-radios--inline"} sets them side by side."""


class Checkboxes(HintsMixin, forms.CheckboxSelectMultiple):
    """Checkboxes with hints."""


class PickMany(HintsMixin, forms.CheckboxSelectMultiple):
    """Checkboxes in a scrolling list; where JavaScript runs, a box filters them and what is chosen is shown above.

    `noun` is what the list holds, in the plural: "organisations".
    """

    template_name = "django/forms/widgets/pick_many.html"

    def __init__(self, attrs=None, choices=(), hints=None, noun="choices"):
        super().__init__(attrs, choices, hints)
        self.noun = noun

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["noun"] = self.noun
        return context


class PickOne(forms.Select):
    """A select; where JavaScript runs, a box in which typing part of a name finds it."""

    template_name = "django/forms/widgets/pick_one.html"


def error_links(*forms_and_formsets):
    """Every error with the id it belongs to, in the order of the page: what the error summary prints."""
    links = []
    for item in forms_and_formsets:
        if not item:
            continue
        if hasattr(item, "management_form"):
            links += [{"text": text, "target": "form-errors"} for text in item.non_form_errors()]
            links += error_links(*item.forms)
            continue
        links += [{"text": text, "target": "form-errors"} for text in item.non_field_errors()]
        for field in item:
            target = "form-errors" if field.is_hidden else field.error_target
            links += [{"text": text, "target": target} for text in field.errors]
    return links


def as_typed(form, sent):
    """Initial values that show a form as it was typed, half-finished dates and all, with nothing refused yet.

    `sent` holds a list of values for each name, as a browser sends them.
    """
    data = MultiValueDict(sent)
    return {name: field.widget.value_from_datadict(data, {}, name) for name, field in form.fields.items()}
