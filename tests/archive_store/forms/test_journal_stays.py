"""Pupils who come and leave in the middle of a year, in the class journal; and a class that is renamed."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from archive_store.catalogue import find_class
from archive_store.forms import class_journal, class_report, summary_sheet
from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.class_record import load
from archive_store.render import pdf, xlsx
from archive_store.render.source import Source
from archive_store.render.wording import former_names, pupil_note
from invented_class import InventedClass
from reading import file_text, needs_poppler

DAYS = ("2025-09-02", "2025-09-09", "2025-09-16", "2025-09-23")


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _journal(invented: InventedClass) -> ClassJournal:
    return class_journal.build(invented.connection, invented.at(), invented.edu_group)


def _rows(journal: ClassJournal) -> dict[str, list[str]]:
    (section,) = journal.sections
    rows: dict[str, list[str]] = {pupil.name: [] for pupil in section.pupils}
    for spread in section.spreads:
        for pupil, cells, finals in zip(section.pupils, spread.cells, spread.final_cells, strict=True):
            rows[pupil.name] += [cell.text for cell in (*cells, *finals)]
    return rows


def _moved(invented: InventedClass) -> None:
    """Anna stays; Boris leaves by 15 September; Yuri is there from the 10th, and has a mark of before."""
    invented.period("1 четверть", "2025-09-01", "2025-10-26")
    maths = invented.subject("Математика")
    invented.pupil("Агапова", "Анна")
    boris = invented.pupil("Бекетов", "Борис")
    lessons = [invented.lesson(maths, day) for day in DAYS]
    invented.write("2025-09-05T22:00:00Z")
    yuri = invented.pupil("Яшин", "Юрий")
    invented.mark(lessons[0], yuri, "5")
    invented.write("2025-09-10T22:00:00Z")
    (member,) = (one for one in invented.records[schema.MEMBERSHIP] if one.person_id == boris)
    invented.records[schema.MEMBERSHIP] = [member._replace(status="Archive")]
    invented.write("2025-09-15T22:00:00Z")
    invented.write()


def test_days_outside_a_stay_are_crossed_out_and_no_mark_is_lost(invented: InventedClass) -> None:
    _moved(invented)
    journal = _journal(invented)
    assert _rows(journal) == {
        "Агапова Анна": ["", "", "", "", "", ""],
        "Бекетов Борис": ["", "", "×", "×", "×", ""],
        "Яшин Юрий": ["5", "×", "", "", "", ""],
    }
    assert journal.sections[0].mark_count == 1


@needs_poppler
def test_the_crosses_are_grey_in_the_workbook_and_stand_in_the_pdf(
    invented: InventedClass, source: Source, tmp_path: Path
) -> None:
    _moved(invented)
    journal = _journal(invented)
    sheet = openpyxl.load_workbook(BytesIO(xlsx.journal(journal, source))).worksheets[1]
    crosses = [cell for row in sheet.iter_rows() for cell in row if cell.value == "×"]
    assert [cell.font.color.rgb for cell in crosses] == ["FF999999"] * 4
    file = tmp_path / "journal.pdf"
    file.write_bytes(pdf.journal(journal, source))
    text = file_text(file, "-layout")
    (left_page,) = (
        page for page in text.split("\f") if "Математика" in page and "Бекетов Борис (left" in page
    )
    assert left_page.count("×") == 4


def test_the_days_stand_beside_the_name(invented: InventedClass) -> None:
    _moved(invented)
    notes = [pupil_note(line.pupil) for line in _journal(invented).roster]
    assert notes == ["", "left 15.09", "arrived 10.09"]


def test_who_is_on_no_list_any_more_is_still_on_the_roster(invented: InventedClass) -> None:
    invented.pupil("Агапова", "Анна")
    invented.write("2025-09-05T22:00:00Z")
    invented.withdraw_all(schema.MEMBERSHIP, ended_at="2025-10-01T22:00:00Z")
    (line,) = _journal(invented).roster
    assert (line.pupil.has_left, pupil_note(line.pupil)) == (True, "left 01.10")


def test_lists_of_the_next_year_make_nobody_leave(invented: InventedClass) -> None:
    invented.pupil("Агапова", "Анна")
    invented.write("2025-09-05T22:00:00Z")
    invented.withdraw_all(schema.MEMBERSHIP, ended_at="2026-09-03T22:00:00Z")
    (line,) = _journal(invented).roster
    assert (line.pupil.has_left, pupil_note(line.pupil)) == (False, "")


def test_who_was_marked_as_left_from_the_first_left_after_the_last_trace(invented: InventedClass) -> None:
    maths = invented.subject("Математика")
    boris = invented.pupil("Бекетов", "Борис", status="Archive")
    lessons = [invented.lesson(maths, day) for day in DAYS]
    invented.mark(lessons[1], boris, "4")
    invented.write()
    journal = _journal(invented)
    assert _rows(journal)["Бекетов Борис"][:4] == ["", "4", "×", "×"]
    assert pupil_note(journal.roster[0].pupil) == "left after 09.09"


def test_a_list_that_the_platform_archived_as_a_whole_makes_nobody_leave(invented: InventedClass) -> None:
    for name in ("Агапова", "Белова"):
        invented.pupil(name, "Анна", status="Archive")
    invented.write()
    assert [pupil_note(line.pupil) for line in _journal(invented).roster] == ["", ""]


def test_who_came_back_has_both_stays(invented: InventedClass) -> None:
    maths = invented.subject("Математика")
    anna, boris = invented.pupil("Агапова", "Анна"), invented.pupil("Бекетов", "Борис")
    for day in DAYS:
        invented.lesson(maths, day)
    members = {one.person_id: one for one in invented.records[schema.MEMBERSHIP]}
    for day, status in (("2025-09-01", "Active"), ("2025-09-05", "Archive"), ("2025-09-20", "Active")):
        invented.records[schema.MEMBERSHIP] = [members[anna], members[boris]._replace(status=status)]
        invented.write(f"{day}T22:00:00Z")
    journal = _journal(invented)
    assert _rows(journal)["Бекетов Борис"][:4] == ["", "×", "×", ""]
    assert pupil_note(journal.roster[1].pupil) == "left 05.09, arrived 20.09"


def test_a_class_renamed_in_the_year_keeps_its_journal_and_says_its_earlier_name(
    invented: InventedClass,
) -> None:
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    invented.mark(invented.lesson(maths, "2025-09-02"), anna, "5")
    invented.write("2025-09-05T22:00:00Z")
    (group,) = invented.records[schema.EDU_GROUP]
    invented.records[schema.EDU_GROUP] = [group._replace(name="7В")]
    invented.name = "7В"
    invented.write("2026-01-14T22:00:00Z")
    journal = _journal(invented)
    assert find_class(invented.connection, invented.at(), 2025, "7Б").name == "7В"
    assert (journal.class_name, former_names(journal.former_names)) == ("7В", "7Б (until 14.01.2026)")
    assert journal.sections[0].mark_count == 1


def test_a_lesson_without_a_number_is_the_last_of_its_day(invented: InventedClass) -> None:
    maths, _anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for topic, number in (("без номера", None), ("вторая", 5), ("первая", 2)):
        invented.lesson(maths, "2025-09-02", number=number, topic=topic)
    invented.write()
    (section,) = _journal(invented).sections
    assert [one.topic for one in section.lessons] == ["первая", "вторая", "без номера"]


def test_the_checks_of_the_form_against_the_record(invented: InventedClass) -> None:
    """FORMS §2: cells with marks are the marks of the record, rows its lessons, hours those held."""
    _moved(invented)
    maths, extra = invented.records[schema.SUBJECT][0].subject_id, invented.subgroup("7Б/1")
    anna = invented.records[schema.PERSON][0].person_id
    invented.member(extra, anna)
    for day, number, status in (
        ("2025-10-01", 1, None),
        ("2025-10-01", 2, "Cancelled"),
        ("2025-10-02", None, ""),
    ):
        lesson = invented.lesson(maths, day, group=extra, number=number, status=status)
        if status is None:
            for mark in ("4", "5-", "осв"):
                invented.mark(lesson, anna, mark)
    invented.write()
    of_class, of_group = _journal(invented).sections
    for section, group_id in ((of_class, invented.class_id), (of_group, extra)):
        marks = [one for one in invented.records[schema.MARK] if one.group_id == group_id]
        lessons = [one for one in invented.records[schema.LESSON] if one.group_id == group_id]
        cells = [cell for spread in section.spreads for row in spread.cells for cell in row]
        places = {(one.lesson_id, one.person_id) for one in marks}
        assert sum(bool(cell.marks) for cell in cells) == len(places)
        assert section.mark_count == len(marks)
        assert len(section.lessons) == len(lessons)
        held = sum(one.status != "Cancelled" for one in lessons)
        assert sum(one.hours for one in section.lessons) == held


def test_who_leaves_no_trace_in_the_first_period_came_with_the_first_one_in_every_form(
    invented: InventedClass,
) -> None:
    """The archive saw both in the class from the first; Boris has nothing until the second quarter."""
    first, second, *_ = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    boris = invented.pupil("Бекетов", "Борис")
    invented.mark(invented.lesson(maths, "2025-09-10"), anna, "5")
    invented.mark(invented.lesson(maths, "2025-11-10"), boris, "4")
    for period in (first, second):
        invented.final(maths, anna, "5", period)
    record = load(invented.connection, invented.write(), invented.edu_group)
    journal, sheet = class_journal.from_record(record), summary_sheet.from_record(record)
    assert pupil_note(journal.roster[1].pupil) == "arrived by 10.11"
    assert [line[0].text for line in sheet.rows[1].cells][:2] == ["×", "∅"]
    counts = [one.totals for one in class_report.build(record).lines[:2]]
    assert [(one.at_start, one.arrived, one.at_end) for one in counts] == [(1, 0, 1), (1, 1, 2)]


def test_a_final_mark_is_a_trace_and_a_first_class_has_none(invented: InventedClass) -> None:
    first, *_ = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    boris = invented.pupil("Бекетов", "Борис")
    invented.mark(invented.lesson(maths, "2025-09-10"), anna, "5")
    invented.mark(invented.lesson(maths, "2025-11-10"), boris, "4")
    invented.final(maths, boris, "н/а", first)
    record = load(invented.connection, invented.write(), invented.edu_group)
    assert record.stays[record.group.group_id, boris][0].first is None
    of_first_grade = replace(record, group=record.group._replace(parallel=1), finals=[])
    assert of_first_grade.begun(record.stays) == record.stays


def test_a_run_of_the_night_is_of_the_school_s_day(invented: InventedClass) -> None:
    _moved(invented)  # Yuri was first seen on 10 September, 22:00 in UTC
    at = replace(invented.at(), zone=ZoneInfo("Asia/Vladivostok"))
    (yuri,) = _journal_at(invented, at).roster[-1].pupil.stays
    assert yuri.first == "2025-09-11"


def _journal_at(invented: InventedClass, at: AsOf) -> ClassJournal:
    return class_journal.build(invented.connection, at, invented.edu_group)
