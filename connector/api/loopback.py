"""Where the browser comes back to: a page on this machine alone, for the time of one sign-in."""

from __future__ import annotations

import json
import os
import queue
import secrets
import threading
import time
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, Final, Self
from urllib.parse import parse_qs, urlsplit

from connector.api.sign_in_errors import NobodyCame, PortTaken
from connector.api.signing_in import Flow

HOST: Final = "127.0.0.1"
_LONGEST_BODY: Final = 16_384
_ANSWER_SECONDS: Final = 180.0
_GLANCE_SECONDS: Final = 0.5  # Ctrl-C is not heard during a wait on every system


def redirect_uri(port: int) -> str:
    """The address to return to, as it is registered with the platform."""
    return f"http://{HOST}:{port}/"


@dataclass(frozen=True, slots=True)
class Pages:
    """What the browser shows, in the person's language: plain texts."""

    language: str
    title: str
    done: str
    failed: str
    working: str
    no_script: str


@dataclass(slots=True)
class Return:
    """The browser has come back with ``address``; it waits to be told how the sign-in ended."""

    address: str = field(repr=False)
    _good: bool = field(default=False, repr=False)
    _decided: threading.Event = field(default_factory=threading.Event, repr=False)
    _shown: threading.Event = field(default_factory=threading.Event, repr=False)

    def show(self, *, good: bool) -> None:
        """Show the page of the outcome, and wait until it is sent."""
        self._good = good
        self._decided.set()
        self._shown.wait(5)

    def outcome(self) -> bool:
        """Wait for the outcome."""
        self._decided.wait(_ANSWER_SECONDS)
        return self._good

    def is_shown(self) -> None:
        """Tell that the page is sent."""
        self._shown.set()


class Loopback:
    """Listens on the loopback address while the block runs. Raises PortTaken."""

    def __init__(self, port: int, flow: Flow, pages: Pages) -> None:
        self._returns: queue.SimpleQueue[Return] = queue.SimpleQueue()
        handler = type("Handler", (_Handler,), {"returns": self._returns, "flow": flow, "pages": pages})
        try:
            self._server = _Server((HOST, port), handler)
        except OSError:
            raise PortTaken(port) from None
        self.port: int = self._server.server_address[1]

    def wait(self, seconds: float) -> Return:
        """Wait for the browser. Raises NobodyCame."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                return self._returns.get(timeout=min(left, _GLANCE_SECONDS))
            except queue.Empty:
                continue
        raise NobodyCame(round(seconds / 60))

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    # A browser opens connections ahead and says nothing on them: nobody waits for those.
    daemon_threads = True
    # Elsewhere it spares the wait for a port just freed; on Windows it would let two listen at once.
    allow_reuse_address = os.name == "posix"


class _Handler(BaseHTTPRequestHandler):
    returns: ClassVar[queue.SimpleQueue[Return]]
    flow: ClassVar[Flow]
    pages: ClassVar[Pages]
    timeout = 30

    def do_GET(self) -> None:
        """Take the answer in the address, or hand over the script that reads the rest of it."""
        parts = urlsplit(self.path)
        if parts.path != "/":
            self._send(404, "", "")
        elif self.flow is Flow.IMPLICIT:
            self._send(200, self.pages.working, _HAND_OVER)
        elif {"code", "error", "result", "state"} & parse_qs(parts.query).keys():
            self._finish(self.path)
        else:
            self._send(404, "", "")

    def do_POST(self) -> None:
        """Take the whole address from the script."""
        length = self.headers.get("Content-Length", "")
        if self.flow is not Flow.IMPLICIT or not length.isdigit() or int(length) > _LONGEST_BODY:
            self._send(404, "", "")
            return
        self._finish(self.rfile.read(int(length)).decode("utf-8", "replace"))

    def _finish(self, address: str) -> None:
        back = Return(address)
        self.returns.put(back)
        good = back.outcome()
        try:
            self._send(200 if good else 400, self.pages.done if good else self.pages.failed, _FORGET)
        finally:
            back.is_shown()

    def _send(self, status: int, text: str, script: str) -> None:
        nonce = secrets.token_urlsafe(12)
        page = _PAGE.format(
            language=escape(self.pages.language),
            title=escape(self.pages.title),
            text=escape(text),
            no_script=escape(self.pages.no_script) if script == _HAND_OVER else "",
            nonce=nonce,
            script=script.replace("FAILED", json.dumps(self.pages.failed).replace("</", "<\\/")),
        ).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(page)),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": f"default-src 'none'; script-src 'nonce-{nonce}'; connect-src 'self'",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the line would show the code."""


_PAGE: Final = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p id="text">{text}</p><noscript><p>{no_script}</p></noscript>
<script nonce="{nonce}">{script}</script></body></html>
"""
# The code or the token does not stay in the address and in the history.
_FORGET: Final = 'history.replaceState(null, "", "/");'
_HAND_OVER: Final = """
const address = location.href, show = (text) => { document.getElementById("text").textContent = text; };
history.replaceState(null, "", "/");
fetch("/", {method: "POST", body: address})
  .then((answer) => answer.text())
  .then((page) => show(new DOMParser().parseFromString(page, "text/html").getElementById("text").textContent))
  .catch(() => show(FAILED));
"""
