"""The page of the viewer, its scripts, and data as files that it loads."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any, Final

import orjson

from archive_store.render.viewer.words import words
from archive_store.texts import _, active

PAGE: Final = "viewer.html"
FOLDER: Final = "viewer"
_HERE: Final = Path(__file__).parent


def page_files() -> Iterator[tuple[str, bytes]]:
    """The page, its style and its scripts in the active language, by their paths in the package."""
    yield PAGE, _page().encode()
    for file in sorted([*_HERE.glob("*.js"), *_HERE.glob("*.css")]):
        yield f"{FOLDER}/{file.name}", file.read_bytes()
    yield data_file("words", words())


def data_file(name: str, data: Any) -> tuple[str, bytes]:  # noqa: ANN401 - whatever JSON can hold
    """The path and the bytes of a file of data. ``name`` is of our own making: ASCII, without quotes."""
    return data_path(name), b'given("%s", %s);\n' % (name.encode("ascii"), orjson.dumps(data))


def data_path(name: str) -> str:
    """Where a file of data lies in the package."""
    return f"{FOLDER}/data/{name}.js"


def _page() -> str:
    texts = {
        "language": active(),
        "title": _("Electronic journal: viewer"),
        "skip": _("To the contents of the page"),
        "you_are_here": _("You are here"),
        "search": _("Search"),
        "search_hint": _("Pupils, teachers, subjects, classes, topics and homework"),
        "unpack": _("If this line stays, unpack the whole folder first and open the page from it."),
        "no_script": _("The viewer needs JavaScript. The same record lies beside it as PDF, XLSX or CSV."),
    }
    page = Template((_HERE / PAGE).read_text("utf-8"))
    return page.substitute({name: html.escape(text) for name, text in texts.items()})
