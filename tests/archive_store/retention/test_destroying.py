"""What an approved act names is destroyed on all carriers, beside the archive and in the live record."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from archive_store import schema
from archive_store.verification.whole import verify
from retained_year import Archive
from small_year import CLASS_A, CLASS_B, ENGLISH_A, SCHOOL, SHARED, YEAR


def of_group(archive: Archive, entity: schema.Entity[Any], *groups: int) -> int:
    """How many versions of the groups the live record holds."""
    table = entity.table
    query = sa.select(sa.func.count()).select_from(table).where(table.c.group_id.in_(groups))
    with archive.engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def test_the_journal_of_a_class_goes_everywhere_and_the_ledger_still_proves_the_rest(
    archive: Archive,
) -> None:
    act = archive.propose("journal-9A-ed01")
    assert [one.bag for one in act.lines] == ["journal-9A-ed01"]
    done = archive.destroy(act.number)
    assert done.is_complete
    assert done.act.completed_at is not None
    places = [archive.own, archive.disk("a"), archive.disk("b")]
    year = f"{YEAR}-{YEAR + 1}"
    for place in places:
        assert sorted(path.name for path in (place / year).iterdir()) == ["journal-9B-ed01", "summary-ed01"]
        assert len(list((place / "destroyed").iterdir())) == 1
    for entity in (schema.LESSON, schema.MARK, schema.ATTENDANCE, schema.HOMEWORK_FILE):
        assert of_group(archive, entity, CLASS_A, ENGLISH_A) == 0
    # What another class or the summary sheets need stays.
    assert of_group(archive, schema.LESSON, SHARED) == 3
    assert of_group(archive, schema.LESSON, CLASS_B) == 3
    assert of_group(archive, schema.FINAL_MARK, CLASS_A) == 5
    assert of_group(archive, schema.WORK, CLASS_A) == 5  # those behind the final marks
    assert of_group(archive, schema.MEMBERSHIP, CLASS_A) == 4
    assert not [path for path in archive.files.rglob("*") if path.is_file()]
    with archive.engine.connect() as connection:
        assert verify(connection, SCHOOL).findings == ()
