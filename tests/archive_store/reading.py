"""Read documents back with other people's programs: poppler's tools, openpyxl, calamine."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="reads PDF with poppler: apt-get install poppler-utils"
)
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page, with the middle of its place in points."""

    x: float
    y: float
    text: str


def squeezed(text: str) -> str:
    """A text without white space: where lines break does not matter."""
    return "".join(text.split())


def pdf_text(pdf: bytes, folder: Path, *options: str) -> str:
    """The text of a PDF in the order in which it was written."""
    return _poppler("pdftotext", pdf, folder, "-raw", *options, output="-")


def file_text(path: Path, *options: str) -> str:
    """The text of a PDF in a file; with ``-layout`` as it stands on the page."""
    return subprocess.run(
        ["pdftotext", *options, str(path), "-"], check=True, capture_output=True, text=True
    ).stdout


def pdf_words(pdf: bytes, folder: Path) -> list[list[Word]]:
    """The words of each page with their places."""
    pages = _poppler("pdftotext", pdf, folder, "-bbox", output="-").split("<page ")[1:]
    return [[_word(found) for found in _WORD.findall(page)] for page in pages]


def pdf_fonts(pdf: bytes, folder: Path) -> list[list[str]]:
    """The fonts of a PDF: the columns of ``pdffonts``."""
    return [line.split() for line in _poppler("pdffonts", pdf, folder).splitlines()[2:]]


def pdf_facts(pdf: bytes, folder: Path) -> dict[str, str]:
    """What ``pdfinfo`` says."""
    lines = _poppler("pdfinfo", pdf, folder).splitlines()
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def pdf_bookmarks(pdf: bytes, folder: Path) -> dict[str, int]:
    """The bookmarks of a PDF and their pages."""
    outline = _poppler("pdftohtml", pdf, folder, "-xml", "-i", "-stdout")
    found = re.findall(r'<item page="(\d+)">(.*?)</item>', outline)
    return {html.unescape(title): int(page) for page, title in found}


def _poppler(tool: str, pdf: bytes, folder: Path, *options: str, output: str | None = None) -> str:
    path = folder / "document.pdf"
    path.write_bytes(pdf)
    command = [tool, *options, str(path), *([output] if output else [])]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _word(found: tuple[str, ...]) -> Word:
    left, top, right, bottom = (float(edge) for edge in found[:4])
    return Word((left + right) / 2, (top + bottom) / 2, html.unescape(found[4]))
