"""The admin's desk: people, plans, exceptions, the ledger, keys, and the log of what was done at it."""

from . import audit, keys, ledger, lockouts, people, plans, roles

__all__ = ["audit", "keys", "ledger", "lockouts", "people", "plans", "roles"]
