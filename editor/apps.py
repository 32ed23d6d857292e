from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EditorConfig(AppConfig):
    name = "editor"

    def ready(self) -> None:
        from django.tasks.signals import task_enqueued
        from django_tasks_db import DatabaseBackend

        from accounts import belongings, tool_labels
        from web.language.names import name_models

        from . import checks, scenes  # noqa: F401  (registers the system checks)
        from .api.dialects import registry
        from .remote import routing
        from .tools import CHOICES
        from .work import wakeups
        from .work.belongings import StudioBelongings
        from .work.runs import steps

        name_models(self.get_models())
        tool_labels.register(dict(CHOICES))
        belongings.register(StudioBelongings())
        registry.register_families()
        task_enqueued.connect(wakeups.ring_for, sender=DatabaseBackend, dispatch_uid="editor.wakeups")
        steps.listen()

        post_migrate.connect(scenes.sync_rows, sender=self)
        post_migrate.connect(routing.make_rows, sender=self)
