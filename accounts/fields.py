"""Fields in which people say who they are, and where the caret stands when a page with them opens."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import normalize_email, trim

# Longer ones are refused unread: hashing costs time, and nobody types this much.
MAX_PASSWORD = 1000


class AddressField(forms.EmailField):
    """An e-mail address in the one spelling under which it is kept."""

    def __init__(self, *, autocomplete: str = "email", **options: Any) -> None:
        # No capital, no correction: phones would otherwise "help" with an address.
        attrs = {"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
        options.setdefault("max_length", 254)
        options.setdefault("label", _("E-mail"))
        options.setdefault("widget", forms.EmailInput(attrs=attrs))
        super().__init__(**options)
        self.error_messages |= {
            "required": _("Enter your e-mail address."),
            "invalid": _("This is no e-mail address. It looks like name@shop.example."),
            "unique": _("There is an account with this address already. Use another one."),
            **(options.get("error_messages") or {}),
        }
        self.widget.attrs["class"] = "input"

    def to_python(self, value: Any) -> str:
        return normalize_email(super().to_python(value) or "")


class PasswordField(forms.CharField):
    """A password. autocomplete: "current-password" or "new-password".

    A new one loses the blanks around it that copying brings along; one that is there already may have
    been set with them, so it comes as typed and the account tries both (User.check_password).
    """

    def __init__(self, *, autocomplete: str, **options: Any) -> None:
        options.setdefault("label", _("Password"))
        self.is_new = autocomplete == "new-password"
        attrs = {"autocomplete": autocomplete, "class": "input"}
        super().__init__(
            strip=False,
            max_length=MAX_PASSWORD,
            widget=forms.PasswordInput(attrs=attrs),
            error_messages={
                "required": _("Enter the password."),
                "max_length": _("A password has up to %(limit_value)d characters."),
            },
            **options,
        )

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return trim(text) if self.is_new else text


def new_password_help() -> str:
    """One calm sentence in place of four rules; a password that breaks one is told which."""
    for validator in password_validation.get_default_password_validators():
        if isinstance(validator, password_validation.MinimumLengthValidator):
            return gettext(
                "At least %(min_length)s characters. A few words in a row are easy to keep in mind."
            ) % {"min_length": validator.min_length}
    return gettext("A few words in a row are easy to keep in mind.")


def focus(form: forms.BaseForm) -> None:
    """Have the page open with the caret in the field where typing begins, or goes on after a refusal.

    That is the first field with an error, else the first that is empty: a password never comes back.
    """
    shown = form.visible_fields()
    wrong = [bound for bound in shown if form.is_bound and bound.errors]
    empty = [
        bound for bound in shown if not bound.value() or isinstance(bound.field.widget, forms.PasswordInput)
    ]
    for bound in (wrong or empty or shown)[:1]:
        bound.field.widget.attrs["autofocus"] = True
