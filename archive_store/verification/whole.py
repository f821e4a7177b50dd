"""Verify a school's ledger: the chain and the registers always, the versions all or since the last time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
import sqlalchemy as sa

from archive_store.ledger import ANSWERS_TOLD, NO_HEAD, chained, digests_of_run, stood
from archive_store.retention.vouching import Restated, restated
from archive_store.schema import (
    ACCESS,
    ANSWER,
    CARRIER_EVENT,
    CLOSING,
    ENTITIES,
    LEDGER,
    RAW_ANSWER,
    RETENTION_EVENT,
    RUN,
    SNAPSHOT,
    TERMS_CONFIRMATION,
    Entity,
)
from archive_store.statements import any_text, mark_of
from archive_store.told import is_number, is_told
from archive_store.verification import answers, registers, shapes, versions
from archive_store.verification.findings import Finding, Verdict
from archive_store.verification.memory import Checked

_HELD: Final = (
    *(entity.table for entity in ENTITIES), ANSWER, RAW_ANSWER, SNAPSHOT, CLOSING, TERMS_CONFIRMATION,
    ACCESS, CARRIER_EVENT, RETENTION_EVENT,
)  # fmt: skip
_UNREADABLE: Final[dict[str, Any]] = {}


def verify(connection: sa.Connection, school_id: int, since: Checked | None = None) -> Verdict:
    """Recompute the chain, every version and every answer; after ``since`` only those of later runs.

    A version that was closed later is among those of the run that closed it. The caller's connection
    should read one state of the database (:func:`one_state`) if anybody may be writing.
    """
    with any_text(connection):
        return _Verification(connection, school_id, since).verdict()


@contextmanager
def one_state(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that sees the database as it is now, whatever is written meanwhile."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        else:
            connection.exec_driver_sql("BEGIN")
        yield connection


@dataclass(slots=True)
class _Verification:
    """One verification under way."""

    connection: sa.Connection
    school_id: int
    since: Checked | None
    findings: list[Finding] = field(default_factory=list)
    versions: int = 0
    answers: int = 0
    vouched: dict[int, tuple[int, Mapping[str, Any]]] = field(default_factory=dict)
    restated: Restated = field(default_factory=dict)

    def verdict(self) -> Verdict:
        entries, head = self._chain()
        self.restated = restated(self.connection, self.school_id)
        actual = {entity.name: self._runs_in(entity) for entity in ENTITIES}
        actual[ANSWER.name] = self._runs_with_answers()
        self._unvouched(actual)
        for run_id, (entry, about) in self.vouched.items():
            if self.since is None or entry > self.since.entry:
                self._run(run_id, entry, about, actual)
        if self.since is None:
            for entity in ENTITIES:
                self.versions += versions.check(self.connection, entity, self.school_id, self.findings)
            self.answers = answers.check_bodies(self.connection, self.school_id, self.findings)
        self.findings.extend(answers.check_pairs(self.connection, self.school_id))
        self._strangers()
        start = self.since.entry if self.since else 0
        return Verdict(
            entries,
            self.versions,
            tuple(self.findings),
            self.since is None,
            start,
            entries,
            head,
            self.answers,
        )

    def _chain(self) -> tuple[int, bytes]:
        """Recompute the chain and hold the registers against it: how many entries, and the last head."""
        previous, entries = NO_HEAD, 0
        counted: Counter[str] = Counter()
        query = sa.select(LEDGER).where(LEDGER.c.school_id == self.school_id).order_by(LEDGER.c.entry)
        for row in self.connection.execute(query).all():
            entries += 1
            follows = _follows(row, entries, previous)
            if not follows:
                self.findings.append(Finding("chain", row.entry, row.kind))
            previous = bytes(row.head) if isinstance(row.head, bytes) else NO_HEAD
            if self.since and entries == self.since.entry and previous != self.since.head:
                self.findings.append(Finding("checked", entries, row.kind))
            about = _about(row)
            counted += registers.rows_of(row.kind, about)
            if row.kind == "run" and is_number(about.get("run")):
                self.vouched[about["run"]] = entries, about
            if about is _UNREADABLE or not shapes.is_well_formed(row.kind, about):
                if follows:  # else it is named already
                    self.findings.append(Finding("malformed", row.entry, row.kind))
                continue
            self.findings.extend(registers.check_entry(self.connection, self.school_id, row, about))
        if self.since and self.since.entry > entries:
            self.findings.append(Finding("checked", self.since.entry, ""))
        self.findings.extend(registers.check_counts(self.connection, self.school_id, counted))
        return entries, previous

    def _runs_in(self, entity: Entity[Any]) -> set[Any]:
        """The runs that the versions of an entity name."""
        table = entity.table
        opened = sa.select(table.c.seen_from).distinct().where(table.c.school_id == self.school_id)
        # By the index of what was closed, which is little; by the school's it would read the whole table.
        ours = table.c.school_id + 0 == self.school_id
        closed = sa.select(table.c.seen_to).distinct().where(ours, table.c.seen_to.is_not(None))
        return {row[0] for query in (opened, closed) for row in self.connection.execute(query)}

    def _runs_with_answers(self) -> set[Any]:
        query = sa.select(ANSWER.c.run_id).distinct().where(ANSWER.c.school_id == self.school_id)
        return set(self.connection.execute(query).scalars())

    def _run(self, run_id: int, entry: int, about: Mapping[str, Any], actual: Mapping[str, set[Any]]) -> None:
        """Recompute what a run opened and closed; in part of the record also the contents of it."""
        mark = mark_of(self.connection)
        told_now = self._answers_after_destruction(run_id, about)
        self.findings.extend(answers.check_run(self.connection, self.school_id, run_id, entry, told_now))
        if self.since is not None:
            self.answers += answers.check_bodies(self.connection, self.school_id, self.findings, run_id)
        said = about.get("entities")
        said = said if isinstance(said, dict) else {}
        for entity in ENTITIES:
            told = said.get(entity.name)
            told = told if told and is_told(entity.name, told) else {}
            if not told and run_id not in actual[entity.name]:
                continue
            told, fewer = self._after_destruction(run_id, entity.name, told)
            found = digests_of_run(self.connection, self.school_id, run_id, entity)
            if "row" not in about:  # entries of the first version do not vouch for what never stood
                found, told = stood(found), stood(told)
            if found != told or not fewer:
                self.findings.append(_run_finding(run_id, entry, entity.name, told, found))
            if self.since is not None:
                # One after the other: either has an index, and both together would read the table.
                for where in (f" AND seen_from = {mark}", f" AND seen_to = {mark} AND seen_from <> seen_to"):
                    self.versions += versions.check(
                        self.connection, entity, self.school_id, self.findings, where, (run_id,)
                    )

    def _after_destruction(
        self, run_id: int, entity: str, told: Mapping[str, Any]
    ) -> tuple[dict[str, Any], bool]:
        """What is vouched for of a run by now, and whether it is no more than the ledger once said."""
        now = self.restated.get(run_id, {}).get(entity)
        if now is None:
            return dict(told), True
        fewer = all(now.get(side, 0) <= told.get(side, 0) for side in ("opened", "closed"))
        return dict(now), fewer

    def _answers_after_destruction(self, run_id: int, about: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is vouched for of a run's answers by now; never more of them than its entry once said."""
        now = self.restated.get(run_id, {})
        fewer = {
            name: now[name]
            for name in ANSWERS_TOLD
            if name in now and is_told(name, about.get(name)) and now[name]["count"] <= about[name]["count"]
        }
        return {**about, **fewer}

    def _unvouched(self, actual: Mapping[str, set[Any]]) -> None:
        """Versions that name a run which the ledger does not vouch for, and which is not under way."""
        allowed = {*self.vouched, *self._under_way()}
        for name, found in actual.items():
            for run_id in sorted(found - allowed, key=str):
                run = run_id if isinstance(run_id, int) else None
                place = f"run {run_id}, {name}"
                self.findings.append(Finding("unvouched", 0, place, run=run, entity=name))
        begun = sa.select(RUN.c.run_id).where(RUN.c.school_id == self.school_id, RUN.c.ended_at.is_(None))
        for (run_id,) in self.connection.execute(begun).all():
            if run_id not in allowed:
                self.findings.append(Finding("register", 0, "run", run=run_id))

    def _under_way(self) -> Iterator[int]:
        """A run under way is the newest there is; any other that never ended is none of ours."""
        newest = sa.select(sa.func.max(RUN.c.run_id)).where(RUN.c.school_id == self.school_id)
        query = sa.select(RUN.c.run_id).where(
            RUN.c.run_id == newest.scalar_subquery(), RUN.c.outcome == "running", RUN.c.ended_at.is_(None)
        )
        yield from self.connection.execute(query).scalars().all()

    def _strangers(self) -> None:
        """Rows of a school that has no run, or no ledger either: nobody would ever verify them."""
        chained, running = (set(schools_in(self.connection, table)) for table in (LEDGER, RUN))
        for school in sorted(chained - running - {self.school_id}):  # every chain begins with a run
            self.findings.append(Finding("unvouched", 0, f"school {school}, ledger", entity=LEDGER.name))
        known = chained | running
        for table in _HELD:
            for school in schools_in(self.connection, table):
                if school not in known:
                    place = f"school {school}, {table.name}"
                    self.findings.append(Finding("unvouched", 0, place, entity=table.name))


def schools(connection: sa.Connection) -> list[int]:
    """Every school of which a table holds anything, whether or not the ledger knows of it."""
    found = {school for table in (LEDGER, RUN, *_HELD) for school in schools_in(connection, table)}
    return sorted(found)


def schools_in(connection: sa.Connection, table: sa.Table) -> list[int]:
    """The schools of which one table holds anything, in the order of their numbers."""
    return [school for (school,) in connection.execute(_schools_of(table)).all() if school is not None]


def _schools_of(table: sa.Table) -> sa.Select[Any]:
    """The numbers of schools in a table, found one after the other by its key instead of by reading it."""
    one = sa.select(sa.func.min(table.c.school_id).label("school")).cte("schools", recursive=True)
    after = sa.select(
        sa.select(sa.func.min(table.c.school_id)).where(table.c.school_id > one.c.school).scalar_subquery()
    ).where(one.c.school.is_not(None))
    return sa.select(one.union_all(after).c.school)


def _follows(row: sa.Row[Any], number: int, previous: bytes) -> bool:
    try:
        expected = chained(previous, number, row.kind, row.at, row.about)
    except TypeError:  # what stands there is no text
        return False
    return bool(row.entry == number and row.head == expected)


def _about(row: sa.Row[Any]) -> dict[str, Any]:
    try:
        about = orjson.loads(row.about)
    except (ValueError, TypeError):
        return _UNREADABLE
    return about if isinstance(about, dict) else _UNREADABLE


def _run_finding(
    run_id: int, entry: int, name: str, told: Mapping[str, Any], found: Mapping[str, Any]
) -> Finding:
    sides = ("opened", "closed", "passed")
    return Finding(
        "run",
        entry,
        f"run {run_id}, {name}",
        run=run_id,
        entity=name,
        expected=tuple(told.get(side, 0) for side in sides),
        found=tuple(found.get(side, 0) for side in sides),
    )
