from people.models.calendars import CalendarFeed
from people.models.memberships import ApiClient, Invitation, Membership
from people.models.persons import Person

__all__ = ["ApiClient", "CalendarFeed", "Invitation", "Membership", "Person"]
