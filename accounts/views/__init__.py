"""Views of sign-in and of a person's own account: access, form, one call, render."""

from .ended import oidc_ended
from .export import export, export_delete, export_file
from .invitation import invitation
from .keys import key_revoke, keys
from .oidc import oidc_begin, oidc_callback, oidc_disconnect, oidc_sign_out
from .places import place_end, places_end_others, places_list
from .profile import delete, email_change, email_confirm, language, password_change, profile
from .proof import prove
from .second_factor import app_add, codes_renew, factor_remove, passkey_add, second_factor
from .second_step import passkey_options, passkey_sign_in, second_step
from .sign_in import (
    locked_out,
    password_reset,
    password_reset_complete,
    password_reset_confirm,
    password_reset_done,
    sign_in,
    sign_out,
    sign_up,
    sign_up_confirm,
    sign_up_done,
)
from .usage import usage

__all__ = [
    "app_add",
    "codes_renew",
    "delete",
    "email_change",
    "email_confirm",
    "export",
    "export_delete",
    "export_file",
    "factor_remove",
    "invitation",
    "key_revoke",
    "keys",
    "language",
    "locked_out",
    "oidc_begin",
    "oidc_callback",
    "oidc_disconnect",
    "oidc_ended",
    "oidc_sign_out",
    "passkey_add",
    "passkey_options",
    "passkey_sign_in",
    "password_change",
    "password_reset",
    "password_reset_complete",
    "password_reset_confirm",
    "password_reset_done",
    "place_end",
    "places_end_others",
    "places_list",
    "profile",
    "prove",
    "second_factor",
    "second_step",
    "sign_in",
    "sign_out",
    "sign_up",
    "sign_up_confirm",
    "sign_up_done",
    "usage",
]
