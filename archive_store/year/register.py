"""The register of sealed years: which editions there are, what each is, and which bags it brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from archive_store import ledger
from archive_store.schema import CLOSING, SNAPSHOT
from archive_store.signatures.keys import SigningKey
from archive_store.snapshot import naming
from archive_store.snapshot.edition import Before, Edition, Stage
from archive_store.snapshot.seal import SealedYear


@dataclass(frozen=True, slots=True)
class RegisteredBag:
    """A bag on record: ``group_id`` is its class, None for the summary sheets and for very old rows."""

    name: str
    root: str
    group_id: int | None
    path: Path
    retention_years: int

    @property
    def is_summary(self) -> bool:
        """Whether it holds the summary sheets of the year."""
        return naming.is_summary(self.name)


@dataclass(frozen=True, slots=True)
class SealedEdition:
    """An edition on record. ``checks`` are the results at its closing: code, count, severity."""

    study_year: int
    number: int
    stage: Stage
    at: str
    run_id: int
    by: str
    reason: str
    order_number: str
    accepted: Mapping[str, int]
    checks: Sequence[Mapping[str, Any]]
    bags: tuple[RegisteredBag, ...]

    @property
    def place(self) -> Path:
        """The folder of the year; the setting may name another by now."""
        return self.bags[0].path.parent


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be registered beside the bags."""

    study_year: int
    run_id: int
    at: str
    by: str
    checks: Sequence[Mapping[str, Any]] = ()
    key: SigningKey | None = None


def editions(connection: sa.Connection, school_id: int, study_year: int) -> list[SealedEdition]:
    """The editions of a year, the first one first; none if it was never closed.

    A year that was sealed before there were two steps was closed for good.
    """
    bags = sa.select(SNAPSHOT).where(SNAPSHOT.c.school_id == school_id, SNAPSHOT.c.study_year == study_year)
    by_edition: dict[int, list[Any]] = {}
    for row in connection.execute(bags.order_by(SNAPSHOT.c.edition, SNAPSHOT.c.bag)):
        by_edition.setdefault(row.edition, []).append(row)
    said = sa.select(CLOSING).where(CLOSING.c.school_id == school_id, CLOSING.c.study_year == study_year)
    closings = {row.edition: row for row in connection.execute(said)}
    return [_edition(rows, closings.get(number)) for number, rows in sorted(by_edition.items())]


def closed_years(connection: sa.Connection, school_id: int) -> list[int]:
    """The academic years of which the register has an edition, oldest first."""
    query = sa.select(SNAPSHOT.c.study_year).distinct().where(SNAPSHOT.c.school_id == school_id)
    return sorted(connection.execute(query).scalars())


def newest_bags(known: Sequence[SealedEdition], groups: Mapping[str, int]) -> dict[int | None, Before]:
    """The newest bag of each class by its id; None is that of the summary sheets.

    ``groups`` tells the class of a bag by the name without the edition, for rows that do not name it.
    """
    newest: dict[int | None, Before] = {}
    for edition in known:
        for one in edition.bags:
            key = None if one.is_summary else one.group_id or groups.get(naming.stem_of(one.name))
            if one.is_summary or key is not None:
                newest[key] = Before(one.name, one.root)
    return newest


def register(
    connection: sa.Connection, school_id: int, sealed: SealedYear, edition: Edition, entry: Entry
) -> ledger.Head:
    """Register an edition and let the ledger vouch for it, in the caller's transaction."""
    for one, term in sealed.bags:
        connection.execute(
            SNAPSHOT.insert().values(
                school_id=school_id,
                study_year=entry.study_year,
                bag=one.name,
                retention_years=term,
                root=one.root,
                run_id=entry.run_id,
                path=str(sealed.path / one.name),
                sealed_at=entry.at,
                edition=edition.number,
                group_id=sealed.groups.get(one.name),
            )
        )
    connection.execute(
        CLOSING.insert().values(
            school_id=school_id,
            study_year=entry.study_year,
            edition=edition.number,
            stage=edition.stage.value,
            at=entry.at,
            run_id=entry.run_id,
            by=entry.by,
            reason=edition.reason,
            order_number=edition.order_number,
            accepted=orjson.dumps(dict(edition.accepted), option=orjson.OPT_SORT_KEYS).decode(),
            checks=orjson.dumps(list(entry.checks)).decode(),
        )
    )
    row = connection.execute(
        sa.select(CLOSING).where(
            CLOSING.c.school_id == school_id,
            CLOSING.c.study_year == entry.study_year,
            CLOSING.c.edition == edition.number,
        )
    ).one()
    roots = {one.name: one.root.hex() for one, _term in sealed.bags}
    terms = {one.name: term for one, term in sealed.bags}
    groups = {one.name: sealed.groups.get(one.name) for one, _term in sealed.bags}
    about = {**ledger.closing_entry(row, roots), "terms": terms, "groups": groups}
    if entry.key is not None:
        about["key"] = entry.key.public.fingerprint
    return ledger.append(connection, school_id, "snapshot", entry.at, about)


def _edition(rows: list[Any], said: Any) -> SealedEdition:  # noqa: ANN401 - rows of the register
    first = rows[0]
    bags = tuple(
        RegisteredBag(row.bag, bytes(row.root).hex(), row.group_id, Path(row.path), row.retention_years)
        for row in rows
    )
    if said is None:
        stage, by, texts = Stage.FINAL, "", ("", "")
        accepted, checks = {}, []
    else:
        stage, by, texts = Stage(said.stage), said.by, (said.reason, said.order_number)
        accepted, checks = orjson.loads(said.accepted), orjson.loads(said.checks)
    return SealedEdition(
        first.study_year,
        first.edition,
        stage,
        first.sealed_at,
        first.run_id,
        by,
        *texts,
        accepted,
        checks,
        bags,
    )
