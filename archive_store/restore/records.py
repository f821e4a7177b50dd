"""Bring the rows of a sealed table into the shape of today's records; say what has no place there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, get_args, get_type_hints

from archive_store.restore.errors import BagNotReadable
from archive_store.restore.reading import Table, Value, rows
from archive_store.schema import ENTITIES, Entity

_ENTITIES: Final = {entity.name: entity for entity in ENTITIES}
_HISTORY: Final = "history_"
_BLANK: Final[dict[type, Any]] = {int: 0, bool: False, str: ""}


@dataclass(frozen=True, slots=True)
class Left:
    """Something of a bag that was not taken over, and why: a code that the commands word."""

    code: str
    bag: str
    table: str
    columns: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Fit:
    """How a table fits an entity: where each column comes from, what is unknown, what is not there."""

    entity: Entity[Any]
    takes: tuple[Callable[[tuple[Value, ...]], Any], ...]
    unknown: tuple[str, ...]
    absent: tuple[str, ...]

    def records(self, table: Table) -> Iterator[Any]:
        """The rows as records. Raises BagNotReadable."""
        make, takes = self.entity.record._make, self.takes
        for number, row in enumerate(rows(table), start=2):
            try:
                yield make([take(row) for take in takes])
            except ValueError as error:
                raise BagNotReadable(table.path.name, f"line {number}") from error


def entity_of(table: str) -> Entity[Any] | None:
    """The entity that a table shows; None for earlier versions and for what this program does not know."""
    return _ENTITIES.get(table)


def is_history(table: str) -> bool:
    """Whether a table holds earlier versions of records."""
    return table.startswith(_HISTORY)


def fit(table: Table, entity: Entity[Any]) -> Fit | None:
    """How the table fits; None if a column of the key is not there."""
    if not {*entity.key} <= {*table.columns}:
        return None
    absent = tuple(name for name in entity.columns if name not in table.columns)
    unknown = tuple(name for name in table.columns if name not in entity.columns)
    takes = tuple(_take(table, entity, name) for name in entity.columns)
    return Fit(entity, takes, unknown, absent)


def _take(table: Table, entity: Entity[Any], name: str) -> Callable[[tuple[Value, ...]], Any]:
    kind, nullable = _type_of(entity, name)
    blank = None if nullable else _BLANK[kind]
    if name not in table.columns:
        return lambda _row: blank
    position = table.columns.index(name)
    read = _READ[kind]

    def take(row: tuple[Value, ...]) -> Any:  # noqa: ANN401 - whatever a column holds
        value = row[position]
        return blank if value is None else read(value)

    return take


def _type_of(entity: Entity[Any], name: str) -> tuple[type, bool]:
    hint = get_type_hints(entity.record)[name]
    parts = get_args(hint) or (hint,)
    return next(kind for kind in (bool, int, str) if kind in parts), type(None) in parts


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


_READ: Final[dict[type, Callable[[str], Any]]] = {int: int, bool: _flag, str: str}
