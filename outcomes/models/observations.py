from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from outcomes.models.measures import Measure
from partnerships.models import Organisation, Partnership, Place, TenantRecord


class ObservationStatus(models.TextChoices):
    PROVISIONAL = "provisional", "Provisional"
    FINAL = "final", "Final"
    REVISED = "revised", "Revised"


class Marker(models.TextChoices):
    """Why a cell of published statistics holds no number."""

    UNAVAILABLE = "x", "Not available"
    NOT_APPLICABLE = "z", "Not applicable"
    CONFIDENTIAL = "c", "Hidden to protect people"
    LOW = "low", "Rounds to zero"


class Group(TenantRecord):
    """One part of a breakdown, such as sex: girls, or quintile: most deprived. No group means everybody."""

    dimension = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["dimension", "position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "dimension", "name"], name="group_once")
        ]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.name}"


class Observation(TenantRecord):
    """One value of a measure for a place, a group and a period, as it was known from `recorded_at` to `superseded_at`.

    A correction is a new row that supersedes; nothing is overwritten, so that any earlier day's number can be had again.
    A row without a value carries the marker that says why. Missing is not zero.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="observations")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The partner whose part this is. None means the whole place.",
    )
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    period_start = models.DateField()
    period_end = models.DateField()
    period_label = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    denominator = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    lower = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    upper = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    marker = models.CharField(max_length=4, choices=Marker, blank=True)
    status = models.CharField(max_length=12, choices=ObservationStatus, default=ObservationStatus.FINAL)
    note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=300, blank=True)
    batch = models.ForeignKey(
        "outcomes.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, related_name="observations"
    )
    returned_in = models.ForeignKey(
        "outcomes.Return",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        db_index=False,
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "place", "group", "period_start", "period_end", "organisation"],
                condition=Q(superseded_at__isnull=True),
                nulls_distinct=False,
                name="one_current_observation",
            ),
            models.CheckConstraint(
                name="period_ends_after_start", condition=Q(period_end__gte=F("period_start"))
            ),
            models.CheckConstraint(
                name="value_or_marker",
                condition=Q(value__isnull=False, marker__in=["", "low"])
                | (Q(value__isnull=True) & ~Q(marker="")),
            ),
            models.CheckConstraint(
                name="superseded_after_recorded",
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gte=F("recorded_at")),
            ),
        ]
        indexes = [
            # The dashboard's only question: one place's current totals, by measure and period, from the index alone.
            models.Index(
                fields=["place", "measure", "period_end"],
                include=[
                    "period_start",
                    "period_label",
                    "value",
                    "lower",
                    "upper",
                    "marker",
                    "status",
                    "recorded_at",
                    "numerator",
                    "denominator",
                    "organisation",
                ],
                condition=Q(superseded_at__isnull=True, group__isnull=True),
                name="observation_dashboard",
            ),
            # The same question asked of an earlier day.
            models.Index(
                fields=["place", "measure", "period_end"],
                condition=Q(superseded_at__isnull=False, group__isnull=True),
                name="observation_superseded",
            ),
            # What groups' figures were on an earlier day; those of today are in `one_current_observation`.
            models.Index(
                fields=["place", "measure"],
                condition=Q(superseded_at__isnull=False, group__isnull=False),
                name="observation_group_superseded",
            ),
            models.Index(fields=["batch"], name="observation_batch"),
            models.Index(
                fields=["returned_in"],
                condition=Q(returned_in__isnull=False),
                name="observation_returned_in",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.place} {self.period_label}"


class BatchStatus(models.TextChoices):
    UPLOADED = "uploaded", "Uploaded, columns not yet chosen"
    CHECKING = "checking", "Being checked"
    PREVIEWED = "previewed", "Ready to confirm"
    SAVING = "saving", "Being saved"
    SAVED = "saved", "Saved"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"
    GIVEN_UP = "given_up", "Not used"
    FAILED = "failed", "Could not be read"


class ImportRecipe(TenantRecord):
    """How a file's columns map to a measure, kept by name for next year's file."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="import_recipes")
    name = models.CharField(max_length=150)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="recipes")
    headers = models.JSONField(default=list, help_text="The column headings it was made for.")
    mapping = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["partnership", "name"], name="recipe_name_once")]

    def __str__(self) -> str:
        return self.name


class ImportBatch(TenantRecord):
    """One uploaded file of figures: who brought it, how it was read, what it changed, and whether it was undone."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="import_batches")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recipe = models.ForeignKey(
        ImportRecipe, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    file = models.FileField(upload_to="imports/%Y/%m/")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=300, blank=True)
    reading = models.JSONField(
        default=dict,
        help_text="How the file is read (encoding, delimiter, sheet, heading rows) and what its columns hold.",
    )
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=BatchStatus, default=BatchStatus.UPLOADED)
    attempt = models.PositiveIntegerField(
        default=0,
        help_text="Counts the checks; an older check that is still running sees that it was overtaken.",
    )
    problem = models.TextField(blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    rows_skipped = models.PositiveIntegerField(default=0)
    rows_crossed = models.PositiveIntegerField(
        default=0, help_text="Rows about groups of two breakdowns at once, which are left out."
    )
    groups = models.JSONField(
        default=list,
        help_text="The groups that the file names, with the figures of each. One that is new here has a number below zero.",
    )
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the worker was last given something to do with it."
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name_plural = "import batches"

    def __str__(self) -> str:
        return self.file_name


class RowVerdict(models.TextChoices):
    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    REFUSED = "refused", "Refused"


class Refusal(models.TextChoices):
    """Why a row was refused, so that rows refused for one reason can be shown together."""

    PLACE_EMPTY = "place_empty", "No place"
    PLACE_UNKNOWN = "place_unknown", "Place not known here"
    PLACE_AMBIGUOUS = "place_ambiguous", "Name fits several places"
    PLACE_MERGED = "place_merged", "Place was merged or split"
    PERIOD = "period", "Period not understood"
    VALUE = "value", "Number not understood"
    DIFFERS = "differs", "Two rows differ for one place and period"
    ENDS_TOGETHER = "ends_together", "Period ends on the same day as another"
    SHAPE = "shape", "Row does not fit the headings"
    GROUP = "group", "Group not understood"


class StagedRow(TenantRecord):
    """One figure of an uploaded file as it was understood, before anybody confirms it.

    Once the import is saved only the refused ones are kept; once it is given up, none.
    """

    # Written a million at a time and read by batch only, so no index but the two below.
    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    row_number = models.PositiveIntegerField(help_text="As a spreadsheet counts.")
    column = models.CharField(
        max_length=200,
        blank=True,
        help_text="The column's heading, where a file has a column for each period.",
    )
    place = models.ForeignKey(
        Place, on_delete=models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    # A group that is made only when the import is saved has the number below zero that its batch's `groups` gives it.
    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    period_label = models.CharField(max_length=40, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    numerator = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    denominator = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    lower = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    upper = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    marker = models.CharField(max_length=4, blank=True)
    status = models.CharField(max_length=12, choices=ObservationStatus, blank=True)
    verdict = models.CharField(max_length=10, choices=RowVerdict)
    refusal = models.CharField(max_length=16, choices=Refusal, blank=True)
    repeats = models.PositiveIntegerField(
        null=True, help_text="The earlier row of the file that says the same; this one is left out."
    )
    reason = models.CharField(max_length=500, blank=True)
    as_written = models.JSONField(default=dict, help_text="The cells that mattered, for a refused row.")

    class Meta:
        ordering = ["row_number", "column"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "row_number", "column"], name="a_cell_once_a_batch")
        ]
        indexes = [models.Index(fields=["batch", "verdict", "row_number"], name="staged_row_verdict")]

    def __str__(self) -> str:
        return f"row {self.row_number}"
