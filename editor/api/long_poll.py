"""Waiting for tasks to end without holding a thread: one look at the database for all who wait."""

import asyncio
import contextvars
import weakref
from uuid import UUID

from asgiref.sync import sync_to_async

from editor.models import Task
from editor.states import UNDER_WAY

from .poll_fast_path import on_shared_thread

LOOK_EVERY = 0.03  # seconds: one question for all who wait, and each waits half of it in vain
LONGEST = 180.0  # seconds (the seeds' longest processing time)


class Waiters:
    """Who waits for which task, within one event loop. Looks only while somebody waits."""

    def __init__(self) -> None:
        self.waiting: dict[UUID, set[asyncio.Future[None]]] = {}
        self.looking: asyncio.Task[None] | None = None

    async def settled(self, task_id: UUID, seconds: float) -> bool:
        """Return once the task has ended, or is gone; False where the time was over first.

        A caller that leaves (its request was cancelled) is forgotten at once.
        """
        future = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(task_id, set()).add(future)
        if self.looking is None or self.looking.done():
            # Of no request's own context: it goes on after the one that began it.
            self.looking = asyncio.get_running_loop().create_task(self.look(), context=contextvars.Context())
        try:
            await asyncio.wait_for(future, seconds)
        except TimeoutError:
            return False
        finally:
            self.forget(task_id, future)
        return True

    def forget(self, task_id: UUID, future: asyncio.Future[None]) -> None:
        futures = self.waiting.get(task_id)
        if futures is not None:
            futures.discard(future)
            if not futures:
                del self.waiting[task_id]

    async def look(self) -> None:
        """Look every moment which of the tasks have ended, until nobody waits for any."""
        while self.waiting:
            ids = list(self.waiting)
            try:
                going_on = await sync_to_async(on_shared_thread(find_under_way))(ids)
            except Exception as exc:  # noqa: BLE001 - those who wait raise it
                self.end(ids, exc)
                return
            self.end([pk for pk in ids if pk not in going_on])
            await asyncio.sleep(LOOK_EVERY)

    def end(self, ids: list[UUID], error: Exception | None = None) -> None:
        for pk in ids:
            for future in self.waiting.get(pk, ()):
                if future.done():
                    continue
                if error is None:
                    future.set_result(None)
                else:
                    future.set_exception(error)


def find_under_way(ids: list[UUID]) -> set[UUID]:
    """Return which of the tasks go on. One query, however many wait."""
    return set(Task.objects.filter(pk__in=ids, state__in=UNDER_WAY).values_list("pk", flat=True))


_waiters: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Waiters] = weakref.WeakKeyDictionary()


async def wait_until_settled(task_id: UUID) -> bool:
    """Return once the task has ended; False where the time was over first."""
    return await _waiters.setdefault(asyncio.get_running_loop(), Waiters()).settled(task_id, LONGEST)
