"""Frameworks that a partnership knows, and how its outcomes stand to their items.

Of another partnership nothing leaves here but the words that it shared: never its outcomes, links or measures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from outcomes.imports.frameworks import Item
from outcomes.models import Framework, FrameworkItem, Outcome, OutcomeLink
from partnerships.models import Partnership


def frameworks_for(partnership: Partnership) -> QuerySet[Framework]:
    """All that a partnership may link to, and those that ended to which it linked or which it shared.

    Each knows how many items it has (`size`), with how many of them we stand in a link (`linked`), and whether it holds
    outcomes of whoever shares it (`is_shared_outcomes`).
    """
    ours = OutcomeLink.objects.filter(partnership=partnership)
    items = FrameworkItem.objects.filter(framework=OuterRef("pk"))
    linked = ours.filter(item__framework=OuterRef("pk")).order_by().values("item__framework")
    return (
        Framework.objects.filter(
            Q(ended_on__isnull=True) | Q(shared_by=partnership) | Q(pk__in=ours.values("item__framework"))
        )
        .select_related("shared_by")
        .annotate(
            size=_number(items.filter(ended_on__isnull=True).order_by().values("framework"), "pk"),
            linked=_number(linked, "item"),
            is_shared_outcomes=Exists(items.filter(outcome__isnull=False)),
        )
        .order_by("name", "pk")
    )


def own_framework(partnership: Partnership) -> Framework | None:
    """The current framework in which a partnership shares its own outcomes."""
    rows = Framework.objects.filter(
        shared_by=partnership, ended_on__isnull=True, items__outcome__isnull=False
    )
    return rows.distinct().first()


def _number(rows: QuerySet, counted: str) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(number=Count(counted, distinct=True)).values("number")), 0)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item at its depth in the tree, with the outcomes of ours that stand for it."""

    item: FrameworkItem
    depth: int
    links: tuple[OutcomeLink, ...]
    is_leaf: bool = True

    @property
    def is_linked(self) -> bool:
        return bool(self.links)


def items_of(framework: Framework, partnership: Partnership) -> list[ItemRow]:
    """The framework's items in the order of its tree. Two queries. Ended ones only where we link to them."""
    links: dict[int, list[OutcomeLink]] = {}
    ours = OutcomeLink.objects.filter(partnership=partnership, item__framework=framework)
    for link in ours.select_related("outcome").order_by("outcome__position", "outcome__title"):
        links.setdefault(link.item_id, []).append(link)
    below: dict[int | None, list[FrameworkItem]] = {}
    rows = list(FrameworkItem.objects.filter(framework=framework).order_by("position", "pk"))
    shown = {row.pk for row in rows if row.ended_on is None or row.pk in links}
    for row in rows:
        if row.pk in shown:
            below.setdefault(row.parent_id if row.parent_id in shown else None, []).append(row)
    return [
        ItemRow(row, depth, tuple(links.get(row.pk, ())), row.pk not in below)
        for row, depth in _tree(below, None, 0)
    ]


def _tree(
    below: dict[int | None, list[FrameworkItem]], parent: int | None, depth: int
) -> Iterator[tuple[FrameworkItem, int]]:
    for row in below.get(parent, ()):
        yield row, depth
        yield from _tree(below, row.pk, depth + 1)


def current_items(framework: Framework) -> QuerySet[FrameworkItem]:
    rows = FrameworkItem.objects.filter(framework=framework, ended_on__isnull=True)
    return rows.select_related("parent").order_by("position", "pk")


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One item of a file beside what the framework of that name says now: "new", "changed" or "" where it is the same."""

    code: str
    title: str
    description: str
    parent: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What loading a file would do. `framework` is the one that it would bring up to date, if there is one."""

    framework: Framework | None
    rows: tuple[PreviewRow, ...]
    gone: tuple[FrameworkItem, ...]

    def count(self, verdict: str) -> int:
        return sum(row.verdict == verdict for row in self.rows)

    @property
    def new(self) -> int:
        return self.count("new")

    @property
    def changed(self) -> int:
        return self.count("changed")


def preview_of(partnership: Partnership, name: str, items: Sequence[Item]) -> Preview:
    """The items of a file beside the partnership's framework of that name. Two queries."""
    rows = Framework.objects.filter(shared_by=partnership, name=name, ended_on__isnull=True)
    framework = rows.first()
    known = {item.code.casefold(): item for item in current_items(framework)} if framework else {}

    def verdict(item: Item) -> str:
        now = known.get(item.code.casefold())
        if now is None:
            return "new"
        above = now.parent.code.casefold() if now.parent else ""
        same = (now.title, now.description, above) == (item.title, item.description, item.parent.casefold())
        return "" if same else "changed"

    told = {item.code.casefold() for item in items}
    return Preview(
        framework,
        tuple(PreviewRow(i.code, i.title, i.description, i.parent, verdict(i)) for i in items),
        tuple(item for code, item in known.items() if code not in told),
    )


def changes_to_share(partnership: Partnership) -> list[Outcome]:
    """Our outcomes whose shared words are not what we say now."""
    rows = FrameworkItem.objects.filter(
        framework__shared_by=partnership, framework__ended_on__isnull=True, ended_on__isnull=True
    ).filter(outcome__partnership=partnership)
    changed = ~Q(title=F("outcome__title")) | ~Q(description=F("outcome__description"))
    return [row.outcome for row in rows.filter(changed).select_related("outcome")]


def items_to_link(partnership: Partnership) -> QuerySet[FrameworkItem]:
    """What an outcome of ours may be linked to: everything current but our own shared outcomes."""
    rows = FrameworkItem.objects.filter(ended_on__isnull=True, framework__ended_on__isnull=True)
    return (
        rows.exclude(framework__shared_by=partnership, outcome__isnull=False)
        .select_related("framework")
        .order_by("framework__name", "framework", "position")
    )


def frameworks_to_link(partnership: Partnership) -> list[Framework]:
    """Current frameworks in which there is something to link to."""
    rows = Framework.objects.filter(pk__in=items_to_link(partnership).order_by().values("framework"))
    return list(rows.order_by("name", "pk"))


def outcomes_for(item: FrameworkItem, partnership: Partnership) -> list[Outcome]:
    """Our outcomes that stand for an item already."""
    return list(Outcome.objects.filter(partnership=partnership, framework_links__item=item))


@dataclass(frozen=True, slots=True)
class Standing:
    """How one outcome of ours stands to one item: what differs, and what has changed since it was linked."""

    link: OutcomeLink

    @property
    def item(self) -> FrameworkItem:
        return self.link.item

    @property
    def has_changed(self) -> bool:
        """Whether the shared one says something else than when we linked to it or last looked."""
        item, link = self.link.item, self.link
        return (item.title, item.description) != (link.title_then, link.description_then)

    @property
    def is_adapted(self) -> bool:
        item, outcome = self.link.item, self.link.outcome
        return (item.title, item.description) != (outcome.title, outcome.description)

    @property
    def has_ended(self) -> bool:
        return self.item.ended_on is not None or self.item.framework.ended_on is not None


def standings(outcome: Outcome) -> list[Standing]:
    """How an outcome stands to every item that it is linked to."""
    links = outcome.framework_links.select_related("outcome", "item__framework__shared_by")
    return [Standing(link) for link in links.order_by("item__framework__name", "item__position")]


def shared_words(outcome: Outcome) -> FrameworkItem | None:
    """The item in which our own outcome is shared with others now."""
    rows = outcome.shared_as.filter(ended_on__isnull=True, framework__ended_on__isnull=True)
    return rows.select_related("framework").first()


def changed_since_linked(partnership: Partnership) -> int:
    """How many of our outcomes are linked to something that says something else now."""
    changed = ~Q(title_then=F("item__title")) | ~Q(description_then=F("item__description"))
    return OutcomeLink.objects.filter(changed, partnership=partnership).count()
