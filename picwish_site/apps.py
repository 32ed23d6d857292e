"""Django's admin as an app, with the desk for its site."""

import os

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin, with a site of our own."""

    default_site = "picwish_site.admin.site.Desk"

    def ready(self) -> None:
        from .admin.contents import speak_plainly
        from .monitoring import outside

        outside.start(os.environ)
        speak_plainly()
        super().ready()
