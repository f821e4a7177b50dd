"""The cells of a class journal in PDF, read by where words stand and in the order of their writing."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.spread import Cell, Spread
from archive_store.render import wording
from archive_store.render.glyphs import showable
from reading import Word, pdf_text, pdf_words, squeezed

_HALF_COLUMN = 9.9  # points
_FOOTER = 800
_PAGES_BEFORE = 3  # title, contents, pupils


def cells_that_differ(journal: ClassJournal, pdf: bytes, folder: Path) -> tuple[int, list[str]]:
    """How many cells of lessons were compared, and where the PDF differs from the form.

    A column is read by where its words stand, a row by the order of writing: a cell that is missing, cut or
    in another's place changes one of both. Each spread must have one left page.
    """
    pages = pdf_words(pdf, folder)
    texts = pdf_text(pdf, folder).split("\f")
    left = [index for index in range(_PAGES_BEFORE, len(pages)) if _is_left(pages[index])]
    spreads = [(section, spread) for section in journal.sections for spread in section.spreads]
    assert len(left) == len(spreads)
    differ, compared = [], 0
    for page, (section, spread) in zip(left, spreads, strict=True):
        compared += sum(len(row) for row in spread.cells)
        columns = zip(_columns(pages[page], spread), _by_day(spread), strict=True)
        differ += [
            f"page {page + 1}: {column!r}, not {expected!r}"
            for column, expected in columns
            if column != expected
        ]
        written = squeezed(texts[page])
        for pupil, cells, finals in zip(section.pupils, spread.cells, spread.final_cells, strict=True):
            row = "".join(map(_shown, (*cells, *finals)))
            name = squeezed(showable(pupil.name))
            if f"{pupil.number}{name}" not in written or row not in written.split(name, 1)[1]:
                differ.append(f"page {page + 1}, row {pupil.number}: {row!r}")
    return compared, differ


def _shown(cell: Cell) -> str:
    return squeezed(showable(cell.text))


def _by_day(spread: Spread) -> list[str]:
    """The works of each lesson and what stands below them."""
    works = [squeezed("".join(map(wording.work, lesson.works))) for lesson in spread.lessons]
    cells = zip(*spread.cells, strict=True) if spread.cells else ((),) * len(works)
    return [head + "".join(map(_shown, column)) for head, column in zip(works, cells, strict=True)]


def _is_left(words: list[Word]) -> bool:
    return any(word.text.startswith("Surname") for word in words)


def _columns(words: list[Word], spread: Spread) -> list[str]:
    """What stands below each day, from above."""
    if not spread.lessons:
        return []
    days = [f"{lesson.day:%d}" for lesson in spread.lessons]
    lines: dict[float, list[Word]] = defaultdict(list)
    for word in words:
        if len(word.text) == 2 and word.text.isdigit():
            lines[round(word.y)].append(word)
    in_order = {y: sorted(some, key=lambda word: word.x) for y, some in lines.items()}
    top = max(y for y, some in in_order.items() if [one.text for one in some] == days)
    return [_below(words, head.x, top) for head in in_order[top]]


def _below(words: list[Word], x: float, top: float) -> str:
    found = [word for word in words if abs(word.x - x) < _HALF_COLUMN and top + 3 < word.y < _FOOTER]
    return "".join(word.text for word in sorted(found, key=lambda word: (round(word.y), word.x)))
