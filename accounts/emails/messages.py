"""E-mails to people, as plain text and as simple HTML."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext, gettext_noop

from accounts.models import Invitation, User

from . import signed_links


def send(to: str, subject: str, template: str, context: dict[str, object], language: str) -> None:
    """Send accounts/emails/<template>.txt, with its .html beside it, to one address, in a language.

    subject: in English, as the catalogue has it. language: "" is English.

    A name stands in it only where the account is the reader's own: what strangers type about themselves
    is not carried to others.
    """
    with translation.override(language or settings.LANGUAGE_CODE):
        subject = gettext(subject)
        context = {
            **context,
            "site_url": settings.SITE_URL,
            "subject": subject,
            "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        }
        text = render_to_string(f"accounts/emails/{template}.txt", context)
        page = render_to_string(f"accounts/emails/{template}.html", context)
    letter = EmailMultiAlternatives(subject, text, to=[to])
    letter.attach_alternative(page, "text/html")
    letter.send()


def send_reset_link(user: User, language: str = "") -> None:
    """Send a link under which this person may set a new password, once, within a day."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    link = signed_links.make_url(
        "accounts:password-reset-confirm", uid, default_token_generator.make_token(user)
    )
    send(
        user.email,
        gettext_noop("A new password for Sweep"),
        "password-reset",
        {"user": user, "link": link},
        user.language or language,
    )


def send_suspension(user: User, language: str = "") -> None:
    """Tell who asked for a way in that their account is suspended."""
    send(
        user.email,
        gettext_noop("Your account at Sweep is suspended"),
        "suspended",
        {"user": user},
        user.language or language,
    )


def send_sign_up_link(wanted: signed_links.SignUp, language: str = "") -> None:
    """Send a link under which somebody makes an account, within a day."""
    send(
        wanted.email,
        gettext_noop("Your account at Sweep"),
        "sign-up",
        {"link": wanted.address},
        language,
    )


def send_address_taken(user: User, language: str = "") -> None:
    """Tell an account's owner that somebody wanted another one with their address."""
    ways = {
        "sign_in": signed_links.make_url("accounts:sign-in"),
        "reset": signed_links.make_url("accounts:password-reset"),
    }
    send(
        user.email,
        gettext_noop("You have an account at Sweep"),
        "taken",
        {"user": user, **ways},
        user.language or language,
    )


def send_email_link(wanted: signed_links.Move, language: str = "") -> None:
    """Send a link under which an account moves to the address that the letter goes to."""
    send(
        wanted.email,
        gettext_noop("Your new address at Sweep"),
        "email-change",
        {"link": wanted.address},
        language,
    )


def send_email_changed(user: User, old_email: str) -> None:
    """Tell the old address that the account has moved to another one."""
    send(
        old_email,
        gettext_noop("Your address at Sweep was changed"),
        "email-changed",
        {"user": user},
        user.language,
    )


def send_security_note(user: User, what: str) -> None:
    """Tell somebody what has changed about signing in to their account."""
    page = signed_links.make_url("accounts:second-factor")
    said: dict[str, object] = {"user": user, "what": what, "page": page}
    send(
        user.email,
        gettext_noop("Signing in to Sweep has changed"),
        "security",
        said,
        user.language,
    )


def send_export_note(user: User) -> None:
    """Tell somebody that the copy of their data which they asked for is there."""
    page = signed_links.make_url("accounts:export")
    said: dict[str, object] = {"user": user, "page": page}
    send(user.email, gettext_noop("The copy of your data at Sweep"), "export", said, user.language)


def send_invitation(invitation: Invitation, language: str = "") -> None:
    """Send a link under which an invited person makes their account."""
    link = signed_links.Invite(invitation.pk, by_letter=True).address
    until = timezone.localtime(invitation.expires_at)
    send(
        invitation.email,
        gettext_noop("You are invited to Sweep"),
        "invitation",
        {"link": link, "until": until},
        language,
    )
