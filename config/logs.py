"""What must not reach a log."""

from collections.abc import MutableMapping
from typing import Any


def without_personal_data(
    logger: Any, name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Leaves out the browser's name, and the part of an address behind the question mark: it holds what people searched for."""
    event.pop("user_agent", None)
    for key in ("request", "event"):
        text = event.get(key)
        if isinstance(text, str) and "?" in text:
            event[key] = text.partition("?")[0]
    return event
