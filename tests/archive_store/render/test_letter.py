"""The covering letter, and a school's own look on its papers."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import verapdf

from archive_store.render.letter import Item, Letter, letter_pdf
from archive_store.render.look import BadLogo, Logo, Look, read_logo
from archive_store.render.report import Column, Report, Row, Table
from archive_store.render.report_pdf import report_pdf
from archive_store.render.source import Sealed, Source
from reading import needs_poppler, pdf_text, squeezed

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'
LETTER = Letter(
    "Прокуратура Зареченска",
    "надзорная проверка",
    request="№ 7 от 03.11.2025",
    basis="статья закона, как в запросе",
    subject=(("Classes", "7Б"),),
    kept_out=("messages",),
)
ITEMS = [
    Item("forms/class-journal-7b.pdf", "Классный журнал, 7Б", "218 pages", 1234567, "ab" * 32),
    Item("data/7b/marks.csv", "текущие отметки, 7Б", "5 rows", 99, "cd" * 32),
]
LOOK = Look(
    name="МБОУ «Средняя школа № 6 с кадетскими классами»",
    address="ул. Школьная, 1",
    details=("ОГРН 1020000000000",),
    head_office="Директор",
    head="И. И. Иванова",
    executor="П. П. Петрова",
    offices={"Директор": "И. И. Иванова"},
    signers={"some": ("Директор", "Социальный педагог")},
    logo=Logo(SVG.encode(), "svg"),
)


def png() -> bytes:
    """A picture of one red point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)

    head = (1).to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    points = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", points) + chunk(b"IEND", b"")


def text_of(pdf: bytes) -> str:
    """Without spaces: in a condensed type pdftotext sees some of them only."""
    with TemporaryDirectory() as folder:
        return squeezed(pdf_text(pdf, Path(folder)))


@needs_poppler
def test_the_letter_says_to_whom_on_what_request_and_lists_the_files(source: Source) -> None:
    text = text_of(letter_pdf(LETTER, ITEMS, source))
    for part in ("Прокуратура Зареченска", "надзорная проверка", "статья закона", "Not included: messages"):
        assert squeezed(part) in text
    assert squeezed("In answer to № 7 от 03.11.2025") in text
    assert squeezed("In all 2 files, 1 234 666 bytes.") in text
    assert squeezed(source.head) in text
    for item in ITEMS:
        assert item.digest in text


@needs_poppler
def test_a_letter_without_a_request_refers_to_none(source: Source) -> None:
    text = text_of(letter_pdf(replace(LETTER, request=""), ITEMS, source))
    assert "Inanswer" not in text


@needs_poppler
def test_the_own_look_stands_on_the_letter(source: Source) -> None:
    text = text_of(letter_pdf(LETTER, ITEMS, replace(source, school_name=LOOK.name, look=LOOK)))
    for part in (LOOK.name, "ул. Школьная, 1", "ОГРН 1020000000000", "И. И. Иванова", "П. П. Петрова"):
        assert squeezed(part) in text


@needs_poppler
def test_a_sealed_source_names_the_archive_and_its_root_on_every_page(source: Source) -> None:
    sealed = replace(source, sealed=Sealed("2025-2026/summary-ed01", "0f" * 32))
    pages = text_of(letter_pdf(LETTER, ITEMS, sealed))
    assert pages.count(squeezed("Sealed archive 2025-2026/summary-ed01")) == 2
    assert "0f" * 32 in pages
    assert squeezed(source.head) not in pages


@needs_poppler
def test_a_school_chooses_who_signs_a_form_and_known_names_are_printed(source: Source) -> None:
    table = Table("t", (Column("a", "A"),), (Row(("x",)),))
    report = Report("some", "Some", (), (table,), signers=("Class teacher",))
    assert "Classteacher" in text_of(report_pdf(report, source))
    own = text_of(report_pdf(report, replace(source, look=LOOK)))
    assert "Classteacher" not in own
    assert squeezed("Социальный педагог") in own
    assert squeezed("И. И. Иванова") in own


@pytest.mark.parametrize(("name", "content"), [("a.svg", SVG.encode()), ("a.png", png())])
def test_a_picture_is_taken_by_what_it_is(tmp_path: Path, name: str, content: bytes, source: Source) -> None:
    file = tmp_path / "logo.of-any-name"
    file.write_bytes(content)
    logo = read_logo(file)
    assert logo.kind == name[-3:]
    assert letter_pdf(LETTER, ITEMS, replace(source, look=replace(LOOK, logo=logo))).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "missing"),
        (b"GIF89a", "kind"),
        (b"\xff\xfe\0\1", "kind"),
        (b"text", "kind"),
        (b"<svg", "damaged"),
        (png()[:40], "damaged"),
        (png() + bytes(300_000), "too large"),
    ],
)
def test_a_bad_picture_is_told_by_what_is_wrong(tmp_path: Path, content: bytes | None, problem: str) -> None:
    file = tmp_path / "logo.png"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadLogo) as raised:
        read_logo(file)
    assert raised.value.problem == problem


@verapdf.NEEDED
def test_the_letter_complies_with_pdf_a(source: Source, tmp_path: Path) -> None:
    letters = {
        "bare.pdf": letter_pdf(LETTER, ITEMS, source),
        "svg.pdf": letter_pdf(LETTER, ITEMS * 60, replace(source, look=LOOK)),
        "png.pdf": letter_pdf(LETTER, ITEMS, replace(source, look=replace(LOOK, logo=Logo(png(), "png")))),
    }
    files = [tmp_path / name for name in letters]
    for file in files:
        file.write_bytes(letters[file.name])
    assert verapdf.verdicts(files) == ["compliant"] * 3
