"""An invented school whose answers are made once and then served from memory, and whose requests are noted.

From memory a call costs the server a fraction of a millisecond, so that what is measured is the client's time
and not the making of answers. What a sync asked for is noted, so that another client can ask for just that.
"""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.sandbox import edits
from connector.sandbox.app import create_app
from connector.sandbox.ids import Kind
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from measuring import TOKEN
from recorded import Request

_START_SECONDS: Final = 30.0
_OTHER_VALUE: Final = {"5": "4", "4": "5", "3": "4", "2": "3"}


@dataclass(slots=True)
class Recorder:
    """Answers of another application, late by ``latency`` seconds; each is made once if it ``keeps`` them.

    ``asked`` are the distinct requests in the order in which they came first, with the status of the answer.
    """

    app: ASGIApp
    keeps: bool = True
    latency: float = 0.0
    answers: MutableMapping[Request, list[Message]] = field(default_factory=dict)
    asked: dict[Request, int] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the application did before, or let it answer now."""
        if self.latency:
            await asyncio.sleep(self.latency)
        body = await _whole_body(receive)
        request = Request(scope["method"], scope["path"], scope["query_string"], body)
        messages = self.answers.get(request) or await _answered(self.app, scope, body)
        if self.keeps:
            self.answers[request] = messages
        self.asked.setdefault(request, messages[0]["status"])
        for message in messages:
            await send(message)


@dataclass(frozen=True, slots=True)
class SchoolServer:
    """A school that listens at ``url``, and the means to change it."""

    url: str
    year: int
    school: School
    recorder: Recorder

    @contextmanager
    def recording(self) -> Iterator[dict[Request, int]]:
        """What is asked in the block, each request once, in order, with the status of its answer."""
        asked: dict[Request, int] = {}
        self.recorder.asked = asked
        try:
            yield asked
        finally:
            self.recorder.asked = {}

    def change_marks(self, share: float, *, newest: bool) -> int:
        """Give that share of the marks that the school shows by its clock another value; how many.

        Either the newest of the whole school, or evenly over classes and months.
        """
        now = self.school.now_ms
        marks = [mark for mark in self.school.journal(self.year).marks if mark is not None]
        shown = [mark for mark in marks if mark.moment <= now and mark.value in _OTHER_VALUE]
        by_age = sorted(shown, key=lambda mark: mark.moment)
        changed = by_age[-round(share * len(by_age)) :] if newest else shown[:: round(1 / share)]
        for mark in changed:
            ident = self.school.ids.big(Kind.MARK, self.year, mark.serial)
            edits.change_mark(self.school, ident, _OTHER_VALUE[mark.value])
        self.recorder.answers.clear()
        return len(changed)

    def set_clock(self, now: datetime) -> None:
        """Let the school show what it has at this moment."""
        edits.set_clock(self.school, now)
        self.recorder.answers.clear()


@contextmanager
def school_server(
    pupils: int, year: int, *, from_memory: bool = True, now: datetime | None = None
) -> Iterator[SchoolServer]:
    """Serve a school with one academic year from a thread of this process, which has nothing else to do.

    ``now`` is the school's clock, by default this machine's. Without ``from_memory`` every answer is made
    anew, as a platform does.
    """
    school = School(SchoolParameters(pupils=pupils, years=(year,), now=now))
    school.build_all()
    gc.freeze()  # a collection over millions of records would hold up one answer in many
    recorder = Recorder(create_app(school, TOKEN), keeps=from_memory)
    server = uvicorn.Server(
        uvicorn.Config(recorder, port=0, log_config=None, access_log=False, lifespan="off", ws="none")
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    try:
        yield SchoolServer(_address(server), year, school, recorder)
    finally:
        server.should_exit = True
        thread.join(_START_SECONDS)
        gc.unfreeze()


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
