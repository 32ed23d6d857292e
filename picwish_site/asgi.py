"""The studio as an ASGI application: static files, then the cap on bodies, then Django."""

import os
from typing import cast

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "picwish_site.settings")
django_application = get_asgi_application()

from django.conf import settings  # noqa: E402  (settings exist only after the line above)

from .body import BodyLimit  # noqa: E402
from .static import App, StaticFiles  # noqa: E402

application = StaticFiles(
    BodyLimit(
        cast(App, django_application),
        max_bytes=settings.MAX_BODY_BYTES,
        idle=settings.BODY_IDLE_TIMEOUT,
        total=settings.BODY_TIMEOUT,
    )
)
