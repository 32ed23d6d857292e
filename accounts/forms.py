"""What people type about themselves: addresses, names, passwords."""

import contextlib
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, password_validation
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from .deletion import LastSuperuser, delete_account
from .emails import address_change, queue
from .fields import AddressField, PasswordField, new_password_help
from .identity import addresses, invitations
from .models import ApiKey, Invitation, User
from .protection import lockout, throttle

# Active API keys of one person: one per program, and room for mishaps.
MOST_KEYS = 50


class SignInForm(auth_forms.AuthenticationForm):
    """Checks address and password, at the one door that there is."""

    username = AddressField(autocomplete="username")
    password = PasswordField(autocomplete="current-password")

    error_messages = {
        "invalid_login": _("This address and password do not belong together. Check both and try again."),
        "inactive": _("This account is suspended. Ask the studio's admin."),
    }

    request: HttpRequest

    def clean(self) -> dict[str, Any]:
        """Raises throttle.TooMany where this machine has guessed too often, before anything is looked up."""
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if email is not None and password:
            throttle.check_limits(throttle.Kind.WRONG_PASSWORD, self.request)
            # Named "email", as USERNAME_FIELD is: axes counts attempts by that name.
            self.user_cache = authenticate(self.request, email=email, password=password)
            if self.user_cache is None:
                with contextlib.suppress(throttle.TooMany):
                    throttle.count_call(throttle.Kind.WRONG_PASSWORD, self.request)
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data


class NewPersonForm(forms.ModelForm):
    """Who wants an account. Whether the address has one already is not for everybody to find out."""

    email = AddressField(autocomplete="username")

    class Meta:
        model = User
        fields = ["name", "email"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name", "class": "input"})}

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def validate_unique(self) -> None:
        """Say nothing here: a taken address is answered as a free one is."""

    def send(self, onward: str) -> None:
        """Have a letter sent, with a link under which the account is made. onward: the page wanted."""
        email, name = self.cleaned_data["email"], self.cleaned_data["name"]
        if throttle.may_write_to(email, "sign-up"):
            queue.send_sign_up_link.enqueue(email, name, onward, language=get_language())


class SignUpForm(NewPersonForm):
    """The same with a password, where no letter can confirm the address."""

    password = PasswordField(autocomplete="new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = new_password_help()

    def _post_clean(self) -> None:
        # After the instance has its name and address: a password may not resemble them.
        super()._post_clean()  # type: ignore[misc]
        password = self.cleaned_data.get("password")
        if password:
            try:
                password_validation.validate_password(password, self.instance)
            except ValidationError as exc:
                self.add_error("password", exc)

    def save_if_new(self) -> None:
        """Make the account, unless the address has one; the work is the same."""
        self.instance.set_password(self.cleaned_data["password"])
        with contextlib.suppress(IntegrityError), transaction.atomic():
            self.save()


class InvitedForm(forms.ModelForm):
    """Who accepts an invitation. with_password: where no letter has to show first whose the address is."""

    email = AddressField(autocomplete="username")
    password = PasswordField(autocomplete="new-password")

    class Meta:
        model = User
        fields = ["name", "email"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name", "class": "input"})}

    def __init__(self, invitation: Invitation, with_password: bool, data: Any = None) -> None:
        self.invitation = invitation
        super().__init__(data, instance=User(email=invitation.email))
        if invitation.email:
            del self.fields["email"]
        if with_password:
            self.fields["password"].help_text = new_password_help()
        else:
            del self.fields["password"]

    @property
    def user(self) -> User:
        return self.instance

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def validate_unique(self) -> None:
        """Say nothing here: what sends a letter tells its reader alone."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        password = self.cleaned_data.get("password")
        if password:
            try:
                password_validation.validate_password(password, self.instance)
                self.instance.set_password(password)
            except ValidationError as exc:
                self.add_error("password", exc)

    def send(self) -> None:
        """Have a letter sent to the address, with a link under which the account is made."""
        if throttle.may_write_to(self.user.email, "sign-up"):
            queue.send_sign_up_link.enqueue(
                self.user.email, self.user.name, "", self.invitation.pk, language=get_language()
            )


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name", "class": "input"})}

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])


class LanguageForm(forms.ModelForm):
    """Chooses the language of somebody's pages and letters."""

    class Meta:
        model = User
        fields = ["language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", _("As the browser asks for it")), *settings.LANGUAGES]
        self.fields["language"] = forms.ChoiceField(
            choices=offered,
            label=_("Language"),
            required=False,
            widget=forms.Select(attrs={"class": "input"}),
        )


def get_person(request: HttpRequest) -> User:
    """Return who is signed in; the views of these forms let nobody else so far."""
    person = request.user
    assert isinstance(person, User)  # noqa: S101 - for the reader, and for types
    return person


class Reauthenticated(forms.Form):
    """A form that asks for the password again. Wrong ones count towards the lockout, as at the door."""

    password = PasswordField(label=_("Your password"), autocomplete="current-password")

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)
        if not get_person(request).has_usable_password():
            # Whom a provider of identity vouches for; the view has seen to it that it did a moment ago.
            del self.fields["password"]

    def clean_password(self) -> str:
        password, posted = self.cleaned_data["password"], self.request.POST
        # axes writes down what was posted along with a wrong password; a new one is none of its business.
        self.request.POST = QueryDict()
        try:
            found = authenticate(self.request, email=self.request.user.get_username(), password=password)
        finally:
            self.request.POST = posted
        if found != self.request.user:
            raise ValidationError(gettext("This is not your password. Try again."), code="wrong_password")
        return password


class ProofForm(Reauthenticated):
    """Shows once more who somebody is."""


class CodeForm(forms.Form):
    """Takes a code of an authenticator app, or a recovery code."""

    code = forms.CharField(
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input"}
        ),
        error_messages={"required": _("Enter a code."), "max_length": _("A code has six or eight digits.")},
    )


class PasskeyForm(forms.Form):
    """Names a passkey, and brings what a browser has made."""

    name = forms.CharField(
        max_length=60,
        initial=_("Passkey"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input"}),
        error_messages={"required": _("Give it a name that tells the device.")},
    )
    credential = forms.CharField(
        widget=forms.HiddenInput,
        error_messages={"required": _("No passkey was made. Press the button again.")},
    )

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])


class EmailChangeForm(Reauthenticated):
    """Moves an account to another address: by a link in a letter to it, or at once where none can be sent."""

    email = AddressField(label=_("New e-mail"))

    field_order = ["email", "password"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email == self.request.user.get_username():
            raise ValidationError(gettext("This is your address already."), code="same_address")
        return email

    def send(self) -> None:
        """Have the link sent. What goes to an address that has an account is another letter."""
        email = self.cleaned_data["email"]
        if throttle.may_write_to(email, "email-change"):
            queue.send_email_link.enqueue(int(self.request.user.pk or 0), email, language=get_language())

    def move(self) -> bool:
        """Move the account at once. False, with an error at the field, if the address is taken."""
        user = User.objects.get_by_natural_key(self.request.user.get_username())
        if not address_change.move(user, self.cleaned_data["email"]):
            taken = self.fields["email"].error_messages["unique"]
            self.add_error("email", ValidationError(taken, code="unique"))
            return False
        return True


class DeleteForm(Reauthenticated):
    """Asks for the password and for the address, letter by letter, so that no slip deletes anything."""

    email = AddressField(label=_("Your e-mail, to be sure"), autocomplete="off")

    field_order = ["email", "password"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email != self.request.user.get_username():
            raise ValidationError(gettext("This is not the address of this account."), code="other_address")
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
        if throttle.may_write_to(email, "password-reset"):
            queue.send_reset_link.enqueue(email, language=get_language())


class NewPasswordForm(forms.Form):
    """Sets a password. One field, which can be shown, says more than two that cannot."""

    new_password = PasswordField(label=_("New password"), autocomplete="new-password")

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


class FirstPasswordForm(NewPasswordForm):
    """Chooses the password of an account that is made with it."""

    new_password = PasswordField(label=_("Password"), autocomplete="new-password")

    def make_account(self, invitation: Invitation | None = None) -> User | None:
        """Save and return the new person, with what they were invited to.

        None if the address has an account by now, or somebody else has accepted the invitation.
        """
        self.user.set_password(self.cleaned_data["new_password"])
        with contextlib.suppress(IntegrityError, invitations.Over), transaction.atomic():
            if invitation:
                invitations.accept(invitation, self.user, confirmed=True)
            else:
                self.user.save()
                addresses.confirm(self.user)
            return self.user
        return None


class PasswordChangeForm(Reauthenticated, NewPasswordForm):
    """Sets a password by the one that holds until now."""

    password = PasswordField(label=_("Current password"), autocomplete="current-password")

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
                attrs={"autocomplete": "off", "class": "input", "placeholder": _("Shop import")}
            )
        }

    def __init__(self, owner: Any, *args: Any, **kwargs: Any) -> None:
        self.owner: User = owner
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = gettext(
            "Give the key a name that tells what it is for."
        )

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        if ApiKey.objects.owned_by(self.owner).active().count() >= MOST_KEYS:
            raise ValidationError(
                gettext("You have %(most_keys)s keys. Revoke one first.") % {"most_keys": MOST_KEYS},
                code="too_many",
            )
        return self.cleaned_data

    def save(self, commit: bool = True) -> str:
        """Make the key and return its secret, which nobody can tell again."""
        _, secret = ApiKey.make(self.owner, self.cleaned_data["name"])
        return secret


def one_line(text: str) -> str:
    return " ".join(text.split())
