"""Whether a service takes a photo for its size: cameras make larger ones than the seeds' services take."""

from editor.engines.errors import EngineError, TooLarge
from editor.engines.io import formats
from editor.engines.limits import SEEDS

from .contract import Job


def explain_size(job: Job) -> str:
    """Return why a service would not take a job's photo for its size, "" where it would.

    A scene's product is made smaller on its way out, and damage is found while a photo is made ready.
    """
    if job.tool == "scene":
        return ""
    try:
        with job.source.open("rb") as file:
            formats.probe(file, SEEDS)
    except TooLarge as exc:
        return str(exc)
    except EngineError:
        return ""
    return ""
