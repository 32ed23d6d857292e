"""One real call to another service, to see whether it works as it is set up, before people depend on it."""

import tempfile
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from PIL import Image, ImageDraw

from editor import wiring
from editor.models import Provider as ProviderRow
from editor.providers.contract import Job, RemoteProvider
from editor.providers.errors import Busy, DeadlinePassed, KeyRefused, ProviderError, Refused, RemoteError
from editor.providers.http_service import Patience
from editor.states import State
from editor.tools import Tool

from . import circuit, routing

# Seconds. Somebody waits before a page: what takes longer has shown that it is there.
PATIENCE = Patience(connect=10, write=20, read=45, order=45, look=10, picture=20)
LONGEST, LOOK_EVERY = 60.0, 1.5
SLOT_WITHIN = timedelta(seconds=5)
# What is told to people is told to who runs the studio here.
TO_THE_OPERATOR = ("Tell the person who runs the studio.", "Make sure that address and key are right.")
SIDE = 320  # pixels of the picture that is sent
# Cutouts are what every service here can do, and nowhere cost more than the rest.
TOOL = Tool.CUTOUT


@dataclass(frozen=True)
class Trial:
    """What came of it, in sentences. is_good: whether tasks can go to the service as it is set up."""

    sentence: str
    is_good: bool
    seconds: float = 0.0


def run_trial(provider: ProviderRow) -> Trial:
    """Have a service cut out a picture that is made for this, once; no failed call is repeated.

    Counts and is paced as every other call is; one that works ends the pause after failures, and the
    service charges what a cutout costs there. One that is switched off is tried all the same.
    """
    connection = routing.get_connection(provider, though_off=True)
    if connection.trouble:
        return Trial(f"{connection.trouble} Nothing was sent.", is_good=False)
    if not circuit.take_slot(provider.name, SLOT_WITHIN).taken:
        return Trial(f"{provider} is asked too often right now. Try again in a minute.", is_good=False)
    started = time.monotonic()
    remote = wiring.make_remote(connection, PATIENCE)
    try:
        with tempfile.TemporaryDirectory() as folder:
            sentence = carry_out_trial(remote, provider, Path(folder), started + LONGEST)
    except Refused as exc:
        # It looked at the picture, so address and key are right.
        circuit.record_success(provider.name)
        return Trial(f"It answers, though this picture was not to its liking: {exc.sentence}", is_good=True)
    except RemoteError as exc:
        record_trouble(provider, exc)
        return Trial(exc.sentence.replace(*TO_THE_OPERATOR), is_good=False)
    except ProviderError as exc:
        return Trial(exc.sentence or f"{provider} did not carry it out.", is_good=False)
    finally:
        remote.close()
    circuit.record_success(provider.name)
    seconds = time.monotonic() - started
    return Trial(f"{sentence} It took {seconds:.1f} seconds.", is_good=True, seconds=seconds)


def carry_out_trial(remote: RemoteProvider, provider: ProviderRow, folder: Path, until: float) -> str:
    """Go the whole way of a task, and say what came. Raises ProviderError."""

    def watch(share: float) -> None:
        if time.monotonic() > until:
            raise DeadlinePassed(f"{provider} has not answered within {LONGEST:.0f} seconds.")

    job = Job(TOOL, folder / "sample.png", folder, {}, LONGEST)
    draw_sample().save(job.source)
    taken = remote.submit(job, str(uuid.uuid4()), watch)
    if taken.pictures:
        return f"{provider} took a picture and gave its cutout back."
    while True:
        time.sleep(LOOK_EVERY)
        if time.monotonic() > until or not circuit.take_slot(provider.name, SLOT_WITHIN).taken:
            return f"{provider} took a picture and works on it still: it answers, though slowly."
        look = remote.look(TOOL, taken.remote_id)
        if look.state.is_failed:
            raise Refused(look.state, look.sentence)
        if look.state == State.DONE:
            remote.collect(job, look, watch)
            return f"{provider} took a picture, and its cutout was fetched and is one."


def record_trouble(provider: ProviderRow, exc: RemoteError) -> None:
    """Note what went wrong, as for a task; see circuit.py."""
    if isinstance(exc, Busy | KeyRefused):
        circuit.record_refusal(provider.name, exc.sentence)
    else:
        circuit.record_failure(provider.name, exc.sentence)


def draw_sample() -> Image.Image:
    """Return a picture with a clear subject: a mug on a pale ground."""
    picture = Image.new("RGB", (SIDE, SIDE), (236, 234, 230))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((90, 250, 240, 280), fill=(214, 211, 205))
    draw.ellipse((180, 120, 265, 215), outline=(150, 48, 20), width=18)
    draw.rounded_rectangle((85, 85, 220, 265), radius=22, fill=(185, 58, 10))
    draw.ellipse((85, 70, 220, 105), fill=(120, 36, 8))
    return picture
