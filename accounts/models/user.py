"""People: who may sign in."""

import re
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Case, F, OuterRef, Subquery, When
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from .plan import Plan, PlanException

# Blanks of no width, which no strip() takes for blanks and nobody sees in what they copied.
UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
AROUND = re.compile(rf"\A[\s{UNSEEN}]+|[\s{UNSEEN}]+\Z")


def trim(text: str) -> str:
    """Return a text without what copying and pasting leaves around it: blanks, line ends, unseen marks."""
    return AROUND.sub("", text)


def normalize_email(email: str) -> str:
    """Return the one spelling under which an address is kept: trimmed and in lower case.

    Mail systems in use do not tell capitals apart, and people do not remember how they typed it.
    """
    return trim(email).lower()


def list_readings(password: str) -> list[str]:
    """Return a typed password, and what it is without the blanks around it if there are any."""
    return [password] if trim(password) in ("", password) else [password, trim(password)]


class UserQuerySet(models.QuerySet["User"]):
    def with_balance(self) -> Self:
        """Add `limit`: the credits a month that hold now, None for no limit."""
        said = PlanException.objects.filter(user=OuterRef("pk"), credits_per_month__isnull=False).live()
        default = Plan.objects.filter(is_default=True)
        planned = Case(
            When(plan=None, then=Subquery(default.values("credits_per_month")[:1])),
            default=F("plan__credits_per_month"),
        )
        return self.annotate(
            limit=Coalesce(Subquery(said.reverse().values("credits_per_month")[:1]), planned)
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
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
        """Save and return somebody who runs the studio, whom no credits stop."""
        fields.setdefault("plan", Plan.objects.without_limit())
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def who_run_the_studio(self) -> models.QuerySet["User"]:
        """Superusers who can sign in. There must always be one."""
        return self.filter(is_superuser=True, is_active=True)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalize_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in with an e-mail address."""

    email = models.EmailField(
        unique=True, error_messages={"unique": _("There is an account with this address.")}
    )
    name = models.CharField(max_length=120, blank=True)
    # Not a row's choices: a studio that speaks one more needs no migration.
    language = models.CharField(
        _("language"),
        max_length=12,
        blank=True,
        help_text=_("Of pages and letters. Empty: as the browser asks for it."),
    )
    is_staff = models.BooleanField(default=False, help_text=_("May enter the admin's desk."))
    is_active = models.BooleanField(default=True, help_text=_("Off: suspended, can't sign in."))
    date_joined = models.DateTimeField(default=timezone.now)
    plan = models.ForeignKey(
        Plan,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        help_text=_("Empty: the default plan."),
    )
    # Goes into what every session is checked against: raising it ends them all.
    signed_out_times = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case")
        ]
        # What one role may and another may not, though both change users.
        permissions = [
            ("put_on_plan", _("Can put a user on a plan")),
            ("suspend_user", _("Can suspend, reactivate and sign out a user")),
        ]

    def __str__(self) -> str:
        return self.email

    def set_password(self, raw_password: str | None) -> None:
        """Take a new password, without the blanks around it."""
        super().set_password(list_readings(raw_password)[-1] if raw_password else raw_password)

    def check_password(self, raw_password: str | None) -> bool:
        """Return whether this is the password, or is once the blanks around it are gone.

        As it is first: some were set with blanks around them when those were still kept.
        """
        return any(super(User, self).check_password(reading) for reading in list_readings(raw_password or ""))

    @property
    def may_use_password(self) -> bool:
        """Whether a password opens this account: where the operator wants none, theirs who run the studio."""
        return settings.PASSWORD_SIGN_IN or self.is_superuser

    def has_usable_password(self) -> bool:
        return self.may_use_password and super().has_usable_password()

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

    def sign_out_everywhere(self) -> None:
        """End every session of this person, on all devices."""
        User.objects.filter(pk=self.pk).update(signed_out_times=models.F("signed_out_times") + 1)
        self.refresh_from_db(fields=["signed_out_times"])

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        held = super()._get_session_auth_hash(secret)  # type: ignore[misc]  # not in the stubs
        if not self.signed_out_times:
            return held
        text = f"{held}.{self.signed_out_times}"
        return salted_hmac("accounts.signed-out", text, secret=secret, algorithm="sha256").hexdigest()

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]
