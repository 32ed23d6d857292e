"""Who may do how much."""

from .audit import AuditEntry, AuditIsAppendOnly
from .door import SignInRule
from .export import Export
from .invitation import Invitation
from .key import ApiKey
from .ledger import Account, CreditEntry, LedgerIsAppendOnly, Usage
from .plan import Plan, PlanException
from .single_use import SingleUse
from .user import User, UserManager, list_readings, normalize_email, trim

__all__ = [
    "Account",
    "ApiKey",
    "AuditEntry",
    "AuditIsAppendOnly",
    "CreditEntry",
    "Export",
    "Invitation",
    "LedgerIsAppendOnly",
    "Plan",
    "PlanException",
    "SignInRule",
    "SingleUse",
    "Usage",
    "User",
    "UserManager",
    "list_readings",
    "normalize_email",
    "trim",
]
