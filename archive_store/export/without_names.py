"""A report as totals without names: no row of a pupil, no teacher, none of too few; and proof of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from archive_store.export.errors import NameLeft
from archive_store.export.small_groups import FEWEST
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.people import full_name
from archive_store.render.report import Report, Row, Table
from archive_store.texts import _


@dataclass(frozen=True, slots=True)
class Bare:
    """How a form is given without names.

    ``totals_alone``: its rows are pupils, and its totals alone are kept. ``drops`` are keys of columns that
    name people; ``counts`` is the key of the column with the pupils of a row.
    """

    totals_alone: bool = False
    drops: tuple[str, ...] = ()
    counts: str = ""


BARE: Final[Mapping[str, Bare]] = {
    "attendance-summary": Bare(totals_alone=True, drops=("number",)),
    "subject-report": Bare(drops=("teacher",), counts="pupils"),
    "school-report": Bare(counts="at_end"),
    "programme-coverage": Bare(drops=("teachers",)),
}


def without_names(report: Report, names: Collection[str]) -> Report:
    """The report as BARE says, without teachers. Raises NameLeft if one of the names still stands in it."""
    how = BARE[report.name]
    tables = tuple(table for one in report.tables if (table := _bare(one, how)).rows)
    facts = tuple((name, value) for name, value in report.facts if name != _("Class teacher"))
    bare = replace(report, facts=facts, tables=tables, notes=(*report.notes, *_remarks(how)))
    if any(name in text for text in _texts(bare) for name in names):
        raise NameLeft(report.name)
    return bare


def _remarks(how: Bare) -> Iterator[str]:
    if how.totals_alone:
        yield _("Totals alone: the rows of the pupils are left out.")
    elif how.counts:
        said = _("Rows about fewer than {count} pupils are left out, and others that would tell them.")
        yield said.format(count=FEWEST)


def names_of(record: ClassRecord) -> Iterator[str]:
    """The names in full of all people of a class. A single word is no name: it may stand in any text."""
    people = [*record.people.items(), *((one.person_id, one) for one in record.class_teachers)]
    for person_id, human in people:
        name = full_name(human, person_id)
        if " " in name:
            yield name


def _bare(table: Table, how: Bare) -> Table:
    kept = [index for index, column in enumerate(table.columns) if column.key not in how.drops]
    rows: Sequence[Row] = [row for row in table.rows if row.total] if how.totals_alone else table.rows
    keys = [column.key for column in table.columns]
    if how.counts:  # a table that does not tell of how many pupils its rows are is left out
        rows = _of_enough(rows, keys.index(how.counts)) if how.counts in keys else ()
    return replace(
        table,
        columns=tuple(table.columns[index] for index in kept),
        rows=tuple(replace(row, values=tuple(row.values[index] for index in kept)) for row in rows),
        when_empty="",
    )


def _of_enough(rows: Sequence[Row], count: int) -> list[Row]:
    """The rows of enough pupils. Where one is left out its neighbours go too: a sum would give it away.

    Rows of classes go together, and sums above them go together but for the last, which is of all.
    """

    def enough(row: Row) -> bool:
        value = row.values[count]
        return isinstance(value, int) and (value >= FEWEST or value == 0)

    single, sums = [row for row in rows if not row.total], [row for row in rows if row.total]
    if not sums:
        hidden_of = {_of_what(row) for row in single if not enough(row)}
        whole = [row for row in single if row.values[0] == _of_what(row) or _of_what(row) not in hidden_of]
        return [row for row in whole if enough(row)]
    hidden = not all(enough(row) for row in single)
    hidden_sums = not all(enough(row) for row in sums)
    kept = [row for row in rows if row is sums[-1] or not (hidden_sums if row.total else hidden)]
    return [row for row in kept if enough(row)]


def _of_what(row: Row) -> str:
    """The subject of a row: one of a subgroup names it in brackets."""
    return str(row.values[0]).partition(" (")[0]


def _texts(report: Report) -> Iterator[str]:
    yield from (report.title, report.about, *report.notes, *(value for _name, value in report.facts))
    for table in report.tables:
        yield from (table.title, *table.notes)
        for row in table.rows:
            yield from (value for value in row.values if isinstance(value, str))
