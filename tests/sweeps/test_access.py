"""Every address × everybody: who gets in, who is told that they may not, and who learns nothing. No reading writes."""

from __future__ import annotations

import inspect

import pytest
from django.db import connection
from django.db.utils import InternalError

from partnerships.models import Seat
from people.access import BoardView, PartnershipView
from people.permissions import HUMAN_ROLES, ROLES, Permission, Role
from tests.sweeps.addresses import HISTORIES, Address, of_partnerships, paths
from tests.sweeps.reading import read_only

pytestmark = pytest.mark.django_db
PAGES = of_partnerships()
# A page that lets in more or fewer people than its permission says, and why; the test asks the record itself.
OWN_OR_OFFICER = "only who wrote it, or somebody who may edit what others wrote"
NARROWER = {
    "activity-edit": OWN_OR_OFFICER,
    "activity-file": OWN_OR_OFFICER,
    "introduction-edit": OWN_OR_OFFICER,
    "learning-edit": OWN_OR_OFFICER,
}
# Somebody's words are changed only by whoever wrote them down, here the manager, and by the person who spoke; that
# fewer may read them is written down by whoever writes voices down.
# A story is changed by its author, here the manager, who also says what was decided, or who prepares meetings does.
# A spreadsheet and a template are for whoever made them, here the manager.
# What a body says of an outcome is changed by who is from it, here nobody, and by whoever sets up outcomes.
# A commitment is changed by who made, owns or answers for it, and by those who prepare meetings.
WHO_PREPARE = {role for role in HUMAN_ROLES if Permission.MANAGE_MEETINGS in ROLES[role].permissions}
BY_OTHERS = {
    "commentary-edit": {Role.MANAGER},
    "outcome-adoption-edit": {Role.MANAGER},
    "outcome-adoption-end": {Role.MANAGER},
    "commentary-decided": {role for role in WHO_PREPARE if Permission.COMMENT in ROLES[role].permissions},
    "commitment-close": WHO_PREPARE,
    "commitment-edit": WHO_PREPARE,
    "commitment-reopen": WHO_PREPARE,
    "activity-sheet": {Role.MANAGER},
    "activity-sheet-give-up": {Role.MANAGER},
    "activity-template-change": {Role.MANAGER},
    "activity-template-remove": {Role.MANAGER},
    "voice-edit": {Role.MANAGER},
    "voice-consent": {role for role in HUMAN_ROLES if Permission.RECORD_VOICE in ROLES[role].permissions},
}
EVERYBODY_WHO_MAY_COME_IN = {
    "home": "a seat holder from elsewhere sees their boards there",
    "my-page": "everybody has one; a seat holder from elsewhere sees what belongs to their boards",
    "notice-list": "what they were told",
    "notice-read": "what they were told",
    "notices-read": "what they were told",
    "notification-choices": "how often they are told it by mail",
}
# Addresses that a script asks in the background answer it, rather than sending it to the sign-in page.
ANSWERS_SCRIPTS = {"activity-draft"}
ANSWERED = {200, 302, 405}


def allowed(address: Address) -> set[Role]:
    if address.name in EVERYBODY_WHO_MAY_COME_IN:
        return set(HUMAN_ROLES)
    if address.name in BY_OTHERS:
        return BY_OTHERS[address.name]
    needed = {address.view.permission}
    if address.name in NARROWER:
        needed.add(Permission.EDIT_ANY_ACTIVITY)
    return {role for role in HUMAN_ROLES if needed <= ROLES[role].permissions}


# Pages of a board that are found by something else than the board's own address.
OF_A_BOARD = {"document": "a paper, read by whoever may read its board"}


def seat_holder_may_read(address: Address) -> bool:
    read_board = issubclass(address.view, BoardView) and address.view.permission is Permission.VIEW_BOARD
    return read_board or address.name in OF_A_BOARD or address.name in EVERYBODY_WHO_MAY_COME_IN


@pytest.mark.parametrize("address", PAGES, ids=str)
def test_every_page_of_a_partnership_goes_through_the_door(address):
    assert inspect.isclass(address.view)
    assert issubclass(address.view, PartnershipView), f"{address.view.__name__} is no PartnershipView."
    assert isinstance(address.view.permission, Permission)


@pytest.mark.parametrize("address", PAGES, ids=str)
def test_who_may_read_it_and_reading_changes_nothing(address, demo, read):
    roles = allowed(address)
    for path in paths(address, demo.ours):
        signs_in = read("anonymous", path)
        if address.name not in ANSWERS_SCRIPTS:
            assert (signs_in.status_code, signs_in.location.split("?")[0]) == (302, "/account/login/"), path
        else:
            assert signs_in.status_code == 401
        for role in HUMAN_ROLES:
            found = read(role.value, path)
            expected = ANSWERED if role in roles else {403}
            assert found.status_code in expected, f"{role.label} got {found.status_code} from {path}"
        assert read("stranger", path).status_code == 404, path
        opens = {200, 405} if seat_holder_may_read(address) else {403}
        assert read("seat", path).status_code in opens, path


@pytest.mark.parametrize("address", PAGES, ids=str)
def test_who_lacks_the_permission_cannot_send_either(address, demo, visit):
    roles = allowed(address)
    refused = [role.value for role in HUMAN_ROLES if role not in roles]
    for path in paths(address, demo.ours):
        for who in refused:
            with read_only():
                assert visit(who).post(path, {"title": "Anything"}).status_code == 403, (who, path)
        with read_only():
            assert visit("stranger").post(path, {"title": "Anything"}).status_code == 404, path
            # A page that can be read only says so before it asks who wants to write.
            assert visit("anonymous").post(path).status_code in (302, 401), path


@pytest.mark.parametrize("address", [a for a in PAGES if len(a.arguments) > 1], ids=str)
def test_nothing_of_another_partnership_below_our_address(address, demo, visit):
    if address.name in {"activity-export", "commitment-export", "contact-export", "voice-export"}:
        pytest.skip("its second argument is a word, not a record")
    if address.name in {"framework-detail", "framework-file", "framework-copy"}:
        pytest.skip(
            "what a partnership shares is for all: tests/outcomes/test_frameworks.py says what they see of it"
        )
    for path in paths(address, demo.theirs, below=demo.ours):
        for who in ("manager", "seat"):
            with read_only():
                # A seat lets nobody so far in that the record is looked for.
                closed = {404, 405} if who == "manager" else {403, 404, 405}
                assert visit(who).get(path).status_code in closed, (who, path)
                assert visit(who).post(path, {"title": "Anything"}).status_code in closed, (who, path)


def test_a_seat_lets_somebody_read_that_board_and_no_other(demo, visit):
    sits_on = set(
        Seat.objects.filter(person=demo.people["seat"], ends_on__isnull=True).values_list("board", flat=True)
    )
    ours = demo.ours.partnership.boards.values_list("pk", flat=True)
    assert sits_on & set(ours)
    for board in ours:
        expected = 200 if board in sits_on else 403
        path = f"/p/{demo.slug}/boards/{board}/"
        assert visit("seat").get(path).status_code == expected


def test_an_activity_kept_to_some_is_not_there_for_the_others(demo, visit):
    from partnerships.actions.activities import log_activity
    from partnerships.models import Visibility

    kept = log_activity(
        partnership=demo.ours.partnership,
        by=demo.people["officer"],
        title="Kept to its author",
        happened_on=demo.ours.activity.happened_on,
        visibility=Visibility.AUTHORS,
    )
    for kind in ("activities/{}/", "activities/{}/edit/", "history/activity/{}/"):
        path = f"/p/{demo.slug}/" + kind.format(kept.pk)
        assert visit("officer").get(path).status_code == 200
        assert visit("manager").get(path).status_code == 404
        assert visit("observer").get(path).status_code in (403, 404)


def test_every_kind_of_history_is_swept():
    from reports.queries.history import KINDS

    assert set(HISTORIES) == set(KINDS)


def test_the_guard_against_writing_works(demo, visit):
    """Whoever reads above reads under this restriction; it would be worth nothing if it let a write through."""
    with read_only(), pytest.raises(InternalError, match="read-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE partnerships_partnership SET name = name")
    from partnerships.models import Partnership

    Partnership.objects.filter(pk=demo.ours.partnership.pk).update(vision="Written after all.")
