"""Real servers on this machine that receive alarms: HTTP for heartbeat and webhook, SMTP for mail."""

from __future__ import annotations

import base64
import json
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast


@dataclass
class Watcher:
    """An HTTP server and what was told to it: (method, path with query, JSON or None)."""

    url: str = ""
    status: int = 200
    told: list[tuple[str, str, Any]] = field(default_factory=list)

    def paths(self) -> list[str]:
        """The paths that were called, without their queries."""
        return [path.partition("?")[0] for _method, path, _value in self.told]


@contextmanager
def watcher() -> Iterator[Watcher]:
    """Serve a watcher."""
    known = Watcher()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            known.told.append((self.command, self.path, json.loads(body) if body else None))
            self.send_response(known.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = _answer  # noqa: N815 - http.server's names

        def log_message(self, *_arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        known.url = f"http://127.0.0.1:{server.server_port}"
        yield known
        server.shutdown()


@dataclass
class Postman:
    """An SMTP server, and what came: each mail with its envelope; the user and password of each login."""

    port: int = 0
    context: ssl.SSLContext | None = None
    immediate: bool = False
    refuse_with: str = ""
    mails: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    logins: list[tuple[str, str, bool]] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    postman: Postman

    def handle(self) -> None:
        self.encrypted = False
        if self.postman.context and self.postman.immediate:
            self._encrypt()
        self.sender, self.recipients = "", []
        self._say("220 invented.example")
        while line := self.rfile.readline().decode().strip():
            if not self._obey(line):
                return

    def _obey(self, line: str) -> bool:
        word = line.split(maxsplit=1)[0].upper()
        if word == "EHLO":
            offered = ["SIZE 1000000", "AUTH PLAIN"]
            if self.postman.context and not self.encrypted:
                offered.append("STARTTLS")
            for one in ["invented.example", *offered[:-1]]:
                self._say(f"250-{one}")
            self._say(f"250 {offered[-1]}")
        elif word == "STARTTLS":
            self._say("220 go ahead")
            self._encrypt()
        elif word == "AUTH":
            _nothing, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
            self.postman.logins.append((user, password, self.encrypted))
            self._say(self.postman.refuse_with or "235 welcome")
        elif word in ("MAIL", "RCPT"):
            address = line.partition("<")[2].partition(">")[0]
            self.sender, self.recipients = (
                (address, []) if word == "MAIL" else (self.sender, [*self.recipients, address])
            )
            self._say("250 fine")
        elif word == "DATA":
            self._say("354 go ahead")
            body = b""
            while (part := self.rfile.readline()) != b".\r\n":
                body += part.replace(b"\r\n", b"\n")
            message = cast("EmailMessage", message_from_bytes(body, policy=policy.default))
            self.postman.mails.append((self.sender, self.recipients, message))
            self._say("250 kept")
        else:
            self._say("221 bye" if word == "QUIT" else "250 fine")
        return word != "QUIT"

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
        self.wfile.flush()

    def _encrypt(self) -> None:
        assert self.postman.context
        self.request = self.postman.context.wrap_socket(self.request, server_side=True)
        self.rfile = self.request.makefile("rb")
        self.wfile = self.request.makefile("wb")
        self.encrypted = True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that does not trust us hangs up; that is what some tests are about."""


@contextmanager
def postman(certificate: Path | None = None, *, immediate: bool = False) -> Iterator[Postman]:
    """Serve a mail server: in the clear, or with a certificate by STARTTLS or ``immediate`` TLS."""
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    known = Postman(context=context, immediate=immediate)
    handler = type("Talk", (_Talk,), {"postman": known})
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        known.port = server.server_address[1]
        yield known
        server.shutdown()


def make_certificate(folder: Path) -> Path:
    """A certificate for localhost that nobody vouches for, with its key."""
    file = folder / "localhost.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(file), "-out", str(folder / "certificate.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    with file.open("a") as both:
        both.write((folder / "certificate.pem").read_text())
    return file
