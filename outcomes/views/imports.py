"""Bringing a file of figures: the list of imports, the upload, and what its columns hold."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.views.generic import FormView, ListView, View

from config.words import day_words
from outcomes.actions import imports as actions
from outcomes.actions.imports_mapping import remove_recipe
from outcomes.forms.imports import LayoutForm, UploadForm
from outcomes.forms.imports_mapping import NUMBERS, MappingForm, initial_of
from outcomes.imports.files import CSV, DELIMITERS
from outcomes.imports.mapping import Mapping, guess
from outcomes.imports.table import Reading
from outcomes.models import BatchStatus, ImportBatch, ImportRecipe, Measure
from outcomes.queries import imports as queries
from outcomes.queries.imports_places import known_places
from outcomes.queries.imports_recipes import declared_dimensions, likeliest_measure, likeliest_recipe
from outcomes.tasks.imports_staging import measure_facts
from partnerships.errors import DomainError
from people.access import ActionForm, PartnershipView
from people.permissions import Permission

MORE_GROUPS = ("group_1_topic", "group_2", "group_3")
SAMPLE = 28  # characters of a cell that are shown, so that rows stay one line high
STEPS = ("Upload the file", "Say what its columns hold", "Check what changes", "Saved")
TONES = {
    BatchStatus.SAVED: "green",
    BatchStatus.UNDONE: "grey",
    BatchStatus.GIVEN_UP: "grey",
    BatchStatus.FAILED: "red",
    BatchStatus.PREVIEWED: "yellow",
    BatchStatus.UPLOADED: "yellow",
}
ENCODINGS = {"cp1252": "Windows-1252", "utf-8": "UTF-8", "utf-8-sig": "UTF-8"}


def steps(current: int) -> list[dict[str, str]]:
    """Where in the import a page is; steps count from 0."""
    states = ["done" if n < current else "current" if n == current else "to do" for n in range(len(STEPS))]
    return [{"label": label, "state": state} for label, state in zip(STEPS, states, strict=True)]


class ImportView(PartnershipView):
    """What every page of imports shares."""

    permission = Permission.IMPORT_FIGURES

    def url(self, name: str, *args: Any) -> str:
        return reverse(name, args=[self.partnership.slug, *args])

    def trail(self) -> list[dict[str, str]]:
        return [
            {"label": "Outcomes", "url": self.url("dashboard")},
            {"label": "Imports", "url": self.url("import-list")},
        ]


class BatchView(ImportView):
    """A page of one import."""

    batch: ImportBatch

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.batch = get_object_or_404(queries.batches_of(self.partnership), pk=kwargs["pk"])

    @cached_property
    def reading(self) -> Reading:
        return Reading.from_json(self.batch.reading)

    def here(self) -> str:
        """The page where this import can be gone on with, or looked at."""
        name = {
            BatchStatus.UPLOADED: "import-map",
            BatchStatus.CHECKING: "import-preview",
            BatchStatus.PREVIEWED: "import-preview",
            BatchStatus.FAILED: "import-map",
        }.get(BatchStatus(self.batch.status), "import-detail")
        return self.url(name, self.batch.pk)


class ImportList(ImportView, ListView):
    template_name = "outcomes/imports/list.html"
    paginate_by = 30
    context_object_name = "batches"

    def get_queryset(self) -> Any:
        return queries.batches_of(self.partnership).defer("reading", "mapping")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            page_title="Imports",
            breadcrumbs=self.trail()[:1],
            recipes=list(queries.recipes_of(self.partnership)),
            **kwargs,
        )
        return context | {"rows": [self._row(batch) for batch in context["batches"]]}

    def _row(self, batch: ImportBatch) -> dict[str, Any]:
        facts = []
        if batch.status in (BatchStatus.SAVED, BatchStatus.UNDONE, BatchStatus.PREVIEWED):
            facts = [
                f"{batch.rows_new:,} new",
                f"{batch.rows_changed:,} changed",
                f"{batch.rows_refused:,} refused",
            ]
        return {
            "title": batch.file_name,
            "url": self.url("import-detail", batch.pk),
            "text": str(batch.measure) if batch.measure else "",
            "meta": ", ".join([f"{batch.uploaded_by}, {day_words(localtime(batch.uploaded_at))}", *facts]),
            "tag": {
                "text": batch.get_status_display(),
                "tone": TONES.get(BatchStatus(batch.status), "blue"),
            },
        }


class Upload(ActionForm, ImportView, FormView):
    form_class = UploadForm
    template_name = "outcomes/imports/new.html"

    def act(self, form: BaseForm) -> HttpResponse:
        batch = actions.upload_figures(
            partnership=self.partnership, by=self.request.user, **form.cleaned_data
        )
        if batch.recipe is None:
            return redirect(self.url("import-map", batch.pk))
        messages.info(self.request, f"Its columns were read with the saved choices “{batch.recipe}”.")
        return redirect(self.url("import-preview", batch.pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Import figures",
            breadcrumbs=self.trail(),
            steps=steps(0),
            submit_label="Upload",
            cancel_url=self.url("import-list"),
            has_measures=Measure.objects.filter(partnership=self.partnership).exists(),
            may_manage=self.may(Permission.MANAGE_OUTCOMES),
            **kwargs,
        )


class MapColumns(ActionForm, BatchView, FormView):
    form_class = MappingForm
    template_name = "outcomes/imports/map.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.batch.status not in actions.OPEN:
            return redirect(self.here())
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        about = {"partnership": self.partnership, "reading": self.reading, "places": self._places_to_choose()}
        return super().get_form_kwargs() | about

    def _places_to_choose(self) -> list[Any]:
        return sorted((place for place in known_places(self.partnership) if place.is_current), key=str)

    def get_initial(self) -> dict[str, Any]:
        """What was chosen before, else the likeliest saved choices, else a guess from the headings."""
        initial = self._starting_point()
        slug = self.request.GET.get("measure")  # Where the measure was missing, and has been added just now.
        added = Measure.objects.filter(partnership=self.partnership, slug=slug).first() if slug else None
        return initial | ({"measure": added, "recipe_name": ""} if added else {})

    def _starting_point(self) -> dict[str, Any]:
        reading = self.reading
        if self.batch.mapping:
            mapping, measure = Mapping.from_json(self.batch.mapping), self.batch.measure
            return initial_of(mapping, reading) | {"measure": measure, "recipe_name": self.batch.recipe or ""}
        recipe = likeliest_recipe(self.partnership, reading)
        if recipe is not None:
            kept = {"measure": recipe.measure, "recipe_name": recipe.name}
            return initial_of(Mapping.from_json(recipe.mapping), reading) | kept
        measure = likeliest_measure(self.partnership, reading, self.batch.file_name)
        percent = measure is not None and measure_facts(measure).is_percentage
        name, dimensions = (measure.name, declared_dimensions(measure)) if measure else ("", [])
        mapping = guess(reading, percent=percent, measure=name, dimensions=dimensions)
        return initial_of(mapping, reading) | {"measure": measure}

    def act(self, form: MappingForm) -> HttpResponse:
        actions.map_columns(
            batch=self.batch,
            measure=form.cleaned_data["measure"],
            mapping=form.mapping(),
            recipe_name=form.cleaned_data["recipe_name"],
            by=self.request.user,
        )
        return redirect(self.url("import-preview", self.batch.pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("layout_form", self._layout_form())
        kwargs.setdefault("form", self.get_form())
        counts = [kwargs["form"][name] for name in NUMBERS[1:]]
        more_groups = [kwargs["form"][name] for name in MORE_GROUPS]
        return super().get_context_data(
            counts_are_open=any(field.value() or field.errors for field in counts),
            groups_are_open=any(field.value() or field.errors for field in more_groups),
            page_title="Say what the columns hold",
            breadcrumbs=self.trail(),
            steps=steps(1),
            batch=self.batch,
            how_read=how_read(self.reading),
            table=first_rows(self.reading),
            new_measure_url=self._new_measure_url(),
            give_up_url=self.url("import-give-up", self.batch.pk),
            layout_url=self.url("import-layout", self.batch.pk),
            **kwargs,
        )

    def _layout_form(self) -> LayoutForm:
        reading = self.reading
        shown = {
            "sheet": reading.sheet,
            "heading_row": reading.heading_row,
            "heading_rows": reading.heading_rows,
        }
        return LayoutForm(reading=reading, initial=shown)

    def _new_measure_url(self) -> str:
        if not self.may(Permission.MANAGE_OUTCOMES):
            return ""
        return f"{self.url('measure-new')}?next={self.request.path}"


def how_read(reading: Reading) -> str:
    """How the file was understood, in one sentence."""
    if reading.kind == CSV:
        letters = ENCODINGS.get(reading.encoding, "UTF-16")
        kind = f"A text file with {DELIMITERS.get(reading.delimiter, 'commas')} between its columns, in {letters}"
    else:
        kind = f"An Excel workbook, sheet “{reading.sheet}”"
    last = reading.first_data_row - 1
    where = f"row {last}" if last == reading.heading_row else f"rows {reading.heading_row} to {last}"
    rows = f"{reading.rows:,}" if reading.rows_are_all else f"more than {reading.rows:,}"
    return f"{kind}. Headings in {where}, {len(reading.columns)} columns, {rows} rows below."


def first_rows(reading: Reading) -> dict[str, Any]:
    return {
        "id": "first-rows",
        "caption": "First rows of the file",
        "columns": [{"label": column.name} for column in reading.columns],
        "rows": [
            [{"text": cell if len(cell) <= SAMPLE else f"{cell[:SAMPLE]}…"} for cell in row]
            for row in reading.first_rows[:5]
        ],
    }


class Layout(MapColumns):
    """Reads the file's headings from elsewhere; what is refused is shown on the page of the columns."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = LayoutForm(request.POST, reading=self.reading)
        if form.is_valid():
            chosen = {"sheet": self.reading.sheet} | form.cleaned_data
            try:
                actions.choose_layout(batch=self.batch, by=request.user, **chosen)
                return redirect(self.url("import-map", self.batch.pk))
            except DomainError as refused:
                form.add_error("heading_row", refused.message)
        columns = MappingForm(**self._unbound())
        return self.render_to_response(self.get_context_data(form=columns, layout_form=form))

    def _unbound(self) -> dict[str, Any]:
        return {
            "partnership": self.partnership,
            "reading": self.reading,
            "places": self._places_to_choose(),
            "initial": self.get_initial(),
        }


class RemoveRecipe(ImportView, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        recipe = get_object_or_404(ImportRecipe, partnership=self.partnership, pk=kwargs["pk"])
        remove_recipe(recipe=recipe, by=request.user)
        messages.success(request, f"The saved choices “{recipe.name}” were removed.")
        return redirect(self.url("import-list"))
