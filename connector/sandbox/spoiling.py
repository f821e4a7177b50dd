"""Stands between an application and the network: counts answers, spoils, cuts or breaks them."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass, field

from starlette.types import Message, Send

from connector.sandbox.faults import Faults, RequestLog
from connector.sandbox.mutations import MUTATIONS, spoiled

_JSON = b"application/json"


async def break_off(send: Send) -> None:
    """Promise more bytes than are sent: the server then ends the connection."""
    headers = [(b"content-type", _JSON), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"[{", "more_body": True})


def _reset(send: Send) -> None:
    """Reset the connection under an answer: no orderly end, what was sent may be lost."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:  # without one the answer merely ends too early
        linger = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.abort()


def holds_back(faults: Faults, failure: str | None) -> bool:
    """Tell whether an answer must be known whole before it may go out."""
    return failure in ("resets", "truncated") or any(getattr(faults, name) for name in MUTATIONS)


@dataclass(slots=True)
class HeldAnswer:
    """Collects an answer by being its `send`, and lets it out spoiled."""

    faults: Faults
    failure: str | None
    log: RequestLog
    _send: Send
    _start: Message = field(default_factory=dict)
    _parts: list[bytes] = field(default_factory=list)

    async def __call__(self, message: Message) -> None:
        """Take a message of the application; pass the whole on with its last."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._parts.append(message.get("body", b""))
        if not message.get("more_body"):
            await self._release(b"".join(self._parts))

    async def _release(self, body: bytes) -> None:
        headers = dict(self._start["headers"])
        if self._start["status"] == 200 and headers.get(b"content-type") == _JSON:
            body, done = spoiled(body, self.faults)
            self.log.by_fault.update(done)
        promised = len(body)
        if self.failure in ("truncated", "resets"):
            body = body[: promised // 2]
        if self.failure == "truncated":
            promised = len(body)
        headers[b"content-length"] = str(promised).encode()
        await self._send({**self._start, "headers": list(headers.items())})
        cut = self.failure == "resets"
        await self._send({"type": "http.response.body", "body": body, "more_body": cut})
        if cut:
            _reset(self._send)
