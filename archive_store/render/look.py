"""A school's own look: what stands at the head of its papers, who signs them, and its sign.

All of it comes from the settings; what is not set is taken from the record or left to be filled in by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from archive_store.texts import N_, _

HEAD: Final = N_("Head of the school")
_LARGEST_LOGO: Final = 300_000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"


@dataclass
class BadLogo(Exception):
    """The file of the logo cannot be printed."""

    path: Path
    problem: Literal["missing", "too large", "kind", "damaged"]


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture: PNG, JPEG or SVG."""

    content: bytes
    kind: Literal["png", "jpg", "svg"]

    def for_template(self) -> dict[str, Any]:
        """The picture as JSON can hold it: a text, or the numbers of its bytes."""
        content = self.content.decode() if self.kind == "svg" else list(self.content)
        return {"content": content, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class Look:
    """The details of a school for its papers.

    ``name`` is its name in full, ``details`` are lines such as ИНН and ОГРН. ``offices`` gives the names of
    those who hold an office, by the office; ``signers`` the offices that sign a form, by the form's name.
    """

    name: str = ""
    address: str = ""
    contacts: str = ""
    details: tuple[str, ...] = ()
    head_office: str = ""
    head: str = ""
    executor: str = ""
    offices: Mapping[str, str] = field(default_factory=dict)
    signers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    logo: Logo | None = None

    @property
    def signs(self) -> str:
        """The office that signs letters."""
        return self.head_office or _(HEAD)


def read_logo(path: Path) -> Logo:
    """Read the picture and set it once, so that a bad one is told at once. Raises BadLogo."""
    from archive_store.render.typesetting import NotSet, set_pdf

    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadLogo(path, "missing") from error
    if len(content) > _LARGEST_LOGO:
        raise BadLogo(path, "too large")
    logo = Logo(content, _kind(path, content))
    try:
        set_pdf("logo.typ", {"words": {}, "logo": logo.for_template()}, datetime.now(UTC))
    except NotSet as error:
        raise BadLogo(path, "damaged") from error
    return logo


def _kind(path: Path, content: bytes) -> Literal["png", "jpg", "svg"]:
    if content.startswith(_PNG):
        return "png"
    if content.startswith(_JPEG):
        return "jpg"
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise BadLogo(path, "kind") from None
    if "<svg" not in text:
        raise BadLogo(path, "kind")
    return "svg"
