"""Whether what an act names may be destroyed: asked before it begins, and once more as it is decided."""

from __future__ import annotations

import sqlalchemy as sa

from archive_store.nomenclature.kinds import Nomenclature
from archive_store.retention.acts import Act
from archive_store.retention.due import State, sealed_files
from archive_store.retention.errors import Held, JournalsRemain, NotDue


def require_allowed(
    connection: sa.Connection, school_id: int, act: Act, nomenclature: Nomenclature, today: str
) -> None:
    """Make sure that all that an act names may be destroyed on a day. Raises Held, NotDue, JournalsRemain."""
    files = sealed_files(connection, school_id, nomenclature, today)
    known = {(one.study_year, one.bag): one for one in files}
    named = [known[one.study_year, one.bag] for one in act.lines]
    held = [one for one in named if one.holds]
    if held:
        holds = sorted({number for one in held for number in one.holds})
        raise Held(holds, [one.bag for one in held])
    units = {one.unit for one in named}
    # An edition that was sealed since belongs to the same record group, and stands in no act yet.
    added = [
        one for one in known.values()
        if one.unit in units and one not in named and one.state is not State.DESTROYED
    ]  # fmt: skip
    early = [one for one in named if today < one.due_from] + added
    if early:
        raise NotDue([one.bag for one in early])
    for one in named:
        if one.state is State.JOURNALS:
            left = [
                other.bag for other in known.values()
                if other.study_year == one.study_year and not other.is_summary
                and other.state is not State.DESTROYED
            ]  # fmt: skip
            raise JournalsRemain(one.study_year, left)
