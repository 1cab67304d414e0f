from people.models.api_requests import IdempotentRequest
from people.models.calendars import CalendarFeed
from people.models.development import Attended, Cohort, CohortPlace, Course, Influenced
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
from people.models.joining import Joined, JoiningCode
from people.models.keeping import AccessExport, Forgetting, NotDuplicates, PersonMerge
from people.models.knowing import Offer, OfferKind, RealName
from people.models.leadership import Authority, LeadershipElement, Leading
from people.models.memberships import ApiClient, Invitation, Membership
from people.models.persons import Person

__all__ = [
    "AccessExport",
    "ApiClient",
    "Attended",
    "Audience",
    "Authority",
    "CalendarFeed",
    "Cohort",
    "CohortPlace",
    "Course",
    "EffectKind",
    "Evidence",
    "FollowUp",
    "Forgetting",
    "IdempotentRequest",
    "Influenced",
    "Introduction",
    "Invitation",
    "Joined",
    "JoiningCode",
    "LeadershipElement",
    "Leading",
    "Membership",
    "Message",
    "NotDuplicates",
    "Offer",
    "OfferKind",
    "Person",
    "PersonMerge",
    "RealName",
    "Reply",
    "Voice",
    "VoiceEffect",
    "WantedLink",
    "Way",
]
