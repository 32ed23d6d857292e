"""The tools that a plan can allow, as the app that has them registers them."""

from collections.abc import Mapping

# Each tool's label by its name, in the order in which they are shown.
LABELS: dict[str, str] = {}


def register(labels: Mapping[str, str]) -> None:
    """Make tools known to plans, each by its name and label. From the ready() of the app that has them."""
    LABELS.update(labels)
