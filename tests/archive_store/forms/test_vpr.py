"""Marks of ВПР against the journal: FORMS §12, with its hand example."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from archive_store.catalogue import find_class
from archive_store.export.forms import FORMS, Asked
from archive_store.forms import vpr
from archive_store.forms.averages import written
from archive_store.forms.class_record import load
from archive_store.forms.counts import per_cent
from archive_store.forms.rules import JournalMark
from archive_store.forms.span import Span
from archive_store.forms.vpr import Pairs, VprAgainstJournal
from archive_store.history import Absence
from archive_store.imports.errors import ColumnsMissing, Problem, TableWrong
from archive_store.imports.known import known_names
from archive_store.imports.pupils import pupils_of_year
from archive_store.imports.vpr import VprResults, read_vpr
from archive_store.records import EduGroup
from archive_store.render.report import Report
from archive_store.render.reports import vpr as words
from archive_store.schema import FINAL_MARK, MEMBERSHIP, PERSON
from invented_class import InventedClass

HEAD = "Класс;Ученик;Предмет;Отметка за ВПР\n"


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _results(invented: InventedClass, folder: Path, text: str) -> VprResults:
    path = folder / "vpr.csv"
    path.write_text(text, encoding="cp1251")
    known = known_names(invented.connection, invented.at(), 2025)
    return read_vpr(path, known, pupils_of_year(invented.connection, invented.at(), 2025))


def _form(
    invented: InventedClass,
    results: VprResults,
    mark: JournalMark = JournalMark.LAST_PERIOD,
    span: Span | None = None,
) -> VprAgainstJournal:
    record = load(invented.connection, invented.at(), invented.edu_group)
    return vpr.build([record], results, mark, span)


def test_the_hand_example(invented: InventedClass, tmp_path: Path) -> None:
    """20 pupils with both marks: 5 lowered, 13 confirmed, 2 raised."""
    quarters = invented.quarters()
    maths = invented.subject("Математика")
    lines = []
    for number in range(20):
        pupil = invented.pupil(f"Агапов{number:02}", "Иван")
        invented.final(maths, pupil, "4", quarters[-1])
        mark = 3 if number < 5 else 4 if number < 18 else 5
        lines.append(f"7б;Агапов{number:02} Иван;математика;{mark}\n")
    invented.write()
    form = _form(invented, _results(invented, tmp_path, HEAD + "".join(lines)))
    (row,) = form.rows
    assert row.pairs == Pairs(lowered=5, confirmed=13, raised=2)
    parts = row.pairs.lowered, row.pairs.confirmed, row.pairs.raised
    assert [written(per_cent(one, 20) or Fraction(0), 2) for one in parts] == ["25,00", "65,00", "10,00"]
    assert (len(form.differing), row.column and row.column.name) == (7, "4 четверть")
    assert form.by_subject == {"Математика": row.pairs}


def test_the_mark_of_the_journal_is_a_choice(invented: InventedClass, tmp_path: Path) -> None:
    first, _second, third, _fourth = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for quarter, value in ((first, "3"), (third, "5")):
        invented.final(maths, anna, value, quarter)
    invented.final(maths, anna, "4")
    invented.write()
    results = _results(invented, tmp_path, HEAD + "7Б;Агапова А.;Математика;4\n")
    assert _form(invented, results).rows[0].pairs == Pairs(lowered=1)  # the third quarter's 5
    assert _form(invented, results, JournalMark.YEAR).rows[0].pairs == Pairs(confirmed=1)
    autumn = _form(invented, results, span=Span("2025-09-01", "2025-12-31")).rows[0]
    assert autumn.pairs == Pairs(raised=1)  # the first quarter's 3
    assert autumn.column is not None
    assert autumn.column.name == "1 четверть"


def test_the_mark_is_read_as_the_reports_read_it(invented: InventedClass, tmp_path: Path) -> None:
    *_others, last = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    invented.final(maths, anna, "4", last)
    (final,) = invented.records[FINAL_MARK]
    invented.records[FINAL_MARK] = [final._replace(value="0", text_value="4")]
    invented.write()
    results = _results(invented, tmp_path, HEAD + "7Б;Агапова А.;Математика;4\n")
    assert _form(invented, results).rows[0].pairs == Pairs(confirmed=1)


def test_without_both_marks_a_pupil_is_counted_apart(invented: InventedClass, tmp_path: Path) -> None:
    quarters = invented.quarters()
    maths = invented.subject("Математика")
    anna = invented.pupil("Агапова", "Анна")
    invented.pupil("Бекетов", "Борис")
    invented.final(maths, anna, "н/а", quarters[-1])
    invented.write()
    text = HEAD + "7Б;Агапова Анна;Математика;4\n7Б;Бекетов Борис;Математика;н\n"
    form = _form(invented, _results(invented, tmp_path, text))
    assert form.rows[0].pairs == Pairs(alone=1, absent=1)
    assert [(one.pupil.name, one.vpr, one.journal) for one in form.differing] == [("Агапова Анна", 4, None)]


@pytest.fixture
def changed(invented: InventedClass) -> tuple[InventedClass, EduGroup]:
    """Anna, whose marks of the third quarter and of the year 7А gave; in April she went to 7Б. With 7А."""
    *_others, third, _fourth = invented.quarters()
    former = invented.group("7А")
    third_there = invented.period("3 четверть", "2026-01-12", "2026-03-22", group=former)
    maths = invented.subject("Математика")
    anna = invented.pupil("Агапова", "Анна", groups=(former,))
    boris = invented.pupil("Бекетов", "Борис")
    invented.final(maths, anna, "4", third_there, group=former)
    invented.final(maths, anna, "3", group=former)
    for period in (third, None):
        invented.final(maths, boris, "5", period)
    invented.write("2026-03-25T20:00:00Z")
    (there,) = [one for one in invented.records[MEMBERSHIP] if one.group_id == former]
    invented.replace(MEMBERSHIP, there, there._replace(group_id=invented.class_id))
    invented.write("2026-04-10T20:00:00Z", Absence.WITHDRAWN)
    return invented, find_class(invented.connection, invented.at(), 2025, "7А")


def test_who_changed_classes_is_counted_once_where_he_is_now(
    changed: tuple[InventedClass, EduGroup], tmp_path: Path
) -> None:
    """No class is told: it is that of the present. The mark of the journal is the one that 7А gave."""
    invented, _former = changed
    path = tmp_path / "vpr.csv"
    path.write_text("Ученик;Предмет;ВПР\nАгапова Анна;Математика;3\n", encoding="cp1251")
    for mark, pairs in ((JournalMark.LAST_PERIOD, Pairs(lowered=1)), (JournalMark.YEAR, Pairs(confirmed=1))):
        asked = Asked(invented.connection, invented.at(), 2025, table=path, journal_mark=mark)
        report = FORMS["vpr"].made(asked)
        assert isinstance(report, Report)
        by_class, *_others = report.tables
        (row,) = by_class.rows
        assert row.values[0] == "7Б"
        assert row.values[3:] == tuple(words._values(pairs))
        (note,) = [one for one in report.notes if "changed classes" in one]
        assert "Агапова Анна (7Б)" in note


def test_the_class_that_the_table_names_counts_who_changed_classes(
    changed: tuple[InventedClass, EduGroup], tmp_path: Path
) -> None:
    invented, former = changed
    results = _results(invented, tmp_path, HEAD + "7А;Агапова Анна;Математика;4\n")
    record = load(invented.connection, invented.at(), former)
    form = vpr.build([record], results, JournalMark.LAST_PERIOD, None)
    assert [(one.class_name, one.pairs) for one in form.rows] == [("7А", Pairs(confirmed=1))]
    assert form.changed == (("Агапова Анна", "7А"),)
    with pytest.raises(TableWrong) as caught:
        _results(invented, tmp_path, HEAD + "7А;Агапова Анна;Математика;4\n7Б;Агапова А.;Математика;4\n")
    assert [one.problem for one in caught.value.cells] == [Problem.TWICE]


def test_who_has_left_all_classes_must_have_one_told(
    changed: tuple[InventedClass, EduGroup], tmp_path: Path
) -> None:
    invented, _former = changed
    (anna,) = [one for one in invented.records[MEMBERSHIP] if one.person_id == _anna(invented)]
    invented.replace(MEMBERSHIP, anna)
    invented.write("2026-05-10T20:00:00Z", Absence.WITHDRAWN)
    with pytest.raises(TableWrong) as caught:
        _results(invented, tmp_path, "Ученик;Предмет;ВПР\nАгапова Анна;Математика;3\n")
    (cell,) = caught.value.cells
    assert (cell.problem, {*cell.known}) == (Problem.SEVERAL_CLASSES, {"7А", "7Б"})


def _anna(invented: InventedClass) -> int:
    return next(one.person_id for one in invented.records[PERSON] if one.last_name == "Агапова")


@pytest.mark.parametrize(
    "name", ["Агапова Анна", "агапова  АННА Петровна", "Агапова А.П.", "Агапова А. П.", "Агапова"]
)
def test_a_pupil_is_known_by_name_or_initials(invented: InventedClass, tmp_path: Path, name: str) -> None:
    anna = invented.pupil("Агапова", "Анна", "Петровна")
    invented.pupil("Агапов", "Антон", "Петрович")
    invented.subject("Математика")
    invented.write()
    results = _results(invented, tmp_path, f"Ученик;Предмет;ВПР\n{name};Математика;5\n")
    assert [one.person_id for one in results.rows] == [anna]


def test_a_pupil_is_known_by_number_and_namesakes_must_be(invented: InventedClass, tmp_path: Path) -> None:
    one, other = (invented.pupil("Агапова", "Анна", "Петровна") for _ in range(2))
    invented.subject("Математика")
    invented.write()
    results = _results(invented, tmp_path, f"Код;Предмет;ВПР\n{other};Математика;5\n")
    assert [row.person_id for row in results.rows] == [other]
    with pytest.raises(TableWrong) as caught:
        _results(invented, tmp_path, HEAD + "7Б;Агапова Анна;Математика;5\n")
    (cell,) = caught.value.cells
    assert cell.problem is Problem.SEVERAL_PUPILS
    assert {str(one), str(other)} == {known.split()[0] for known in cell.known}


def test_everything_that_is_wrong_is_told_by_its_row(invented: InventedClass, tmp_path: Path) -> None:
    invented.pupil("Агапова", "Анна")
    invented.subject("Математика")
    invented.write()
    text = (
        HEAD + "7Б;Агапова Анна;Математика;5\n7Б;Агапова Анна;Математика;4\n7Б;Никто Никак;Математика;4\n"
        "7Б;Агапова Анна;Ботаника;4\n7Б;Агапова Анна;Математика;14\n11Ю;Агапова Анна;Математика;4\n"
        "7Б;;Математика;4\n"
    )
    with pytest.raises(TableWrong) as caught:
        _results(invented, tmp_path, text)
    found = {(one.row, one.column, one.problem) for one in caught.value.cells}
    assert found == {
        (3, "Ученик", Problem.TWICE),
        (4, "Ученик", Problem.UNKNOWN_PUPIL),
        (5, "Предмет", Problem.UNKNOWN_SUBJECT),
        (6, "Отметка за ВПР", Problem.NOT_A_MARK),
        (6, "Ученик", Problem.TWICE),
        (7, "Класс", Problem.UNKNOWN_CLASS),
        (8, "Ученик", Problem.EMPTY),
    }


def test_a_table_without_pupils_lacks_a_column(invented: InventedClass, tmp_path: Path) -> None:
    invented.write()
    with pytest.raises(ColumnsMissing) as caught:
        _results(invented, tmp_path, "Класс;Предмет;ВПР\n7Б;Математика;4\n")
    assert caught.value.missing == ["Ученик"]


_MARKS = st.one_of(st.none(), st.integers(2, 5))


@given(st.lists(st.tuples(_MARKS, _MARKS)))
def test_every_pupil_is_counted_once(marks: list[tuple[int | None, int | None]]) -> None:
    pairs = Pairs()
    for of_vpr, of_journal in marks:
        pairs.count(of_vpr, of_journal)
    assert pairs.both + pairs.alone + pairs.absent == len(marks)
    assert pairs.both == sum(None not in pair for pair in marks)
