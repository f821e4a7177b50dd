"""Set a template with its data as PDF/A by typst: own fonts only, a fixed time, and no warning passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import orjson
import typst

from archive_store.render.glyphs import fonts

_TEMPLATES: Final = Path(__file__).parent / "templates"
_STANDARD: Final = "a-2u"
_REMEMBERED_DOCUMENTS: Final = 11


@dataclass
class NotSet(Exception):
    """typst warned or failed: a fault of a template. Nothing is given out."""

    template: str
    messages: list[str]

    def __str__(self) -> str:
        return f"{self.template}: {'; '.join(self.messages)}"


def set_pdf(template: str, data: Any, made_at: datetime) -> bytes:  # noqa: ANN401 - what JSON can hold
    """The PDF/A-2u document of ``template`` with ``data``, dated ``made_at``. Raises NotSet, FontsMissing.

    Untagged: tags would make the file twenty times as long for a table of marks.
    """
    try:
        document, warnings = typst.compile_with_warnings(
            _TEMPLATES / template,
            root=_TEMPLATES,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            package_path=_TEMPLATES,
            package_cache_path=_TEMPLATES,
            sys_inputs={"data": orjson.dumps(data).decode()},
            pdf_standards=[_STANDARD],
            pdf_tags=False,
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as error:
        raise NotSet(template, [error.diagnostic or error.message]) from error
    finally:
        _forget()
    if warnings:
        raise NotSet(template, [warning.message for warning in warnings])
    assert isinstance(document, bytes)  # noqa: S101 - a PDF is one file
    return document


def _forget() -> None:
    """Make typst drop what it remembers of the document, some 300 MB for a journal.

    It keeps it for the next documents in case they are alike, and forgets what ten of them did not need.
    The journals of a school have nothing in common: they would fill the memory of an office computer.
    """
    for _document in range(_REMEMBERED_DOCUMENTS):
        typst.compile(b"", font_paths=_fonts(), ignore_system_fonts=True)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts()])
