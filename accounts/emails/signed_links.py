"""What a link in a letter says, signed: who gets the letter is who may follow the link.

Links start with SITE_URL, never with the host that a request named: who asks for a letter must not
choose where its link leads.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import Invitation, User

SIGN_UP, MOVE = "accounts.links.sign-up", "accounts.links.move"
INVITE = {True: "accounts.links.invite-by-letter", False: "accounts.links.invite"}


@dataclass(frozen=True)
class SignUp:
    """Somebody wants an account; onward: the page that they wanted; invitation: its id, 0 for none."""

    email: str
    name: str
    onward: str
    invitation: int = 0

    @property
    def address(self) -> str:
        return make_url("accounts:sign-up-confirm", signing.dumps(asdict(self), salt=SIGN_UP, compress=True))

    @classmethod
    def read(cls, token: str) -> "SignUp | None":
        """Return what a link's token says, None if it is none of ours or older than a day."""
        said = read_token(token, SIGN_UP)
        return cls(**said) if said else None


@dataclass(frozen=True)
class Invite:
    """Somebody is invited. by_letter: whether the link stands in a letter to their address.

    How long it works and whether it was used is the row's to say.
    """

    invitation_id: int
    by_letter: bool

    @property
    def address(self) -> str:
        said = signing.dumps(self.invitation_id, salt=INVITE[self.by_letter])
        return make_url("accounts:invitation", said)

    @property
    def invitation(self) -> Invitation | None:
        """What it invites to, None where it is over. Who was sent a letter needs the letter's link."""
        found = Invitation.objects.open().filter(pk=self.invitation_id)
        return found.select_related("role", "plan").filter(by_letter=self.by_letter).first()

    @classmethod
    def read(cls, token: str) -> "Invite | None":
        """Return what a link's token says, None if it is none of ours."""
        for by_letter, salt in INVITE.items():
            try:
                return cls(int(signing.loads(token, salt=salt)), by_letter)
            except signing.BadSignature:
                continue
        return None


@dataclass(frozen=True)
class Move:
    """Somebody wants their account to go by another address. standing: ends with their password."""

    user_id: int
    email: str
    standing: str

    @classmethod
    def of(cls, user: User, email: str) -> "Move":
        return cls(user.pk, email, fingerprint(user))

    @property
    def address(self) -> str:
        return make_url("accounts:email-confirm", signing.dumps(asdict(self), salt=MOVE, compress=True))

    @property
    def user(self) -> User | None:
        """Whose it is, None if they left, moved already, or changed their password since."""
        user = User.objects.filter(pk=self.user_id, is_active=True).first()
        return user if user is not None and fingerprint(user) == self.standing else None

    @classmethod
    def read(cls, token: str) -> "Move | None":
        """Return what a link's token says, None if it is none of ours or older than a day."""
        said = read_token(token, MOVE)
        return cls(**said) if said else None


def fingerprint(user: User) -> str:
    """Return what is another one once the address or the password has changed."""
    return f"{user.email} {user.get_session_auth_hash()[:16]}"


def make_url(name: str, *arguments: str) -> str:
    """Return a whole address of this studio."""
    return settings.SITE_URL + reverse(name, args=arguments)


def read_token(token: str, salt: str) -> dict[str, Any] | None:
    try:
        said: dict[str, Any] = signing.loads(token, salt=salt, max_age=settings.PASSWORD_RESET_TIMEOUT)
    except signing.BadSignature:
        return None
    return said
