"""How long the pictures of people on a plan are kept."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

FOR_EVER = _("In days. Empty: for ever.")


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

    class Meta:
        verbose_name = verbose_name_plural = _("how long pictures are kept")

    def __str__(self) -> str:
        return gettext("How long pictures are kept on %(plan)s") % {"plan": self.plan}
