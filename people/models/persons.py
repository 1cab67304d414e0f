from __future__ import annotations

from typing import Any

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> Person:
        """Make a person. Without a password nobody can sign in as them until they are invited and set one."""
        person = self.model(email=self.normalize_email(email).lower() if email else None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> Person:
        return self.get(email__iexact=email)


@pghistory.track(exclude=["password", "last_login", "sign_in_name"])
class Person(AbstractBaseUser, PermissionsMixin):
    """Anybody the partnership knows by name: someone who signs in, a seat holder who never has, or a partner's system.

    `name` is what everybody sees, be it a first name or a pseudonym. Where that is not the real one, `RealName` has it.
    """

    name = models.CharField(max_length=150)
    sign_in_name = models.CharField(
        max_length=60, null=True, blank=True, help_text="For somebody who joined without an email address."
    )
    job_title = models.CharField(max_length=150, blank=True)
    email = models.EmailField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False, help_text="Stands behind an API sign-in; never a human.")
    joined_at = models.DateTimeField(default=timezone.now)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_an_email"),
            models.UniqueConstraint(Lower("sign_in_name"), name="one_person_a_sign_in_name"),
            models.CheckConstraint(name="person_name_given", condition=~models.Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        return self.is_superuser
