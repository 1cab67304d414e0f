"""The form that says what the columns of a file hold."""

from __future__ import annotations

from typing import Any

from django import forms

from config.forms import PickMany, PickOne, Radios
from outcomes.imports.groups import EMPTY_CELL, IS, KNOWN_WORDS, LONGEST_DIMENSION, NO_TOTAL, Breakdown
from outcomes.imports.mapping import GROUPS, LONG, WIDE, Mapping, period_in
from outcomes.imports.periods import ACADEMIC, AUTO, CALENDAR, FINANCIAL, SURVEY
from outcomes.imports.places import KEEP, LEAD, REFUSE
from outcomes.imports.table import Column, Reading
from outcomes.models import Measure, ObservationStatus
from partnerships.models import Partnership, PlaceKind

FILTERS = 4
BREAKDOWNS = 3
NUMBERS = ("value_column", "numerator_column", "denominator_column", "lower_column", "upper_column")
COLUMN_FIELDS = ("level_column", "period_column", "period_note_column", *NUMBERS)


def _column(label: str, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=help_text, required=False)


def _dimension(
    label: str, help_text: str = "Such as Sex or Age group. Left empty, the column’s heading is used."
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_DIMENSION,
        help_text=help_text,
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )


class MappingForm(forms.Form):
    mark_optional = False  # Nearly all of it is; what is missing is said.

    measure = forms.ModelChoiceField(
        Measure.objects.none(), label="Measure", widget=PickOne, empty_label="Select a measure"
    )
    layout = forms.ChoiceField(
        label="How the file is laid out",
        choices=[
            (LONG, "A row for each place and period"), (WIDE, "A column for each period"), (GROUPS, "A column for each group of people"),
        ],
        widget=Radios,
    )  # fmt: skip
    place_column = _column("Column of the place", "Its code, such as E06000032, or its name.")
    place_column_2 = _column("If that is empty")
    place_column_3 = _column("If that is empty too")
    level_column = _column(
        "Column that says which level a row is of",
        "Such as National, Regional or Local authority. A row of one is not taken for another.",
    )
    fixed_place = forms.ChoiceField(
        label="One place for the whole file",
        required=False,
        widget=PickOne,
        help_text="Only where no column says the place.",
    )
    place_kind = forms.ChoiceField(
        label="If a name fits several places, it is a",
        required=False,
        choices=[("", "Refuse the row and say which places"), *PlaceKind.choices],
    )
    merged = forms.ChoiceField(
        label="Figures of places that were merged into a larger one",
        choices=[
            (REFUSE, "Refuse them"), (KEEP, "Keep them under the old place"), (LEAD, "Use them for the place that took over"),
        ],
        widget=Radios(
            hints={
                REFUSE: "A part's figure is not the whole's. A place that only has a new code is led to it all the same.",
                KEEP: "They can be looked up, and are not shown for the place that took over.",
                LEAD: "Right only where the figure was worked out for the whole of it. Two parts are never added up.",
            }
        ),
    )  # fmt: skip
    period_column = _column(
        "Column of the period", "Such as 2015/16, 202425, Q1 2024-25, Apr to Jun 2024 or a date."
    )
    period_note_column = _column(
        "Column that says what kind of period it is", "Such as Academic year or January, where there is one."
    )
    fixed_period = forms.CharField(
        label="One period for the whole file",
        required=False,
        max_length=60,
        help_text="Only where no column says the period, such as 2024/25.",
        widget=forms.TextInput({"class": "govuk-input--width-10"}),
    )
    year_type = forms.ChoiceField(
        label="What a year means",
        choices=[
            (AUTO, "As it is written"), (FINANCIAL, "Financial year, April to March"), (ACADEMIC, "Academic year, September to August"),
            (CALENDAR, "Calendar year"), (SURVEY, "Survey year, mid-November to mid-November"),
        ],
        widget=Radios(
            hints={
                AUTO: "2015/16 is April 2015 to March 2016, and 2024 is January to December 2024.",
                FINANCIAL: "A year written as 2024 is the one that starts in April 2024.",
                ACADEMIC: "A year written as 2024 is the one that starts in September 2024.",
                SURVEY: "As the Active Lives survey of adults counts.",
            }
        ),
    )  # fmt: skip
    period_columns = forms.MultipleChoiceField(
        label="Columns that each hold a period", required=False, widget=PickMany(noun="columns")
    )
    value_column = _column("Column of the figure")
    numerator_column = _column("Column of the numerator", "How many, such as plans issued in time.")
    denominator_column = _column("Column of the denominator", "Out of how many, such as all plans issued.")
    lower_column = _column("Column of the lower confidence limit")
    upper_column = _column("Column of the upper confidence limit")
    group_1 = _column(
        "Column of groups",
        "Such as sex, age group or ethnicity. Its rows become figures of their own beside the total.",
    )
    group_1_name = _dimension("What these groups are")
    group_1_topic = _column(
        "Column that says which breakdown a group is of", "Only where one column holds groups of several."
    )
    group_1_total = _column("It means everybody where it holds")
    group_2 = _column(
        "Second column of groups", "A row about groups of two breakdowns at once is left out, and counted."
    )
    group_2_name = _dimension("What the groups of the second column are")
    group_2_total = _column("The second column means everybody where it holds")
    group_3 = _column("Third column of groups")
    group_3_name = _dimension("What the groups of the third column are")
    group_3_total = _column("The third column means everybody where it holds")
    group_columns = forms.MultipleChoiceField(
        label="Columns that each hold a group",
        required=False,
        widget=PickMany(noun="columns"),
        help_text="The column of the total is the column of the figure above.",
    )
    group_dimension = _dimension("What the groups of these columns are", "Such as Sex or Age group.")
    filter_1 = _column("Only rows where")
    filter_2 = _column("And where")
    filter_3 = _column("And where")
    filter_4 = _column("And where")
    filter_column = _column("Another column")
    filter_value = forms.CharField(label="Holds exactly", required=False, max_length=200)
    status = forms.ChoiceField(
        label="The figures are",
        choices=ObservationStatus,
        widget=Radios(hints={"provisional": "They are shown as such until a later file says otherwise."}),
    )
    times_100 = forms.BooleanField(label="Shares of 1 are percentages: read 0.45 as 45%", required=False)
    decimal_comma = forms.BooleanField(
        label="Numbers are written with a decimal comma, such as 1.234,5", required=False
    )
    fill_down = forms.BooleanField(
        label="An empty place or period means the same as in the row above", required=False
    )
    recipe_name = forms.CharField(
        label="Keep these choices as",
        max_length=150,
        required=False,
        help_text="Next time a file with these headings is uploaded, you go straight to what it would change. Left empty, the measure's name is used.",
    )

    def __init__(
        self, *args: Any, partnership: Partnership, reading: Reading, places: list[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reading = reading
        columns = [(column.name, _labelled(column)) for column in reading.columns]
        none = ("", "None")
        for name in COLUMN_FIELDS:
            self.fields[name].choices = [none, *columns]
        groups = [f"group_{n}" for n in range(1, BREAKDOWNS + 1)]
        for name in (
            "place_column",
            "place_column_2",
            "place_column_3",
            "filter_column",
            *groups,
            "group_1_topic",
        ):
            self.fields[name].choices = [none, *columns]
        for name in groups:
            self.fields[f"{name}_total"].choices = _total_choices(reading, self.initial.get(f"{name}_total"))
        self.fields["period_columns"].choices = self.fields["group_columns"].choices = columns
        self.fields["measure"].queryset = Measure.objects.filter(partnership=partnership).order_by("name")
        self.fields["fixed_place"].choices = [none, *((place.id, str(place)) for place in places)]
        kept = {f"filter_{n}": self.initial.get(f"filter_{n}") for n in range(1, FILTERS + 1)}
        for name, value in kept.items():
            self.fields[name].choices = _filter_choices(reading, value)

    def mapping(self) -> Mapping:
        """What was chosen, for the action."""
        said = self.cleaned_data
        made = Mapping(**{name: said[name] for name in (*COLUMN_FIELDS, *PLAIN_FIELDS)})
        names = (said["place_column"], said["place_column_2"], said["place_column_3"])
        made.place_columns = list(dict.fromkeys(name for name in names if name))
        made.fixed_place = int(said["fixed_place"]) if said["fixed_place"] else None
        chosen = [said[f"filter_{n}"] for n in range(1, FILTERS + 1)]
        made.filters = [_filter(self.reading, text) for text in dict.fromkeys(chosen) if text]
        made.breakdowns = [self._breakdown(n) for n in range(1, BREAKDOWNS + 1) if said[f"group_{n}"]]
        if said["filter_column"]:
            made.filters.append([said["filter_column"], said["filter_value"].strip()])
        return made

    def _breakdown(self, n: int) -> Breakdown:
        said = self.cleaned_data
        total = said[f"group_{n}_total"] or KNOWN_WORDS
        if "=" in total:
            total = IS + _filter(self.reading, total)[1]
        name = " ".join(said[f"group_{n}_name"].split())
        return Breakdown(said[f"group_{n}"], name, said.get(f"group_{n}_topic", ""), total)

    def clean(self) -> None:
        """A value that means everybody must be one of its own column."""
        said = self.cleaned_data
        for n in range(1, BREAKDOWNS + 1):
            column, total = said.get(f"group_{n}"), said.get(f"group_{n}_total", "")
            if column and "=" in total and _filter(self.reading, total)[0] != column:
                self.add_error(f"group_{n}_total", f"Select a value of “{column}”.")


PLAIN_FIELDS = (
    "layout", "place_kind", "merged", "fixed_period", "year_type", "period_columns", "group_columns", "group_dimension", "status",
    "times_100", "decimal_comma", "fill_down",
)  # fmt: skip


def initial_of(mapping: Mapping, reading: Reading) -> dict[str, Any]:
    """A mapping as the form's starting values."""
    shown: dict[str, Any] = {name: getattr(mapping, name) for name in (*COLUMN_FIELDS, *PLAIN_FIELDS)}
    for n, name in enumerate(mapping.place_columns[:3], 1):
        shown["place_column" if n == 1 else f"place_column_{n}"] = name
    shown["fixed_place"] = mapping.fixed_place
    if mapping.layout == WIDE:
        shown["period_columns"] = [
            name for name in mapping.period_columns if period_in(name)
        ] or mapping.period_columns
    for n, one in enumerate(mapping.breakdowns[:BREAKDOWNS], 1):
        if one.column in reading.headings:
            total = one.total
            if total.startswith(IS):
                total = f"{reading.headings.index(one.column)}={total.removeprefix(IS)}"
            shown |= {f"group_{n}": one.column, f"group_{n}_name": one.dimension, f"group_{n}_total": total}
            shown |= {f"group_{n}_topic": one.topic} if n == 1 else {}
    spare = mapping.filters[:FILTERS]
    for n, (column, value) in enumerate(spare, 1):
        if column in reading.headings:
            shown[f"filter_{n}"] = f"{reading.headings.index(column)}={value}"
    if len(mapping.filters) > FILTERS:
        shown["filter_column"], shown["filter_value"] = mapping.filters[FILTERS]
    return shown


def _labelled(column: Column) -> str:
    """A column's name with the first of what it holds."""
    samples = ", ".join(column.samples[:2])
    return f"{column.name}: {samples[:50]}" if samples else f"{column.name} (empty)"


def _filter(reading: Reading, text: str) -> list[str]:
    position, _, value = text.partition("=")
    return [reading.headings[int(position)], value]


def _filter_choices(reading: Reading, kept: Any) -> list[Any]:
    return _value_choices(reading, kept, [("", "All rows")])


def _total_choices(reading: Reading, kept: Any) -> list[Any]:
    plainly = [
        (KNOWN_WORDS, "Total, All, Persons or a word like them"),
        (EMPTY_CELL, "Nothing: the cell is empty"),
        (NO_TOTAL, "No row is about everybody"),
    ]
    return _value_choices(reading, None if kept in dict(plainly) else kept, plainly)


def _value_choices(reading: Reading, kept: Any, choices: list[Any]) -> list[Any]:
    """Every column with few values, with those values; and the value of a recipe, where the file's first rows lack it."""
    offered = set()
    for n, column in enumerate(reading.columns):
        if column.choices:
            group = [(f"{n}={value}", f"{column.name} is {value}") for value in column.choices]
            offered.update(value for value, _ in group)
            choices.append((column.name, group))
    if kept and kept not in offered:
        column, value = _filter(reading, kept)
        choices.append((column, [(kept, f"{column} is {value}")]))
    return choices
