"""Results of ВПР, which the platform does not give: a table of pupils, subjects and marks.

Columns, in any order: «Ученик» (the name, or surname and initials) or «Номер ученика» (the id in the
archive), «Предмет», «Отметка за ВПР»; and «Класс», which is needed for namesakes alone: a pupil who changed
classes is one of that where he is now. A mark is 2, 3, 4 or 5; an empty cell, a dash or «н» is a pupil who
did not write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive_store.imports.errors import ColumnsMissing, Problem
from archive_store.imports.known import Known
from archive_store.imports.pupils import KnownPupils
from archive_store.imports.table import Heading, read_table

NAME: Final = Heading(
    "name",
    (
        "Ученик", "ФИО", "Ф.И.О.", "Фамилия, имя, отчество", "Фамилия и имя", "Фамилия, имя",
        "ФИО ученика", "ФИО обучающегося", "Обучающийся", "Учащийся", "Участник", "ФИО участника",
    ),
    needed=False,
)  # fmt: skip
NUMBER: Final = Heading("number", ("Номер ученика", "Код ученика", "ID ученика", "Код", "ID"), needed=False)
CLASS: Final = Heading("class", ("Класс",), needed=False)
SUBJECT: Final = Heading("subject", ("Предмет", "Учебный предмет"))
MARK: Final = Heading(
    "mark", ("Отметка за ВПР", "ВПР", "Отметка", "Отметка ВПР", "Оценка за ВПР", "Оценка ВПР", "Оценка")
)
_DID_NOT_WRITE: Final = frozenset({"", "-", "–", "—", "н", "не писал", "не писала", "отсутствовал", "x", "х"})
_MARKS: Final = {"2": 2, "3": 3, "4": 4, "5": 5}


@dataclass(frozen=True, slots=True)
class VprResult:
    """The mark of a pupil in a subject; None if he did not write."""

    group_id: int
    person_id: int
    subject: str
    mark: int | None


@dataclass(frozen=True, slots=True)
class VprResults:
    """The results by row; ``ignored`` columns are unread.

    ``changed`` are the ids of the pupils of the table who were in several classes of the year.
    """

    rows: Sequence[VprResult]
    ignored: tuple[str, ...] = ()
    changed: frozenset[int] = frozenset()


def read_vpr(path: Path, known: Known, pupils: KnownPupils) -> VprResults:
    """The results in a file. Raises TableUnreadable, ColumnsMissing, TableWrong."""
    table = read_table(path, [NAME, NUMBER, CLASS, SUBJECT, MARK])
    if not {"name", "number"} & table.titles.keys():
        raise ColumnsMissing(path, [NAME.title], [*table.titles.values(), *table.ignored])
    rows: list[VprResult] = []
    first_seen: dict[tuple[int, str], int] = {}
    for row in table.rows:
        named = bool(row.cells.get("class"))
        group = known.class_of(table, row, "class") if named else None
        subject = known.subject_of(table, row, "subject")
        pupil = None
        if group is not None or not named:
            pupil = pupils.of_row(table, row, group.group_id if group else None)
        text = row.cells.get("mark", "").strip()
        if text not in _MARKS and text.casefold() not in _DID_NOT_WRITE:
            table.fault(row, "mark", Problem.NOT_A_MARK)
        if pupil is None or subject is None:
            continue
        key = pupil.person_id, subject
        if key in first_seen:
            table.fault(
                row, "name" if row.cells.get("name") else "number", Problem.TWICE, [str(first_seen[key])]
            )
        first_seen.setdefault(key, row.number)
        rows.append(VprResult(pupil.group_id, pupil.person_id, known.subjects[subject], _MARKS.get(text)))
    table.require_sound()
    changed = frozenset(one.person_id for one in rows if pupils.has_changed(one.person_id))
    return VprResults(rows, table.ignored, changed)
