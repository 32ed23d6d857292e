"""The app of people, and what it does when the studio starts."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db.models.signals import post_migrate, post_save


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from web.language.names import name_models

        name_models(self.get_models())
        from . import initial_data
        from .identity.checks import check_issuers

        checks.register(check_issuers, deploy=True)
        post_migrate.connect(initial_data.begin, dispatch_uid="accounts.begin")
        post_save.connect(welcome, sender=settings.AUTH_USER_MODEL, dispatch_uid="accounts.welcome")


def welcome(instance: Any, created: bool, raw: bool = False, **signal: Any) -> None:
    """Open a new person's account, however they were made: their first order finds the month's credits."""
    from . import ledger

    if created and not raw:
        ledger.open_account(instance)
