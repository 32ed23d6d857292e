"""What the editor keeps: photos, the work done on them, the pictures that came of it, who carries it out."""

from .backup import Backup
from .catalogue import Market, Recipe, Run, RunFile, RunItem
from .finish import Finish
from .line import Preparation, Turn
from .owned import GIVEN_UP, OwnedQuerySet, stored_name
from .photo import Photo, PhotoQuerySet
from .program import Callback, IdempotencyKey
from .provider import Provider, RemoteCall, Route, clock
from .result import Result, ResultQuerySet
from .retention import Retention
from .scene import Scene
from .task import CUTTING_OUT, MAX_ATTEMPTS, SOURCE_IS_GONE, Task
from .worker import Worker

__all__ = [
    "CUTTING_OUT",
    "GIVEN_UP",
    "MAX_ATTEMPTS",
    "SOURCE_IS_GONE",
    "Backup",
    "Callback",
    "Finish",
    "IdempotencyKey",
    "Market",
    "OwnedQuerySet",
    "Photo",
    "PhotoQuerySet",
    "Preparation",
    "Provider",
    "Recipe",
    "RemoteCall",
    "Result",
    "ResultQuerySet",
    "Retention",
    "Route",
    "Run",
    "RunFile",
    "RunItem",
    "Scene",
    "Task",
    "Turn",
    "Worker",
    "clock",
    "stored_name",
]
