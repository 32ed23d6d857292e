"""Networks as they are asked: an array of pixels in, arrays out, one question at a time.

What was answered is forgotten, unless the environment names a folder for it in ANSWERS_DIR, as the tests
do: then no network is asked the same twice, by whichever process, nor loaded where all was asked before.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from editor.engines import memory

if TYPE_CHECKING:
    import openvino as ov

Answer = list[NDArray[np.float32]]

Name = tuple[Any, ...]
"""Which network is meant: its kind and what that needs to know, as models.open_network has it."""

REST_SECONDS = 10.0
"""A network that was not used for so long gives back what it computes in, some 70 MB of the first look's. To
take that anew costs a look 0.05 CPU seconds: more than once in a row of photos would be too often."""

KEPT_SECONDS = 60.0
"""A network that does not last is let go when it was not used for so long."""


class Absent(LookupError):
    """This edition of a network has no such outputs."""


class Network:
    """A network that is compiled, at once or when it is first needed. Safe to call from several threads."""

    def __init__(
        self,
        compile: Callable[[], ov.CompiledModel],
        shape: tuple[int, ...],
        name: str = "",
        *,
        lasting: bool = False,
    ) -> None:
        """shape: of the pixels that it takes. lasting: it is kept while nobody asks.

        name: of this very network, by which its answers are kept; "" where none may be.
        """
        self.shape, self.lasting = shape, lasting
        folder = os.environ.get("ANSWERS_DIR", "")
        self._folder = Path(folder, name) if folder and name else None
        self._compile: Callable[[], ov.CompiledModel] | None = compile
        self._compiled: Any = None
        self._request: Any = None
        self._lock = threading.Lock()
        if self._folder is None:
            self._load()

    def ask(self, pixels: NDArray[np.uint8]) -> Answer:
        """Return copies of all that it gives out for these pixels, (1, height, width, 3)."""
        if self._folder is None:
            return self._infer(pixels)
        path = self._folder / hashlib.sha256(np.ascontiguousarray(pixels)).hexdigest()
        with suppress(FileNotFoundError):
            return _read(path)
        answer = self._infer(pixels)
        self._folder.mkdir(parents=True, exist_ok=True)
        _write(path, answer)
        return answer

    def rest(self) -> None:
        """Give back what it computes in, until it is asked again."""
        with self._lock:
            if self._compiled is not None:
                self._compiled.release_memory()

    def _infer(self, pixels: NDArray[np.uint8]) -> Answer:
        with self._lock:
            self._load()
            self._request.infer({0: pixels})
            return [np.array(tensor.data, np.float32) for tensor in self._request.output_tensors]

    def _load(self) -> None:
        if self._compile is not None:
            self._compiled = self._compile()
            self._request = self._compiled.create_infer_request()
            self._compile = None


class Kept:
    """The networks of this process, by name. Such as do not last are kept only while they are used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: dict[Name, _Place] = {}

    def find(self, name: Name) -> Network:
        """Return the one network of that name, opened on first use. Raises WeightsMissing and Absent."""
        with self._lock:
            place = self._places.setdefault(name, _Place())
        with place.lock:
            place.used = time.monotonic()
            if place.network is None:
                place.network = _open_network(name)
                # What was read to compile it, some 100 MB, is free but not given back.
                memory.trim()
            if not place.watched:
                self._look_again(name, place, REST_SECONDS)
            return place.network

    def let_go(self, name: Name) -> None:
        """Forget a network, if it is there, until it is asked for again."""
        with self._lock:
            self._places.pop(name, None)
        memory.trim()

    def _look_again(self, name: Name, place: _Place, seconds: float) -> None:
        place.watched = True
        timer = threading.Timer(seconds, self._check, [name, place])
        timer.daemon = True
        timer.start()

    def _check(self, name: Name, place: _Place) -> None:
        """Have a network rest that was not used for REST_SECONDS, let it go after KEPT_SECONDS."""
        with place.lock:
            place.watched = False
            if self._places.get(name) is not place or place.network is None:
                return
            idle = time.monotonic() - place.used
            if idle < REST_SECONDS:
                self._look_again(name, place, REST_SECONDS - idle)
                return
            if place.network.lasting or idle < KEPT_SECONDS:
                place.network.rest()
            if not place.network.lasting:
                if idle < KEPT_SECONDS:
                    self._look_again(name, place, KEPT_SECONDS - idle)
                else:
                    place.network = None
        memory.trim()


class _Place:
    """Where a network is kept. used: when it was asked for last; watched: whether a timer looks after it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.network: Network | None = None
        self.used = 0.0
        self.watched = False


def _open_network(name: Name) -> Network:
    # Only now: a process that shares another's networks needs none of OpenVINO's 60 MB.
    models: Any = importlib.import_module(".models", __package__)
    made: Network = models.open_network(name)
    return made


kept = Kept()


def _read(path: Path) -> Answer:
    answer: Answer = []
    with path.open("rb") as file:
        while file.peek(1):
            answer.append(np.load(file))
    return answer


def _write(path: Path, answer: Answer) -> None:
    """Write it whole at once: others may look for it meanwhile."""
    draft = path.with_name(secrets.token_hex(8))
    with draft.open("wb") as file:
        for array in answer:
            np.save(file, array)
    draft.replace(path)
