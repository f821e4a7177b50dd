"""Serves a school over HTTP: in the foreground, in a thread, in a process of its own."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from connector.sandbox.app import create_app
from connector.sandbox.faults import Faults, RequestLog
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.routes.sign_in import SignIn
from connector.sandbox.school import School

TOKEN_VARIABLE = "DNEVNIK_SANDBOX_TOKEN"  # noqa: S105 - the variable's name, not a token
_STOP_SECONDS = 10.0


class PortTaken(OSError):
    """The port cannot be listened on: another program has it, or this user may not."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} cannot be used")
        self.port = port


@dataclass(frozen=True, slots=True)
class ServedSchool:
    """A school that listens: `url` ends in `/v2/`. Without `school` it runs in another process."""

    url: str
    token: str


@dataclass(frozen=True, slots=True)
class RunningSchool:
    """A school served from a thread of this process; edits and faults show at once."""

    url: str
    token: str
    school: School
    faults: Faults
    requests: RequestLog
    sign_in: SignIn

    @property
    def login_url(self) -> str:
        """The page to sign in."""
        return login_url(self.url)


def login_url(url: str) -> str:
    """Return the page to sign in, from the base URL of the API."""
    return url.removesuffix("/v2/") + "/oauth2"


class _Server(uvicorn.Server):
    """A uvicorn server that tells its base URL once it listens."""

    def __init__(self, app: ASGIApp, host: str, port: int, ready: Callable[[str], None]) -> None:
        _demand_loopback(host)
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            log_level="critical",  # a fault that breaks an answer is no news
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the socket, then tell the URL."""
        await super().startup(sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            self._ready(f"http://{shown}:{port}/v2/")


def _tell_nobody(url: str) -> None:
    del url


def _demand_loopback(host: str) -> None:
    """Raise ValueError unless the host is this machine: the sandbox knows no one else."""
    if host == "localhost":
        return
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        msg = f"the sandbox serves this machine only, not {host}"
        raise ValueError(msg)


def serve(
    school: School,
    token: str,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    ready: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
    faults: Faults | None = None,
) -> None:
    """Serve a school in the foreground until interrupted or `stop` is set.

    `port` 0 takes a free one; `ready` is called with the base URL once the school listens.
    Raises ValueError for a host that is not loopback, PortTaken if the port cannot be used.
    """
    app = create_app(school, token, faults=faults)
    server = _Server(app, host, port, ready or _tell_nobody)
    with _listening(host, port) as listener:
        if stop is not None:
            threading.Thread(target=_stop_after, args=(server, stop), daemon=True).start()
        server.run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket bound to the port; left to the server, a taken one would end the program unsaid."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    if os.name == "posix":  # elsewhere the option would let two programs share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(port) from error
    return listener


def _stop_after(server: uvicorn.Server, stop: threading.Event) -> None:
    stop.wait()
    server.should_exit = True


@contextmanager
def running(
    school: School, token: str, *, faults: Faults | None = None, host: str = "127.0.0.1"
) -> Iterator[RunningSchool]:
    """Serve a school from a background thread while the block runs.

    Raises ValueError for a host that is not loopback, TimeoutError if it does not come up.
    """
    faults = faults if faults is not None else Faults()
    requests = RequestLog()
    sign_in = SignIn(school)
    urls: list[str] = []
    listening = threading.Event()

    def ready(url: str) -> None:
        urls.append(url)
        listening.set()

    app = create_app(school, token, faults=faults, requests=requests, sign_in=sign_in)
    server = _Server(app, host, 0, ready)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    try:
        if not listening.wait(_STOP_SECONDS):
            msg = "the sandbox did not start to listen"
            raise TimeoutError(msg)
        yield RunningSchool(urls[0], token, school, faults, requests, sign_in)
    finally:
        server.should_exit = True
        thread.join(_STOP_SECONDS)


def _command(parameters: SchoolParameters) -> list[str]:
    command = [sys.executable, "-m", "connector.sandbox", "--until-stdin-closes"]
    command += ["--pupils", str(parameters.pupils), "--seed", str(parameters.seed)]
    if parameters.now is not None:
        command += ["--now", parameters.start_clock().isoformat()]
    for year in parameters.years:
        command += ["--year", str(year)]
    flags = {
        "--short-names": parameters.short_names,
        "--six-day-seniors": parameters.six_day_seniors,
    }
    for switch in parameters.start_variant().as_switches():
        command += ["--variant", switch]
    return command + [flag for flag, on in flags.items() if on]


@contextmanager
def running_process(
    parameters: SchoolParameters, token: str, *, wait_seconds: float = 60.0
) -> Iterator[ServedSchool]:
    """Serve a school from a process of its own while the block runs.

    All years are built before it listens. The child ends when its standard input closes, so it
    does not outlive this process. Raises TimeoutError if it is not up within `wait_seconds`,
    RuntimeError if it ends before.
    """
    # The child must find this package also where it is not installed.
    paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH")]
    environment = os.environ | {
        TOKEN_VARIABLE: token,
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        _command(parameters), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    try:
        yield ServedSchool(_first_line(process, wait_seconds), token)
    finally:
        _end(process)


def _first_line(process: subprocess.Popen[bytes], wait_seconds: float) -> str:
    lines: list[bytes] = []
    stdout = process.stdout
    if stdout is None:
        msg = "the sandbox process has no output"
        raise RuntimeError(msg)
    reader = threading.Thread(target=lambda: lines.append(stdout.readline()), daemon=True)
    reader.start()
    reader.join(wait_seconds)
    if not lines:
        msg = "the sandbox process did not start to listen"
        raise TimeoutError(msg)
    if not lines[0]:
        msg = f"the sandbox process ended with code {process.wait()}"
        raise RuntimeError(msg)
    return str(json.loads(lines[0])["url"])


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()  # the child takes this as the sign to stop, on every system
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
