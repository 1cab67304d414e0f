"""What people do together in the log: write, keep to a board, review, comment and begin from templates."""

from __future__ import annotations

from typing import Any

import pghistory

from demo.days import A_DAY, working_day
from demo.setting import Setting
from outcomes.actions.setting_up import log_activity_for_outcomes
from partnerships.actions.activity_review import accept, send_back, set_review, submit
from partnerships.actions.activity_templates import keep_template
from partnerships.actions.comments import resolve_comment, write_comment
from partnerships.actions.own_kinds import add_own_kind
from partnerships.models import Activity, ActivityKind, Visibility


def load_log(setting: Setting) -> None:
    with pghistory.context(user=setting.manager.pk):
        set_review(partnership=setting.partnership, wanted=True, by=setting.manager)
        kind = add_own_kind(partnership=setting.partnership, name="Door knocking", by=setting.manager)
    doors = _log(
        setting,
        "ockley",
        9,
        "Forty doors on Kiln Bank about the damp",
        authors=["wolak"],
        kind=ActivityKind.OTHER,
        own_kind=kind,
        minutes=150,
        what_happened="Eleven answered. Seven have mould in a child’s bedroom and four had told nobody before.",
    )
    offer = _log(
        setting,
        "wolak",
        6,
        "Kitchen offered for the Christmas programme",
        authors=["ockley"],
        kind=ActivityKind.CALL,
        minutes=25,
        what_happened="The community kitchen can cook for sixty on four days. Gas is theirs, food is ours.",
    )
    visit = _log(
        setting,
        "chowdhury",
        5,
        "Saw the new sensory room before it opens",
        kind=ActivityKind.VISIT,
        minutes=60,
        what_happened="Good light, no lock on the inside. Opens after half-term.",
    )
    _review(setting, doors, offer, visit)
    _for_a_board(setting)
    _comments(setting, doors, offer)
    _templates(setting)


def _log(setting: Setting, by: str, ago: int, title: str, authors: Any = (), **facts: Any) -> Activity:
    day = working_day(setting.ago(ago))
    person, others = setting.people[by], [setting.people[key] for key in authors]
    with pghistory.context(user=person.pk):
        return log_activity_for_outcomes(
            partnership=setting.partnership,
            by=person,
            title=title,
            happened_on=day,
            people=[person, *others],
            authors=others,
            created_at=setting.written(day, "log", title, within=0),
            **facts,
        )


def _review(setting: Setting, doors: Activity, offer: Activity, visit: Activity) -> None:
    """One accepted, one sent back, one waiting for the chair."""
    chair = setting.people["akinwale"]
    for activity in (doors, offer, visit):
        at = setting.written(activity.happened_on, "submitted", activity.title, within=1)
        with pghistory.context(user=activity.created_by_id):
            submit(activity=activity, by=activity.created_by, at=max(at, activity.created_at))
    decided = setting.written(setting.ago(4), "decided", within=1)
    with pghistory.context(user=chair.pk):
        accept(activity=doors, expected_version=1, by=chair, at=decided)
        send_back(
            activity=offer,
            expected_version=1,
            by=chair,
            comment="Which four days? The board is asked for the food money by day.",
            at=decided,
        )


def _for_a_board(setting: Setting) -> None:
    key = next(key for key, board in setting.boards.items() if board.ended_on is None)
    _log(
        setting,
        "ockley",
        12,
        "Rent for the hall: what the landlord asks",
        board=setting.boards[key],
        visibility=Visibility.BOARD,
        kind=ActivityKind.MEETING,
        minutes=45,
        what_happened="Not to be known outside the board until the lease is signed.",
    )


def _comments(setting: Setting, doors: Activity, offer: Activity) -> None:
    manager, officer = setting.manager, setting.people["ockley"]
    day = setting.ago(3)
    with pghistory.context(user=manager.pk):
        asked = write_comment(
            about=doors,
            text="Did anybody tell housing? They have a line for mould where a child sleeps.",
            by=manager,
            mentions=[officer],
            written_at=setting.written(day, "asked", within=0),
        )
    with pghistory.context(user=officer.pk):
        write_comment(
            about=doors,
            text="Told them the same afternoon. Two visits are booked.",
            by=officer,
            written_at=setting.written(day + A_DAY, "answered", within=0),
        )
        resolve_comment(comment=asked, by=officer)
    with pghistory.context(user=manager.pk):
        write_comment(
            about=offer,
            text="Shall we thank them at the next meeting?",
            by=manager,
            mentions=[officer, setting.people["akinwale"]],
            written_at=setting.written(day, "thanks", within=0),
        )


def _templates(setting: Setting) -> None:
    for by, name, is_shared, fields in (
        ("ockley", "Weekly call with the leisure trust", False, {"title": "Weekly call", "kind": "call"}),
        (
            "ramanathan",
            "Visit to a provider",
            True,
            {
                "title": "Visit to ",
                "kind": "visit",
                "what_happened": "Who was there:\nWhat we saw:\nWhat they need:",
            },
        ),
    ):
        person = setting.people[by]
        with pghistory.context(user=person.pk):
            keep_template(
                partnership=setting.partnership,
                name=name,
                fields={key: [value] for key, value in fields.items()},
                is_shared=is_shared,
                by=person,
            )
