"""What the studio asks of people at the door."""

from django.db import models


class SignInRule(models.Model):
    """One row: of whom a second factor is asked. A setting, where there is one, goes before it."""

    class Asked(models.TextChoices):
        NOBODY = "nobody", "Nobody: each as they like"
        ADMINS = "admins", "Everybody who may enter the admin's desk"
        EVERYBODY = "everybody", "Everybody"

    second_factor = models.CharField(
        "a second factor is asked of",
        max_length=9,
        choices=Asked,
        default=Asked.NOBODY,
        help_text="Who has none yet is led through adding one at their next sign-in.",
    )

    class Meta:
        verbose_name = "rule of signing in"
        verbose_name_plural = "rules of signing in"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_rule_of_signing_in")]

    def __str__(self) -> str:
        return "Signing in"
