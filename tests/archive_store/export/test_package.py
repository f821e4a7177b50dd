"""A package for an addressee: complete, listed, and nobody else's data in it."""

from __future__ import annotations

import csv
import re
import stat
import subprocess
from dataclasses import replace
from hashlib import sha256
from io import StringIO
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from archive_store.asof import AsOf
from archive_store.catalogue import classes
from archive_store.errors import NotInYear
from archive_store.export import forms
from archive_store.export.errors import EnclosureNotRead, NameLeft
from archive_store.export.forms import Asked
from archive_store.export.package import LETTER, Order, write_package
from archive_store.export.profiles import PROFILES
from archive_store.export.without_names import names_of, without_names
from archive_store.forms.class_record import ClassRecord, load
from archive_store.forms.signs import Signs
from archive_store.forms.span import Span
from archive_store.records import EduGroup
from archive_store.render.letter import Letter
from archive_store.render.report import Column, Report, Row, Table
from archive_store.render.source import Sealed, Source
from invented_class import InventedClass
from reading import file_text, needs_poppler, squeezed

LETTER_TO = Letter("Прокуратура Зареченска", "проверка", request="№ 7 от 03.11.2025")
NAMES = ("Агапова", "Бекетов", "Васин", "Гусева", "Дёмин")


class Invented:
    """A class of five: the first two with marks and absences, the first in a subgroup."""

    def __init__(self, connection: sa.Connection, pupils: int = 5) -> None:
        self.it = it = InventedClass(connection)
        it.quarters()
        it.class_teacher("Иванова", "Мария", "Петровна")
        maths, english = it.subject("Математика"), it.subject("Английский язык")
        self.subgroup = it.subgroup("7Б/1")
        self.pupils = [
            it.pupil(name, "Имя", groups=(it.class_id, self.subgroup) if index == 0 else (it.class_id,))
            for index, name in enumerate(NAMES[:pupils])
        ]
        self.first, self.second = self.pupils[:2]
        one = it.lesson(maths, "2025-09-01", topic="Дроби", homework="№ 5")
        two = it.lesson(maths, "2025-11-10", topic="Проценты")
        other = it.lesson(english, "2025-09-02", topic="Unit 1", group=self.subgroup)
        it.mark(one, self.first, "5")
        it.mark(two, self.first, "4")
        it.mark(one, self.second, "3")
        it.mark(other, self.first, "4")
        it.attendance(one, self.second, "Ill", "справка")
        it.attendance(one, self.first, "Attend")
        it.attendance(two, self.first, "Absent")
        self.at = it.write()

    def order(self, profile: str, *, letter: Letter = LETTER_TO, span: Span | None = None) -> Order:
        asked = Asked(self.it.connection, self.at, 2025, span=span)
        return Order(PROFILES[profile], asked, letter, groups=(self.it.edu_group,))


@pytest.fixture
def invented(connection: sa.Connection) -> Invented:
    return Invented(connection)


def rows(folder: Path, path: str) -> list[list[str]]:
    text = (folder / path).read_bytes().decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=";"))[1:]


def texts(folder: Path) -> str:
    """All that can be read in a folder: plain files, PDF and workbooks."""
    parts = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".pdf":
            parts.append(file_text(path, "-layout"))
        elif path.suffix == ".xlsx":
            book = load_workbook(path)
            parts += [
                str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
            ]
        elif path.is_file():
            parts.append(path.read_text(encoding="utf-8-sig"))
    return "\n".join(parts)


@pytest.mark.parametrize(
    ("profile", "loads"),
    [
        ("prosecutor", 1),  # four forms and the tables
        ("department", 3),  # the names of all people, the totals of the school, then the class
    ],
)
def test_the_forms_and_tables_of_a_class_are_made_from_one_reading_of_its_record(
    invented: Invented,
    tmp_path: Path,
    source: Source,
    monkeypatch: pytest.MonkeyPatch,
    profile: str,
    loads: int,
) -> None:
    loaded: list[int] = []

    def counted(connection: sa.Connection, at: AsOf, group: EduGroup, signs: Signs) -> ClassRecord:
        loaded.append(group.group_id)
        return load(connection, at, group, signs)

    monkeypatch.setattr(forms, "load", counted)
    other = invented.it.group("7А")
    for name in NAMES:
        invented.it.pupil(name, "Имя", groups=(other,))
    asked = replace(invented.order(profile).asked, at=invented.it.write())
    groups = tuple(classes(invented.it.connection, asked.at, 2025))
    write_package(replace(invented.order(profile), asked=asked, groups=groups), tmp_path / "out", source)
    assert {loaded.count(one.group_id) for one in groups} == {loads}


def test_totals_of_a_class_of_which_no_period_has_begun_are_no_fault(
    connection: sa.Connection, tmp_path: Path, source: Source
) -> None:
    """Its report by subjects has nothing to count: it is left out."""
    it = InventedClass(connection)
    for name in NAMES:
        it.pupil(name, "Имя")
    asked = Asked(connection, it.write(), 2025)
    order = Order(PROFILES["department"], asked, LETTER_TO, groups=(it.edu_group,))
    package = write_package(order, tmp_path / "out", source)
    assert not [one for one in package.files if "subject-report" in one.path]


def test_a_package_of_a_class_lies_there_with_letter_manifest_and_checksums(
    invented: Invented, tmp_path: Path, source: Source
) -> None:
    out, told = tmp_path / "out", list[str]()
    package = write_package(invented.order("prosecutor"), out, source, told.append)
    made = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    forms = [
        f"forms/{name}-7b.{kind}"
        for name in ("attendance-summary", "class-journal", "completeness", "timeliness")
        for kind in ("pdf", "xlsx")
    ]
    data = [f"data/7b/{name}.csv" for name in ("attendance", "homework", "lessons", "marks")]
    assert sorted(told) == sorted([*forms, *data])
    assert made == sorted([
        "00-contents.txt", LETTER, "CHECKSUMS.sha256", "index.html", "manifest.json", *forms, *data,
    ])  # fmt: skip
    subprocess.run(["sha256sum", "-c", "--quiet", "CHECKSUMS.sha256"], cwd=out, check=True)
    assert package.digest == sha256((out / "CHECKSUMS.sha256").read_bytes()).digest()
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in out.rglob("*") if path.is_file())


@needs_poppler
def test_the_manifest_and_the_letter_list_every_file_with_its_digest(
    invented: Invented, tmp_path: Path, source: Source
) -> None:
    out = tmp_path / "out"
    write_package(invented.order("prosecutor"), out, source)
    manifest = orjson.loads((out / "manifest.json").read_bytes())
    assert (manifest["request"], manifest["addressee"]) == ("№ 7 от 03.11.2025", "Прокуратура Зареченска")
    assert manifest["source"]["ledger_head"] == source.ledger_head
    letter = squeezed(file_text(out / LETTER, "-raw"))
    for file in manifest["files"]:
        content = (out / file["path"]).read_bytes()
        assert (file["sha256"], file["bytes"]) == (sha256(content).hexdigest(), len(content))
        assert file["sha256"] in letter
        assert file["path"] in letter
        assert f'href="{file["path"]}"' in (out / "index.html").read_text(encoding="utf-8")
    extents = {file["path"]: file["extent"] for file in manifest["files"]}
    info = subprocess.run(
        ["pdfinfo", out / "forms/class-journal-7b.pdf"], capture_output=True, check=True, text=True
    )
    (pages,) = re.findall(r"Pages:\s+(\d+)", info.stdout)
    assert extents["forms/class-journal-7b.pdf"] == f"{pages} pages"
    assert extents["data/7b/marks.csv"] == "4 rows"


@needs_poppler
def test_a_package_about_a_pupil_holds_nobody_elses_data(
    invented: Invented, tmp_path: Path, source: Source
) -> None:
    out = tmp_path / "out"
    order = replace(invented.order("parent"), groups=(), pupils=(invented.second,))
    write_package(order, out, source)
    all_texts = texts(out)
    assert "Бекетов" in all_texts
    for name, person_id in zip(NAMES, invented.pupils, strict=True):
        if person_id != invented.second:
            assert name not in all_texts
            assert str(person_id) not in all_texts
    place = f"data/{invented.second}/7b"
    assert [row[5] for row in rows(out, f"{place}/marks.csv")] == ["3"]
    assert [row[6] for row in rows(out, f"{place}/attendance.csv")] == ["Ill"]
    # The lessons of a subgroup in which the pupil never was are not the pupil's.
    assert {row[4] for row in rows(out, f"{place}/lessons.csv")} == {"Дроби", "Проценты"}


def test_the_lessons_of_ones_own_subgroup_are_there(
    invented: Invented, tmp_path: Path, source: Source
) -> None:
    out = tmp_path / "out"
    write_package(replace(invented.order("school"), groups=(), pupils=(invented.first,)), out, source)
    place = f"data/{invented.first}/7b"
    assert {row[4] for row in rows(out, f"{place}/lessons.csv")} == {"Дроби", "Проценты", "Unit 1"}
    assert [row[5] for row in rows(out, f"{place}/marks.csv")] == ["5", "4", "4"]


def test_supervision_gets_the_sheets_of_the_class_and_the_record_of_the_named_alone(
    invented: Invented, tmp_path: Path, source: Source
) -> None:
    out = tmp_path / "out"
    order = replace(invented.order("rosobrnadzor"), groups=(), pupils=(invented.first, invented.second))
    write_package(order, out, source)
    assert (out / "forms/summary-sheet-7b.pdf").exists()
    folders = {path.name for path in (out / "data").iterdir()}
    assert folders == {str(invented.first), str(invented.second)}
    assert (out / f"forms/corrections-{invented.first}.pdf").exists()
    assert not list((out / "forms").glob("certificate-register*"))  # 7Б is given no certificates


@needs_poppler
def test_a_package_without_names_names_nobody(invented: Invented, tmp_path: Path, source: Source) -> None:
    out = tmp_path / "out"
    letter = replace(LETTER_TO, personal=False)
    write_package(invented.order("department", letter=letter), out, source)
    all_texts = texts(out)
    assert "Summary sheet of attendance" in all_texts
    assert not any(name in all_texts for name in (*NAMES, "Иванова"))
    assert not any(str(person_id) in all_texts for person_id in invented.pupils)
    assert "personal data" not in all_texts


@needs_poppler
def test_totals_of_few_pupils_are_not_given_and_the_class_is_named(
    connection: sa.Connection, tmp_path: Path, source: Source
) -> None:
    out = tmp_path / "out"
    package = write_package(Invented(connection, pupils=4).order("department"), out, source)
    assert package.too_small == ("7Б",)
    assert not (out / "forms").exists()
    assert "Classes of fewer than 5 pupils, whose totals are not given: 7Б" in texts(out)


def test_a_name_that_is_left_in_totals_is_a_fault_and_nothing_is_given(invented: Invented) -> None:
    names = set(names_of(load(invented.it.connection, invented.at, invented.it.edu_group)))
    assert {"Агапова Имя", "Иванова Мария Петровна"} <= names
    table = Table("t", (Column("a", "A"),), (Row(("лучший: Агапова Имя",), total=True),))
    with pytest.raises(NameLeft):
        without_names(Report("attendance-summary", "Some", (), (table,)), names)


def counted(*rows: tuple[str, int, bool]) -> list[str]:
    """What is left of a report of the school with these rows: name, pupils at the end, whether a sum."""
    table = Table(
        "t",
        (Column("class", "Class"), Column("at_end", "Pupils")),
        tuple(Row((name, pupils), total) for name, pupils, total in rows),
    )
    bare = without_names(Report("school-report", "Some", (), (table,)), ())
    return [str(row.values[0]) for one in bare.tables for row in one.rows]


def test_a_row_of_few_pupils_goes_with_those_that_would_tell_it() -> None:
    classes = ("7А", 30, False), ("7Б", 4, False)
    sums = ("parallel 7", 34, True), ("parallel 8", 9, True), ("School", 43, True)
    assert counted(("7А", 30, False), ("7Б", 5, False), *sums) == ["7А", "7Б", *(one[0] for one in sums)]
    assert counted(*classes, *sums) == [one[0] for one in sums]
    assert counted(*classes, ("parallel 9", 2, True), *sums) == ["School"]
    assert counted(("1А", 3, False), ("School", 3, True)) == []


def test_what_a_sealed_record_cannot_tell_is_left_out_and_said(
    invented: Invented, tmp_path: Path, source: Source
) -> None:
    sealed = replace(source, sealed=Sealed("2025-2026/summary-ed01", "0f" * 32))
    write_package(invented.order("prosecutor"), tmp_path / "out", sealed)
    assert not (tmp_path / "out/forms/timeliness-7b.pdf").exists()
    assert (tmp_path / "out/forms/completeness-7b.pdf").exists()
    contents = (tmp_path / "out/00-contents.txt").read_text(encoding="utf-8-sig")
    assert "does not tell when entries were made: Timeliness" in contents


def test_only_the_days_asked_for_lie_in_it(invented: Invented, tmp_path: Path, source: Source) -> None:
    out = tmp_path / "out"
    span = Span("2025-09-01", "2025-10-26")
    write_package(invented.order("prosecutor", span=span), out, source)
    for name in ("lessons", "marks", "attendance", "homework"):
        days = {row[0] for row in rows(out, f"data/7b/{name}.csv")}
        assert days
        assert days <= {"2025-09-01", "2025-09-02"}


def test_what_is_enclosed_goes_along_under_a_name_of_ascii(
    invented: Invented, tmp_path: Path, source: Source
) -> None:
    act = tmp_path / "Приказ № 5.PDF"
    act.write_bytes(b"%PDF-1.7 of another program")
    write_package(replace(invented.order("prosecutor"), enclosed=(act,)), tmp_path / "out", source)
    (copy,) = (tmp_path / "out" / "enclosed").iterdir()
    assert copy.name == "01-prikaz-5.pdf"
    assert copy.read_bytes() == act.read_bytes()
    assert "Приказ № 5.PDF" in (tmp_path / "out" / "00-contents.txt").read_text(encoding="utf-8-sig")


def test_what_cannot_be_read_leaves_nothing_behind(
    invented: Invented, tmp_path: Path, source: Source
) -> None:
    order = replace(invented.order("prosecutor"), enclosed=(tmp_path / "none.pdf",))
    with pytest.raises(EnclosureNotRead):
        write_package(order, tmp_path / "out", source)
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


def test_a_pupil_of_no_class_in_that_year_is_told(invented: Invented, tmp_path: Path, source: Source) -> None:
    with pytest.raises(NotInYear):
        write_package(replace(invented.order("parent"), groups=(), pupils=(77,)), tmp_path / "out", source)


def test_the_same_record_gives_the_same_package(invented: Invented, tmp_path: Path, source: Source) -> None:
    order = replace(invented.order("parent"), groups=(), pupils=(invented.first,))
    digests = {write_package(order, tmp_path / name, source).digest for name in ("one", "two")}
    assert len(digests) == 1
