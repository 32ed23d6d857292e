"""The admin's desk: people, plans, exceptions, the ledger, keys, and the log of what was done at it."""

from . import keys, ledger, lockouts, logbook, people, plans, roles

__all__ = ["keys", "ledger", "lockouts", "logbook", "people", "plans", "roles"]
