"""The admin's desk: people, plans, exceptions, the ledger, keys, and the log of what was done at it."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin

from . import audit, door, invitations, keys, ledger, lockouts, people, plans, roles

__all__ = ["audit", "door", "invitations", "keys", "ledger", "lockouts", "people", "plans", "roles"]

# Rows of a package: a person's own page tells of them, and providers of identity are in settings.
for row in (EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession, Authenticator):
    admin.site.unregister(row)
