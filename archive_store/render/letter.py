"""The letter that goes with an export, and the inventory of its files, as PDF/A (GOST R 7.0.97)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archive_store.render.fitting import breakable
from archive_store.render.glyphs import showable
from archive_store.render.source import Source
from archive_store.render.title import common_words
from archive_store.texts import _, ngettext

_DIGEST_PART = 32


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the package: its path, what it is, its pages or rows in words, its bytes, its SHA-256."""

    path: str
    meaning: str
    extent: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says. ``outgoing`` is number and date of the school's own, empty to be filled in by hand.

    ``subject`` is what was given: the classes or pupils, the year, the days. ``personal``: whether personal
    data of pupils lie in it.
    """

    addressee: str
    purpose: str
    request: str = ""
    outgoing: str = ""
    basis: str = ""
    subject: tuple[tuple[str, str], ...] = ()
    kept_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    personal: bool = True


def letter_pdf(letter: Letter, items: Sequence[Item], source: Source) -> bytes:
    """The letter and, from a new page, the inventory. Raises NotSet."""
    from archive_store.render.typesetting import (
        set_pdf,  # heavy: a command that only names a letter goes without
    )

    return set_pdf("letter.typ", _data(letter, items, source), source.made_at)


def size_text(size: int) -> str:
    """Bytes as people read them: 1 234 567."""
    return f"{size:,}".replace(",", "\N{NO-BREAK SPACE}")


def _data(letter: Letter, items: Sequence[Item], source: Source) -> dict[str, Any]:
    look = source.look
    return {
        "words": common_words(look) | _words(),
        "school": showable(source.school_name),
        "source": showable(source.line),
        "logo": look.logo and look.logo.for_template(),
        "details": [showable(one) for one in (look.address, look.contacts, *look.details) if one],
        "outgoing": showable(letter.outgoing),
        "request": showable(letter.request),
        "addressee": showable(letter.addressee),
        "paragraphs": [showable(one) for one in _paragraphs(letter)],
        "facts": [(showable(name), breakable(value)) for name, value in (*letter.subject, *source.facts())],
        "remarks": [showable(one) for one in letter.remarks],
        "attached": _attached(items),
        "head_office": showable(look.signs),
        "head": showable(look.head),
        "executor": showable(look.executor),
        "items": [_item(one) for one in items],
        "total": _total(items),
    }


def _paragraphs(letter: Letter) -> list[str]:
    asked = (
        _("In answer to the request {request} we send data of the electronic journal.").format(
            request=letter.request
        )
        if letter.request
        else _("We send data of the electronic journal.")
    )
    found = [asked, _("Purpose: {purpose}.").format(purpose=letter.purpose)]
    if letter.basis:
        found.append(_("Legal basis: {basis}.").format(basis=letter.basis))
    if letter.kept_out:
        found.append(_("Not included: {parts}.").format(parts="; ".join(letter.kept_out)))
    found.append(
        _(
            "The files were made by the program from the archive of the electronic journal; nothing was "
            "entered by hand. The inventory gives the SHA-256 digest of each: whoever computes it again will "
            "see whether the file is the one that was sent."
        )
    )
    if letter.personal:
        found.append(
            _(
                "The files hold personal data: they may be used for the stated purpose alone and are to be "
                "kept from other people."
            )
        )
    return found


def _item(one: Item) -> list[Any]:
    parts = [one.digest[start : start + _DIGEST_PART] for start in range(0, len(one.digest), _DIGEST_PART)]
    return [breakable(one.path), showable(one.meaning), one.extent, size_text(one.size), parts]


def _attached(items: Sequence[Item]) -> str:
    return ngettext(
        "inventory and {count} file, in electronic form", "inventory and {count} files, in electronic form",
        len(items),
    ).format(count=len(items))  # fmt: skip


def _total(items: Sequence[Item]) -> str:
    files = ngettext("In all {count} file", "In all {count} files", len(items)).format(count=len(items))
    return _("{files}, {size} bytes.").format(files=files, size=size_text(sum(one.size for one in items)))


def _words() -> dict[str, Any]:
    return {
        "title": _("Covering letter"),
        "about": _("About data of the electronic journal"),
        "our_number": _("№"),
        "from": _("dated"),
        "answer_to": _("In answer to"),
        "attached": _("Attached:"),
        "what": _("What is sent"),
        "executor": _("Prepared by:"),
        "inventory": _("Inventory of the files"),
        "columns": [_("№"), _("Name of the file"), _("What it is"), _("Extent"), _("Bytes"), "SHA-256"],
    }
