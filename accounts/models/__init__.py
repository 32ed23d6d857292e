"""Who may do how much."""

from .key import ApiKey
from .user import User, UserManager, normalize_email

__all__ = ["ApiKey", "User", "UserManager", "normalize_email"]
