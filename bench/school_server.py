"""An invented school whose answers are made once and then served from memory.

Making an answer costs the sandbox more than reading it costs a client: served as it is, every ratio between
clients would drown in the server's time. From memory a call costs a fraction of a millisecond, and a
client's time is its own.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.sandbox import edits
from connector.sandbox.app import create_app
from connector.sandbox.ids import Kind
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from measuring import TOKEN

_START_SECONDS: Final = 30.0
_OTHER_VALUE: Final = {"5": "4", "4": "5", "3": "4", "2": "3"}


@dataclass(slots=True)
class FromMemory:
    """Answers of another application, each made once. All are late by ``latency`` seconds."""

    app: ASGIApp
    latency: float = 0.0
    answers: MutableMapping[tuple[str, str, bytes, bytes], list[Message]] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the application did before, or let it answer now."""
        if self.latency:
            await asyncio.sleep(self.latency)
        body = await _whole_body(receive)
        asked = (scope["method"], scope["path"], scope["query_string"], body)
        if asked not in self.answers:
            self.answers[asked] = await _answered(self.app, scope, body)
        for message in self.answers[asked]:
            await send(message)


@dataclass(frozen=True, slots=True)
class SchoolServer:
    """A school that listens at ``url``, and the means to change it."""

    url: str
    year: int
    school: School
    memory: FromMemory

    def change_marks(self, share: float, *, newest: bool) -> int:
        """Give that share of the year's marks another value; how many.

        Either the newest of the whole school, or evenly over classes and months.
        """
        journal = self.school.journal(self.year)
        shown = [mark for mark in journal.marks if mark is not None and mark.value in _OTHER_VALUE]
        by_age = sorted(shown, key=lambda mark: mark.moment)
        changed = by_age[-round(share * len(by_age)) :] if newest else shown[:: round(1 / share)]
        for mark in changed:
            ident = self.school.ids.big(Kind.MARK, self.year, mark.serial)
            edits.change_mark(self.school, ident, _OTHER_VALUE[mark.value])
        self.memory.answers.clear()
        return len(changed)


@contextmanager
def school_server(pupils: int, year: int) -> Iterator[SchoolServer]:
    """Serve a school with one academic year from a thread of this process, which has nothing else to do."""
    school = School(SchoolParameters(pupils=pupils, years=(year,)))
    school.build_all()
    memory = FromMemory(create_app(school, TOKEN))
    server = uvicorn.Server(
        uvicorn.Config(memory, port=0, log_config=None, access_log=False, lifespan="off", ws="none")
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    try:
        yield SchoolServer(_address(server), year, school, memory)
    finally:
        server.should_exit = True
        thread.join(_START_SECONDS)


def _address(server: uvicorn.Server) -> str:
    until = time.monotonic() + _START_SECONDS
    while not server.started:
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.05)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    return f"http://{host}:{port}/v2/"


async def _whole_body(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


async def _answered(app: ASGIApp, scope: Scope, body: bytes) -> list[Message]:
    messages: list[Message] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    return messages
