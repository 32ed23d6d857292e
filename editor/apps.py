from django.apps import AppConfig


class EditorConfig(AppConfig):
    name = "editor"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers the system checks)
