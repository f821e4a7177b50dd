"""A class in which everything is awkward: what a school may really have typed in."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from archive_store.forms import class_journal, summary_sheet
from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.summary_sheet import SummarySheet
from invented_class import InventedClass

LONG_TOPIC = " ".join(f"слово{number:04}" for number in range(500))
LINK = "https://example.org/" + "ochen-dlinnaya-ssylka-bez-probelov/" * 6 + "?id=2410000000000000001&x=1"
AWKWARD_TOPICS = (
    "=СУММ(A1:A10)",
    "+7 и -7",
    "@Проект; защита",
    "<b>x² − 2x</b> & √y ≤ π → ∞",
    "Первая строка\nвторая строка\r\nтретья",
    "Значок \U0001f9ff, \uf0b7 пункт, \x07 звонок",
    LINK,
    '#show: none; $x$ *не* _разметка_ "кавычки" \\ `код`',
    LONG_TOPIC,
)


def fill_awkward(invented: InventedClass) -> None:
    """45 pupils, 8 marks in a cell, topics of 5,000 characters, links, formulas, signs without glyphs."""
    first, *_ = invented.quarters()
    invented.class_teacher("Мамина-Сибирцева", "Екатерина", "Константиновна")
    test = invented.work_type("Контрольная работа", "КР", 3)
    teacher = invented.teacher("Шереметьева-Новицкая", "Александра", "Константиновна")
    other = invented.teacher("Орлов", "Пётр", "Ильич")
    pupils = [invented.pupil(f"Фамилия{number:02}", "Анна", "Ильинична") for number in range(42)]
    pupils.append(invented.pupil("Шереметьева-Новицкая-Заболоцкая", "Елизавета-Александра", "Константиновна"))
    pupils.append(invented.pupil(None, short="Юн Ир"))
    pupils.append(invented.pupil("Әхмәтҗанов", "Җәмил", "Рәшит улы", status="Archive"))
    physics, silent = invented.subject("Физика"), invented.subject("Разговоры о важном")
    for number in range(17):
        topic = AWKWARD_TOPICS[number % len(AWKWARD_TOPICS)]
        lesson = invented.lesson(
            physics,
            f"2025-09-{number + 1:02}",
            topic=topic,
            homework=f"=1+{number}",
            teachers=[other if number == 4 else teacher],
            number=None if number == 5 else number % 7 + 1,
            status="Cancelled" if number == 6 else None,
            work_type=test if number % 5 == 0 else None,
        )
        for index, pupil in enumerate(pupils):
            if (index + number) % 3 == 0:
                invented.mark(lesson, pupil, "5432"[index % 4] + ["", "-", "+"][number % 3])
            elif (index * number) % 11 == 7:
                invented.attendance(lesson, pupil, ("Absent", "Ill", "Pass", "Late")[index % 4])
    for value in "54325435":
        invented.mark(lesson, pupils[40], value)
    for pupil, value in zip(
        pupils, ("осв", "н/а", "зачёт", "незачёт", "OCB", "превосходно!", "+1"), strict=False
    ):
        invented.mark(lesson, pupil, value)
        invented.final(physics, pupil, value, first)
    for pupil in pupils[7:]:
        invented.final(physics, pupil, "4", first)
    invented.lesson(silent, "2025-09-01", topic="Без отметок", number=None)


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


@pytest.fixture
def awkward_class(invented: InventedClass) -> InventedClass:
    """The awkward class itself, on record."""
    fill_awkward(invented)
    invented.write()
    return invented


@pytest.fixture
def awkward(invented: InventedClass) -> ClassJournal:
    """The journal of the awkward class."""
    fill_awkward(invented)
    return class_journal.build(invented.connection, invented.write(), invented.edu_group)


@pytest.fixture
def awkward_sheet(invented: InventedClass) -> SummarySheet:
    """The summary sheet of the awkward class."""
    fill_awkward(invented)
    return summary_sheet.build(invented.connection, invented.write(), invented.edu_group)
