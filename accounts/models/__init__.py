"""Who may do how much."""

from .audit import AuditEntry, AuditIsAppendOnly
from .key import ApiKey
from .ledger import Account, CreditEntry, LedgerIsAppendOnly, Usage
from .plan import Plan, PlanException
from .user import User, UserManager, normalize_email, readings, trim

__all__ = [
    "Account",
    "ApiKey",
    "AuditEntry",
    "AuditIsAppendOnly",
    "CreditEntry",
    "LedgerIsAppendOnly",
    "Plan",
    "PlanException",
    "Usage",
    "User",
    "UserManager",
    "normalize_email",
    "readings",
    "trim",
]
