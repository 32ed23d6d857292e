"""What the studio asks of people at the door."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class SignInRule(models.Model):
    """One row: of whom a second factor is asked. A setting, where there is one, goes before it."""

    class Asked(models.TextChoices):
        NOBODY = "nobody", _("Nobody: each as they like")
        ADMINS = "admins", _("Everybody who may enter the admin's desk")
        EVERYBODY = "everybody", _("Everybody")

    second_factor = models.CharField(
        _("a second factor is asked of"),
        max_length=9,
        choices=Asked,
        default=Asked.NOBODY,
        help_text=_("Who has none yet is led through adding one at their next sign-in."),
    )

    class Meta:
        verbose_name = _("rule of signing in")
        verbose_name_plural = _("rules of signing in")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_rule_of_signing_in")]

    def __str__(self) -> str:
        return gettext("Signing in")
