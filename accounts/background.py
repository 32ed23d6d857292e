"""Letters go out from the workers: a slow mail server then holds up no page, and the time that a
page takes says nothing about who has an account."""

from django.tasks import task

from . import letters
from .models import User, normalize_email


@task(queue_name="quick")
def send_reset_link(email: str) -> None:
    """Send a reset link, if there is somebody to send it to.

    Carries the address and not an id: the look-up itself belongs here, so that the web process does
    the very same for every address.
    """
    user = User.objects.filter(email=normalize_email(email), is_active=True).first()
    if user is not None and user.has_usable_password():
        letters.send_reset_link(user)


@task(queue_name="quick")
def send_email_changed(user_id: int, old_email: str) -> None:
    """Tell somebody's old address about the new one, unless they have left in between."""
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        letters.send_email_changed(user, old_email)
