"""What an approved act names is destroyed on all carriers, beside the archive and in the live record."""

from __future__ import annotations

from typing import Any

import pyrage
import pytest
import sqlalchemy as sa

from archive_store import answers, runs, schema
from archive_store.carriers import copying, encrypting, register, rounds
from archive_store.carriers.book import Kind, Scribe, events
from archive_store.carriers.copies import Place, own_place, place_of, sealed_bags
from archive_store.carriers.register import Label, Role, Said
from archive_store.encryption import locks
from archive_store.retention.errors import SheetsNotVerified
from archive_store.retention.sheets import require_sheets
from archive_store.verification.whole import verify
from retained_year import NOW, Archive
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


def test_the_platform_s_answers_that_name_the_class_go_and_the_ledger_proves_the_others(
    small: Archive,
) -> None:
    def got(call: str, body: str, at: str) -> None:
        with small.engine.begin() as connection:
            run_id = runs.begin(connection, SCHOOL, "sync", at, "test")
            answers.keep(connection, SCHOOL, run_id, call, answers.pack(body.encode()))
            runs.end(connection, SCHOOL, run_id, at, "done", {})

    got(f"/edu-groups/{CLASS_A}/lessons", "[]", "2030-01-01T00:00:00Z")
    got("/works?ids=1", f'[{{"eduGroup_str": "{ENGLISH_A}"}}]', "2030-01-02T00:00:00Z")
    got(f"/edu-groups/{CLASS_B}/marks", '[{"value": "5"}]', "2030-01-03T00:00:00Z")
    got("/works?ids=2", f'[{{"id": 7{CLASS_A}}}]', "2030-01-04T00:00:00Z")  # a longer number is another id
    got(f"/edu-groups/{CLASS_B}/lessons", "[]", "2030-01-05T00:00:00Z")
    assert small.destroy(small.propose("journal-9A-ed01").number).is_complete
    with small.engine.connect() as connection:
        left = connection.execute(sa.select(schema.ANSWER.c.call)).scalars().all()
        assert verify(connection, SCHOOL).findings == ()
        connection.execute(schema.ANSWER.delete().where(schema.ANSWER.c.call == "/works?ids=2"))
        assert [one.kind for one in verify(connection, SCHOOL).findings] == ["answers", "answer"]
        connection.rollback()
    of_other = f"/edu-groups/{CLASS_B}"
    assert sorted(left) == [f"{of_other}/lessons", f"{of_other}/marks", "/works?ids=2"]


def test_an_encrypted_copy_that_travels_goes_too_and_is_outstanding_where_it_is_not_there(
    small: Archive,
) -> None:
    lock = locks.for_recipients([str(pyrage.x25519.Identity.generate().to_public())])
    scribe = Scribe(SCHOOL, "tester", "2025-07-02T09:00:00Z")
    label = Label("c", Role.TRAVELLING, "bag of the deputy", "no. c")
    with small.engine.begin() as connection:
        carrier = register.add(connection, scribe, label, small.disk("c"), [small.own], Said.NOTHING)
        wanted = copying.sources(sealed_bags(connection, SCHOOL), own_place(small.own))
    list(encrypting.encrypt(small.engine, scribe, wanted, place_of(carrier), lock))
    year = small.disk("c") / f"{YEAR}-{YEAR + 1}"
    number = small.propose("journal-9A-ed01").number
    away = small.disk("c").rename(small.folder / "away")
    done = small.destroy(number, leave=True)
    assert done.outstanding == (("c", f"{year.name}/journal-9A-ed01"),)
    small.disk("c").rmdir()
    away.rename(small.folder / "disks" / "c")
    assert small.destroy(number, None).is_complete
    assert sorted(path.name for path in year.iterdir()) == ["journal-9B-ed01.tar.age", "summary-ed01.tar.age"]
    listed = (small.disk("c") / encrypting.CHECKSUMS).read_text().split()[1::2]
    assert [name.rpartition("/")[2] for name in listed] == ["journal-9B-ed01.tar.age", "summary-ed01.tar.age"]
    with small.engine.connect() as connection:
        assert len(encrypting.encrypted(connection, SCHOOL, place_of(carrier))) == 2
        assert verify(connection, SCHOOL).findings == ()


def test_a_carrier_taken_out_while_the_sheets_are_read_is_no_carrier_that_lost_them(
    small: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, disk = rounds.check_place, small.disk("b")

    def taken_out(place: Place, *asked: Any) -> Any:
        if place.root == disk:
            disk.rename(disk.with_name("away"))
        return real(place, *asked)

    monkeypatch.setattr(rounds, "check_place", taken_out)
    scribe = Scribe(SCHOOL, "tester", NOW)
    with pytest.raises(SheetsNotVerified):
        require_sheets(small.engine, scribe, YEAR)
    with small.engine.connect() as connection:
        said = [one for one in events(connection, SCHOOL) if one.kind is Kind.CHECKED and one.at == NOW]
        names = [one.name for one in register.in_use(connection, SCHOOL) if one.carrier_id == said[0].carrier]
    assert (len(said), names) == (1, ["a"])
