"""An answer of the hostile service, said with uvicorn's help or past it."""

import json
import socket
import struct
from typing import Any


class Speaker:
    """What one call is answered."""

    def __init__(self, send: Any) -> None:
        self.send = send
        # uvicorn's own object for the answer, whose method `send` is.
        self.transport = send.__self__.transport

    async def begin(
        self, status: int, kind: str, *, length: int | None, headers: dict[str, str] | None = None
    ) -> None:
        told = {"Content-Type": kind, **(headers or {})}
        if length is not None:
            told["Content-Length"] = str(length)
        encoded = [(name.lower().encode(), value.encode()) for name, value in told.items()]
        await self.send({"type": "http.response.start", "status": status, "headers": encoded})

    async def more(self, content: bytes) -> None:
        await self.send({"type": "http.response.body", "body": content, "more_body": True})

    async def say(
        self, status: int, kind: str, content: bytes, headers: dict[str, str] | None = None
    ) -> None:
        await self.begin(status, kind, length=len(content), headers=headers)
        await self.send({"type": "http.response.body", "body": content})

    async def json(self, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        await self.say(status, "application/json", json.dumps(body).encode(), headers)

    async def told(self, data: dict[str, Any]) -> None:
        message = data.pop("message", "success")
        await self.json({"status": 200, "message": message, "data": data})

    async def refuse(self, status: int, message: str) -> None:
        await self.json({"status": status, "message": message}, status)

    def raw(self, content: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(content)

    def reset(self) -> None:
        """Drop the connection as a machine does that has forgotten it."""
        peer = self.transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def close(self) -> None:
        self.transport.close()
