"""Kinds of files with their terms, read from TOML: the program's defaults, or the school's own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from archive_store.errors import ArchiveError

DEFAULTS: Final = Path(__file__).parent / "defaults.toml"
JOURNAL: Final = "journal"
SUMMARY: Final = "summary"
PERMANENT: Final = "permanent"

_KINDS: Final = (
    JOURNAL, SUMMARY, "optional-journal", "personal-file", "certificate-book", "pupil-book",
    "assessment-minutes", "messages", "access-log", "destruction-act",
)  # fmt: skip
_EVENTS: Final = ("year closed", "leaving", "last entry", "sent", "destruction")
_FIELDS: Final = ("kind", "index", "title", "years", "from", "article")
_LONGEST: Final = 100  # years

Problem = Literal[
    "unreadable",
    "not TOML",
    "unknown part",
    "no files",
    "missing field",
    "unknown field",
    "not a text",
    "no title",
    "unknown kind",
    "kind twice",
    "kind missing",
    "wrong term",
    "wrong event",
    "summary shorter",
]


@dataclass
class NomenclatureError(ArchiveError):
    """The school's nomenclature is wrong. ``where`` is the kind of file, or the number of its block."""

    path: Path
    problem: Problem
    where: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of files: ``years`` is None for those that are kept for ever."""

    kind: str
    index: str
    title: str
    years: int | None
    event: str
    article: str


@dataclass(frozen=True, slots=True)
class Nomenclature:
    """All kinds of files, in the order of the file."""

    kinds: tuple[FileKind, ...]

    def of(self, kind: str) -> FileKind:
        """The kind of that name, which must be there."""
        return next(one for one in self.kinds if one.kind == kind)

    def as_json(self) -> str:
        """The canonical form, which a confirmation vouches for: comments and spaces do not matter."""
        rows = [[one.kind, one.index, one.title, one.years, one.event, one.article] for one in self.kinds]
        return orjson.dumps(rows).decode()

    @property
    def digest(self) -> bytes:
        """SHA-256 of the canonical form."""
        return sha256(self.as_json().encode()).digest()


@lru_cache(maxsize=1)
def default() -> Nomenclature:
    """What comes with the program; nobody has confirmed it."""
    return read(DEFAULTS)


def read(path: Path) -> Nomenclature:
    """The nomenclature in a file. Raises NomenclatureError for the first thing that is wrong."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise NomenclatureError(path, "unreadable", detail=error.strerror or str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NomenclatureError(path, "not TOML", detail=str(error)) from error
    for name in content:
        if name != "file":
            raise NomenclatureError(path, "unknown part", detail=name)
    blocks = content.get("file")
    if not isinstance(blocks, list) or not blocks:
        raise NomenclatureError(path, "no files")
    return _whole(path, tuple(_kind(path, number, block) for number, block in enumerate(blocks, start=1)))


def _whole(path: Path, kinds: tuple[FileKind, ...]) -> Nomenclature:
    names = [one.kind for one in kinds]
    for name in names:
        if names.count(name) > 1:
            raise NomenclatureError(path, "kind twice", name)
    for name in (JOURNAL, SUMMARY):
        if name not in names:
            raise NomenclatureError(path, "kind missing", name)
    found = Nomenclature(kinds)
    journal, summary = found.of(JOURNAL).years, found.of(SUMMARY).years
    for name, years in ((JOURNAL, journal), (SUMMARY, summary)):
        if years is None:
            raise NomenclatureError(path, "wrong term", name, PERMANENT)
    assert journal is not None and summary is not None  # noqa: S101, PT018 - refused above
    if summary < journal:  # the summary sheets vouch for the journals
        raise NomenclatureError(path, "summary shorter", SUMMARY, f"{summary} < {journal}")
    return found


def _kind(path: Path, number: int, block: Any) -> FileKind:  # noqa: ANN401 - what TOML can hold
    where = str(block.get("kind", number)) if isinstance(block, dict) else str(number)
    if not isinstance(block, dict):
        raise NomenclatureError(path, "no files", where)
    for name in _FIELDS:
        if name not in block:
            raise NomenclatureError(path, "missing field", where, name)
    for name, value in block.items():
        if name not in _FIELDS:
            raise NomenclatureError(path, "unknown field", where, name)
        if name != "years" and not isinstance(value, str):
            raise NomenclatureError(path, "not a text", where, name)
    if block["kind"] not in _KINDS:
        raise NomenclatureError(path, "unknown kind", where, ", ".join(_KINDS))
    if not block["title"].strip():
        raise NomenclatureError(path, "no title", where)
    if block["from"] not in _EVENTS:
        raise NomenclatureError(path, "wrong event", where, ", ".join(_EVENTS))
    years = _term(path, where, block["years"])
    texts = (" ".join(block[name].split()) for name in ("index", "title", "article"))
    index, title, article = texts
    return FileKind(block["kind"], index, title, years, block["from"], article)


def _term(path: Path, where: str, value: Any) -> int | None:  # noqa: ANN401 - what TOML can hold
    if value == PERMANENT:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LONGEST:
        raise NomenclatureError(path, "wrong term", where, str(value))
    return value
