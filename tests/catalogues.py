"""The catalogues of texts: what the code says, what is translated. For the tests and for the update."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from archive_store.texts import LOCALE_DIR

ROOT: Final = Path(__file__).parents[1]
ROOMS: Final = ("archive_store", "connector", "config")
KEYWORDS: Final = {"_": None, "N_": None, "NP_": (1, 2), "ngettext": (1, 2)}


def extracted() -> Catalog:
    """Every text that the code marks for people."""
    catalogue = Catalog(project="dnevnik-archive", charset="utf-8")
    for room in ROOMS:
        found = extract_from_dir(
            ROOT / room, method_map=[("**.py", "python")], keywords=KEYWORDS, strip_comment_tags=True
        )
        for _file, _line, message, _comments, context in found:
            catalogue.add(message, context=context)
    return catalogue


def path(language: str, suffix: str) -> Path:
    """The file of a language's catalogue, ``po`` or ``mo``."""
    return LOCALE_DIR / language / "LC_MESSAGES" / f"messages.{suffix}"


def translated(language: str) -> Catalog:
    """The catalogue of a language."""
    with path(language, "po").open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as the program reads it."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def save(catalogue: Catalog, language: str) -> None:
    """Write a catalogue in both forms, in a stable order and without moments, so that diffs are small."""
    path(language, "po").parent.mkdir(parents=True, exist_ok=True)
    with path(language, "po").open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True, omit_header=False, no_location=True)
    path(language, "mo").write_bytes(compiled(translated(language)))
