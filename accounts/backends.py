"""Authentication backend: who somebody is, by address and password.

Whether they may come in is the sign-in form's to say.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from .models import User, list_readings, normalize_email


class PersonBackend(ModelBackend):
    """Django's, which here also recognises the suspended, so that they can be told that they are.

    Their sessions end all the same: get_user() knows the active alone, and login() is called only for
    who passed SignInForm.confirm_login_allowed.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> User | None:
        email = credentials.get("email", username)
        if email is None or password is None:
            return None
        user = User.objects.filter(email=normalize_email(email)).first()
        if user is None or not user.may_use_password:
            # As long as a wrong password takes: the time must not tell who has an account.
            for reading in list_readings(password):
                User().set_password(reading)
            return None
        return user if user.check_password(password) else None
