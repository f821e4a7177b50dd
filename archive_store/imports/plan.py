"""The plan of a programme: hours and control works of a subject in a class, for the year or by period.

One row per class and subject, and subgroup where subgroups have plans of their own. Columns, in any order:
«Класс», «Предмет», «Подгруппа», «Часов в год», «Контрольных в год»; and for each reporting period a column
by its name («1 четверть») or «Часов: 1 четверть», «Контрольных: 1 четверть».
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from archive_store.catalogue import folded
from archive_store.imports.errors import Problem
from archive_store.imports.known import Known
from archive_store.imports.table import Heading, ImportedRow, ImportedTable, normal, read_table
from archive_store.records import EduGroup

_CLASS: Final = Heading("class", ("Класс", "Класс (группа)"))
_SUBJECT: Final = Heading("subject", ("Предмет", "Учебный предмет", "Дисциплина", "Курс"))
_SUBGROUP: Final = Heading("subgroup", ("Подгруппа", "Группа"), needed=False)
_HOURS: Final = (
    "Часов в год", "Часов", "Часы", "Часов за год", "Часов по плану", "Часов по учебному плану",
    "Количество часов", "Кол-во часов", "Всего часов", "План", "План, ч", "По плану, ч",
)  # fmt: skip
_CONTROLS: Final = (
    "Контрольных в год", "Контрольных", "Контрольных работ", "Контрольные работы", "Контрольных за год",
    "Контрольных по плану", "Контрольных работ по плану", "КР", "КР по плану",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of the plan for the year, and by the normal names of periods."""

    year: Fraction | None
    periods: Mapping[str, Fraction]

    def of_periods(self, names: list[str]) -> Fraction | None:
        """The amount of these periods together; None if the plan does not give it for each of them."""
        found = [self.periods.get(normal(name)) for name in names]
        return (
            sum((one for one in found if one is not None), Fraction(0))
            if found and None not in found
            else None
        )

    def of_year(self, names: list[str]) -> Fraction | None:
        """The amount of the year: as it is given, else that of all its periods."""
        return self.of_periods(names) if self.year is None else self.year


@dataclass(frozen=True, slots=True, eq=False)
class PlannedSubject:
    """A row of the plan."""

    subject: str
    subgroup: str | None
    hours: Amount
    controls: Amount


@dataclass(frozen=True, slots=True)
class ProgrammePlan:
    """The rows by class, subject and subgroup (folded names, "" for none); ``ignored`` columns are unread."""

    rows: Mapping[tuple[int, str, str], PlannedSubject]
    ignored: tuple[str, ...] = ()

    def of(self, group: EduGroup, subject: str, subgroup: str | None) -> PlannedSubject | None:
        """The row of a section: that of its subgroup, else that of the subject in the class."""
        keys = [(group.group_id, folded(subject), folded(name)) for name in (subgroup or "", "")]
        return next((self.rows[key] for key in keys if key in self.rows), None)

    def of_class(self, group: EduGroup) -> Iterator[PlannedSubject]:
        """The rows of a class."""
        return (
            row for (group_id, _subject, _subgroup), row in self.rows.items() if group_id == group.group_id
        )


def read_plan(path: Path, known: Known) -> ProgrammePlan:
    """The plan in a file. Raises TableUnreadable, ColumnsMissing, TableWrong."""
    table = read_table(path, headings(known))
    first_seen: dict[tuple[int, str, str], int] = {}
    rows: dict[tuple[int, str, str], PlannedSubject] = {}
    for row in table.rows:
        group, subject = known.class_of(table, row, "class"), known.subject_of(table, row, "subject")
        amounts = _amount(table, row, "hours", known), _amount(table, row, "controls", known)
        if group is None or subject is None:
            continue
        subgroup = folded(row.cells.get("subgroup", ""))
        key = group.group_id, subject, subgroup
        of_class = known.subgroups.get(group.group_id, {})
        if subgroup and subgroup not in of_class:
            table.fault(row, "subgroup", Problem.UNKNOWN_SUBGROUP, sorted(of_class.values()))
        elif key in rows:
            table.fault(row, "subject", Problem.TWICE, [str(first_seen[key])])
        else:
            first_seen[key] = row.number
            rows[key] = PlannedSubject(known.subjects[subject], of_class.get(subgroup), *amounts)
    table.require_sound()
    return ProgrammePlan(rows, table.ignored)


def headings(known: Known) -> list[Heading]:
    """The columns of a plan for a year with these periods."""
    by_period = [
        heading
        for name in known.periods
        for heading in (
            Heading(f"hours {normal(name)}", _of_period(_HOURS, name, bare=True), needed=False),
            Heading(f"controls {normal(name)}", _of_period(_CONTROLS, name), needed=False),
        )
    ]
    year = Heading("hours", _HOURS, needed=False), Heading("controls", _CONTROLS, needed=False)
    return [_CLASS, _SUBJECT, _SUBGROUP, *year, *by_period]


def _of_period(amounts: tuple[str, ...], name: str, *, bare: bool = False) -> tuple[str, ...]:
    short = [one.removesuffix(" в год").removesuffix(" за год") for one in amounts]
    named = [f"{one}: {name}" for one in dict.fromkeys(short)]
    around = [f"{name}: {one}" for one in dict.fromkeys(short)]
    return (*named, *around, *([name] if bare else []))


def _amount(table: ImportedTable, row: ImportedRow, key: str, known: Known) -> Amount:
    periods = {}
    for name in known.periods:
        number = table.number(row, f"{key} {normal(name)}")
        if number is not None:
            periods[normal(name)] = number
    return Amount(table.number(row, key), periods)
