"""A tombstone wins over whatever brings destroyed records back, and is believed only if it can be true."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.carriers.book import Scribe
from archive_store.carriers.copies import Level, copies, own_place, sealed_bags
from archive_store.carriers.rounds import check_round, places_of
from archive_store.nomenclature import kinds
from archive_store.restore.errors import AllDestroyed
from archive_store.restore.restoring import read_source, restore
from archive_store.retention import erasing, holds, live
from archive_store.retention.acts import propose
from archive_store.retention.again import Again, destroy_again
from archive_store.retention.due import sealed_files
from archive_store.retention.errors import RecordNotVouched, RecordsDestroyed
from archive_store.retention.holds import Subject
from archive_store.retention.notes import lying_in, write_beside
from archive_store.retention.tombstones import acknowledge, enter, journals_destroyed, tombstones
from archive_store.snapshot import verifier
from archive_store.store import make_store
from archive_store.verification.whole import verify
from archive_store.year.act import COLUMNS, act_of
from archive_store.year.amending import Amendment, amend_year
from retained_year import DUE, NOW, Archive
from small_year import CLASS_A, CLASS_B, ENGLISH_A, SCHOOL, SHARED, YEAR, put_files

YEAR_FOLDER = f"{YEAR}-{YEAR + 1}"


@pytest.fixture
def before(small: Archive) -> Path:
    """A copy of the database from before the destruction."""
    file = small.folder / "before.sqlite"
    with (
        closing(sqlite3.connect(small.folder / "archive.sqlite")) as source,
        closing(sqlite3.connect(file)) as target,
    ):
        source.backup(target)
    return file


@pytest.fixture
def destroyed(small: Archive, before: Path) -> Archive:
    """The archive after the journal of 9А was destroyed."""
    assert small.destroy(small.propose("journal-9A-ed01").number).is_complete
    return small


def lessons(engine: sa.Engine) -> int:
    table = schema.LESSON.table
    with engine.connect() as connection:
        query = sa.select(sa.func.count()).select_from(table).where(table.c.group_id == CLASS_A)
        return int(connection.execute(query).scalar_one())


def again(archive: Archive, file: Path, today: str = DUE) -> tuple[Again, sa.Engine]:
    engine = make_store(f"sqlite:///{file}")
    done = destroy_again(engine, archive.clerk(), [archive.own], [archive.files], kinds.default(), today)
    return done, engine


def test_an_old_copy_of_the_database_loses_it_again(destroyed: Archive, before: Path) -> None:
    done, engine = again(destroyed, before)
    assert [one.bag for one in done.stones] == ["journal-9A-ed01"]
    assert lessons(engine) == 0
    with engine.connect() as connection:
        assert [one.act for one in tombstones(connection, SCHOOL)] == [1]
        assert verify(connection, SCHOOL).findings == ()
        assert journals_destroyed(connection, SCHOOL).keys() == {CLASS_A, ENGLISH_A}
        assert SHARED not in journals_destroyed(connection, SCHOOL)
    assert again(destroyed, before)[0].stones == ()  # once is enough


def test_a_tombstone_is_not_believed_before_its_time_nor_of_another_bag_nor_against_a_hold(
    destroyed: Archive, before: Path
) -> None:
    assert [one.bag for one in again(destroyed, before, "2030-12-31")[0].doubtful] == ["journal-9A-ed01"]
    ((_school, stone),) = lying_in([destroyed.own])
    shutil.rmtree(destroyed.own / "destroyed")
    write_beside(destroyed.own, SCHOOL, [dataclasses.replace(stone, root="0" * 64, years=1)])
    assert len(again(destroyed, before)[0].doubtful) == 1
    shutil.rmtree(destroyed.own / "destroyed")
    write_beside(destroyed.own, SCHOOL, [dataclasses.replace(stone, years=1)])
    assert len(again(destroyed, before, "2028-01-20")[0].doubtful) == 1  # the sealed bag says five
    engine = make_store(f"sqlite:///{before}")
    with engine.begin() as connection:
        holds.hold(connection, destroyed.clerk(), Subject(YEAR), "суд", "№ 1")
    assert len(again(destroyed, before)[0].doubtful) == 1
    assert lessons(engine) == 6


@pytest.mark.parametrize(
    "planted",
    [
        {"group": CLASS_B},  # a root on record, with a class that lives
        {"bag": "journal-X-ed01", "root": "0" * 64, "study_year": 1990, "years": 1, "group": CLASS_B},
        {"bag": "journal-X-ed01", "root": "0" * 64, "study_year": 1990, "years": 8000},
        {"bag": "journal-X-ed01", "root": "0" * 64, "study_year": 1990, "years": 0},
    ],
)
def test_a_file_that_somebody_puts_there_destroys_nothing(
    destroyed: Archive, before: Path, planted: dict[str, Any]
) -> None:
    ((_school, stone),) = lying_in([destroyed.own])
    shutil.rmtree(destroyed.own / "destroyed")
    write_beside(destroyed.own, SCHOOL, [dataclasses.replace(stone, **planted)])
    done, engine = again(destroyed, before)
    assert done.stones == ()
    assert lessons(engine) == 6


def test_of_an_archive_from_before_the_closing_a_hold_on_any_bag_of_the_year_forbids(
    destroyed: Archive, before: Path
) -> None:
    engine = make_store(f"sqlite:///{before}")
    with engine.begin() as connection:
        connection.execute(schema.SNAPSHOT.delete())
        holds.hold(connection, destroyed.clerk(), Subject(YEAR, "journal-9B"), "суд", "№ 1")
    assert again(destroyed, before)[0].stones == ()
    with engine.begin() as connection:
        holds.release(connection, destroyed.clerk(), 1, "снято", "№ 2")
    assert [one.bag for one in again(destroyed, before)[0].stones] == ["journal-9A-ed01"]


def test_an_act_is_numbered_after_those_of_the_copy_whose_tombstones_were_taken_over(
    destroyed: Archive, before: Path
) -> None:
    ((_school, stone),) = lying_in([destroyed.own])
    engine = make_store(f"sqlite:///{before}")
    with engine.begin() as connection:
        connection.execute(schema.RETENTION_EVENT.delete())  # as a restored archive begins
        enter(connection, destroyed.clerk(), [dataclasses.replace(stone, act=7)])
        chosen = sealed_files(connection, SCHOOL, kinds.default(), DUE)
        assert propose(connection, destroyed.clerk(), chosen, destroyed.own).number == 8


def test_files_that_are_no_tombstones_are_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "destroyed"
    folder.mkdir()
    for number, text in enumerate(("", "[]", "{}", '{"format": "dnevnik-archive tombstone 1"}', "\xff")):
        (folder / f"{number}.json").write_text(text, "latin-1")
    assert list(lying_in([tmp_path])) == []


def test_a_bag_that_turns_up_is_not_restored_and_the_new_archive_knows_why(
    destroyed: Archive, prepared: Path, tmp_path: Path
) -> None:
    year = tmp_path / "found" / YEAR_FOLDER
    shutil.copytree(prepared / "snapshots" / YEAR_FOLDER, year)  # a forgotten carrier
    known = list(lying_in([destroyed.own]))
    source = read_source(year, known, DUE)
    assert source is not None
    assert source.destroyed == ("journal-9A-ed01",)
    engine = make_store(f"sqlite:///{tmp_path / 'restored.sqlite'}")
    with engine.begin() as connection:
        restore(connection, source, NOW, "test")
    assert lessons(engine) == 0
    with engine.connect() as connection:
        assert [one.bag for one in tombstones(connection, SCHOOL)] == ["journal-9A-ed01"]
        assert verify(connection, SCHOOL).findings == ()
    with pytest.raises(AllDestroyed):
        read_source(year / "journal-9A-ed01", known, DUE)
    # A note that cannot be true yet hinders nothing.
    early = read_source(year, known, "2030-12-31")
    assert early is not None
    assert early.destroyed == ()


def test_a_destroyed_bag_is_not_missing_and_one_that_still_lies_somewhere_is_named(
    destroyed: Archive,
) -> None:
    report = verifier.verify(destroyed.own / YEAR_FOLDER)
    (told,) = report.destroyed
    assert (told.place, told.act, told.at) == (f"{YEAR_FOLDER}/journal-9A-ed01", 1, NOW)
    assert (report.missing, report.findings, report.sound) == (0, [], True)
    with destroyed.engine.connect() as connection:
        assert "journal-9A-ed01" not in [one.bag for one in sealed_bags(connection, SCHOOL)]
        assert "journal-9A-ed01" not in [one.bag for one in copies(connection, SCHOOL)]
        places = places_of(connection, SCHOOL, destroyed.own, None)
    forgotten = destroyed.disk("a") / YEAR_FOLDER / "journal-9A-ed01"
    shutil.copytree(destroyed.disk("a") / YEAR_FOLDER / "journal-9B-ed01", forgotten)
    found = check_round(
        destroyed.engine, Scribe(SCHOOL, "tester", NOW), places, Level.QUICK, lambda _place, _bag: None
    )
    unsound = [(one.place, one.bag, one.state, one.why) for one in found.verdicts if not one.is_sound]
    assert unsound == [("a", "journal-9A-ed01", "extra", "destroyed")]
    assert own_place(destroyed.own).key in {one.key for one in found.places}


def test_verify_py_alone_tells_what_was_destroyed_from_what_is_missing(destroyed: Archive) -> None:
    (bag,) = (destroyed.own / YEAR_FOLDER).glob("summary-*")
    command = [sys.executable, "-I", str(bag / "verify.py"), "--files", str(destroyed.own / YEAR_FOLDER)]
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert ended.returncode == 0, ended.stdout
    assert "destroyed by acts, not missing: 1." in ended.stdout
    assert (
        "journal-9A-ed01: уничтожено, акт об уничтожении № 1 от 20.01.2031 / destroyed under act No 1"
        in ended.stdout
    )
    assert "missing: 0." in ended.stdout


Told = dict[str, Any]


@pytest.mark.parametrize(
    "forged",
    [
        {"root": "0" * 64}, {"bag": "journal-9B-ed01"}, {"study_year": 2023}, {"school": "77"},
        {"school": None},
        {"format": "dnevnik-archive tombstone 9"}, {"act": 0}, {"act": "1"}, {"act": True}, {"at": "2031"},
        {"at": 5}, {"group": None}, {"years": 5.0}, {"at": "2030-12-30T09:00:00Z"}, {"years": 6},
    ],
    ids=str,
)  # fmt: skip
def test_a_note_that_does_not_fit_what_the_summary_says_excuses_nothing(
    destroyed: Archive, forged: Told
) -> None:
    (note,) = (destroyed.own / "destroyed").iterdir()
    note.write_text(json.dumps(json.loads(note.read_text()) | forged))
    report = verifier.verify(destroyed.own / YEAR_FOLDER, contents=False)
    assert [(one.code, one.path) for one in report.findings] == [
        ("bag-missing", f"{YEAR_FOLDER}/journal-9A-ed01")
    ]
    assert (report.destroyed, report.missing, report.sound) == ([], 1, False)


@pytest.mark.parametrize(
    "content", ["", "[]", "{", "[" * 100_000, '{"format": 1, "format": 2}', " " * 70_000]
)
def test_a_note_that_cannot_be_read_excuses_nothing_and_stops_nothing(
    destroyed: Archive, content: str
) -> None:
    (note,) = (destroyed.own / "destroyed").iterdir()
    note.write_text(content)
    report = verifier.verify(destroyed.own / YEAR_FOLDER, contents=False)
    assert [one.code for one in report.findings] == ["bag-missing"]


def test_a_note_excuses_no_bag_that_lies_there_damaged(destroyed: Archive) -> None:
    (destroyed.own / YEAR_FOLDER).chmod(0o700)
    (destroyed.own / YEAR_FOLDER / "journal-9A-ed01").mkdir()
    report = verifier.verify(destroyed.own / YEAR_FOLDER, contents=False)
    assert (report.destroyed, report.sound) == ([], False)
    assert "bag-missing" in [one.code for one in report.findings]


def test_what_is_known_from_elsewhere_is_acknowledged_by_its_root_alone(destroyed: Archive) -> None:
    with destroyed.engine.connect() as connection:
        (known,) = tombstones(connection, SCHOOL)
    shutil.rmtree(destroyed.own / "destroyed")
    report = verifier.verify(destroyed.own / YEAR_FOLDER, contents=False)
    acknowledge(report, [dataclasses.replace(known, root="0" * 64)])
    assert [one.code for one in report.findings] == ["bag-missing"]
    acknowledge(report, [known])
    assert (report.findings, report.missing, [one.act for one in report.destroyed]) == ([], 0, [1])
    assert report.sound


def test_the_act_of_closing_shows_no_zeros_for_what_is_gone_and_nothing_is_amended(
    destroyed: Archive,
) -> None:
    with destroyed.engine.connect() as connection:
        act = act_of(connection, SCHOOL, YEAR)
        first, second = (dict(zip(COLUMNS, one.counts, strict=True)) for one in act.classes)
        totals = dict(zip(COLUMNS, act.totals, strict=True))
        assert (first["lessons"], first["marks"], first["finals"]) == (None, None, 5)
        assert second["lessons"] is not None
        assert totals["lessons"] is None
        assert [one.act for one in act.destroyed] == [1]
        with pytest.raises(RecordsDestroyed):
            amend_year(connection, SCHOOL, YEAR, destroyed.own, NOW, Amendment("a", "1"))


def test_a_record_that_was_altered_is_not_cleared_and_what_was_removed_is_vouched_for(small: Archive) -> None:
    act = small.propose("journal-9A-ed01")
    digest = "UPDATE lesson SET digest = zeroblob(32) WHERE lesson_id = (SELECT min(lesson_id) FROM lesson)"
    with small.engine.begin() as connection:
        kept = connection.exec_driver_sql(
            "SELECT digest FROM lesson WHERE lesson_id = (SELECT min(lesson_id) FROM lesson)"
        ).scalar_one()
        connection.exec_driver_sql(digest)
    with pytest.raises(RecordNotVouched):
        small.destroy(act.number)
    assert lessons(small.engine) == 6
    with small.engine.begin() as connection:
        connection.exec_driver_sql(digest.replace("zeroblob(32)", "?"), (kept,))
    assert small.destroy(act.number).is_complete
    # Whoever removes more than the act did is found out, also if he writes it into the book.
    for statement in (
        "DELETE FROM mark WHERE mark_id = (SELECT min(mark_id) FROM mark)",
        (
            "UPDATE retention_event SET details = replace(details, '\"opened\":', '\"opened\":1') "
            "WHERE kind = 'cleared'"
        ),
        "DELETE FROM retention_event WHERE kind = 'destroyed'",
    ):
        with small.engine.connect() as connection:
            connection.exec_driver_sql(statement)
            assert verify(connection, SCHOOL).findings
            connection.rollback()
    with small.engine.connect() as connection:
        assert verify(connection, SCHOOL).findings == ()


def test_a_bag_that_is_not_due_is_restored_and_not_buried(
    destroyed: Archive, prepared: Path, tmp_path: Path
) -> None:
    year = tmp_path / "found" / YEAR_FOLDER
    shutil.copytree(prepared / "snapshots" / YEAR_FOLDER, year)
    known = [(school, dataclasses.replace(one, years=1)) for school, one in lying_in([destroyed.own])]
    source = read_source(year, known, "2028-01-20")  # the sealed bag says five years
    assert source is not None
    assert (source.destroyed, source.stones) == ((), ())
    engine = make_store(f"sqlite:///{tmp_path / 'restored.sqlite'}")
    with engine.begin() as connection:
        restore(connection, source, NOW, "test")
    assert lessons(engine) > 0
    with engine.connect() as connection:
        assert tombstones(connection, SCHOOL) == []


def test_what_a_killed_command_had_cleared_goes_from_the_disk_with_the_next(
    destroyed: Archive, before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(live, "tidy", _killed)  # the next step after the contents of files
        killed.setattr(erasing, "overwrite_contents", lambda *_asked: None)
        with pytest.raises(KeyboardInterrupt):
            again(destroyed, before)
    put_files(destroyed.files)
    assert _files(destroyed)
    assert again(destroyed, before)[0].stones == ()
    assert _files(destroyed) == []


def _files(archive: Archive) -> list[Path]:
    return [path for path in archive.files.rglob("*") if path.is_file()]


def _killed(*_asked: object) -> None:
    raise KeyboardInterrupt
