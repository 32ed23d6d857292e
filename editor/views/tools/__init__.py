"""What the desk shows of a photo, tool by tool: the form in hand, the task that counts, the results."""

from .base import Sight
from .cutout import CutoutSight
from .erase import EraseSight
from .head import HeadSight
from .scene import SceneSight

__all__ = ["CutoutSight", "EraseSight", "HeadSight", "SceneSight", "Sight"]
