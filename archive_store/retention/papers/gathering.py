"""What the act of destruction tells, from both books and the ledger."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from archive_store import ledger
from archive_store.asof import AsOf, read
from archive_store.carriers.register import carriers
from archive_store.nomenclature.kinds import Nomenclature
from archive_store.retention.acts import Act
from archive_store.retention.book import LEDGER_KIND, Kind, events
from archive_store.retention.due import SealedFile
from archive_store.retention.papers.destruction import Done
from archive_store.retention.papers.selection import Sheets
from archive_store.retention.reached import erased, retired_copies
from archive_store.schema import SCHOOL

_ACTS = "destruction-act"
_OF_ACT = (Kind.PROPOSED, Kind.APPROVED, Kind.DESTROYED, Kind.CLEARED, Kind.COMPLETED)


def done(
    connection: sa.Connection, school_id: int, act: Act, terms: Nomenclature, backups: Sequence[str]
) -> Done:
    """All that is on record of a destruction; ``backups`` are the older copies of the database by name."""
    in_ledger = _entries(connection, school_id, LEDGER_KIND)
    copies_in_ledger = _entries(connection, school_id, "carrier")
    log = [one for one in events(connection, school_id, *_OF_ACT) if one.details["act"] == act.number]
    school = next(read(connection, SCHOOL, AsOf(school_id)), None)
    return Done(
        act,
        school.city if school else None,
        [(in_ledger[one.number], one) for one in log],
        [(copies_in_ledger[one.number], one) for one in erased(connection, school_id, act)],
        {one.carrier_id: one for one in carriers(connection, school_id)},
        retired_copies(connection, school_id, act),
        backups,
        next((one for one in terms.kinds if one.kind == _ACTS), None),
    )


def sheets_that_stay(act: Act, known: Sequence[SealedFile]) -> list[Sheets]:
    """The newest summary sheets of the years of an act, as far as they stay themselves."""
    named = {(one.study_year, one.bag) for one in act.lines}
    newest = {
        one.study_year: one
        for one in sorted(known, key=lambda one: one.edition)
        if one.is_summary and one.act is None
    }
    return [
        Sheets(year, one.bag, one.root, one.sheets)
        for year, one in sorted(newest.items())
        if year in {line.study_year for line in act.lines} and (year, one.bag) not in named
    ]


def _entries(connection: sa.Connection, school_id: int, kind: str) -> dict[int, int]:
    """The ledger's entry of each line of a book."""
    return {one.about["number"]: one.entry for one in ledger.entries(connection, school_id, kind)}
