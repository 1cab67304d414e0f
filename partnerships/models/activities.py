import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from partnerships.models.base import Editable, TenantRecord
from partnerships.models.boards import Board
from partnerships.models.organisations import Organisation
from partnerships.models.partnerships import StrategyTheme
from partnerships.models.places import Place
from partnerships.models.programmes import Programme


class ActivityKind(models.TextChoices):
    MEETING = "meeting", "Meeting"
    CALL = "call", "Call"
    VISIT = "visit", "Visit"
    EVENT = "event", "Event"
    TRAINING = "training", "Training"
    PAPER = "paper", "Paper or briefing"
    INTRODUCTION = "introduction", "Introduction"
    CAMPAIGN = "campaign", "Campaign"
    DELIVERY = "delivery", "Delivery"
    SETBACK = "setback", "Setback"
    OTHER = "other", "Other"


class Visibility(models.TextChoices):
    PARTNERSHIP = "partnership", "Everyone in the partnership"
    BOARD = "board", "Only people on the board it is about"
    AUTHORS = "authors", "Only its authors until it is ready"


class ReviewStatus(models.TextChoices):
    """Where a partnership asks somebody to look at what was logged."""

    NONE = "", "Not submitted"
    SUBMITTED = "submitted", "Waiting to be reviewed"
    SENT_BACK = "sent_back", "Sent back"
    ACCEPTED = "accepted", "Accepted"


@pghistory.track()
class OwnKind(TenantRecord):
    """A kind of activity that a partnership added to the common ones."""

    name = models.CharField(max_length=60)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("partnership", Lower("name"), name="own_kind_once_a_partnership")
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["search"])
class Activity(TenantRecord, Editable):
    """Something that partners did, as an officer logs it. Only a title and a day are needed; the rest can come later."""

    # Every index below begins with the partnership, so a plain one of its own would only mislead the planner.
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="activities", db_index=False
    )
    title = models.CharField(max_length=200)
    happened_on = models.DateField()
    kind = models.CharField(max_length=20, choices=ActivityKind, default=ActivityKind.MEETING)
    own_kind = models.ForeignKey(
        OwnKind, on_delete=models.PROTECT, null=True, blank=True, related_name="activities", db_index=False
    )
    minutes = models.PositiveIntegerField("how long, in minutes", null=True, blank=True)
    what_happened = models.TextField(blank=True)
    next_step = models.TextField(blank=True)
    next_step_on = models.DateField(null=True, blank=True)
    next_step_done_on = models.DateField(null=True, blank=True)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="activities"
    )
    board = models.ForeignKey(
        Board, on_delete=models.PROTECT, null=True, blank=True, related_name="activities"
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisations = models.ManyToManyField(Organisation, blank=True, related_name="+")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="activities")
    authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        help_text="Those who write it together with the person who began it.",
    )
    commitments = models.ManyToManyField(
        "partnerships.Commitment", blank=True, related_name="activities", help_text="Those it moved forward."
    )
    themes = models.ManyToManyField(StrategyTheme, blank=True, related_name="activities")
    review = models.CharField(
        max_length=10, choices=ReviewStatus, blank=True, default=ReviewStatus.NONE, editable=False
    )
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.PARTNERSHIP)
    is_complete = models.BooleanField(
        default=True, help_text="False while its author means to finish it later."
    )
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("what_happened", "next_step", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["-happened_on", "-pk"]
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                name="activity_minutes_a_week_at_most",
                condition=Q(minutes__isnull=True) | Q(minutes__range=(1, 10080)),
            ),
            models.CheckConstraint(name="activity_title_given", condition=~Q(title="")),
            models.CheckConstraint(
                name="activity_own_kind_is_other", condition=Q(own_kind__isnull=True) | Q(kind="other")
            ),
            models.CheckConstraint(
                name="activity_for_a_board_has_one", condition=~Q(visibility="board") | Q(board__isnull=False)
            ),
        ]
        indexes = [
            # What the list shows and counts: who may see a row is read from the index alone.
            models.Index(
                F("partnership"),
                F("happened_on").desc(),
                F("id").desc(),
                include=["visibility", "created_by"],
                name="activity_latest_first",
            ),
            models.Index(
                F("partnership"),
                F("kind"),
                F("happened_on").desc(),
                F("id").desc(),
                include=["visibility", "created_by"],
                name="activity_kind_latest_first",
            ),
            # The partnership stands in both so that one partnership's words never cost another's search anything.
            GinIndex(fields=["partnership", "search"], name="activity_words"),
            GinIndex(
                fields=["partnership", "title"],
                opclasses=["int8_ops", "gin_trgm_ops"],
                name="activity_title_spelling",
            ),
            models.Index(
                fields=["partnership", "created_by"],
                condition=Q(is_complete=False),
                name="activity_to_finish",
            ),
            models.Index(
                fields=["partnership", "created_by", "next_step_on"],
                condition=Q(next_step_on__isnull=False, next_step_done_on__isnull=True),
                name="activity_next_steps",
            ),
            models.Index(
                fields=["partnership", "board"],
                condition=Q(visibility="board"),
                name="activity_for_its_board",
            ),
            models.Index(
                fields=["partnership", "review", "happened_on"],
                condition=~Q(review=""),
                name="activity_under_review",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_kind_display(self) -> str:
        """In the partnership's own word where it has one."""
        return self.own_kind.name if self.own_kind_id else str(ActivityKind(self.kind).label)

    @property
    def how_long(self) -> str:
        return in_words(self.minutes)


def in_words(minutes: int | None) -> str:
    """90 is "1 hour 30 minutes"; nothing for nothing."""
    hours, rest = divmod(minutes or 0, 60)
    parts = [(hours, "hour"), (rest, "minute")]
    return " ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number)


class Contact(TenantRecord):
    """Somebody whom the partnership knows by name without a role or a seat: a resident who came along, a headteacher."""

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="contacts"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "person"], name="a_contact_once_a_partnership")
        ]

    def __str__(self) -> str:
        return str(self.person)


class Draft(TenantRecord):
    """What somebody has typed into a form and not yet saved, kept so that nothing is lost. Only its author sees it.

    `page` is the opened page (a browser tab, say) that wrote last, `version` how often anything was written: so a page
    that fell behind another is noticed, and gets a draft of its own instead of overwriting newer text.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(
        max_length=80, help_text="Which form, and of which record: activity:new, activity:31."
    )
    fields = models.JSONField(
        default=dict, help_text="Field name to list of values, as the browser sent them."
    )
    page = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "person", "form", "page"], name="one_draft_a_page_of_a_form"
            )
        ]

    def __str__(self) -> str:
        return self.form


class SavedFilter(TenantRecord):
    """Filters of the activity log under a name of one's own, as they stand in its address. Only their owner sees them."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "partnership", "person", Lower("name"), name="a_filter_name_once_a_person"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ReviewNote(TenantRecord):
    """One step of an activity's review: submitted, sent back with a comment, accepted."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="review_notes")
    step = models.CharField(max_length=10, choices=ReviewStatus)
    comment = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="sent_back_with_a_comment", condition=~Q(step="sent_back") | ~Q(comment="")
            )
        ]

    def __str__(self) -> str:
        return self.get_step_display()


@pghistory.track()
class ActivityTemplate(TenantRecord, Editable):
    """What an often logged activity begins with: a name of one's own, and the fields filled in."""

    name = models.CharField(max_length=80)
    fields = models.JSONField(default=dict, help_text="Field name to list of values, as a form sends them.")
    is_shared = models.BooleanField(default=False, help_text="Whether the whole partnership may use it.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "partnership", "created_by", Lower("name"), name="template_name_once_a_person"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SheetStatus(models.TextChoices):
    PREVIEWED = "previewed", "Checked, not yet logged"
    LOGGED = "logged", "Logged"
    GIVEN_UP = "given_up", "Not used"


class ActivitySheet(TenantRecord):
    """A spreadsheet of activities that somebody filled in offline: checked first, then logged as a whole, once."""

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list, help_text="Each row as typed, with what was found in it.")
    status = models.CharField(max_length=10, choices=SheetStatus, default=SheetStatus.PREVIEWED)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    logged_at = models.DateTimeField(null=True, blank=True)
    activities = models.ManyToManyField(Activity, blank=True, related_name="+")

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name


# A trigger cannot be migrated onto a table that Django makes by itself, only onto a model that stands for it.
class ActivityOrganisationLink(Activity.organisations.through):
    class Meta:
        proxy = True


class ActivityPersonLink(Activity.people.through):
    class Meta:
        proxy = True


class ActivityAuthorLink(Activity.authors.through):
    class Meta:
        proxy = True


class ActivityOrganisationEvent(
    pghistory.create_event_model(
        ActivityOrganisationLink, pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None
    )
):
    """History of which organisations were named on an activity."""


class ActivityPersonEvent(
    pghistory.create_event_model(
        ActivityPersonLink, pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None
    )
):
    """History of which people were named on an activity."""


class ActivityAuthorEvent(
    pghistory.create_event_model(
        ActivityAuthorLink, pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None
    )
):
    """History of who wrote an activity together with the person who began it."""
