"""Every field comes with its label, its hint and its error, tied together for those who cannot see them side by side."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from config.forms import Checkboxes, DateField, PickMany, PickOne, Radios, error_links
from config.gallery_forms import GalleryForm


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.found if attrs.get("id")]

    def by_id(self, identity: str) -> tuple[str, dict[str, str | None]]:
        (element,) = [(tag, attrs) for tag, attrs in self.found if attrs.get("id") == identity]
        return element

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.found if name == tag]


class Sample(forms.Form):
    title = forms.CharField(label="Title", help_text="One line", max_length=60)
    kind = forms.ChoiceField(
        label="Kind of meeting",
        choices=[("a", "One"), ("b", "Two")],
        widget=Radios(hints={"b": "The second"}),
    )
    when = DateField(label="When was it?")
    place = forms.ChoiceField(
        label="Which place?", choices=[("", ""), ("1", "Ashfield")], widget=PickOne, required=False
    )
    people = forms.MultipleChoiceField(
        label="People", choices=[("1", "Ann"), ("2", "Bob")], widget=PickMany(noun="people")
    )
    agreed = forms.BooleanField(label="They agreed")

    def clean(self) -> dict[str, object]:
        raise ValidationError("The two do not go together")


def test_a_plain_form_has_one_label_for_each_control() -> None:
    page = Elements(str(GalleryForm()))
    labelled = [attrs["for"] for attrs in page.all("label")]
    controls = [
        attrs["id"]
        for tag in ("input", "select", "textarea")
        for attrs in page.all(tag)
        if attrs.get("type") != "hidden"
    ]
    assert sorted(labelled) == sorted(controls)


def test_hint_and_error_describe_the_input() -> None:
    page = Elements(str(Sample({})))
    tag, attrs = page.by_id("id_title")
    assert tag == "input"
    assert attrs["aria-describedby"] == "id_title_helptext id_title_error"
    assert attrs["aria-invalid"] == "true"
    assert attrs["class"] == "govuk-input govuk-input--error"
    assert page.by_id("id_title_error")[1]["class"] == "govuk-error-message"


def test_a_group_of_choices_is_described_by_its_fieldset() -> None:
    page = Elements(str(Sample({})))
    assert {"id_kind_error", "id_when_error", "id_people_error"} <= {
        attrs.get("aria-describedby") for attrs in page.all("fieldset")
    }
    _, second = page.by_id("id_kind_1")
    assert second["aria-describedby"] == "id_kind_1_hint"
    assert "aria-invalid" not in second


def test_required_says_what_to_do_in_the_words_of_the_label() -> None:
    said = {link["target"]: link["text"] for link in error_links(Sample({}))}
    assert said == {
        "form-errors": "The two do not go together",
        "id_title": "Enter title",
        "id_kind_0": "Select kind of meeting",
        "id_when_day": "Enter a date",
        "id_people_0": "Select people",
        "id_agreed": "Tick the box: they agreed",
    }


def test_a_question_is_quoted_and_capitals_are_kept() -> None:
    class Questions(forms.Form):
        what = forms.CharField(label="What happened?")
        which = forms.ChoiceField(label="Which one?", choices=[("1", "One")])
        number = forms.CharField(label="NHS number")

    assert [link["text"] for link in error_links(Questions({}))] == [
        "Answer “What happened?”",
        "Choose an answer to “Which one?”",
        "Enter NHS number",
    ]


def test_our_own_required_message_is_left_alone() -> None:
    class Own(forms.Form):
        name = forms.CharField(error_messages={"required": "Enter the name on the door"})

    assert error_links(Own({})) == [{"text": "Enter the name on the door", "target": "id_name"}]


@pytest.mark.parametrize(
    "data", [{}, {"when_day": "31", "when_month": "2", "when_year": "2026", "length_hours": "two"}]
)
def test_every_error_links_to_one_element_that_is_there(data: dict[str, str]) -> None:
    for form in (Sample(data), GalleryForm(data)):
        ids = Elements(str(form)).ids()
        assert len(ids) == len(set(ids))
        for link in error_links(form):
            assert link["target"] in ids


def test_errors_of_a_formset_keep_their_own_ids() -> None:
    formset = forms.formset_factory(Sample, extra=2)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-1-title": "Only the second"}
    )
    targets = [link["target"] for link in error_links(formset)]
    assert "id_form-1-when_day" in targets
    assert "id_form-1-title" not in targets


def test_optional_is_said_only_where_something_is_required() -> None:
    class Filters(forms.Form):
        words = forms.CharField(required=False)

    assert "(optional)" not in str(Filters())
    assert str(Sample()).count("(optional)") == 1


def test_mark_optional_can_be_switched_off() -> None:
    class Quiet(Sample):
        mark_optional = False

    assert "(optional)" not in str(Quiet())


def test_what_was_typed_and_chosen_is_kept() -> None:
    html = str(Sample({"title": "A <b>", "kind": "b", "place": "1", "people": ["2"], "when_day": "x"}))
    page = Elements(html)
    assert page.by_id("id_title")[1]["value"] == "A <b>"
    assert "checked" in page.by_id("id_kind_1")[1]
    assert "checked" in page.by_id("id_people_1")[1]
    assert "checked" not in page.by_id("id_people_0")[1]
    assert page.by_id("id_when_day")[1]["value"] == "x"
    assert re.search(r'<option value="1" selected>\s*Ashfield', html)


def test_the_browser_is_never_asked_to_refuse() -> None:
    page = Elements(str(Sample()) + str(GalleryForm()))
    assert not [attrs for _, attrs in page.found if "required" in attrs]


def test_a_counted_text_area_may_be_typed_over_its_limit() -> None:
    page = Elements(str(GalleryForm()))
    _, notes = page.by_id("id_notes")
    assert "maxlength" not in notes
    assert notes["aria-describedby"] == "id_notes-info"
    assert [attrs for attrs in page.all("div") if attrs.get("data-maxlength") == "400"]


def test_a_page_with_errors_says_so_in_its_title_and_lists_them_first(request_for: object) -> None:
    context = {"form": Sample({}), "page_title": "Log a meeting"}
    html = render_to_string("layouts/form.html", context, request=request_for())  # type: ignore[operator]
    assert "<title>Error: Log a meeting" in html
    assert html.index("govuk-error-summary") < html.index("<h1")
    clean = render_to_string("layouts/form.html", context | {"form": Sample()}, request=request_for())  # type: ignore[operator]
    assert "<title>Log a meeting" in clean
    assert "govuk-error-summary" not in clean


def test_choices_keep_hidden_ids_apart_when_a_form_is_shown_twice() -> None:
    class Twice(forms.Form):
        size = forms.MultipleChoiceField(
            choices=[("s", "Small")], widget=Checkboxes(hints={"s": "Up to ten"})
        )

    page = Elements(str(Twice(prefix="a")) + str(Twice(prefix="b")))
    assert len(page.ids()) == len(set(page.ids()))
