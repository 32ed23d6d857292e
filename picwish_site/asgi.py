"""The studio as an ASGI application: static files, the cap on bodies, the polls of programs, Django."""

import os
from typing import cast

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "picwish_site.settings")
django_application = get_asgi_application()

from django.conf import settings  # noqa: E402  (settings exist only after the line above)

from editor.api.lane import Lane  # noqa: E402

from .body import BodyLimit  # noqa: E402
from .static import App, StaticFiles  # noqa: E402

application = StaticFiles(
    BodyLimit(
        Lane(cast(App, django_application), https_alone=settings.SECURE_SSL_REDIRECT),
        max_bytes=settings.MAX_BODY_BYTES,
        idle=settings.BODY_IDLE_TIMEOUT,
        total=settings.BODY_TIMEOUT,
    )
)
