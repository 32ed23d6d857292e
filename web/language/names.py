"""Names that rows and fields go by at the admin's desk, in the reader's language.

Where nobody gave one, Django makes it of the code's name. Migrations do not see them: they know what was
given.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# The English of each, for the catalogue of messages.
NAMES: dict[str, None] = {}


def name_models(models: Iterable[type[Model]]) -> None:
    """Have what models and their fields are called translated wherever it is shown."""
    for model in models:
        options: Any = model._meta
        # Django makes a plural of an English word; another language's is a word of its own.
        if "verbose_name_plural" not in options.original_attrs:
            options.verbose_name_plural = f"{options.verbose_name}s"
        options.verbose_name = translated(options.verbose_name)
        options.verbose_name_plural = translated(options.verbose_name_plural)
        for field in options.fields:
            field.verbose_name = translated(field.verbose_name)


def translated(name: Any) -> Any:
    """Return a name as one that is looked up when it is shown; what is one already stays."""
    if not name or isinstance(name, Promise):
        return name
    NAMES[str(name)] = None
    return gettext_lazy(str(name))
