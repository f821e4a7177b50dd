"""Nothing that was received is left out without a word: each entity has its bags, each lack its reason."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing as closed
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import answers, runs, schema
from archive_store.snapshot import parquet
from archive_store.snapshot.canonical_csv import Written
from archive_store.snapshot.seal import Extras, SealingFailed
from archive_store.snapshot.verifier import verify
from archive_store.year.closing import Order, close_year
from handling import DATABASE, JOURNAL, OTHER_JOURNAL, PASSPORT, SUMMARY, csv_rows
from small_year import (
    AT,
    FILES,
    FIRST_NIGHT,
    NEVER_TAUGHT,
    SCHOOL,
    STAYS,
    TEACHERS,
    WORKSHEET,
    YEAR,
    Slice,
    fill,
    night,
    put_files,
)

BOTH, JOURNALS = {JOURNAL, SUMMARY}, {JOURNAL}
# In which bag of a class and of the year each entity lies. A new entity must be given its place here.
PLACES = {
    "school": BOTH, "person": BOTH, "edu_group": BOTH, "membership": BOTH, "former_member": BOTH,
    "class_teacher": BOTH, "subject": BOTH, "reporting_period": BOTH, "work_type": BOTH, "value_list": BOTH,
    "section": BOTH, "work": BOTH, "final_mark": BOTH,
    "teacher": JOURNALS, "bell": JOURNALS, "lesson": JOURNALS, "mark": JOURNALS, "attendance": JOURNALS,
    "homework_file": JOURNALS, "homework_task": JOURNALS, "platform_average": JOURNALS,
    "thematic_mark": JOURNALS, "criteria_mark": JOURNALS, "criteria_total": JOURNALS,
    "criteria_section": JOURNALS,
    # Of the staff only who taught or set a work: the others have no part in the journal.
    "staff_member": JOURNALS,
}  # fmt: skip


def _passport(bag: Path) -> dict[str, Any]:
    return json.loads((bag / PASSPORT).read_bytes())


def _rows(bag: Path, table: str) -> list[tuple[Any, ...]]:
    with closed(sqlite3.connect(f"file:{bag / DATABASE}?mode=ro&immutable=1", uri=True)) as database:
        return database.execute(f"SELECT * FROM {table}").fetchall()


@pytest.mark.parametrize("entity", schema.ENTITIES, ids=lambda entity: entity.name)
def test_every_entity_lies_in_its_bags_with_its_history(sealed: Path, entity: schema.Entity[Any]) -> None:
    for bag in (JOURNAL, SUMMARY):
        tables = _passport(sealed / bag)["tables"]
        there = {entity.name, f"history_{entity.name}"} & tables.keys()
        assert there == ({entity.name, f"history_{entity.name}"} if bag in PLACES[entity.name] else set())
    assert _rows(sealed / JOURNAL, entity.name), "the small year has one of each"


def test_every_record_of_the_year_is_in_some_bag(sealed: Path) -> None:
    """But for those of the next year, and the staff that has no part in any journal."""
    bags = [sealed / name for name in (JOURNAL, OTHER_JOURNAL, SUMMARY)]
    for part in FIRST_NIGHT:
        names = part.entity.key or ("name",)
        kept = {
            key
            for bag in bags
            if part.entity.name in _passport(bag)["tables"]
            for prefix in ("", "history_")
            for key in _keys(bag, f"{prefix}{part.entity.name}", names)
        }
        left_out = {tuple(str(getattr(one, name)) for name in names) for one in part.records} - kept
        assert all(str(NEVER_TAUGHT) in key for key in left_out) or _is_of_next_year(part, left_out)


def _keys(bag: Path, table: str, names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    header, *rows = csv_rows(bag / f"data/tables/{table}.csv.gz")
    yield from (tuple(row[header.index(name)] for name in names) for row in rows)


def _is_of_next_year(part: Slice, keys: set[tuple[str, ...]]) -> bool:
    of_next = {
        tuple(str(getattr(one, name)) for name in part.entity.key)
        for one in part.records
        if getattr(one, "study_year", None) == YEAR + 1 or (getattr(one, "day", None) or "") > "2025-08-31"
    }
    return keys <= of_next


def test_earlier_names_are_kept(sqlite_store: sa.Engine, tmp_path: Path) -> None:
    """A pupil renamed, a teacher, a subject, a type of work, a bell: all as they were before, too."""
    by_entity = {part.entity.name: part.records[0] for part in FIRST_NIGHT}
    changes = {
        "person": {"last_name": "Новая"}, "teacher": {"position": "Завуч"}, "subject": {"name": "Анализ"},
        "work_type": {"title": "Ответ"}, "bell": {"starts": "09:00"}, "school": {"name": "Гимназия"},
        "staff_member": {"first_name": "Анна"}, "value_list": {"entries": "[]"},
        "section": {"state": "failed"},
    }  # fmt: skip
    entities = {entity.name: entity for entity in schema.ENTITIES}
    later = [Slice(entities[name], [by_entity[name]._replace(**new)]) for name, new in changes.items()]
    night(fill(sqlite_store), later, "2025-06-04")
    with sqlite_store.connect() as connection:
        path = close_year(connection, SCHOOL, YEAR, tmp_path, AT).sealed.path
    for name in changes:
        before = tuple(by_entity[name])
        assert (*before, "2025-06-01T20:00:00Z", "2025-06-04T20:00:00Z") in _rows(
            path / JOURNAL, f"history_{name}"
        )


def test_of_the_staff_only_who_taught_or_set_a_work_is_named(sealed: Path) -> None:
    assert {row[1] for row in _rows(sealed / JOURNAL, "staff_member")} == {STAYS}
    assert TEACHERS[0].person_id == STAYS


def test_the_passport_says_what_the_platform_gave_and_did_not_give(sealed: Path) -> None:
    assert _passport(sealed / JOURNAL)["received"] == [
        {"name": "homework_tasks", "state": "refused", "detail": "no right"},
        {"name": "marks", "state": "received", "detail": None},
        {"name": "messages", "state": "not offered", "detail": None},
    ]
    text = (sealed / SUMMARY / "data/passport.txt").read_text("utf-8-sig")
    assert "Homework, pupil by pupil: refused: the account has no right to it (no right)" in text
    assert "Messages: not offered by the platform" in text


# Files of homework


def test_files_of_homework_are_sealed_under_their_digests(sealed: Path) -> None:
    digest = sha256(WORKSHEET).hexdigest()
    assert (sealed / JOURNAL / "data/files" / digest).read_bytes() == WORKSHEET
    assert _passport(sealed / JOURNAL)["files"] == {
        "kept": 1, "bytes": len(WORKSHEET), "states": {"kept": 1, "too large": 1}, "lacking": [],
    }  # fmt: skip
    assert not (sealed / OTHER_JOURNAL / "data/files").exists()
    assert _passport(sealed / OTHER_JOURNAL)["files"]["kept"] == 0
    assert _passport(sealed / SUMMARY)["files"] is None


@pytest.mark.parametrize(
    ("damage", "reason"), [("removed", "not found"), ("altered", "altered"), ("no folder", "not found")]
)
def test_a_file_that_lacks_is_named_and_stops_nothing(
    archive: sa.Engine, tmp_path: Path, damage: str, reason: str
) -> None:
    folder = put_files(tmp_path / "files")
    path = folder / FILES[0].contents[:2] / FILES[0].contents
    if damage == "removed":
        path.unlink()
    elif damage == "altered":
        path.write_bytes(WORKSHEET + b"!")
    extras = Extras(None if damage == "no folder" else folder)
    with archive.connect() as connection:
        year = close_year(connection, SCHOOL, YEAR, tmp_path / "sealed", AT, Order(extras=extras)).sealed.path
    files = _passport(year / JOURNAL)["files"]
    assert files["kept"] == 0
    assert files["lacking"] == [
        {
            "sha256": FILES[0].contents, "work_id": str(FILES[0].work_id), "file_id": "71",
            "name": "задание.pdf", "reason": reason,
        }
    ]  # fmt: skip
    assert "задание.pdf (71): its contents" in (year / JOURNAL / "data/passport.txt").read_text("utf-8-sig")
    assert not list((year / JOURNAL / "data").glob("files/*"))
    assert verify(year).sound


# Parquet and the platform's answers, where they are asked for


def test_parquet_holds_the_same_rows_under_the_same_digest(archive: sa.Engine, tmp_path: Path) -> None:
    extras = Extras(put_files(tmp_path / "files"), parquet=True)
    closings = []
    for place in ("once", "again"):
        with archive.connect() as connection:
            closings.append(close_year(connection, SCHOOL, YEAR, tmp_path / place, AT, Order(extras=extras)))
    one, again = closings
    assert [bag.root for bag, _term in one.sealed.bags] == [bag.root for bag, _term in again.sealed.bags]
    bag = one.sealed.path / JOURNAL
    passport = _passport(bag)
    assert passport["parquet"] == parquet.version()
    for name, stated in passport["tables"].items():
        found = parquet.read_back(bag / f"data/tables/{name}.parquet")
        assert found == Written(stated["rows"], stated["sha256"], stated["bytes"])
    assert verify(one.sealed.path).sound


def test_parquet_that_does_not_read_back_is_not_sealed(
    archive: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_truth", lambda value: None if value is None else not value)
    with archive.connect() as connection, pytest.raises(SealingFailed):
        close_year(connection, SCHOOL, YEAR, tmp_path, AT, Order(extras=Extras(parquet=True)))
    assert list(tmp_path.iterdir()) == []


def test_answers_are_a_bag_of_their_own(store: sa.Engine, tmp_path: Path) -> None:
    fill(store)
    bodies = {"edu-groups/1": b'{"a": 1}', "edu-groups/Ё": b'{"a": 1}', "works": b"\xff not text"}
    with store.begin() as connection:
        old = runs.begin(connection, SCHOOL, "sync", "2023-01-01T00:00:00Z", "test")
        answers.keep(connection, SCHOOL, old, "of another year", answers.pack(b"[]"))
        runs.end(connection, SCHOOL, old, "2023-01-01T00:00:00Z", "done", {})
        run = runs.begin(connection, SCHOOL, "sync", "2025-06-04T20:00:00Z", "test")
        for call, body in bodies.items():
            answers.keep(connection, SCHOOL, run, call, answers.pack(body))
        runs.end(connection, SCHOOL, run, "2025-06-04T20:00:00Z", "done", {})
    with store.connect() as connection:
        closing = close_year(connection, SCHOOL, YEAR, tmp_path, AT, Order(extras=Extras(answers=True)))
    bag = closing.sealed.path / "answers-ed01"
    assert _rows(bag, "answer") == [
        (run, call, "2025-06-04T20:00:00Z", sha256(bodies[call]).hexdigest()) for call in sorted(bodies)
    ]
    digests = {sha256(body).hexdigest(): body for body in bodies.values()}
    kept = {row[0]: row[1:] for row in _rows(bag, "raw_answer")}
    assert kept.keys() == digests.keys()
    assert ("utf-8", '{"a": 1}') in kept.values()
    assert ("base64", "/yBub3QgdGV4dA==") in kept.values()
    assert (_passport(bag)["kind"], _passport(bag)["retention"]["years"]) == ("answers", 5)
    assert _passport(closing.sealed.path / SUMMARY)["bags"].keys() == {JOURNAL, OTHER_JOURNAL, "answers-ed01"}
    assert verify(closing.sealed.path).sound
