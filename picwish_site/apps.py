"""Django's admin as an app, with the desk for its site."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin, with a site of our own."""

    default_site = "picwish_site.admin.site.Desk"

    def ready(self) -> None:
        from .admin.contents import speak_plainly

        speak_plainly()
        super().ready()
