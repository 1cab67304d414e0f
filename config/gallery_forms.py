"""The forms of the component gallery: every kind of field once."""

from django import forms

from config.forms import (
    AffixInput,
    Checkboxes,
    DateField,
    DateInput,
    DurationField,
    LongText,
    PickMany,
    PickOne,
    Radios,
)

ORGANISATIONS = [
    "Marlbeck Borough Council",
    "Marlbeck NHS Foundation Trust",
    "Marlbeck Leisure Trust",
    "Ashfield Tenants’ Association",
    "Beck Valley Primary Care Network",
    "Canal Street Community Centre",
    "Friends of Hollin Park",
    "Marlbeck College",
    "Marlbeck Disability Forum",
    "Northside Boxing Club",
    "Siân Rhys Dance",
    "St Wilfrid’s Primary School",
    "Voluntary Action Marlbeck",
    "Walk and Wheel Marlbeck",
]


class GalleryForm(forms.Form):
    title = forms.CharField(
        label="What happened?", max_length=120, help_text="One line that a colleague would understand."
    )
    when = DateField(
        label="When was it?", widget=DateInput(quick_days=True), help_text="For example, 27 3 2026."
    )
    length = DurationField(label="How long did it take?", required=False)
    kind = forms.ChoiceField(
        label="What kind of activity was it?",
        choices=[("meeting", "Meeting"), ("visit", "Visit"), ("event", "Event or session")],
        widget=Radios(hints={"visit": "You went to see people where they are."}),
    )
    helps = forms.MultipleChoiceField(
        label="Which outcomes should it help?",
        choices=[
            ("active", "More people are active"),
            ("lonely", "Fewer people are lonely"),
            ("start", "Children start well"),
        ],
        widget=Checkboxes(),
        required=False,
    )
    organisations = forms.MultipleChoiceField(
        label="Which organisations took part?",
        choices=[(str(number), name) for number, name in enumerate(ORGANISATIONS)],
        widget=PickMany(noun="organisations"),
        required=False,
    )
    programme = forms.ChoiceField(
        label="Which programme is it for?",
        choices=[
            ("", ""),
            ("1", "Active Marlbeck"),
            ("2", "Holiday activities and food"),
            ("3", "Neighbourhood voices"),
        ],
        widget=PickOne,
        required=False,
        help_text="Type part of its name.",
    )
    board = forms.ChoiceField(
        label="Which board should hear of it?",
        choices=[
            ("", "No board"),
            ("1", "Health and Wellbeing Board"),
            ("2", "Ashfield Neighbourhood Board"),
        ],
        required=False,
    )
    cost = forms.DecimalField(
        label="What did it cost?", widget=AffixInput(prefix="£", width=5), required=False
    )
    notes = forms.CharField(label="What comes next?", widget=LongText(rows=4), max_length=400, required=False)
    paper = forms.FileField(label="Add a paper", required=False, help_text="PDF, Word or Excel, up to 10 MB.")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)
    shared = forms.BooleanField(label="Partners may see this activity", required=False)


class GalleryFilters(forms.Form):
    q = forms.CharField(label="Words in it", required=False)
    programme = forms.ChoiceField(
        label="Programme", choices=[("", "All programmes"), ("1", "Active Marlbeck")], required=False
    )
    status = forms.MultipleChoiceField(
        label="State",
        choices=[("draft", "Draft"), ("logged", "Logged")],
        widget=Checkboxes(),
        required=False,
    )
