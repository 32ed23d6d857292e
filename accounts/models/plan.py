"""Plans: what a person may use, and exceptions to it."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import tool_labels

NO_LIMIT = _("Empty: no limit.")
AS_PLANNED = _("Empty: as the plan says.")


def all_tools() -> list[str]:
    return list(tool_labels.LABELS)


def validate_tools(names: list[str]) -> None:
    """Raise ValidationError unless these are names of tools."""
    known = all_tools()
    unknown = [str(name) for name in names if name not in known] if isinstance(names, list) else [str(names)]
    if unknown:
        raise ValidationError(
            gettext("There is no tool named %(unknown)s. Choose of: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(known)},
            code="unknown_tool",
        )


class PlanQuerySet(models.QuerySet["Plan"]):
    def default(self) -> "Plan":
        """Return the plan of everybody who was given none. Raises Plan.DoesNotExist with the remedy."""
        plan = self.filter(is_default=True).first()
        if plan is None:
            raise Plan.DoesNotExist("There is no default plan. Run: manage.py migrate")
        return plan

    def without_limit(self) -> "Plan | None":
        """Return the first plan whose credits never end: that of people who run the studio."""
        return self.filter(credits_per_month=None).order_by("pk").first()


class Plan(models.Model):
    """How much a person may use. An empty limit is none."""

    class Leftover(models.TextChoices):
        """What happens at a month's end to those of its credits that are left."""

        LAPSE = "lapse", _("They lapse")
        CARRY = "carry", _("They carry over")

    name = models.CharField(
        max_length=60, unique=True, error_messages={"unique": _("There is a plan of this name.")}
    )
    credits_per_month = models.PositiveIntegerField(null=True, blank=True, help_text=NO_LIMIT)
    leftover = models.CharField(
        _("what is left over"),
        max_length=5,
        choices=Leftover,
        default=Leftover.LAPSE,
        help_text=_("At the month's end. Credits that were granted on top always stay."),
    )
    carry_most = models.PositiveIntegerField(
        _("carry over at most"),
        null=True,
        blank=True,
        help_text=format_lazy(_("Where they carry over. {no_limit}"), no_limit=NO_LIMIT),
    )
    requests_per_second = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1)], help_text=_("By each API key.")
    )
    most_photos = models.PositiveIntegerField(
        _("most photos stored"), null=True, blank=True, help_text=NO_LIMIT
    )
    most_bytes = models.PositiveBigIntegerField(
        _("most bytes stored"),
        null=True,
        blank=True,
        help_text=format_lazy(_("Photos and results together. {no_limit}"), no_limit=NO_LIMIT),
    )
    most_at_once = models.PositiveSmallIntegerField(
        _("most tasks at once"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=format_lazy(_("Waiting or under way. {no_limit}"), no_limit=NO_LIMIT),
    )
    tools = models.JSONField(default=all_tools, validators=[validate_tools])
    is_default = models.BooleanField(
        _("default"), default=False, help_text=_("For new accounts, and for everybody who was given no plan.")
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_plan"
            ),
            models.CheckConstraint(
                condition=models.Q(requests_per_second__gte=1), name="plan_lets_requests_through"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def make_default(self) -> None:
        """Let this be the default in place of the one that is."""
        with transaction.atomic():
            Plan.objects.filter(is_default=True).exclude(pk=self.pk).update(is_default=False)
            Plan.objects.filter(pk=self.pk).update(is_default=True)
        self.is_default = True

    def delete(self, *args: Any, **options: Any) -> Any:
        """Delete a plan that nobody is on. Raises ProtectedError where somebody is, or it is the default."""
        if self.is_default:
            raise models.ProtectedError(
                "The default plan can't be deleted. Make another plan the default first.", {self}
            )
        return super().delete(*args, **options)


class PlanExceptionQuerySet(models.QuerySet["PlanException"]):
    def live(self, now: datetime | None = None) -> Self:
        """Exceptions that hold, the latest last: it wins where two say different things."""
        return self.filter(ends_at__gt=now or timezone.now()).order_by("created_at", "pk")


class PlanException(models.Model):
    """What a person may beyond, or short of, their plan until a certain time. Empty: as the plan says."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exceptions")
    credits_per_month = models.PositiveIntegerField(null=True, blank=True, help_text=AS_PLANNED)
    requests_per_second = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text=AS_PLANNED
    )
    most_photos = models.PositiveIntegerField(
        _("most photos stored"), null=True, blank=True, help_text=AS_PLANNED
    )
    most_bytes = models.PositiveBigIntegerField(
        _("most bytes stored"), null=True, blank=True, help_text=AS_PLANNED
    )
    most_at_once = models.PositiveSmallIntegerField(
        _("most tasks at once"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=AS_PLANNED,
    )
    tools = models.JSONField(null=True, blank=True, validators=[validate_tools], help_text=AS_PLANNED)
    reason = models.CharField(max_length=200)
    ends_at = models.DateTimeField(_("ends"), help_text=_("From then on the plan holds again."))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PlanExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception")
        indexes = [models.Index(fields=["user", "ends_at"], name="exception_of_user_until")]

    def __str__(self) -> str:
        return gettext("%(reason)s, until %(localtime)s") % {
            "reason": self.reason,
            "localtime": date_format(timezone.localtime(self.ends_at)),
        }
