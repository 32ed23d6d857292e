from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin, with a site of our own."""

    default_site = "picwish_site.desk.Desk"
