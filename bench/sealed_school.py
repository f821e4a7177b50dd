"""The record of an invented school, a year of it, and the floor: the same files made as plainly as can be."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

from archive_store import schema
from archive_store.records import (
    Attendance,
    EduGroup,
    FinalMark,
    HomeworkFile,
    Lesson,
    Mark,
    Membership,
    Person,
    ReportingPeriod,
    School,
    Subject,
    Work,
    WorkType,
)
from archive_store.schema import Entity

SCHOOL: Final = 1_000_000_000_901
YEAR: Final = 2024
_PER_CLASS: Final = 25
_SUBJECTS: Final = 15
_FIRST: Final = date(2024, 9, 2)
_ID: Final = 1_000_000_000_000_000_000
Made = Iterator[tuple[Any, ...]]


def rows(pupils: int, lessons: int, marks: int, attendance: int) -> Iterator[tuple[Entity[Any], Made]]:
    """Every entity of the year with its rows, those with a day class by class, as a sync leaves them."""
    classes = max(pupils // _PER_CLASS, 1)
    yield schema.SCHOOL, iter([School("МБОУ «Школа № 901»", None, "Зареченск", None, None)])
    yield schema.EDU_GROUP, (_group(number) for number in range(classes))
    yield schema.PERSON, (_person(number) for number in range(pupils))
    yield schema.MEMBERSHIP, (Membership(_ID + n % classes, n + 1, "Active", None) for n in range(pupils))
    yield schema.SUBJECT, (Subject(n + 1, f"Предмет {n + 1}", None, None) for n in range(_SUBJECTS))
    yield schema.WORK_TYPE, iter([WorkType(1, "Ответ на уроке", "ОТВ", 1, None, None)])
    yield (
        schema.REPORTING_PERIOD,
        (
            ReportingPeriod(_ID + n, 1, 0, "Quarter", "1 четверть", "2024-09-01", "2025-05-25", YEAR, None)
            for n in range(classes)
        ),
    )
    held = [_lesson(number, classes) for one in range(classes) for number in range(one, lessons, classes)]
    yield schema.LESSON, iter(held)
    yield schema.WORK, map(_work, held)
    yield (
        schema.MARK,
        (_mark(n, of, classes) for of in held for n in range(of.lesson_id - _ID, marks, lessons)),
    )
    yield (
        schema.ATTENDANCE,
        (
            _absence(number, of, classes, lessons)
            for of in held
            for number in range(of.lesson_id - _ID, attendance, lessons)
        ),
    )
    yield schema.FINAL_MARK, (_final(number, classes) for number in range(pupils * _SUBJECTS))


def _group(number: int) -> EduGroup:
    name = f"{number // 4 + 2}{'АБВГ'[number % 4]}"
    return EduGroup(_ID + number, name, None, "Group", 5, YEAR, None, "Active", None, None, None, None)


def _person(number: int) -> Person:
    return Person(number + 1, None, f"Фамилия{number}", "Имя", "Отчество", None, "Male", None)


def _lesson(number: int, classes: int) -> Lesson:
    day = (_FIRST + timedelta(days=number // classes * 260 // 700 % 260)).isoformat()
    topic = f"Тема урока № {number}: сложение, вычитание и «другие» действия"
    group, subject = _ID + number % classes, number // classes % _SUBJECTS + 1
    return Lesson(_ID + number, group, subject, day, 1, topic, "Finished", '["77"]', None, None)


def _work(of: Lesson) -> Work:
    return Work(
        of.lesson_id, of.lesson_id, of.group_id, of.subject_id, of.day, "LessonTestWork", 1, "Mark5", 1, None,
        1, "Quarter", False, True, "New", of.day, None, None, 77, None, None,
    )  # fmt: skip


def _pupil(number: int, of: Lesson, classes: int) -> int:
    return of.group_id - _ID + number % _PER_CLASS * classes + 1


def _mark(number: int, of: Lesson, classes: int) -> Mark:
    value = "2345"[number % 4]
    return Mark(
        _ID + number, _pupil(number, of, classes), of.lesson_id, of.lesson_id, of.group_id, of.subject_id,
        of.day, value, value, "Mark5", 1, 1, "Good", True, f"{of.day}T08:41:12.407Z", None,
        None,
    )  # fmt: skip


def _absence(number: int, of: Lesson, classes: int, lessons: int) -> Attendance:
    pupil = _pupil(number // lessons, of, classes)
    return Attendance(of.lesson_id, pupil, of.group_id, of.subject_id, of.day, "Ill", None, None, None, None)


def _final(number: int, classes: int) -> FinalMark:
    pupil, subject = number // _SUBJECTS, number % _SUBJECTS + 1
    return FinalMark(
        _ID + number, pupil + 1, _ID + pupil % classes, subject, 1, "period", "5", "5", "Mark5",
        _ID + number % 1000, None, None, None,
    )  # fmt: skip


def homework_file(number: int, pupils: int, contents: str, size: int) -> HomeworkFile:
    """A file of a homework, of one class after the other."""
    of = _lesson(number, max(pupils // _PER_CLASS, 1))
    name = f"задание-{number}.jpg"
    return HomeworkFile(of.lesson_id, number, of.group_id, of.day, name, "jpg", size, "kept", contents, None)


def make_floor(archive: Path, sealed: Path, target: Path) -> None:
    """The same tables of the same bags from the same rows, as CSV and as SQLite; each file hashed once."""
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as source:
        for bag in sorted(sealed.iterdir()):
            data = target / bag.name / "data"
            (data / "tables").mkdir(parents=True)
            passport = json.loads((bag / "data" / "passport.json").read_bytes())
            with closing(sqlite3.connect(data / "archive.sqlite", isolation_level=None)) as database:
                database.execute("PRAGMA synchronous = OFF")
                database.execute("BEGIN")
                for name in passport["tables"]:
                    _plain_table(source, database, data / "tables", name, passport["group"]["id"])
                database.execute("COMMIT")
            for name in ("passport.json", "passport.txt", "tables/datapackage.json"):
                shutil.copyfile(bag / "data" / name, data / name)
            for path in data.rglob("*"):
                if path.is_file():
                    with path.open("rb") as file:
                        file_digest(file, "sha256")


def _plain_table(
    source: sqlite3.Connection, database: sqlite3.Connection, folder: Path, name: str, group: str | None
) -> None:
    plain = name.removeprefix("history_")
    entity = next(one for one in schema.ENTITIES if one.name == plain)
    where = f" AND group_id = {group}" if group and "group_id" in entity.columns else ""
    if (plain == "work" and group is None) or name != plain:
        where += " AND 0"
    if plain == "person" and group:
        where += f" AND person_id IN (SELECT person_id FROM membership WHERE group_id = {group})"
    columns = ", ".join(entity.columns)
    database.execute(f"CREATE TABLE {name} ({columns}, PRIMARY KEY ({', '.join(entity.key) or 'name'}))")
    insert = f"INSERT INTO {name} VALUES ({', '.join('?' * len(entity.columns))})"
    key = ", ".join(f"+{one}" for one in entity.key) or "1"
    found = source.execute(f"SELECT {columns} FROM {plain} WHERE school_id = {SCHOOL}{where} ORDER BY {key}")
    with gzip.open(folder / f"{name}.csv.gz", "wt", 6, "utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(entity.columns)
        while some := found.fetchmany(2_000):
            out.writerows(some)
            database.executemany(insert, some)
