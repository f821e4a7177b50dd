"""Requests of a sync as its server saw them, for another client to make again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

from measuring import CONNECTIONS, TOKEN

# Ids and days, with or without a time.
_VARYING: Final = re.compile(r"(?<![A-Za-z0-9])\d+(?:-\d\d-\d\d(?:T[\d:.]+)?)?")


@dataclass(frozen=True, slots=True)
class Request:
    """A request: its path begins at the root of the server, its query is as it was sent."""

    method: str
    path: str
    query: bytes
    body: bytes

    @property
    def kind(self) -> str:
        """What it asks for, without ids and days: ``edu_groups_marks``."""
        words = _VARYING.sub("", self.path.removeprefix("/v2")).replace("-", "_").split("/")
        return "_".join(word for word in words if word)

    @property
    def address(self) -> str:
        """Path and query."""
        return self.path + (f"?{self.query.decode()}" if self.query else "")


@dataclass(frozen=True, slots=True)
class Replay:
    """An empty folder for a client that makes requests again, and the file that tells it which."""

    folder: Path
    what: Path


@contextmanager
def replay(url: str, requests: Iterable[Request]) -> Iterator[Replay]:
    """Write down the requests for a client; all is gone at the end of the block."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        yield Replay(folder, written(folder / "what.json", url, requests))


def written(file: Path, url: str, requests: Iterable[Request]) -> Path:
    """Write to a file what a client needs in order to make these requests to the server of ``url``."""
    server = urlsplit(url)
    what = {
        "url": f"{server.scheme}://{server.netloc}",
        "token": TOKEN,
        "connections": CONNECTIONS,
        "requests": [
            {"kind": one.kind, "method": one.method, "address": one.address, "body": one.body.decode()}
            for one in requests
        ],
    }
    file.write_text(json.dumps(what))
    return file
