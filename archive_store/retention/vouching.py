"""What the ledger vouches for of each run, before and after a part of the record is cleared.

The ledger vouches for every run by what it opened and closed. Before anything is removed the record is held
against it; what remains is vouched for anew by the book of retention.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import orjson
import sqlalchemy as sa

from archive_store import ledger, schema
from archive_store.retention.book import Kind
from archive_store.retention.errors import RecordNotVouched
from archive_store.schema import ANSWER, LEDGER, RETENTION_EVENT, Entity
from archive_store.told import is_entry_of_run, is_line_on_clearing

Told: TypeAlias = dict[int, dict[str, dict[str, Any]]]
"""What is vouched for: by run, by entity."""
Restated: TypeAlias = dict[int, dict[str, Any]]
"""What is vouched for instead of what the ledger's entries say: by run, by entity or kind of answers."""


def restated(connection: sa.Connection, school_id: int) -> Restated:
    """What the book vouches for in the place of the ledger's own entries: by run, by entity.

    A line that says it in no way that can be read vouches for nothing.
    """
    found: Restated = {}
    for said in filter(is_line_on_clearing, _cleared(connection, school_id)):
        for run, entities in said["runs"].items():
            found.setdefault(int(run), {}).update(entities)
    return found


def _cleared(connection: sa.Connection, school_id: int) -> Iterator[Any]:
    """What the lines on clearing say, oldest first."""
    table = RETENTION_EVENT.c
    query = (
        sa.select(table.details)
        .where(table.school_id == school_id, table.kind == Kind.CLEARED.value)
        .order_by(table.number)
    )
    yield from _said(connection.execute(query).scalars())


def vouched(connection: sa.Connection, school_id: int, runs: dict[Entity[Any], set[int]]) -> Told:
    """What is vouched for of each run that loses versions, found to be so. Raises RecordNotVouched."""
    touched = set().union(*runs.values())
    said = restated(connection, school_id)
    told: Told = {}
    wrong = []
    for about in _run_entries(connection, school_id):
        run = about["run"]
        if run not in touched:
            continue
        for entity in (one for one, found in runs.items() if run in found):
            expected = (about["entities"] | said.get(run, {})).get(entity.name) or {}
            found = ledger.digests_of_run(connection, school_id, run, entity)
            if "row" not in about:  # entries of the first version do not vouch for what never stood
                expected, found = ledger.stood(expected), ledger.stood(found)
            if found != expected:
                wrong.append(f"run {run}, {entity.name}")
            told.setdefault(run, {})[entity.name] = expected
    wrong += [f"run {run}" for run in sorted(touched - told.keys())]
    if wrong:
        raise RecordNotVouched(wrong)
    return told


def _run_entries(connection: sa.Connection, school_id: int) -> Iterator[dict[str, Any]]:
    query = sa.select(LEDGER.c.about).where(LEDGER.c.school_id == school_id, LEDGER.c.kind == "run")
    found = connection.execute(query.order_by(LEDGER.c.entry)).scalars().all()
    yield from filter(is_entry_of_run, _said(found))


def _said(texts: Iterable[Any]) -> Iterator[Any]:
    """What texts say as JSON; None of one that is no JSON."""
    for text in texts:
        try:
            yield orjson.loads(text)
        except (ValueError, TypeError):
            yield None


def restated_anew(
    connection: sa.Connection, school_id: int, told: Told, told_answers: dict[int, list[str]]
) -> dict[str, dict[str, Any]]:
    """What is vouched for from now on, of each run that has lost versions or answers."""
    by_name = {one.name: one for one in schema.ENTITIES}
    found: dict[str, dict[str, Any]] = {}
    for run, entities in told.items():
        found[str(run)] = {
            name: ledger.digests_of_run(connection, school_id, run, by_name[name]) for name in entities
        }
    for run, names in told_answers.items():
        found.setdefault(str(run), {}).update(
            {
                name: ledger.answers_digest(connection, school_id, run, ledger.ANSWERS_TOLD[name])
                for name in names
            }
        )
    return found


def answers_vouched(
    connection: sa.Connection, school_id: int, doomed: Sequence[sa.ColumnElement[bool]]
) -> dict[int, list[str]]:
    """What the entries of runs say of answers that will be fewer, found to be so. Raises RecordNotVouched."""
    touched: set[int] = set()
    for where in doomed:
        touched.update(connection.execute(sa.select(ANSWER.c.run_id).distinct().where(where)).scalars())
    said = restated(connection, school_id)
    told: dict[int, list[str]] = {}
    wrong = []
    for about in _run_entries(connection, school_id):
        run = about["run"]
        for name, condition in ledger.ANSWERS_TOLD.items():
            loses = run in touched if condition == "=" else any(one < run for one in touched)
            if name not in about or not loses:
                continue
            expected = said.get(run, {}).get(name, about[name])
            if ledger.answers_digest(connection, school_id, run, condition) != expected:
                wrong.append(f"run {run}, {name}")
            told.setdefault(run, []).append(name)
    if wrong:
        raise RecordNotVouched(wrong)
    return told
