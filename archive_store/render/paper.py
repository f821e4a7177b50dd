"""A plain paper: a heading, facts, parts with texts and tables, lines for signatures. PDF/A-2u."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archive_store.render.fitting import breakable
from archive_store.render.glyphs import showable
from archive_store.render.source import Source
from archive_store.render.title import common_words
from archive_store.render.typesetting import set_pdf


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a paper. ``widths`` are shares of the width, one for each of ``columns``."""

    title: str
    texts: Sequence[str] = ()
    columns: Sequence[str] = ()
    widths: Sequence[float] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed. ``signers`` are posts that sign it; ``wide`` lays the sheet across."""

    heading: str
    subtitle: str
    facts: Sequence[tuple[str, str]]
    parts: Sequence[Part]
    signers: Sequence[str] = ()
    wide: bool = False


def print_paper(paper: Paper, source: Source) -> bytes:
    """The paper as PDF/A-2u."""
    data = {
        "words": common_words(),
        "school": showable(source.school_name),
        "source": showable(source.line),
        "heading": paper.heading,
        "subtitle": showable(paper.subtitle),
        "wide": paper.wide,
        "facts": [[name, breakable(showable(value))] for name, value in paper.facts],
        "parts": [_part(one) for one in paper.parts],
        "signers": list(paper.signers),
    }
    return set_pdf("paper.typ", data, source.made_at)


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": part.title,
        "texts": [showable(text) for text in part.texts],
        "columns": list(part.columns),
        "widths": list(part.widths),
        "rows": [[breakable(showable(value)) for value in row] for row in part.rows],
    }
