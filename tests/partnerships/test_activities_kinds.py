from datetime import date

import pytest
from django.urls import reverse

from outcomes.queries.activities import TABLE_COLUMNS, table
from partnerships.actions.activities import edit_activity, log_activity
from partnerships.actions.own_kinds import add_own_kind, end_own_kind, rename_own_kind
from partnerships.errors import DomainError
from partnerships.models import Activity, ActivityKind, OwnKind
from partnerships.queries.activities import visible
from partnerships.queries.activity_counts import count


@pytest.fixture
def kind(world):
    return add_own_kind(partnership=world.partnership, name="Door knocking", by=world.manager)


@pytest.fixture
def activity(world, kind):
    return log_activity(
        partnership=world.partnership, by=world.officer, title="Mill Street",
        happened_on=date(2026, 1, 1), kind=ActivityKind.OTHER, own_kind=kind,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["", "  ", "Meeting", "meeting", "door  KNOCKING", "x" * 61, "a\x00"])
def test_a_kind_has_a_name_of_its_own(world, kind, name):
    with pytest.raises(DomainError) as refused:
        add_own_kind(partnership=world.partnership, name=name, by=world.manager)
    assert refused.value.field == "name"


def test_an_ended_kind_is_kept_by_what_has_it_and_offered_no_longer(as_, world, kind, activity):
    end_own_kind(kind=kind, by=world.manager)
    slug = world.partnership.slug
    assert "Door knocking" not in as_("officer").get(reverse("activity-new", args=[slug])).content.decode()
    assert (
        "Door knocking"
        in as_("officer").get(reverse("activity-edit", args=[slug, activity.pk])).content.decode()
    )
    with pytest.raises(DomainError) as refused:
        log_activity(
            partnership=world.partnership, by=world.officer, title="Late", happened_on=date(2026, 1, 2),
            kind=ActivityKind.OTHER, own_kind=kind,
        )  # fmt: skip
    assert refused.value.field == "kind"
    edit_activity(activity=activity, expected_version=1, by=world.officer, title="Mill Street again")
    assert add_own_kind(partnership=world.partnership, name="Door Knocking", by=world.manager).pk == kind.pk


def test_it_stands_in_form_list_export_counts_and_filter(as_, world, kind, activity):
    slug, client = world.partnership.slug, as_("officer")
    log_activity(
        partnership=world.partnership, by=world.officer, title="Plain other",
        happened_on=date(2026, 1, 1), kind=ActivityKind.OTHER,
    )  # fmt: skip
    assert f'value="own-{kind.pk}"' in client.get(reverse("activity-new", args=[slug])).content.decode()
    url = reverse("activity-list", args=[slug])
    own = client.get(url, {"kind": f"own-{kind.pk}"}).content.decode()
    assert "Mill Street" in own
    assert "Plain other" not in own
    assert "Kind: Door knocking" in own
    other = client.get(url, {"kind": "other"}).content.decode()
    assert "Mill Street" not in other
    assert "Plain other" in other
    rows = visible(world.partnership, world.officer)
    kinds = {row[TABLE_COLUMNS.index("Kind")] for row in table(rows)}
    assert kinds == {"Door knocking", "Other"}
    assert dict(count(rows).kinds) == {"Door knocking": 1, "Other": 1}
    rename_own_kind(kind=kind, name="On the doorstep", by=world.manager)
    assert (
        "On the doorstep" in client.get(reverse("activity-detail", args=[slug, activity.pk])).content.decode()
    )


def test_the_form_saves_it_and_changes_it_back(as_, world, kind):
    slug, client = world.partnership.slug, as_("officer")
    fields = {"title": "Mill Street", "happened_on": "2026-01-01", "visibility": "partnership"}
    client.post(reverse("activity-new", args=[slug]), fields | {"kind": f"own-{kind.pk}"})
    activity = Activity.objects.get()
    assert (activity.kind, activity.own_kind) == (ActivityKind.OTHER, kind)
    edit = reverse("activity-edit", args=[slug, activity.pk])
    client.post(edit, fields | {"kind": "visit", "version": 1})
    activity.refresh_from_db()
    assert (activity.kind, activity.own_kind) == (ActivityKind.VISIT, None)


@pytest.mark.parametrize("key", ["own-x", "own-", "own-99999999999999999999", "own--1", "nonsense"])
def test_a_forged_kind_is_refused(as_, world, kind, key):
    slug = world.partnership.slug
    fields = {"title": "Mill Street", "happened_on": "2026-01-01", "visibility": "partnership", "kind": key}
    assert as_("officer").post(reverse("activity-new", args=[slug]), fields).status_code == 200
    assert as_("officer").get(reverse("activity-list", args=[slug]), {"kind": key}).status_code == 200
    assert not Activity.objects.exists()


def test_another_partnerships_kind_is_refused(as_, world):
    theirs = add_own_kind(partnership=world.other, name="Elsewhere", by=world.stranger)
    fields = {
        "title": "Mill",
        "happened_on": "2026-01-01",
        "visibility": "partnership",
        "kind": f"own-{theirs.pk}",
    }
    as_("officer").post(reverse("activity-new", args=[world.partnership.slug]), fields)
    with pytest.raises(DomainError):
        log_activity(
            partnership=world.partnership, by=world.officer, title="Mill", happened_on=date(2026, 1, 1),
            kind=ActivityKind.OTHER, own_kind=theirs,
        )  # fmt: skip
    assert not Activity.objects.exists()
    rename = reverse("own-kind-rename", args=[world.partnership.slug, theirs.pk])
    assert as_("manager").get(rename).status_code == 404


def test_who_sets_kinds_up(as_, client, world, kind):
    slug = world.partnership.slug
    for url in (
        reverse("activity-settings", args=[slug]),
        reverse("own-kind-new", args=[slug]),
        reverse("own-kind-rename", args=[slug, kind.pk]),
    ):
        assert as_("manager").get(url).status_code == 200
        assert as_("officer").get(url).status_code == 403
        assert as_(world.stranger).get(url).status_code == 404
        assert client.get(url).url.startswith(reverse("account_login"))
    assert as_("officer").post(reverse("own-kind-end", args=[slug, kind.pk])).status_code == 403


def test_the_settings_pages(as_, world, kind):
    slug, client = world.partnership.slug, as_("manager")
    client.post(reverse("own-kind-new", args=[slug]), {"name": "Peer support"})
    page = client.post(reverse("own-kind-new", args=[slug]), {"name": "Peer support"})
    assert "There is already a kind called" in page.content.decode()
    client.post(reverse("own-kind-rename", args=[slug, kind.pk]), {"name": "Doorstep"})
    client.post(reverse("own-kind-end", args=[slug, kind.pk]))
    page = client.get(reverse("activity-settings", args=[slug])).content.decode()
    assert "Peer support" in page
    assert "Doorstep" in page
    assert "not offered since" in page
    assert OwnKind.objects.get(pk=kind.pk).ended_on
    client.post(reverse("activity-settings", args=[slug]), {"reviews": "yes"})
    world.partnership.refresh_from_db()
    assert world.partnership.reviews_activities
