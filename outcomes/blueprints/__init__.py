"""Blueprints of programmes: what Holiday Activities and Food, social prescribing and SEND begin with, as data."""

from outcomes.blueprints.haf import HAF
from outcomes.blueprints.send import SEND
from outcomes.blueprints.social_prescribing import SOCIAL_PRESCRIBING
from outcomes.blueprints.terms import (
    Blueprint,
    Breakdown,
    BudgetLine,
    MeasureLine,
    Question,
    from_content,
)

# By the word in addresses.
BUILT_IN: dict[str, Blueprint] = {"haf": HAF, "social-prescribing": SOCIAL_PRESCRIBING, "send": SEND}

__all__ = [
    "BUILT_IN",
    "HAF",
    "SEND",
    "SOCIAL_PRESCRIBING",
    "Blueprint",
    "Breakdown",
    "BudgetLine",
    "MeasureLine",
    "Question",
    "from_content",
]
