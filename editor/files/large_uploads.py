"""Large uploads: archives of whole folders, which nobody may send who is not signed in.

Django keeps a whole body on the disk before it looks who sent it. A photo's worth of it may come from
anybody; a gigabyte only from somebody with a session.
"""

import re
from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import close_old_connections

from editor.engines.limits import STUDIO
from web.asgi import App, Receive, Scope, Send

MOST_ARCHIVE_BYTES = 2**30
"""Of a ZIP as it comes."""
RUN_FILES = re.compile(r"/catalogue/runs/[^/]+/files/")
SIGNED_OUT = b"You are not signed in. Sign in, then send the files again."


def takes_archives(path: str) -> bool:
    """Whether archives may be sent to this address."""
    return RUN_FILES.fullmatch(path) is not None


class LargeUploads:
    """ASGI app that answers 401 to a large body of a stranger, and otherwise passes a request on."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_large(scope) or await has_session(scope):
            await self.app(scope, receive, send)
            return
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(SIGNED_OUT)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": SIGNED_OUT})


def is_large(scope: Scope) -> bool:
    """Whether a request may bring more than a photo."""
    if not takes_archives(scope["path"]) or scope["method"] != "POST":
        return False
    length = dict(scope["headers"]).get(b"content-length", b"")
    return not length.isdigit() or int(length) > STUDIO.bytes


@sync_to_async
def has_session(scope: Scope) -> bool:
    """Whether a request comes with the cookie of somebody who is signed in."""
    cookies = SimpleCookie()
    try:
        cookies.load(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return False
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    try:
        return morsel is not None and SESSION_KEY in store(session_key=morsel.value)
    finally:
        close_old_connections()
