"""The forms of how a journal is kept, from the record to the words, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.export.forms import FORMS, Asked, Scope
from archive_store.forms.span import Span
from archive_store.render.report import Report, Table
from archive_store.schema import MARK
from invented_class import SCHOOL, InventedClass

NAMES = (
    "completeness", "accumulation", "timeliness", "final-against-current", "corrections",
    "programme-coverage", "vpr",
)  # fmt: skip
AUTUMN = Span("2025-09-01", "2025-10-26")


@pytest.fixture
def asked(store: sa.Engine, tmp_path: Path) -> Iterator[Asked]:
    """Two subjects, one of them in subgroups, with marks, gaps, an absence, finals and a correction."""
    with store.connect() as connection:
        invented = InventedClass(connection)
        quarters = invented.quarters()
        maths, english = invented.subject("Математика"), invented.subject("Английский язык")
        test = invented.work_type("Контрольная работа", "КР", 3)
        small = [invented.subgroup(f"7Б англ. {number}") for number in (1, 2)]
        people = [
            invented.pupil(f"Агапов{number}", "Иван", groups=(invented.class_id, small[number % 2]))
            for number in range(4)
        ]
        for day in ("2025-09-01", "2025-09-08", "2025-10-06", "2025-11-10"):
            topic = None if day == "2025-09-08" else "Дроби"
            lesson = invented.lesson(maths, day, topic=topic, homework="§ 1", work_type=test)
            for number, pupil in enumerate(people):
                invented.mark(lesson, pupil, str(2 + number), set_at=f"{day}T20:59:00Z")
            invented.attendance(lesson, people[0], "Ill")
            invented.lesson(english, day, group=small[0], number=2, topic="My town")
        for quarter in quarters[:2]:
            for pupil in people:
                invented.final(maths, pupil, "4", quarter)
        invented.write("2025-12-30T20:00:00Z")
        invented.records[MARK][0] = invented.records[MARK][0]._replace(value="5")
        invented.write("2026-01-20T20:00:00Z")
        asked = Asked(
            connection, AsOf(SCHOOL), 2025, group=invented.edu_group, zone=ZoneInfo("Europe/Moscow")
        )
        yield asked


def _made(name: str, asked: Asked, folder: Path) -> Report:
    tables = {
        "programme-coverage": "Класс;Предмет;1 четверть\n7Б;Математика;3\n7Б;Английский язык;3\n",
        "vpr": "Ученик;Предмет;ВПР\nАгапов0;Математика;3\nАгапов1;Математика;4\nАгапов2;Математика;н\n",
    }
    if name in tables:
        path = folder / f"{name}.csv"
        path.write_text(tables[name], encoding="utf-8")
        asked = replace(asked, table=path)
    made = FORMS[name].make(asked)
    assert isinstance(made, Report)
    return made


def _counts(table: Table, row: int) -> dict[str, int]:
    named = zip(table.columns, table.rows[row].values, strict=True)
    return {column.key: value for column, value in named if isinstance(value, int)}


def _sum(table: Table, rows: list[int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        for key, value in _counts(table, row).items():
            found[key] = found.get(key, 0) + value
    return found


@pytest.mark.parametrize("span", [None, AUTUMN], ids=["year", "autumn"])
def test_every_total_is_the_sum_of_what_stands_above_it(
    asked: Asked, tmp_path: Path, span: Span | None
) -> None:
    totals = 0
    for name in NAMES:
        for table in _made(name, replace(asked, span=span), tmp_path).tables:
            above: list[int] = []
            since: list[int] = []
            for number, row in enumerate(table.rows):
                if not row.total:
                    above.append(number)
                    since.append(number)
                    continue
                total = _counts(table, number)
                sums = [{key: _sum(table, rows).get(key, 0) for key in total} for rows in (since, above)]
                assert total in sums, (name, table.name, total)
                totals, since = totals + 1, []
    assert totals > 10


def test_forms_of_the_school_take_every_class_without_one_named(asked: Asked, tmp_path: Path) -> None:
    for name in NAMES:
        if FORMS[name].scope is Scope.SCHOOL:
            assert _made(name, replace(asked, group=None), tmp_path).tables


def test_the_values_of_the_invented_class(asked: Asked, tmp_path: Path) -> None:
    """One number of each form, counted by hand."""
    tables = {(name, one.name): one for name in NAMES for one in _made(name, asked, tmp_path).tables}

    def last(name: str, table: str) -> dict[str, int]:
        return _counts(tables[name, table], len(tables[name, table].rows) - 1)

    whole = last("completeness", "class-7b")
    assert (whole["held"], whole["topics"], whole["homework"], whole["attended"]) == (8, 7, 4, 4)
    assert len(tables["completeness", "gaps"].rows) == 5
    assert last("accumulation", "subjects")["marks"] == 4
    assert last("timeliness", "marks")["same_day"] == 16
    assert last("timeliness", "topics") == {
        "same_day": 0, "next_day": 0, "in_week": 0, "later": 0, "unknown": 7, "missing": 1,
    }  # fmt: skip
    # 4 against 5-2-2, 3, 4 and 5 in the first quarter, against 2, 3, 4 and 5 in the second.
    assert [one.values[-1] for one in tables["final-against-current", "apart"].rows] == [1, 1, -1, 2, 1, -1]
    assert last("corrections", "counts")["corrections"] == 1
    assert last("programme-coverage", "programme-coverage")["given"] == 7
    assert last("vpr", "by-subject") == {
        "both": 2,
        "lowered": 1,
        "confirmed": 1,
        "raised": 0,
        "alone": 0,
        "absent": 1,
    }
