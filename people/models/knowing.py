"""What a partnership knows of a person beyond a name: who they are to its managers, and what they agree to say."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from partnerships.models import Editable, Partnership, TenantRecord


class RealName(TenantRecord):
    """The name behind the one that a person is known by, for those who look after the people of one partnership.

    `Person.name` is what everybody sees. This stands apart from it, so that no page can show it by mistake.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="real_names")
    name = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "person"], name="one_real_name_a_partnership"),
            models.CheckConstraint(name="real_name_given", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return "A name kept apart"


class OfferKind(models.TextChoices):
    KNOWS = "knows", "Knows about"
    HELPS = "helps", "Can help with"
    TRUSTED = "trusted", "Is trusted with"


class Offer(TenantRecord, Editable):
    """What somebody knows, can help with or is trusted with, in a partnership, where they agree to say so."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="offers")
    kind = models.CharField(max_length=8, choices=OfferKind)
    text = models.CharField(max_length=300)
    is_shown = models.BooleanField(
        "others may see it", default=False, help_text="Whether the person agrees that members see it."
    )
    agreed_on = models.DateField(null=True, blank=True)
    agreed_how = models.CharField(
        "how they agreed", max_length=200, blank=True, help_text="Where somebody else wrote it down for them."
    )

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(name="offer_said", condition=~Q(text="")),
            models.CheckConstraint(
                name="offer_shown_with_consent", condition=Q(is_shown=False) | Q(agreed_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.text
