"""People: who may sign in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


def normalize_email(email: str) -> str:
    """Return the one spelling under which an address is kept: trimmed and in lower case.

    Mail systems in use do not tell capitals apart, and people do not remember how they typed it.
    """
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save and return a new person. Raises ValueError without an address."""
        email = normalize_email(email)
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def who_run_the_studio(self) -> models.QuerySet["User"]:
        """Superusers who can sign in. There must always be one."""
        return self.filter(is_superuser=True, is_active=True)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalize_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in with an e-mail address."""

    email = models.EmailField(
        unique=True, error_messages={"unique": "There is an account with this address."}
    )
    name = models.CharField(max_length=120, blank=True)
    is_staff = models.BooleanField(default=False, help_text="May enter the admin's desk.")
    is_active = models.BooleanField(default=True, help_text="Off: suspended, can't sign in.")
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case")
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def initials(self) -> str:
        """Up to two letters for the round badge in the header."""
        words = (self.name or self.email.partition("@")[0].replace(".", " ")).split()
        return "".join(word[0] for word in words[:2]).upper() or "?"

    @property
    def is_last_superuser(self) -> bool:
        """Whether nobody could run the studio any more without this person."""
        others = User.objects.who_run_the_studio().exclude(pk=self.pk)
        return self.is_superuser and self.is_active and not others.exists()

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]
