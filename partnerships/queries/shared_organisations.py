"""Organisations as what all partnerships share: who uses one, which may be the same, and what a merge would move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet

from partnerships.models import Organisation, OrganisationCorrection, Partnership
from partnerships.queries.activities import organisations_of
from partnerships.queries.references import pointing_at

# Words that say what kind of body it is, and not which.
NOISE = r"\y(the|of|and|council|borough|city|county|ltd|limited|cic|trust|charity|community|service|services|group)\y"
ALIKE, ALIKE_HERE = 0.5, 0.35
# What rows are called where the name of their table says little to people.
WORDS = {
    "PartnershipOrganisation": "parts in a partnership",
    "OrganisationContact": "contacts",
    "OrganisationCorrection": "proposed corrections",
    "Membership": "roles of people",
    "ApiClient": "sign-ins of its systems",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A column anywhere in the product that names an organisation; `words` is what its rows are called."""

    model: type[models.Model]
    field: models.ForeignKey
    words: str

    def rows(self, organisation: Organisation) -> QuerySet[Any]:
        return self.model._base_manager.filter(**{self.field.name: organisation})


def references() -> Iterator[Reference]:
    """Every foreign key to an organisation, in any app, links of many-to-many fields among them."""
    for key in pointing_at(Organisation):
        yield Reference(key.model, key, _words(key.model))


def _words(model: type[models.Model]) -> str:
    owner = model._meta.auto_created
    if not owner:
        return WORDS.get(model.__name__, str(model._meta.verbose_name_plural))
    return f"mentions in {owner._meta.verbose_name_plural}"


def partnerships_using(*organisations: Organisation) -> list[Partnership]:
    """Every partnership with a record, present or past, that names one of these."""
    found: set[int] = set()
    for reference in references():
        rows = reference.model._base_manager.filter(**{f"{reference.field.name}__in": organisations})
        path = _partnership_of(reference.model)
        if path:
            found.update(rows.order_by().values_list(path, flat=True).distinct())
    return list(Partnership.objects.filter(pk__in=found))


def _partnership_of(model: type[models.Model]) -> str:
    """The way from a row to its partnership; none for what is shared itself."""
    if any(field.name == "partnership" for field in model._meta.fields):
        return "partnership"
    for field in model._meta.fields if model._meta.auto_created else ():
        if field.is_relation and field.related_model is model._meta.auto_created:
            way = _partnership_of(field.related_model)
            return f"{field.name}__{way}" if way else ""
    return ""


@dataclass(frozen=True, slots=True)
class Move:
    """What a merge moves of one kind."""

    words: str
    number: int


def moves(organisation: Organisation) -> list[Move]:
    """What names an organisation now, by kind, the most frequent first."""
    counted: dict[str, int] = {}
    for reference in references():
        number = reference.rows(organisation).count()
        if number:
            counted[reference.words] = counted.get(reference.words, 0) + number
    return [Move(words, number) for words, number in sorted(counted.items(), key=lambda one: -one[1])]


def kept_record(organisation: Organisation) -> Organisation:
    """The record that is kept, after however many merges."""
    seen: set[int] = set()
    while organisation.merged_into_id and organisation.pk not in seen:
        seen.add(organisation.pk)
        organisation = Organisation.objects.get(pk=organisation.merged_into_id)
    return organisation


def possible_duplicates(partnership: Partnership) -> list[tuple[Organisation, Organisation]]:
    """Pairs of the partnership's organisations that may be one: much alike in name, or somewhat alike in the same place and
    sector. The most alike first."""
    ours = Organisation.objects.filter(
        pk__in=organisations_of(partnership).values("pk"), merged_into__isnull=True
    ).in_bulk()
    if len(ours) < 2:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH named AS (SELECT id, sector, place_id, org_id, name, coalesce(nullif(trim("
            "regexp_replace(lower(name), %s, ' ', 'g')), ''), lower(name)) AS told "
            "FROM partnerships_organisation WHERE id = ANY(%s)) "
            "SELECT one.id, two.id FROM named one JOIN named two ON one.id < two.id "
            "WHERE similarity(one.told, two.told) >= %s AND (similarity(one.name, two.name) >= %s "
            "OR (similarity(one.name, two.name) >= %s AND one.place_id = two.place_id AND one.sector = two.sector)) "
            "AND (one.org_id IS NULL OR two.org_id IS NULL OR split_part(one.org_id, '-', 2) "
            "IS DISTINCT FROM split_part(two.org_id, '-', 2)) "
            "ORDER BY similarity(one.name, two.name) DESC, one.id, two.id LIMIT 50",
            [NOISE, list(ours), ALIKE, ALIKE, ALIKE_HERE],
        )
        return [(ours[one], ours[two]) for one, two in cursor.fetchall()]


def corrections_to_decide(
    organisation: Organisation, partnership: Partnership
) -> list[OrganisationCorrection]:
    """What other partnerships propose; each waits for one that is not its own."""
    waiting = OrganisationCorrection.objects.filter(organisation=organisation, decided_at__isnull=True)
    return list(waiting.exclude(partnership=partnership))


def own_correction(organisation: Organisation, partnership: Partnership) -> OrganisationCorrection | None:
    waiting = OrganisationCorrection.objects.filter(organisation=organisation, decided_at__isnull=True)
    return waiting.filter(partnership=partnership).first()
