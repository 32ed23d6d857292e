"""Messages of tasks that failed for want of time: sentences for people that name the cause and a remedy.

They fit behind another one within the 300 characters that a task's row has for them.
"""

import os

from editor.models import MAX_ATTEMPTS, Task
from editor.tools import Tool

# So many processes that want a processor, for each there is, are more than one task of ours brings about.
BUSY = 1.5


def is_busy() -> bool:
    """Whether this machine has had more to do in the last minute than its processors can do at once."""
    try:
        return os.getloadavg()[0] > BUSY * (os.process_cpu_count() or 1)
    except OSError:  # where the system does not tell
        return False


def describe_slowness(task: Task, seconds: float) -> str:
    """Return what is said of a task that was stopped just now, after so many seconds."""
    busy = is_busy()
    cause = "This machine is busy with other work" if busy else "This machine is slow for what was asked"
    when = "at a quieter time, or " if busy else ""
    if task.tool == Tool.SCENE:
        less, setting = (
            f"{'for one take, or ' if task.takes > 1 else ''}for a smaller size",
            "RENDER_DEADLINE",
        )
        what = f"Try again {when}ask {less}" if busy else f"Ask {less}"
    else:
        what, setting = f"Try again {when}with a smaller photo", "TASK_DEADLINE"
    return (
        f"{cause}: this was not done in the {seconds:.0f} seconds that it may take. {what}; the studio's "
        f"admin can allow more time ({setting})."
    )


def describe_lost_workers(task: Task) -> str:
    """Return what is said of a task whose workers ended in the middle of it, one after the other."""
    scene = task.tool == Tool.SCENE
    less = "one take, or a smaller size" if scene else "a smaller photo"
    return (
        f"{MAX_ATTEMPTS} times the worker was ended in the middle of this, which is mostly for want of "
        f"memory. Try {less}; if it fails again, tell the studio's admin."
    )


def describe_vain_wait(ahead: int | None) -> str:
    """Return what a caller is told who has waited as long as there is waiting.

    ahead: how many pieces were to be taken before it where it still stood in the queue, else None.
    """
    if ahead is None:
        return "The picture was not done within three minutes. Nothing was charged. Try again later."
    before = f", behind {ahead} other{'s' if ahead > 1 else ''}" if ahead else ""
    return (
        f"After three minutes the picture was still waiting for its turn{before}. Nothing was charged. Try "
        "again when less is ordered here."
    )
