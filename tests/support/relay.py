"""Connections passed on: to several servers by turns as a balancer does, or from one address to another."""

import asyncio
import socket
import threading
from contextlib import suppress
from typing import Self

CHUNK = 64 * 1024


class Relay:
    """Listens on an address and passes each connection on to one of some ports of this machine, by turns.

    One that refuses is passed over. port: 0 for one that is free.
    """

    def __init__(self, ports: list[int], host: str = "127.0.0.1", port: int = 0) -> None:
        self.ports, self.next = ports, 0
        self.socket = socket.create_server((host, port), backlog=256)
        self.host, self.port = self.socket.getsockname()[:2]
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.run, name="relay", daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.socket.close()

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(asyncio.start_server(self.pass_on, sock=self.socket))
        self.loop.run_forever()
        left = asyncio.all_tasks(self.loop)
        for task in left:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self.loop.close()

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there = await self.connect()
            if there is not None:
                await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))
        finally:
            writer.close()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self.ports:
            self.next += 1
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", self.ports[self.next % len(self.ports)])
        return None


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, to its end, and then end the other side."""
    with suppress(OSError):
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    writer.close()
