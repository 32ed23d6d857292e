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


# Whole, one each: other languages put their pieces together otherwise.
SENTENCES = {
    "photo, busy": "This machine is busy with other work: this was not done in the {seconds} seconds that "
    "it may take. Try again at a quieter time, or with a smaller photo; the studio's admin can allow more "
    "time (TASK_DEADLINE).",
    "photo, slow": "This machine is slow for what was asked: this was not done in the {seconds} seconds "
    "that it may take. Try again with a smaller photo; the studio's admin can allow more time "
    "(TASK_DEADLINE).",
    "takes, busy": "This machine is busy with other work: this was not done in the {seconds} seconds that "
    "it may take. Try again at a quieter time, or ask for one take, or for a smaller size; the studio's "
    "admin can allow more time (RENDER_DEADLINE).",
    "takes, slow": "This machine is slow for what was asked: this was not done in the {seconds} seconds "
    "that it may take. Ask for one take, or for a smaller size; the studio's admin can allow more time "
    "(RENDER_DEADLINE).",
    "take, busy": "This machine is busy with other work: this was not done in the {seconds} seconds that "
    "it may take. Try again at a quieter time, or ask for a smaller size; the studio's admin can allow more "
    "time (RENDER_DEADLINE).",
    "take, slow": "This machine is slow for what was asked: this was not done in the {seconds} seconds "
    "that it may take. Ask for a smaller size; the studio's admin can allow more time (RENDER_DEADLINE).",
}
"""By what is made, and whether the machine had other work."""


def describe_slowness(task: Task, seconds: float) -> str:
    """Return what is said of a task that was stopped just now, after so many seconds."""
    made = "photo" if task.tool != Tool.SCENE else "takes" if task.takes > 1 else "take"
    return SENTENCES[f"{made}, {'busy' if is_busy() else 'slow'}"].format(seconds=f"{seconds:.0f}")


def describe_lost_workers(task: Task) -> str:
    """Return what is said of a task whose workers ended in the middle of it, one after the other."""
    if task.tool == Tool.SCENE:
        return (
            f"{MAX_ATTEMPTS} times the worker was ended in the middle of this, which is mostly for want of "
            "memory. Try one take, or a smaller size; if it fails again, tell the studio's admin."
        )
    return (
        f"{MAX_ATTEMPTS} times the worker was ended in the middle of this, which is mostly for want of "
        "memory. Try a smaller photo; if it fails again, tell the studio's admin."
    )


def describe_vain_wait(ahead: int | None) -> str:
    """Return what a caller is told who has waited as long as there is waiting.

    ahead: how many pieces were to be taken before it where it still stood in the queue, else None.
    """
    if ahead is None:
        return "The picture was not done within three minutes. Nothing was charged. Try again later."
    if not ahead:
        return (
            "After three minutes the picture was still waiting for its turn. Nothing was charged. Try again "
            "when less is ordered here."
        )
    if ahead == 1:
        return (
            "After three minutes the picture was still waiting for its turn, behind 1 other. Nothing was "
            "charged. Try again when less is ordered here."
        )
    return (
        f"After three minutes the picture was still waiting for its turn, behind {ahead} others. Nothing was "
        "charged. Try again when less is ordered here."
    )
