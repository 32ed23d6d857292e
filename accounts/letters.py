"""E-mails to people, as plain text and as simple HTML."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from .models import User


def send(to: str, subject: str, template: str, context: dict[str, object]) -> None:
    """Send accounts/letters/<template>.txt, with its .html beside it, to one address."""
    context = {**context, "site_url": settings.SITE_URL, "subject": subject}
    text = render_to_string(f"accounts/letters/{template}.txt", context)
    letter = EmailMultiAlternatives(subject, text, to=[to])
    letter.attach_alternative(render_to_string(f"accounts/letters/{template}.html", context), "text/html")
    letter.send()


def send_reset_link(user: User) -> None:
    """Send a link under which this person may set a new password, once, within a day.

    The link starts with SITE_URL, never with the host that the request named: who asks for the
    letter must not choose where its link leads.
    """
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("accounts:password-reset-confirm", args=[uid, default_token_generator.make_token(user)])
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    context: dict[str, object] = {"user": user, "link": settings.SITE_URL + path, "hours": hours}
    send(user.email, "A new password for Sweep", "password-reset", context)


def send_email_changed(user: User, old_email: str) -> None:
    """Tell the old address that the account has moved to another one."""
    send(old_email, "Your address at Sweep was changed", "email-changed", {"user": user})
