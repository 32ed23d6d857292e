"""How long the pictures of people on a plan are kept."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# How long a program can fetch what it ordered (all five seeds say one hour).
API_RESULTS_LAST = timedelta(hours=1)
# As long as a signed address can hold.
MOST_HOURS = 7 * 24
FOR_EVER = _("In days. Empty: for ever.")


class RetentionQuerySet(models.QuerySet["Retention"]):
    def for_programs(self, owner_id: int) -> timedelta:
        """Return how long a program can fetch what it ordered for this person, once that is made."""
        said = self.exclude(programs=None).values_list("plan", "plan__is_default", "programs")
        # Mostly no plan says anything, and then nobody need be looked up.
        rows = list(said)
        people = get_user_model().objects.filter(pk=owner_id)
        own = people.values_list("plan", flat=True).first() if rows else None
        for plan, is_default, hours in rows:
            if plan == own or (own is None and is_default):
                return timedelta(hours=hours)
        return API_RESULTS_LAST


class Retention(models.Model):
    """How long what people on a plan have is kept. What is older goes into their trash."""

    plan = models.OneToOneField("accounts.Plan", on_delete=models.CASCADE, related_name="+")
    originals = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=format_lazy(
            _("Photos, with all that was made of them, once nothing newer was made. {for_ever}"),
            for_ever=FOR_EVER,
        ),
    )
    results = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=format_lazy(_("Pictures made. {for_ever}"), for_ever=FOR_EVER),
    )
    programs = models.PositiveSmallIntegerField(
        _("what programs ordered"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)],
        help_text=format_lazy(
            _("In hours, {most} at most. Empty: one hour. Then it goes for good."), most=MOST_HOURS
        ),
    )

    objects = RetentionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("how long pictures are kept")

    def __str__(self) -> str:
        return gettext("How long pictures are kept on %(plan)s") % {"plan": self.plan}
