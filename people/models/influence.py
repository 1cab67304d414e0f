import secrets

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnerships.models import (
    Activity,
    AgendaItem,
    Board,
    Commitment,
    Decision,
    Editable,
    Meeting,
    Partnership,
    Place,
    TenantRecord,
)


class Audience(models.TextChoices):
    """For whom the person who spoke agreed that their words may be used."""

    FORUM = "forum", "Only the forum where it was said"
    PARTNERSHIP = "partnership", "Everyone in the partnership"
    PUBLIC = "public", "Anybody"


class Evidence(models.TextChoices):
    """How strong the evidence for one step of a chain is."""

    STRONG = "strong", "Strong: written down at the time, or seen by several"
    MODERATE = "moderate", "Moderate: told by somebody who was there"
    WEAK = "weak", "Weak: told by others, or only likely"
    UNTESTED = "untested", "Not tested yet"


@pghistory.track()
class Voice(TenantRecord, Editable):
    """What a resident or somebody who works with residents said, in their words, with their consent for an audience."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="voices")
    theme = models.CharField(max_length=120)
    words = models.TextField()
    said_on = models.DateField()
    said_as = models.CharField(
        "known as", max_length=120, help_text="A first name, another name, or such as: a parent carer."
    )
    speaker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="voices"
    )
    board = models.ForeignKey(
        Board, verbose_name="forum", on_delete=models.PROTECT, null=True, blank=True, related_name="voices"
    )
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="voices"
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.FORUM)
    consent_note = models.CharField("how consent was given", max_length=300, blank=True)
    withdrawn_on = models.DateField(
        "consent withdrawn on",
        null=True,
        blank=True,
        help_text="From then on only the person who spoke sees it.",
    )

    class Meta:
        ordering = ["-said_on", "-pk"]
        constraints = [models.CheckConstraint(name="voice_words_given", condition=~Q(words=""))]
        indexes = [models.Index(fields=["partnership", "-said_on"], name="voice_latest_first")]

    def __str__(self) -> str:
        return self.theme


def new_nonce() -> str:
    return secrets.token_hex(16)


@pghistory.track(exclude=["nonce", "code_hash"])
class FollowUp(TenantRecord):
    """A code on paper with which somebody who does not sign in sees what became of what they said.

    The code is worked out from the secret key and the nonce, so that it can be printed again; the database holds only
    its hash.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="follow_ups")
    nonce = models.CharField(max_length=32, default=new_nonce)
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["voice"], condition=Q(ended_at__isnull=True), name="one_open_code_a_voice"
            )
        ]

    def __str__(self) -> str:
        return f"Code for {self.voice}"


class Way(models.TextChoices):
    PAPER = "paper", "A paper"
    STANDING_ITEM = "standing_item", "A standing item"
    CONVERSATION = "conversation", "A conversation"
    SOCIAL_MEDIA = "social_media", "Social media"
    EVENT = "event", "An event"
    VISIT = "visit", "A visit"
    LETTER = "letter", "A letter or message"
    OTHER = "other", "Another way"


class Reply(models.TextChoices):
    YES = "yes", "Yes"
    PARTLY = "partly", "In part"
    LATER = "later", "Later"
    NO = "no", "No"


@pghistory.track()
class Message(TenantRecord, Editable):
    """A voice on its way: carried by somebody to a board or to somebody else, with an ask, and the answer to it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="messages")
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="messages")
    carried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages_carried",
    )
    carried_on = models.DateField()
    way = models.CharField("how", max_length=14, choices=Way)
    from_board = models.ForeignKey(
        Board, on_delete=models.PROTECT, null=True, blank=True, related_name="messages_sent"
    )
    to_board = models.ForeignKey(
        Board, on_delete=models.PROTECT, null=True, blank=True, related_name="messages"
    )
    to_whom = models.CharField(
        max_length=200, blank=True, help_text="Where it was not a board: the commissioners, say."
    )
    meeting = models.ForeignKey(
        Meeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    agenda_item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    ask = models.TextField("what was asked for", blank=True)
    evidence = models.CharField(max_length=10, choices=Evidence, default=Evidence.UNTESTED)
    evidence_note = models.TextField("what shows it", blank=True)
    reply = models.CharField(max_length=8, choices=Reply, blank=True)
    answer = models.TextField("answer, in their words", blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer_evidence = models.CharField(max_length=10, choices=Evidence, default=Evidence.UNTESTED)

    class Meta:
        ordering = ["carried_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="message_has_somewhere_to_go", condition=Q(to_board__isnull=False) | ~Q(to_whom="")
            ),
            models.CheckConstraint(
                name="message_goes_elsewhere",
                condition=Q(from_board__isnull=True)
                | Q(to_board__isnull=True)
                | ~Q(from_board=F("to_board")),
            ),
            models.CheckConstraint(
                name="message_answered_with_a_day",
                condition=Q(reply="", answered_on__isnull=True)
                | (~Q(reply="") & Q(answered_on__isnull=False, answered_on__gte=F("carried_on"))),
            ),
        ]
        indexes = [
            models.Index(
                fields=["partnership", "to_board"], condition=Q(reply=""), name="message_unanswered"
            ),
            models.Index(fields=["partnership", "carried_on"], name="message_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.voice} to {self.to_board or self.to_whom}"


class EffectKind(models.TextChoices):
    DECISION = "decision", "A decision"
    COMMITMENT = "commitment", "A commitment"
    POLICY = "policy", "A policy changed"
    INVESTMENT = "investment", "An investment"
    PRACTICE = "practice", "A way of working changed"
    OTHER = "other", "Something else"


@pghistory.track()
class VoiceEffect(TenantRecord, Editable):
    """Something that followed from a voice, and how strong the evidence is that it did."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="voice_effects")
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="effects")
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="effects"
    )
    kind = models.CharField(max_length=12, choices=EffectKind)
    what = models.CharField("what followed", max_length=300)
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="voice_effects"
    )
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="voice_effects"
    )
    happened_on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=10, choices=Evidence, default=Evidence.UNTESTED)
    evidence_note = models.TextField("what shows it", blank=True)
    what_else = models.TextField("what else may have led to it", blank=True)

    class Meta:
        ordering = [F("happened_on").asc(nulls_last=True), "pk"]
        constraints = [models.CheckConstraint(name="voice_effect_said", condition=~Q(what=""))]

    def __str__(self) -> str:
        return self.what


@pghistory.track()
class WantedLink(TenantRecord, Editable):
    """A link between two boards that the partnership wants: whether it has it is read from the seats."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="wanted_links")
    one = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    why = models.TextField()
    wanted_since = models.DateField()
    given_up_on = models.DateField(null=True, blank=True)
    given_up_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["wanted_since", "pk"]
        constraints = [
            # Kept in the order of their keys by the action, so that a pair cannot be wanted twice the other way round.
            models.CheckConstraint(name="wanted_link_in_order", condition=Q(one__lt=F("other"))),
            models.UniqueConstraint(
                fields=["one", "other"], condition=Q(given_up_on__isnull=True), name="a_wanted_link_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one} and {self.other}"


@pghistory.track()
class Introduction(TenantRecord, Editable):
    """Somebody was put in touch with somebody by a third: why, when, and what came of it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="introductions")
    one = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="introductions_made"
    )
    made_on = models.DateField()
    why = models.TextField(blank=True)
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="introductions"
    )
    came_of_it = models.CharField(
        "what came of it",
        max_length=12,
        choices=[
            ("", "Not known yet"),
            ("nothing", "Nothing"),
            ("contact", "They are in contact"),
            ("joint_work", "They work together"),
            ("programme", "A programme"),
        ],
        blank=True,
        default="",
    )
    programme = models.ForeignKey(
        "partnerships.Programme",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="introductions",
    )
    note = models.TextField(blank=True)
    looked_at_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="introduction_of_two_by_a_third",
                condition=~Q(one=F("other")) & ~Q(made_by=F("one")) & ~Q(made_by=F("other")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.one} and {self.other}"
