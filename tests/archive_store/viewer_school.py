"""A small school for the viewer: two classes, a common subgroup, corrections, topics that try to be code."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from archive_store import records as r
from archive_store import schema
from archive_store.asof import AsOf, read
from archive_store.catalogue import classes
from archive_store.export.class_folder import Export
from archive_store.history import Absence
from archive_store.records import EduGroup
from archive_store.render.source import Source
from invented_class import InventedClass

FIRST, SECOND, THIRD = "2025-10-01T20:10:00Z", "2025-10-02T20:10:00Z", "2025-11-20T20:10:00Z"
MOSCOW = timezone(timedelta(hours=3))
AS_OF = datetime(2026, 8, 30, 23, 10, tzinfo=MOSCOW)
SOURCE = Source(
    "МБОУ «Школа № 901»", AS_OF, "8f3c0123456789abcdef", datetime(2026, 9, 1, 9, 0, tzinfo=MOSCOW)
)
TOPICS = (
    "<img src=x onerror=\"document.title='hacked'\">",
    "</script><script>document.title='hacked'</script>",
    "{count} __proto__ \u2028 \u2029 \\\" ' ` ${1+1}",
    "=СУММ(A1:A10)\nвторая строка\r\nтретья \U0001f9ff",
    "Сложение дробей " + "и ещё слова " * 400 + "конец темы",
    "https://example.org/" + "bez-probelov-" * 40,
)


@dataclass(frozen=True)
class ViewerSchool:
    """The archive of the school, and what the tests ask for by name."""

    connection: sa.Connection
    at: AsOf
    groups: list[EduGroup]
    anna: int
    corrected: r.Mark
    withdrawn: r.Mark
    absence: r.Attendance
    final: r.FinalMark


def fill(connection: sa.Connection) -> ViewerSchool:
    """Bring the school into an empty archive in three runs: in the second and third values were corrected."""
    invented = InventedClass(connection)
    first, *_ = invented.quarters()
    invented.class_teacher("Мамина-Сибирцева", "Екатерина", "Константиновна")
    other_class = invented.group("7А")
    english = invented.group("Английский/1", (invented.class_id, other_class))
    test = invented.work_type("Контрольная работа", "КР", 3)
    teacher = invented.teacher("Шереметьева-Новицкая", "Александра", "Константиновна")
    other = invented.teacher("Орлов", "Пётр", "Ильич")
    maths, language = invented.subject("Математика"), invented.subject("Английский язык")
    anna = invented.pupil("Агапова", "Анна", "Ильинична", groups=(invented.class_id, english))
    boris = invented.pupil("Бекетов", "Борис", "<b>Львович</b>", status="Archive")
    pupils = [anna, boris, invented.pupil("Әхмәтҗанов", "Җәмил", "Рәшит улы")]
    pupils += [invented.pupil(f"Фамилия{n:02}", "Анна", "Ильинична") for n in range(27)]
    guest = invented.pupil("Гостев", "Фёдор", "Ильич", groups=(other_class, english))
    lessons = [
        invented.lesson(
            maths,
            f"2025-09-{n + 1:02}",
            topic=TOPICS[n % len(TOPICS)],
            homework=f"№ {n}",
            teachers=[other if n == 4 else teacher],
            number=None if n == 5 else n % 7 + 1,
            status="Cancelled" if n == 6 else None,
            work_type=test if n % 5 == 0 else None,
        )
        for n in range(25)
    ]
    for n, lesson in enumerate(lessons):
        for index, pupil in enumerate(pupils):
            if (index + n) % 3 == 0 and n < 24:
                invented.mark(lesson, pupil, "5432"[index % 4] + ["", "-", "+"][n % 3])
            elif (index * n) % 11 == 7:
                invented.attendance(lesson, pupil, ("Absent", "Ill", "Pass", "Late")[index % 4])
    for value in "54325435":
        invented.mark(lessons[24], pupils[5], value)
    corrected = invented.mark(lessons[24], anna, "3", set_at="2025-09-25T08:00:00Z")
    withdrawn = invented.mark(lessons[24], boris, "2")
    absence = invented.attendance(lessons[24], pupils[2], "Absent", "справка позже")
    shared = invented.lesson(language, "2025-09-03", group=english, topic="Unit 1", teachers=[other])
    invented.mark(shared, anna, "4")
    invented.mark(shared, guest, "5")
    far = invented.lesson(language, "2026-06-15", group=other_class, topic="После последней четверти")
    invented.mark(far, guest, "осв")
    final = invented.final(maths, anna, "4", first)
    invented.final(maths, boris, "н/а", first)
    invented.write(FIRST)
    invented.replace(schema.MARK, corrected, corrected._replace(value="4", text_value="4"))
    invented.replace(schema.MARK, withdrawn)
    invented.write(SECOND, Absence.WITHDRAWN)
    invented.replace(schema.ATTENDANCE, absence, absence._replace(status="Ill"))
    invented.replace(schema.FINAL_MARK, final, final._replace(value="5", text_value="5"))
    at = invented.write(THIRD, Absence.WITHDRAWN)
    groups = classes(connection, at, 2025)
    return ViewerSchool(connection, at, groups, anna, corrected, withdrawn, absence, final)


@dataclass(frozen=True)
class Exported:
    """The school, and the folder of its viewer (in Russian)."""

    school: ViewerSchool
    folder: Path
    export: Export

    def data(self, name: str) -> Any:
        """What a file of data gives to the page."""
        return data_in((self.folder / "viewer" / "data" / f"{name}.js").read_text("utf-8"), name)

    def class_of(self, name: str) -> tuple[str, Any]:
        """The key and the data of a class."""
        key = next(one["key"] for one in self.data("school")["classes"] if one["name"] == name)
        return key, self.data(f"{key}/class")


def data_in(script: str, name: str) -> Any:
    """What one call of ``given`` gives."""
    begins, ends = f'given("{name}", ', ");\n"
    assert script.startswith(begins)
    assert script.endswith(ends)
    return json.loads(script[len(begins) : -len(ends)])


def cells_on_record(school: ViewerSchool, class_name: str) -> dict[str, str]:
    """What must stand in each cell of a class that is not empty, straight from the tables of the archive."""
    letters: dict[str, str] = defaultdict(str)
    marks: dict[str, list[str]] = defaultdict(list)
    groups = {"7Б": {"7Б", "Английский/1"}, "7А": {"7А", "Английский/1"}}[class_name]
    ids = [one.group_id for one in read(school.connection, schema.EDU_GROUP, school.at) if one.name in groups]
    for one in read(school.connection, schema.ATTENDANCE, school.at):
        if one.group_id in ids:
            letter = {"Absent": "Н", "Ill": "Б", "Pass": "П", "Late": "О"}[one.status or ""]
            letters[f"{one.lesson_id}/{one.person_id}"] += letter
    for mark in read(school.connection, schema.MARK, school.at):
        if mark.group_id in ids:
            marks[f"{mark.lesson_id}/{mark.person_id}"].append(mark.value)
    return {
        key: " ".join(part for part in (letters[key], "/".join(marks[key])) if part)
        for key in {*letters, *marks}
    }
