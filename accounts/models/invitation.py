"""Invitations: who may make an account though sign-up is closed, with which role and plan, and until when."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .plan import Plan


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Those that can be accepted now."""
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """Lets one person make an account. No secret is kept: its links are signed (emails/signed_links.py)."""

    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Empty: whoever has the link, with an address of their own.")
    )
    by_letter = models.BooleanField(
        _("send a letter"),
        default=True,
        help_text=_("Its link shows that the address is theirs. Off: you get a link to hand over yourself."),
    )
    role = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    plan = models.ForeignKey(
        Plan,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: the default plan."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("until"), editable=False)
    used_at = models.DateTimeField(null=True, editable=False)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.email or gettext("Link of %(localtime)s") % {
            "localtime": date_format(timezone.localtime(self.made_at), "DATETIME_FORMAT")
        }

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()

    @property
    def standing(self) -> str:
        """What has become of it, for people."""
        if self.used_at:
            return gettext("accepted by %(person)s") % {
                "person": self.used_by or gettext("somebody who has left")
            }
        if self.withdrawn_at:
            return gettext("withdrawn")
        return gettext("open") if self.is_open else gettext("too old")
