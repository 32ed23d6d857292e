"""What people type about themselves: addresses, names, passwords."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.contrib.auth import forms as auth_forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict
from django.utils.crypto import salted_hmac

from . import background, lockout
from .farewell import LastSuperuser, delete_account
from .models import ApiKey, User, normalize_email

# Longer ones are refused unread: hashing costs time, and nobody types this much.
MAX_PASSWORD = 1000
# Seconds before the same address is sent another reset link.
RESET_PAUSE = 60
# Active API keys of one person: one per program, and room for mishaps.
MOST_KEYS = 50


class AddressField(forms.EmailField):
    """An e-mail address in the one spelling under which it is kept."""

    def __init__(self, *, autocomplete: str = "email", **options: Any) -> None:
        # No capital, no correction: phones would otherwise "help" with an address.
        attrs = {"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
        options.setdefault("max_length", 254)
        options.setdefault("label", "E-mail")
        options.setdefault("widget", forms.EmailInput(attrs=attrs))
        super().__init__(**options)
        self.error_messages |= {
            "required": "Enter your e-mail address.",
            "invalid": "This is no e-mail address. It looks like name@shop.example.",
            "unique": "There is an account with this address already. Use another one.",
            **(options.get("error_messages") or {}),
        }
        self.widget.attrs["class"] = "input"

    def to_python(self, value: Any) -> str:
        return normalize_email(super().to_python(value) or "")


class PasswordField(forms.CharField):
    """A password, taken to the letter. autocomplete: "current-password" or "new-password"."""

    def __init__(self, *, autocomplete: str, **options: Any) -> None:
        options.setdefault("label", "Password")
        attrs = {"autocomplete": autocomplete, "class": "input"}
        super().__init__(
            strip=False,
            max_length=MAX_PASSWORD,
            widget=forms.PasswordInput(attrs=attrs),
            error_messages={
                "required": "Enter the password.",
                "max_length": "A password has up to %(limit_value)d characters.",
            },
            **options,
        )


def new_password_help() -> str:
    """One calm sentence in place of four rules; a password that breaks one is told which."""
    for validator in password_validation.get_default_password_validators():
        if isinstance(validator, password_validation.MinimumLengthValidator):
            return (
                f"At least {validator.min_length} characters. A few words in a row are easy to keep in mind."
            )
    return "A few words in a row are easy to keep in mind."


class SignInForm(auth_forms.AuthenticationForm):
    """Checks address and password. The admin's own door uses it too (accounts/admin.py)."""

    username = AddressField(autocomplete="username")
    password = PasswordField(autocomplete="current-password")

    error_messages = {
        "invalid_login": "This address and password do not belong together. Check both and try again.",
        "inactive": "This account is suspended. Ask the studio's admin.",
    }

    def clean(self) -> dict[str, Any]:
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if email is not None and password:
            # Named "email", as USERNAME_FIELD is: axes counts attempts by that name.
            self.user_cache = authenticate(self.request, email=email, password=password)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data


class SignUpForm(forms.ModelForm):
    email = AddressField(
        error_messages={
            "unique": "There is an account with this address already. Sign in with it, or use another one."
        }
    )
    password = PasswordField(autocomplete="new-password")

    class Meta:
        model = User
        fields = ["name", "email"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name", "class": "input"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = new_password_help()

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def _post_clean(self) -> None:
        # After the instance has its name and address: a password may not resemble them.
        super()._post_clean()  # type: ignore[misc]
        password = self.cleaned_data.get("password")
        if password:
            try:
                password_validation.validate_password(password, self.instance)
            except ValidationError as exc:
                self.add_error("password", exc)

    def save(self, commit: bool = True) -> User:
        self.instance.set_password(self.cleaned_data["password"])
        return super().save(commit)

    def try_to_save(self) -> User | None:
        """Save and return the new person; None, with an error at the field, if another was faster."""
        return save_unless_taken(self)


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name", "class": "input"})}

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])


class Reauthenticated(forms.Form):
    """A form that asks for the password again. Wrong ones count towards the lockout, as at the door."""

    password = PasswordField(label="Your password", autocomplete="current-password")

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password, posted = self.cleaned_data["password"], self.request.POST
        # axes writes down what was posted along with a wrong password; a new one is none of its business.
        self.request.POST = QueryDict()
        try:
            found = authenticate(self.request, email=self.request.user.get_username(), password=password)
        finally:
            self.request.POST = posted
        if found != self.request.user:
            raise ValidationError("This is not your password. Try again.", code="wrong_password")
        return password


class EmailChangeForm(Reauthenticated, forms.ModelForm):
    """Moves an account to another address. The instance is a copy: request.user stays as it is."""

    email = AddressField(label="New e-mail")

    field_order = ["email", "password"]

    class Meta:
        model = User
        fields = ["email"]

    def try_to_save(self) -> User | None:
        """Save, and tell the old address; None, with an error at the field, if it was just taken."""
        old_email = self.initial["email"]
        user = save_unless_taken(self)
        if user is not None and user.email != old_email:
            background.send_email_changed.enqueue(user.pk, old_email)
        return user


class DeleteForm(Reauthenticated):
    """Asks for the password and for the address, letter by letter, so that no slip deletes anything."""

    email = AddressField(label="Your e-mail, to be sure", autocomplete="off")

    field_order = ["email", "password"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email != self.request.user.get_username():
            raise ValidationError("This is not the address of this account.", code="other_address")
        return email

    def delete_account(self) -> bool:
        """Delete the person who asks. False, with an error, if the studio needs them."""
        try:
            delete_account(User.objects.get_by_natural_key(self.request.user.get_username()))
        except LastSuperuser as exc:
            self.add_error(None, ValidationError(exc.sentence, code="last_superuser"))
            return False
        return True


class PasswordResetForm(forms.Form):
    email = AddressField(autocomplete="username")

    def send(self) -> None:
        """Have a link sent, if the address has an account. The same work is done if it has none."""
        email = self.cleaned_data["email"]
        key = "password-reset-" + salted_hmac("accounts.reset-pause", email, algorithm="sha256").hexdigest()
        if cache.add(key, True, RESET_PAUSE):
            background.send_reset_link.enqueue(email)


class NewPasswordForm(forms.Form):
    """Sets a password. One field, which can be shown, says more than two that cannot."""

    new_password = PasswordField(label="New password", autocomplete="new-password")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["new_password"].help_text = new_password_help()

    def clean_new_password(self) -> str:
        password = self.cleaned_data["new_password"]
        password_validation.validate_password(password, self.user)
        return password

    def save(self) -> User:
        self.user.set_password(self.cleaned_data["new_password"])
        self.user.save(update_fields=["password"])
        lockout.lift(self.user.email)
        return self.user


class PasswordChangeForm(Reauthenticated, NewPasswordForm):
    """Sets a password by the one that holds until now."""

    password = PasswordField(label="Current password", autocomplete="current-password")

    field_order = ["password", "new_password"]

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        user = User.objects.get_by_natural_key(request.user.get_username())
        super().__init__(request, user, *args, **kwargs)


class KeyForm(forms.ModelForm):
    """Makes a key for a program. Its name tells it apart from the others."""

    class Meta:
        model = ApiKey
        fields = ["name"]
        widgets = {
            "name": forms.TextInput(
                attrs={"autocomplete": "off", "class": "input", "placeholder": "Shop import"}
            )
        }

    def __init__(self, owner: Any, *args: Any, **kwargs: Any) -> None:
        self.owner: User = owner
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = "Give the key a name that tells what it is for."

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        if ApiKey.objects.owned_by(self.owner).active().count() >= MOST_KEYS:
            raise ValidationError(f"You have {MOST_KEYS} keys. Revoke one first.", code="too_many")
        return self.cleaned_data

    def save(self, commit: bool = True) -> str:
        """Make the key and return its secret, which nobody can tell again."""
        _, secret = ApiKey.make(self.owner, self.cleaned_data["name"])
        return secret


def one_line(text: str) -> str:
    return " ".join(text.split())


def save_unless_taken(form: forms.ModelForm) -> User | None:
    """Save; if another request took the address since the form was checked, say so at its field."""
    try:
        with transaction.atomic():
            return form.save()
    except IntegrityError:
        taken = form.fields["email"].error_messages["unique"]
        form.add_error("email", ValidationError(taken, code="unique"))
        return None
