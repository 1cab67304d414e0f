from django import forms

from config.forms import DateField


class AsOfForm(forms.Form):
    """The dashboard as it was known at the end of a day."""

    mark_optional = False
    as_of = DateField(label="As it was known on", required=False)


class CommentaryForm(forms.Form):
    story = forms.CharField(
        label="What is the story behind these numbers?",
        help_text="What helped, what got in the way, and what the figure does not show. Do not name a child, patient or family.",
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": 5000}),
        max_length=5000,
    )
    what_we_propose = forms.CharField(
        label="What do we propose to do?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 5000}),
        max_length=5000,
    )
