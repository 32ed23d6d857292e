"""The studio as an ASGI application: static files, what holds for programs, capped bodies, polls, Django."""

import os
from typing import cast

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "picwish_site.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402  (settings exist only after the line above)

from editor.api.poll_fast_path import PollFastPath  # noqa: E402
from editor.files.large_uploads import LargeUploads  # noqa: E402
from web.asgi import App  # noqa: E402

from .server.api_gate import Programs  # noqa: E402
from .server.body_limit import BodyLimit, most_bytes  # noqa: E402
from .server.handler import Handler  # noqa: E402
from .server.static_files import StaticFiles  # noqa: E402

limited = BodyLimit(
    LargeUploads(PollFastPath(cast(App, Handler()), https_alone=settings.SECURE_SSL_REDIRECT)),
    most=most_bytes,
    idle=settings.BODY_IDLE_TIMEOUT,
    total=settings.BODY_TIMEOUT,
)
# Pages and polls that come without TLS are redirected by Django; an order would lose its body by that.
site = settings.SITE_URL if settings.SECURE_SSL_REDIRECT else ""
application = StaticFiles(Programs(limited, origins=settings.CORS_ORIGINS, site=site))
