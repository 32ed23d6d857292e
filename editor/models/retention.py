"""How long the pictures of people on a plan are kept."""

from django.core.validators import MinValueValidator
from django.db import models

FOR_EVER = "In days. Empty: for ever."


class Retention(models.Model):
    """How long what people on a plan have is kept. What is older goes into their trash."""

    plan = models.OneToOneField("accounts.Plan", on_delete=models.CASCADE, related_name="+")
    originals = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=f"Photos, with all that was made of them, once nothing newer was made. {FOR_EVER}",
    )
    results = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text=f"Pictures made. {FOR_EVER}"
    )

    class Meta:
        verbose_name = verbose_name_plural = "how long pictures are kept"

    def __str__(self) -> str:
        return f"How long pictures are kept on {self.plan}"
