"""The words of what can be wrong with a table that was given to be compared with the record."""

from __future__ import annotations

from typing import Final

from archive_store.imports.errors import (
    ColumnsMissing,
    Fault,
    Problem,
    TableNeeded,
    TableUnreadable,
    TableWrong,
    WrongCell,
)
from archive_store.texts import N_, _
from connector.cli import system_words
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation, listed

_MOST_CELLS: Final = 20
_MOST_KNOWN: Final = 40
_FAULTS: Final = {
    Fault.CANNOT_BE_OPENED: N_("The table {path} cannot be read: {reason}."),
    Fault.TOO_LARGE: N_("The table {path} is larger than 20 MB."),
    Fault.PASSWORD: N_("The table {path} is protected by a password."),
    Fault.NOT_A_TABLE: N_("The file {path} is no table that the program can read, or is damaged."),
    Fault.EMPTY: N_("The table {path} is empty."),
}
_PROBLEMS: Final = {
    Problem.EMPTY: N_("the cell is empty"),
    Problem.NOT_A_NUMBER: N_("«{value}» is no number"),
    Problem.NOT_A_MARK: N_("«{value}» is no mark from 2 to 5"),
    Problem.UNKNOWN_CLASS: N_("there is no class «{value}»"),
    Problem.UNKNOWN_SUBJECT: N_("there is no subject «{value}»"),
    Problem.UNKNOWN_SUBGROUP: N_("the class has no subgroup «{value}»"),
    Problem.UNKNOWN_PUPIL: N_("there is no pupil «{value}»"),
    Problem.SEVERAL_PUPILS: N_("there are several pupils «{value}»"),
    Problem.SEVERAL_CLASSES: N_("«{value}» was in several classes of the year and is in none now"),
    Problem.TWICE: N_("«{value}» stands in the table already, in row {known}"),
}
_KNOWN: Final = {
    Problem.UNKNOWN_CLASS: N_("The archive knows these classes: {names}."),
    Problem.UNKNOWN_SUBJECT: N_("The archive knows these subjects: {names}."),
    Problem.UNKNOWN_SUBGROUP: N_("Subgroups of the class: {names}."),
    Problem.SEVERAL_PUPILS: N_("Name the class and the whole name, or the number: {names}."),
    Problem.SEVERAL_CLASSES: N_("Name the class in which the pupil is to be counted: {names}."),
}


def _table_needed(error: TableNeeded) -> Explanation:
    return Explanation(
        _("The form {name} compares the record with a table, and none was given.").format(name=error.form),
        _(
            "Give it with --table FILE. An empty one to be filled in: dnevnik-archive form {name} --template "
            "--year YEAR --out FOLDER"
        ).format(name=error.form),
        ExitCode.USAGE,
    )


def _table_unreadable(error: TableUnreadable) -> Explanation:
    return Explanation(
        _(_FAULTS[error.fault]).format(path=error.path, reason=system_words.reason(error.reason)),
        _("Give a table as CSV, XLSX, XLS or ODS, without a password."),
        ExitCode.FILES,
    )


def _columns_missing(error: ColumnsMissing) -> Explanation:
    return Explanation(
        _("The table {path} lacks columns: {missing}. Its first row is: {found}.").format(
            path=error.path, missing=listed(error.missing), found=listed(error.found)
        ),
        _("Name the columns so in a row above the table. Their order does not matter."),
        ExitCode.FILES,
    )


def _table_wrong(error: TableWrong) -> Explanation:
    shown = error.cells[:_MOST_CELLS]
    lines = [_cell(one) for one in shown]
    more = len(error.cells) - len(shown)
    if more:
        lines.append(_("and {count} more").format(count=more))
    wrong = _("The table {path} cannot be understood: {lines}.").format(
        path=error.path, lines="; ".join(lines)
    )
    known = dict.fromkeys(_names(one) for one in shown)
    remedy = [*(one for one in known if one), _("Mend the table and run the command again.")]
    return Explanation(wrong, " ".join(remedy), ExitCode.FILES)


def _cell(one: WrongCell) -> str:
    problem = _(_PROBLEMS[one.problem]).format(value=one.value, known=listed([*one.known]))
    return _("row {row}, column «{column}»: {problem}").format(
        row=one.row, column=one.column, problem=problem
    )


def _names(one: WrongCell) -> str:
    if one.problem not in _KNOWN or not one.known:
        return ""
    names = [*one.known[:_MOST_KNOWN], *(["…"] if len(one.known) > _MOST_KNOWN else [])]
    return _(_KNOWN[one.problem]).format(names=listed(names))


TABLES: Final[dict[type[BaseException], Explain]] = {
    TableNeeded: _table_needed,
    TableUnreadable: _table_unreadable,
    ColumnsMissing: _columns_missing,
    TableWrong: _table_wrong,
}
