"""Credits: reserved when an order is placed, settled or given back when its task ends. (Being built.)"""

import uuid

from .models import User


class TooFewCredits(Exception):
    """The balance does not cover it."""

    def __init__(self, needed: int, left: int) -> None:
        super().__init__(f"{needed} needed, {left} left")
        self.needed, self.left = needed, left


def reserve(owner: User, task_id: uuid.UUID, credits: int) -> None: ...


def settle(task_id: uuid.UUID) -> None: ...


def give_back(task_id: uuid.UUID) -> None: ...


def grant_monthly() -> None: ...
