from people.models.api_requests import IdempotentRequest
from people.models.calendars import CalendarFeed
from people.models.influence import (
    Audience,
    EffectKind,
    Evidence,
    FollowUp,
    Introduction,
    Message,
    Reply,
    Voice,
    VoiceEffect,
    WantedLink,
    Way,
)
from people.models.memberships import ApiClient, Invitation, Membership
from people.models.persons import Person

__all__ = [
    "ApiClient",
    "Audience",
    "CalendarFeed",
    "EffectKind",
    "Evidence",
    "FollowUp",
    "IdempotentRequest",
    "Introduction",
    "Invitation",
    "Membership",
    "Message",
    "Person",
    "Reply",
    "Voice",
    "VoiceEffect",
    "WantedLink",
    "Way",
]
