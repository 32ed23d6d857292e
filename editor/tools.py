"""The studio's tools: one row for each says what it is called, costs and waits in. Everybody may read it.

What else a new tool needs are files that bear its name: CONTRIBUTING.md lists them.
"""

from dataclasses import dataclass
from enum import StrEnum

# A render must never hold up a cutout.
QUICK, RENDER = "quick", "render"
QUEUES = (QUICK, RENDER)


class Tool(StrEnum):
    """What a task does to a photo."""

    CUTOUT = "cutout"
    HEAD = "head"
    ERASE = "erase"
    SCENE = "scene"

    @property
    def label(self) -> str:
        """Its name for people."""
        return SPECS[self].label


@dataclass(frozen=True, kw_only=True)
class ToolSpec:
    """What the whole studio must know of a tool.

    label: its name for people. plural: its results, in the gallery's filter. jobs: its tasks, in sentences
    about all of them. rail: its place on the desk's rail. credits: for each picture that succeeds. queue:
    whose workers carry it out. see_through: whether its results are a product with nothing around it.
    endpoint: its name in the API, "" where it has none. remote_seconds: how long another
    service may take for one task.
    """

    label: str
    plural: str
    jobs: str
    rail: int
    credits: int = 1
    queue: str = QUICK
    see_through: bool = False
    endpoint: str = ""
    remote_seconds: float = 180.0


SPECS: dict[Tool, ToolSpec] = {
    Tool.CUTOUT: ToolSpec(
        label="Cutout",
        plural="Cutouts",
        jobs="cutouts",
        rail=1,
        see_through=True,
        endpoint="segmentation",
    ),
    Tool.HEAD: ToolSpec(
        label="Head",
        plural="Heads",
        jobs="head cutouts",
        rail=4,
        see_through=True,
        endpoint="self-face-cutout",
    ),
    Tool.ERASE: ToolSpec(
        label="Erase",
        plural="Erased",
        jobs="object removals",
        rail=2,
        endpoint="inpaint",
    ),
    Tool.SCENE: ToolSpec(
        label="Scene",
        plural="Scenes",
        jobs="scenes",
        rail=3,
        credits=3,
        queue=RENDER,
        endpoint="background",
        remote_seconds=300.0,
    ),
}

CHOICES = [(tool.value, tool.label) for tool in Tool]
"""As fields of models and forms take them."""

RAIL = sorted(Tool, key=lambda tool: SPECS[tool].rail)
"""The tools in the order of the rail; the first is in hand where an address names none."""


def list_queued_in(queue: str) -> list[Tool]:
    """Return the tools whose tasks wait in a queue."""
    return [tool for tool, spec in SPECS.items() if spec.queue == queue]
