"""Residents who came in by a code, one known by another name, and a person recorded twice."""

from __future__ import annotations

from django.utils import timezone

from demo.days import A_DAY
from demo.setting import Setting
from people.actions.joining import make_joining_code
from people.actions.known_as import note_real_name
from people.actions.memberships import add_person, edit_person, give_role
from people.actions.offers import add_offer
from people.permissions import Role


def load_joining(setting: Setting) -> None:
    """After the people, and before anything names them."""
    by, partnership = setting.manager, setting.partnership
    resident = setting.people["demirci"]
    real_name = resident.name
    edit_person(person=resident, name="Joe of Foundry Park", by=by)
    note_real_name(partnership=partnership, person=resident, name=real_name, by=by)
    for kind, text in (
        ("knows", "Which paths flood on Foundry Park, and since when"),
        ("trusted", "The key of the tenants’ hall on Kiln Street"),
    ):
        add_offer(
            partnership=partnership,
            person=resident,
            kind=kind,
            text=text,
            agreed_on=setting.ago(90),
            agreed_how="Said so at the forum on Foundry Park",
            by=by,
        )
    forum = setting.people["nowell"]
    add_offer(
        partnership=partnership,
        person=forum,
        kind="helps",
        text="Finding people on Kiln Bank who would speak at a meeting",
        agreed_on=setting.ago(200),
        agreed_how="Told us on the phone",
        by=by,
    )
    # Somebody typed it from an attendance list: the register shows the two as a pair.
    twin = add_person(name="P Nowell", by=by)
    give_role(partnership=partnership, person=twin, role=Role.OBSERVER, starts_on=setting.ago(40), by=by)
    # A code works from today on, also where the demo is loaded as of an earlier day.
    today = max(setting.today, timezone.localdate())
    make_joining_code(
        partnership=partnership,
        name="Foundry Park residents’ forum",
        uses_allowed=25,
        expires_on=today + 60 * A_DAY,
        by=by,
    )
    make_joining_code(
        partnership=partnership,
        name="Library open day",
        uses_allowed=40,
        expires_on=today + 20 * A_DAY,
        role_ends_on=today + 200 * A_DAY,
        by=by,
    )
