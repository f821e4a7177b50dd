"""A sealed year: its layout, its papers, and the record in it, row by row, in both forms."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing as closed
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import runs, schema
from archive_store.asof import AsOf, last_known, read
from archive_store.catalogue import year_span
from archive_store.history import Absence, Scope, write
from archive_store.records import Membership, School
from archive_store.snapshot import contents, seal, verifier
from archive_store.year.closing import Closing, close_year
from handling import DATABASE, JOURNAL, OTHER_JOURNAL, PASSPORT, SUMMARY, csv_rows
from small_year import (
    AFTER,
    CLASS_A,
    CLASS_B,
    CORRECTED,
    FILES,
    FINALS,
    FIRST_NIGHT,
    LESSONS,
    MARKS,
    PUPILS_A,
    PUPILS_B,
    SCHOOL,
    SHARED,
    WITHDRAWN,
    Slice,
    fill,
    night,
)

BAGS = (JOURNAL, OTHER_JOURNAL, SUMMARY)
TABLES = {
    "school", "edu_group", "membership", "former_member", "class_teacher", "subject", "reporting_period",
    "work_type", "value_list", "section", "person", "work", "final_mark",
}  # fmt: skip
OF_JOURNALS = {
    "teacher", "staff_member", "bell", "lesson", "mark", "attendance", "homework_file", "homework_task",
    "platform_average", "thematic_mark", "criteria_mark", "criteria_total", "criteria_section",
}  # fmt: skip


def _passport(bag: Path) -> dict[str, Any]:
    return json.loads((bag / PASSPORT).read_bytes())


def _info(bag: Path) -> dict[str, str]:
    lines = (bag / "bag-info.txt").read_text("utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines)


def _ask(bag: Path, query: str) -> list[tuple[Any, ...]]:
    with closed(sqlite3.connect(f"file:{bag / DATABASE}?mode=ro&immutable=1", uri=True)) as database:
        return database.execute(query).fetchall()


def _column(bag: Path, table: str, column: str) -> list[str]:
    header, *rows = csv_rows(bag / f"data/tables/{table}.csv.gz")
    return [row[header.index(column)] for row in rows]


@pytest.fixture(params=BAGS)
def each(sealed: Path, request: pytest.FixtureRequest) -> Path:
    """Each bag of the sealed year in turn. Read only."""
    return sealed / request.param


# Layout and papers


def test_a_year_is_a_bag_for_each_class_and_one_of_the_summary_sheets(closing: Closing) -> None:
    assert closing.sealed.path.name == "2024-2025"
    assert sorted(path.name for path in closing.sealed.path.iterdir()) == sorted(BAGS)
    assert [(bag.name, term) for bag, term in closing.sealed.bags] == list(zip(BAGS, (5, 5, 25), strict=True))
    assert [path.name for path in closing.sealed.path.parent.iterdir()] == ["2024-2025"]


def test_a_bag_holds_its_tables_the_database_the_passport_and_the_means_to_check_them(each: Path) -> None:
    tables = TABLES if each.name == SUMMARY else TABLES | OF_JOURNALS
    assert {path.relative_to(each).as_posix() for path in each.rglob("*") if path.is_file()} == {
        "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "verify.py",
        "read-me.txt", "verify.html",
        "data/passport.json", "data/passport.txt",
        "data/archive.sqlite", "data/tables/datapackage.json",
        *(f"data/tables/{one}{name}.csv.gz" for name in tables for one in ("", "history_")),
        *([f"data/files/{FILES[0].contents}"] if each.name == JOURNAL else []),
    }  # fmt: skip
    assert (each / "verify.py").read_bytes() == Path(verifier.__file__).read_bytes()


def test_what_was_sealed_is_what_is_reported(closing: Closing) -> None:
    for bag, _term in closing.sealed.bags:
        folder = closing.sealed.path / bag.name
        payload = [path for path in (folder / "data").rglob("*") if path.is_file()]
        assert (bag.files, bag.size) == (len(payload), sum(path.stat().st_size for path in payload))
        assert bag.root == sha256((folder / "tagmanifest-sha256.txt").read_bytes()).digest()
        assert _info(folder)["Payload-Oxum"] == f"{bag.size}.{bag.files}"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_can_write_and_only_the_owner_can_read(sealed: Path) -> None:
    modes = {stat.S_IMODE(path.stat().st_mode) for path in sealed.rglob("*") if path.is_file()}
    assert modes == {0o400}
    folders = [sealed, *(path for path in sealed.rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o500}


@pytest.mark.parametrize(
    ("name", "term", "destroy", "group"),
    [
        (JOURNAL, "5", "2031-01-01", str(CLASS_A)),
        (OTHER_JOURNAL, "5", "2031-01-01", str(CLASS_B)),
        (SUMMARY, "25", "2051-01-01", None),
    ],
)
def test_the_bags_label(sealed: Path, name: str, term: str, destroy: str, group: str | None) -> None:
    info = _info(sealed / name)
    assert info["Source-Organization"] == "МБОУ «Школа № 901»"
    assert info["External-Identifier"] == f"urn:dnevnik-archive:{SCHOOL}:2024-2025:{name}"
    assert info["Bagging-Date"] == "2025-06-03"  # of the record, not of the clock
    assert (info["Study-Year"], info["Edition"], info["Ledger-Entry"]) == ("2024-2025", "1", "3")
    assert (info["Retention-Years"], info["May-Destroy-From"]) == (term, destroy)
    assert info.get("Group-Identifier") == group


def test_the_passport_for_programs(sealed: Path, closing: Closing) -> None:
    passport = _passport(sealed / JOURNAL)
    assert passport["school"] == {"id": str(SCHOOL), "name": "МБОУ «Школа № 901»"}
    assert (passport["study_year"], passport["group"]) == (2024, {"id": str(CLASS_A), "name": "9А"})
    assert passport["record"]["run"] == passport["record"]["ledger_entry"] == 3
    assert passport["record"]["recorded_at"] == "2025-06-03T20:00:00Z"
    assert passport["sections"] == {
        "lesson": 12, "topic": 8, "homework": 4, "mark": 4, "attendance": 2, "final_mark": 5,
    }  # fmt: skip
    assert passport["complete"]
    assert (passport["checks"], passport["bags"]) == ([], {})
    summary = _passport(sealed / SUMMARY)
    assert summary["group"] == {"id": None, "name": None}
    assert summary["bags"] == {bag.name: bag.root.hex() for bag, _ in closing.sealed.bags[:-1]}
    assert [(one["code"], one["count"]) for one in summary["checks"]] == [
        (one.code, one.count) for one in closing.checks if one.of_record
    ]


def test_an_empty_section_makes_a_journal_incomplete(sqlite_store: sa.Engine, tmp_path: Path) -> None:
    fill(sqlite_store)
    night(sqlite_store, [Slice(schema.ATTENDANCE, [], absence=Absence.WITHDRAWN)], "2025-06-04")
    with sqlite_store.connect() as connection:
        path = close_year(connection, SCHOOL, 2024, tmp_path, "2025-06-20T09:00:00Z").sealed.path
    assert not _passport(path / JOURNAL)["complete"]
    text = (path / JOURNAL / "data/passport.txt").read_text("utf-8-sig")
    assert "Attendance: EMPTY" in text
    assert "INCOMPLETE" in text


def test_the_papers_for_people_say_what_is_sealed_and_open_in_notepad(sealed: Path, closing: Closing) -> None:
    for name in ("data/passport.txt", "read-me.txt"):
        raw = (sealed / JOURNAL / name).read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        assert raw.count(b"\n") == raw.count(b"\r\n")
    passport = (sealed / SUMMARY / "data/passport.txt").read_text("utf-8-sig")
    assert "2024/2025" in passport
    assert "25 years; may be destroyed from 2051-01-01" in passport
    for bag, _term in closing.sealed.bags[:-1]:
        assert f"{bag.name}: {bag.root.hex()}" in passport
    assert "9А" in (sealed / JOURNAL / "read-me.txt").read_text("utf-8-sig")


def test_a_schools_name_of_several_lines_cannot_add_to_the_label(
    sqlite_store: sa.Engine, tmp_path: Path
) -> None:
    fill(sqlite_store)
    forged = School("МБОУ\r\nPayload-Oxum: 0.0\n«Школа»", None, None, None, None)
    night(sqlite_store, [Slice(schema.SCHOOL, [forged])], "2025-06-04")
    with sqlite_store.connect() as connection:
        path = close_year(connection, SCHOOL, 2024, tmp_path, "2025-06-20T09:00:00Z").sealed.path
    assert _info(path / JOURNAL)["Source-Organization"] == "МБОУ Payload-Oxum: 0.0 «Школа»"
    assert verifier.verify(path).sound


# The record


def _expected(connection: sa.Connection, entity: schema.Entity[Any]) -> Iterator[tuple[Any, ...]]:
    """What the journal of 9А must hold of the dated entities, told independently of the sealing."""
    column = entity.table.c
    first, last = year_span(2024)
    for record in read(connection, entity, AsOf(SCHOOL), column.day.between(first, last)):
        if record.group_id != CLASS_B:
            yield record


@pytest.mark.parametrize("entity", [schema.LESSON, schema.MARK, schema.ATTENDANCE], ids=lambda one: one.name)
def test_the_standing_record_is_in_both_forms_row_by_row(
    archive: sa.Engine, sealed: Path, entity: schema.Entity[Any]
) -> None:
    with archive.connect() as connection:
        expected = list(_expected(connection, entity))
    assert len(expected) > 1
    assert _ask(sealed / JOURNAL, f"SELECT * FROM {entity.name} ORDER BY rowid") == [
        tuple(int(v) if isinstance(v, bool) else v for v in row) for row in expected
    ]


def test_both_forms_of_a_table_hold_the_same_rows_in_the_same_order(each: Path) -> None:
    for name, stated in _passport(each)["tables"].items():
        path = each / f"data/tables/{name}.csv.gz"
        header, *rows = csv_rows(path)
        described = _ask(each, f"SELECT name, type FROM pragma_table_info('{name}')")
        assert [column for column, _type in described] == header
        truths = {
            n for n, column in enumerate(header) if column in ("is_important", "in_journal", "in_average")
        }
        in_database = [
            [
                "" if v is None else ("true" if v else "false") if n in truths else str(v)
                for n, v in enumerate(row)
            ]
            for row in _ask(each, f"SELECT * FROM {name} ORDER BY rowid")
        ]
        assert rows == in_database
        content = gzip.decompress(path.read_bytes())
        assert stated == {"rows": len(rows), "bytes": len(content), "sha256": sha256(content).hexdigest()}


def test_an_empty_text_is_not_a_text_that_is_missing(sealed: Path) -> None:
    assert _ask(sealed / JOURNAL, "SELECT count(*) FROM lesson WHERE topic = ''") == [(2,)]
    assert _ask(sealed / JOURNAL, "SELECT count(*) FROM lesson WHERE topic IS NULL") == [(2,)]
    lines = gzip.decompress((sealed / JOURNAL / "data/tables/lesson.csv.gz").read_bytes())
    assert lines.count(b',1,"",,') == 2
    assert lines.count(b",1,,,") == 2


def test_texts_are_sealed_as_they_are(sealed: Path) -> None:
    topics = _column(sealed / JOURNAL, "lesson", "topic")
    assert {'Корни, "часть 1"', "Две\nстроки\r\nи третья", "=СУММ(A1)", "«Ёлка»; 100 %", " пробел "} <= set(
        topics
    )
    assert topics == [one.topic or "" for one in LESSONS[:12]]


def test_corrected_and_withdrawn_versions_are_kept_with_their_moments(sealed: Path) -> None:
    history = _ask(sealed / JOURNAL, "SELECT mark_id, value, seen_from, seen_to FROM history_mark")
    assert history == [
        (CORRECTED.mark_id, "4", "2025-06-01T20:00:00Z", "2025-06-02T20:00:00Z"),
        (WITHDRAWN.mark_id, "5", "2025-06-01T20:00:00Z", "2025-06-03T20:00:00Z"),
    ]
    standing = dict(_ask(sealed / JOURNAL, "SELECT mark_id, value FROM mark"))
    assert standing[CORRECTED.mark_id] == "5"
    assert WITHDRAWN.mark_id not in standing


def test_two_corrections_within_one_second_do_not_stop_a_sealing(
    sqlite_store: sa.Engine, tmp_path: Path
) -> None:
    fill(sqlite_store)
    for value in ("2", "3", "4"):
        night(sqlite_store, [Slice(schema.MARK, [CORRECTED._replace(value=value)])], "2025-06-04")
    with sqlite_store.connect() as connection:
        path = close_year(connection, SCHOOL, 2024, tmp_path, "2025-06-20T09:00:00Z").sealed.path
    earlier = f"SELECT value FROM history_mark WHERE mark_id = {CORRECTED.mark_id}"
    assert _ask(path / JOURNAL, earlier) == [("4",), ("5",), ("2",), ("3",)]


def test_a_subgroup_of_two_classes_is_in_the_journals_of_both(sealed: Path) -> None:
    shared = f"SELECT lesson_id FROM lesson WHERE group_id = {SHARED}"
    assert _ask(sealed / JOURNAL, shared) == _ask(sealed / OTHER_JOURNAL, shared)
    assert len(_ask(sealed / JOURNAL, shared)) == 3


def test_a_journal_holds_nothing_of_the_other_classes_own_journal(sealed: Path) -> None:
    for bag, group, stranger in ((JOURNAL, CLASS_B, PUPILS_B[1]), (OTHER_JOURNAL, CLASS_A, PUPILS_A[2])):
        for name in _passport(sealed / bag)["tables"]:
            header, *rows = csv_rows(sealed / bag / f"data/tables/{name}.csv.gz")
            for column, alien in (("group_id", group), ("person_id", stranger)):
                if column in header:
                    assert str(alien) not in {row[header.index(column)] for row in rows}, name


def test_nothing_of_the_next_year_is_sealed(sealed: Path) -> None:
    for bag in (JOURNAL, OTHER_JOURNAL):
        assert str(AFTER.lesson_id) not in _column(sealed / bag, "lesson", "lesson_id")
        assert str(MARKS[-1].mark_id) not in _column(sealed / bag, "mark", "mark_id")


def test_the_summary_holds_the_final_marks_of_every_class_and_no_lesson(sealed: Path) -> None:
    assert _column(sealed / SUMMARY, "final_mark", "mark_id") == [str(one.mark_id) for one in FINALS]
    assert {"period", "year", "exam", "final", "unknown"} == set(
        _column(sealed / SUMMARY, "final_mark", "kind")
    )
    works = _column(sealed / SUMMARY, "work", "work_id")
    assert works == [str(one.work_id) for one in FINALS]


def test_a_teacher_who_has_left_has_a_name(sealed: Path) -> None:
    assert _column(sealed / JOURNAL, "teacher", "last_name") == ["Ковалёва", "Ушедший"]
    assert _column(sealed / OTHER_JOURNAL, "teacher", "last_name") == ["Ковалёва"]


def test_whoever_stands_only_in_an_earlier_version_has_a_name(
    sqlite_store: sa.Engine, tmp_path: Path
) -> None:
    """A pupil who left, and all of whose marks were withdrawn; a teacher whom another one replaced."""
    fill(sqlite_store)
    gone = PUPILS_A[1]
    with sqlite_store.connect() as connection:
        members = [one for one in read(connection, schema.MEMBERSHIP, AsOf(SCHOOL)) if one.person_id != gone]
        persons = [one for one in read(connection, schema.PERSON, AsOf(SCHOOL)) if one.person_id != gone]
        attendance = list(read(connection, schema.ATTENDANCE, AsOf(SCHOOL)))[1:]
    replaced = [one._replace(teachers="[]") for one in LESSONS[6:9]]
    night(
        sqlite_store,
        [
            Slice(schema.MEMBERSHIP, members, absence=Absence.WITHDRAWN),
            Slice(schema.PERSON, persons, absence=Absence.WITHDRAWN),
            Slice(schema.ATTENDANCE, attendance, absence=Absence.WITHDRAWN),
            Slice(schema.LESSON, replaced),
        ],
        "2025-06-04",
    )
    with sqlite_store.connect() as connection:
        path = close_year(connection, SCHOOL, 2024, tmp_path, "2025-06-20T09:00:00Z").sealed.path
    assert str(gone) in _column(path / JOURNAL, "history_mark", "person_id")
    assert str(gone) in _column(path / JOURNAL, "person", "person_id")
    assert "Ушедший" in _column(path / JOURNAL, "teacher", "last_name")


def _sealed_after(store: sa.Engine, root: Path, *slices: Slice) -> Path:
    """The small year, and one more night, sealed."""
    night(fill(store), slices, "2025-06-04")
    with store.connect() as connection:
        return close_year(connection, SCHOOL, 2024, root, "2025-06-20T09:00:00Z").sealed.path


@pytest.mark.parametrize("bag", [JOURNAL, SUMMARY])
def test_whoever_left_a_class_is_in_its_history(sqlite_store: sa.Engine, tmp_path: Path, bag: str) -> None:
    of_class = Scope((("group_id", (CLASS_A,)),))
    stay = [Membership(CLASS_A, one, "Active", None) for one in PUPILS_A[:-1]]
    path = _sealed_after(sqlite_store, tmp_path, Slice(schema.MEMBERSHIP, stay, of_class, Absence.WITHDRAWN))
    left = "SELECT person_id, seen_from, seen_to FROM history_membership"
    assert _ask(path / bag, left) == [(PUPILS_A[-1], "2025-06-01T20:00:00Z", "2025-06-04T20:00:00Z")]


@pytest.mark.parametrize("bag", [JOURNAL, SUMMARY])
def test_a_final_mark_that_was_withdrawn_can_still_be_read(
    sqlite_store: sa.Engine, tmp_path: Path, bag: str
) -> None:
    """Only its work tells what the mark was for."""
    of_class = Scope((("group_id", (CLASS_A,)),))
    keep = [one for one in FINALS if one.group_id == CLASS_A][1:]
    path = _sealed_after(sqlite_store, tmp_path, Slice(schema.FINAL_MARK, keep, of_class, Absence.WITHDRAWN))
    meaning = "SELECT h.mark_id, w.type FROM history_final_mark h JOIN work w USING (work_id)"
    assert _ask(path / bag, meaning) == [(FINALS[0].mark_id, "PeriodFinalMark")]


@pytest.mark.parametrize("bag", [JOURNAL, SUMMARY])
def test_a_work_behind_a_final_mark_is_kept_as_it_was(
    sqlite_store: sa.Engine, tmp_path: Path, bag: str
) -> None:
    number = "SELECT period_number FROM {} WHERE work_id = " + str(FINALS[0].work_id)
    work = next(
        one for part in FIRST_NIGHT for one in part.records
        if part.entity is schema.WORK and one.work_id == FINALS[0].work_id
    )  # fmt: skip
    path = _sealed_after(sqlite_store, tmp_path, Slice(schema.WORK, [work._replace(period_number=2)]))
    assert _ask(path / bag, number.format("work")) == [(2,)]
    assert _ask(path / bag, number.format("history_work")) == [(1,)]


def test_a_work_without_a_lesson_on_record_is_sealed_with_its_class(
    sqlite_store: sa.Engine, tmp_path: Path
) -> None:
    work = next(one for part in FIRST_NIGHT for one in part.records if part.entity is schema.WORK)
    undated = work._replace(work_id=work.work_id + 777, lesson_id=None, day=None)
    path = _sealed_after(sqlite_store, tmp_path, Slice(schema.WORK, [undated]))
    assert str(undated.work_id) in _column(path / JOURNAL, "work", "work_id")
    assert str(undated.work_id) not in _column(path / OTHER_JOURNAL, "work", "work_id")


def test_names_are_those_last_known_whoever_is_asked(archive: sa.Engine, sealed: Path) -> None:
    with archive.connect() as connection:
        known = {str(one.person_id) for one in last_known(connection, schema.PERSON, AsOf(SCHOOL))}
    of_both = {*_column(sealed / JOURNAL, "person", "person_id")} | {
        *_column(sealed / OTHER_JOURNAL, "person", "person_id")
    }
    assert of_both == known


def test_a_text_of_any_length_is_sealed_and_verified(sqlite_store: sa.Engine, tmp_path: Path) -> None:
    fill(sqlite_store)
    long = LESSONS[0]._replace(topic="Ё" * 200_000)  # Python's csv stops at 131 072 unless told otherwise
    night(sqlite_store, [Slice(schema.LESSON, [long])], "2025-06-04")
    with sqlite_store.connect() as connection:
        path = close_year(connection, SCHOOL, 2024, tmp_path, "2025-06-20T09:00:00Z").sealed.path
    assert _ask(path / JOURNAL, "SELECT max(length(topic)) FROM lesson") == [(200_000,)]


def test_the_record_is_that_of_the_last_run_that_ended(sqlite_store: sa.Engine, tmp_path: Path) -> None:
    fill(sqlite_store)
    with sqlite_store.begin() as connection:
        runs.begin(connection, SCHOOL, "sync", "2025-06-05T20:00:00Z", "test")  # and it was cut off
        members = [Membership(CLASS_A, PUPILS_B[1], "Active", None)]
        write(connection, schema.MEMBERSHIP, SCHOOL, 4, members, None, Absence.UNKNOWN)
    with sqlite_store.connect() as connection:
        path = close_year(connection, SCHOOL, 2024, tmp_path, "2025-06-20T09:00:00Z").sealed.path
    assert _passport(path / JOURNAL)["record"]["run"] == 3
    assert str(PUPILS_B[1]) not in _column(path / JOURNAL, "membership", "person_id")


# The database


def test_any_sqlite_opens_the_database_and_finds_it_whole(each: Path) -> None:
    assert _ask(each, "PRAGMA integrity_check") == [("ok",)]
    strict = _ask(each, "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main'")
    assert {name for name, is_strict in strict if not is_strict} == {"sqlite_schema"}


def test_every_column_of_every_table_has_a_meaning(each: Path) -> None:
    columns = _ask(
        each,
        "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c "
        "WHERE t.type = 'table' AND t.name NOT LIKE '%_meaning'",
    )
    meant = _ask(each, "SELECT table_name, column_name FROM column_meaning WHERE meaning <> ''")
    assert sorted(columns) == sorted(meant)
    package = json.loads((each / "data/tables/datapackage.json").read_bytes())
    described = [
        (one["path"].removesuffix(".csv.gz"), field["name"])
        for one in package["resources"]
        for field in one["schema"]["fields"]
        if field["title"]
    ]
    assert sorted(described) == sorted(columns)


def test_the_views_show_names_beside_the_record(sealed: Path) -> None:
    views = "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name"
    assert [name for (name,) in _ask(sealed / JOURNAL, views)] == [
        "view_attendance", "view_final_marks", "view_lessons", "view_marks",
    ]  # fmt: skip
    assert _ask(sealed / SUMMARY, views) == [("view_final_marks",)]
    mark = "SELECT group_name, subject, last_name, value, work_type, weight FROM view_marks WHERE mark_id = "
    assert _ask(sealed / JOURNAL, mark + str(CORRECTED.mark_id)) == [
        ("9А", "Алгебра", "Фамилия1", "5", "Работа на уроке", 3)
    ]
    final = "SELECT group_name, subject, last_name, kind, period FROM view_final_marks WHERE mark_id = "
    assert _ask(sealed / SUMMARY, final + str(FINALS[0].mark_id)) == [
        ("9А", "Алгебра", "Фамилия1", "period", "1 четверть")
    ]
    for view, table in (
        ("view_lessons", "lesson"),
        ("view_attendance", "attendance"),
        ("view_marks", "mark"),
    ):
        assert _ask(sealed / JOURNAL, f"SELECT count(*) FROM {view}") == _ask(
            sealed / JOURNAL, f"SELECT count(*) FROM {table}"
        )
    assert _ask(sealed / JOURNAL, "SELECT subject, last_name, status FROM view_attendance ORDER BY day") == [
        ("Алгебра", "Фамилия2", "Ill"),
        ("Физкультура", "Фамилия5", "Late"),
    ]


def test_texts_in_keys_are_sorted_alike_whatever_the_database_thinks_of_them(
    archive: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "read", lambda *asked: reversed(list(read(*asked))))
    with archive.connect() as connection:
        bells = contents.Record(connection, AsOf(SCHOOL), 2024).standing(schema.BELL)
        assert [row[0] for row in bells.rows()] == ["B", "a", "b", "Ё", "а"]


def test_a_sealing_in_which_something_does_not_read_back_is_not_published(
    archive: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def loses_a_row(path: Path, tables: list[contents.SealedTable]) -> Iterator[Any]:
        with real(path, tables) as database:
            yield database
        with closed(sqlite3.connect(path)) as database, database:
            database.execute("DELETE FROM final_mark WHERE kind = 'period'")

    real = seal.database.writing
    monkeypatch.setattr(seal.database, "writing", loses_a_row)
    with archive.connect() as connection, pytest.raises(seal.SealingFailed) as failed:
        close_year(connection, SCHOOL, 2024, tmp_path, "2025-06-20T09:00:00Z")
    assert failed.value.findings
    assert "journal-9A-ed01/data/archive.sqlite" in failed.value.findings[0]
    assert list(tmp_path.iterdir()) == []
