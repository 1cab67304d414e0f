"""Answers `user.has_perm(Permission.X, partnership_or_board)` from memberships and seats."""

from typing import Any

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.db.models import Q
from django.utils import timezone

from partnerships.models import Board, Partnership, Seat
from people.models import Membership, Person
from people.permissions import ROLES, Permission, Role


class SignInNameBackend(ModelBackend):
    """Signs in somebody who joined without an email address, by the name that was made for them."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Person | None:
        if not username or not password or "@" in username or "\x00" in username:
            return None
        name = "-".join(username.lower().replace("-", " ").split())
        person = Person.objects.filter(sign_in_name=name).first()
        if person is None:
            # As slow as a wrong password, so that nobody learns which names there are.
            Person().set_password(password)
            return None
        return person if person.check_password(password) and self.user_can_authenticate(person) else None

    def has_perm(self, user_obj: Any, perm: Any, obj: Any = None) -> bool:
        return False


class MembershipBackend(BaseBackend):
    def has_perm(self, user_obj: Any, perm: Any, obj: Any = None) -> bool:
        if not isinstance(perm, Permission) or not isinstance(user_obj, Person) or not user_obj.is_active:
            return False
        if isinstance(obj, Board):
            return perm in permissions_on_board(user_obj, obj)
        if isinstance(obj, Partnership):
            return perm in permissions_in(user_obj, obj)
        return False


def permissions_in(person: Person, partnership: Partnership) -> frozenset[Permission]:
    """What the person may do in the partnership today. Kept on the person for the length of a request."""
    cache: dict[int, frozenset[Permission]] = person.__dict__.setdefault("_permissions", {})
    if partnership.pk not in cache:
        today = timezone.localdate()
        roles = (
            Membership.objects.current(today)
            .filter(person=person, partnership=partnership)
            .values_list("role", flat=True)
        )
        cache[partnership.pk] = frozenset().union(*(ROLES[Role(role)].permissions for role in roles))
    return cache[partnership.pk]


def permissions_on_board(person: Person, board: Board) -> frozenset[Permission]:
    """A member's permissions; for somebody from elsewhere who holds a current seat, reading that board and nothing else."""
    held = permissions_in(person, board.partnership)
    if Permission.VIEW_BOARD in held:
        return held
    today = timezone.localdate()
    seated = (
        Seat.objects.filter(person=person, board=board, starts_on__lte=today)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        .exists()
    )
    return held | {Permission.VIEW_BOARD} if seated else held
