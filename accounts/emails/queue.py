"""The queue's messages that send e-mails, for workers to carry out.

A slow mail server then holds up no page, and a page's time says nothing about who has an account.
What anybody can have sent carries an address and not an id: the look-up itself belongs here, so that
the web process does the very same for every address. language: of who asked, for letters to somebody
who has chosen none of their own; what was queued by an earlier release says none.
"""

from django.tasks import task

from accounts.models import Invitation, User, normalize_email

from . import messages, signed_links


def owner_of(email: str) -> User | None:
    return User.objects.filter(email=normalize_email(email)).first()


@task(queue_name="letters")
def send_reset_link(email: str, language: str = "") -> None:
    """Send a reset link, if there is somebody to send it to."""
    user = owner_of(email)
    if user is not None and not user.is_active:
        messages.send_suspension(user, language)
    elif user is not None and user.has_usable_password():
        messages.send_reset_link(user, language)


@task(queue_name="letters")
def send_sign_up_link(email: str, name: str, onward: str, invitation: int = 0, language: str = "") -> None:
    """Send a link that makes an account; whose address has one is told so instead."""
    user = owner_of(email)
    if user is None:
        messages.send_sign_up_link(signed_links.SignUp(email, name, onward, invitation), language)
    else:
        send_instead(user, language)


@task(queue_name="letters")
def send_email_link(user_id: int, email: str, language: str = "") -> None:
    """Send a link that moves an account to this address; whose address has one is told so instead."""
    user, taken_by = User.objects.filter(pk=user_id, is_active=True).first(), owner_of(email)
    if taken_by is not None:
        send_instead(taken_by, language)
    elif user is not None:
        messages.send_email_link(signed_links.Move.of(user, email), user.language or language)


@task(queue_name="letters")
def send_email_changed(user_id: int, old_email: str) -> None:
    """Tell somebody's old address about the new one, unless they have left in between."""
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        messages.send_email_changed(user, old_email)


@task(queue_name="letters")
def send_security_note(user_id: int, what: str) -> None:
    """Tell somebody that a way into their account was added or removed; what: the middle of a sentence."""
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        messages.send_security_note(user, what)


@task(queue_name="letters")
def send_export_note(user_id: int) -> None:
    """Tell somebody that the copy of all their data can be downloaded, unless they have left in between."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        messages.send_export_note(user)


@task(queue_name="letters")
def send_invitation(invitation_id: int, language: str = "") -> None:
    """Send an invitation, unless it is over meanwhile."""
    invitation = Invitation.objects.open().filter(pk=invitation_id, by_letter=True).first()
    if invitation is not None:
        messages.send_invitation(invitation, language)


def send_instead(user: User, language: str) -> None:
    if user.is_active:
        messages.send_address_taken(user, language)
    else:
        messages.send_suspension(user, language)
