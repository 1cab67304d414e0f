"""A forum, people on it, and voices: what the tests of voices share."""

from __future__ import annotations

from datetime import date
from typing import Any

from partnerships.actions.boards import add_board
from partnerships.models import BoardLevel
from people.actions.voices import record_voice
from people.models import Audience, Voice

SAID_ON = date(2026, 3, 2)
WORDS = "I do not let him walk home after four."


def forum_of(world: Any) -> Any:
    if not hasattr(world, "forum"):
        world.forum = add_board(
            partnership=world.partnership, name="Estate forum", level=BoardLevel.HYPER_LOCAL
        )
    return world.forum


def voice_of(world: Any, audience: Audience = Audience.PARTNERSHIP, **changes: Any) -> Voice:
    given = {
        "theme": "Lights on the path",
        "words": WORDS,
        "said_on": SAID_ON,
        "said_as": "a parent carer",
        "consent_note": "Asked after the forum",
        "board": forum_of(world),
        "by": world.officer,
    }
    return record_voice(partnership=world.partnership, audience=audience, **{**given, **changes})
