"""Who confirmed the school's terms, when and by which document. The ledger vouches for it.

A confirmation holds for the very terms that were confirmed: whatever is changed has to be confirmed again.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from archive_store import ledger
from archive_store.nomenclature.kinds import Nomenclature
from archive_store.schema import TERMS_CONFIRMATION


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A confirmation: at which moment (UTC), by whom, by which document."""

    at: str
    by: str
    document: str


def confirm(
    connection: sa.Connection, school_id: int, terms: Nomenclature, said: Confirmation
) -> ledger.Head:
    """Record that the school has confirmed these terms, in the caller's transaction."""
    table = TERMS_CONFIRMATION
    newest = sa.select(sa.func.max(table.c.number)).where(table.c.school_id == school_id)
    number = (connection.execute(newest).scalar() or 0) + 1
    connection.execute(
        table.insert().values(
            school_id=school_id,
            number=number,
            at=said.at,
            by=said.by,
            document=said.document,
            digest=terms.digest,
            content=terms.as_json(),
        )
    )
    about = {"number": number, "by": said.by, "document": said.document, "digest": terms.digest.hex()}
    return ledger.append(connection, school_id, "terms", said.at, about)


def confirmed(connection: sa.Connection, school_id: int, terms: Nomenclature) -> Confirmation | None:
    """The confirmation of these very terms, or None: no other has been given since."""
    table = TERMS_CONFIRMATION
    row = connection.execute(
        sa.select(table).where(table.c.school_id == school_id).order_by(table.c.number.desc()).limit(1)
    ).first()
    if row is None or bytes(row.digest) != terms.digest:
        return None
    return Confirmation(row.at, row.by, row.document)
