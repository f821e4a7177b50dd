"""An export for statistics tells nobody: no name, no id, no words of people, no group of fewer than five."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_store.export.small_groups import FEWEST, HIDDEN, hidden, people_by
from connector.cli.exit_codes import ExitCode
from reading import file_text, needs_poppler

IDS = ("person_id", "user_id", "mark_id", "lesson_id", "work_id", "group_id", "period_id", "subject_id")

# The invented school has none of these: there is nothing of them that could survive.
NOT_SERVED = {"criteria_mark", "criteria_section", "criteria_total", "homework_task", "thematic_mark"}


def _values(query: str) -> set[str]:
    with sqlite3.connect("archive.sqlite") as database:
        return {str(row[0]) for row in database.execute(query) if row[0] not in (None, "")}


def _secrets() -> Iterator[tuple[str, set[str]]]:
    """All that must not survive, by its kind: of each table that has such a column."""
    with sqlite3.connect("archive.sqlite") as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {one: [row[1] for row in database.execute(f"PRAGMA table_info({one})")] for one in tables}
    versioned = {one: names for one, names in columns.items() if "seen_from" in names}
    for table, names in versioned.items():
        for name in (one for one in names if one in IDS):
            ids = _values(f"SELECT {name} FROM {table}")
            yield f"{table}.{name}", {one for one in ids if len(one) > 7}
    for table in ("person", "teacher", "staff_member", "class_teacher"):
        for name in ("last_name", "middle_name"):
            yield f"{table}.{name}", _values(f"SELECT {name} FROM {table}")
    texts = {"lesson": "topic", "work": "text", "attendance": "comment", "work_type": "title"}
    for table, name in texts.items():
        yield f"{table}.{name}", {one for one in _values(f"SELECT {name} FROM {table}") if len(one) > 4}
    yield "moments", _values("SELECT set_at FROM mark")


def _bytes(folder: Path) -> bytes:
    """The contents of all files, also those inside of workbooks and what a PDF shows."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            found += [path.read_bytes(), path.name.encode()]
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                found += [book.read(name) for name in book.namelist()]
        if path.suffix == ".pdf":
            found.append(file_text(path).encode())
    return b"\n".join(found)


def _table(name: str) -> list[list[str]]:
    text = Path(f"../apart/data/{name}.csv").read_text("utf-8-sig")
    return list(csv.reader(text.splitlines(), delimiter=";"))[1:]


@pytest.fixture
def exported(archive: Any, closed_year: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A year without personal data in ``../apart``; subjects are called after people to make it hard."""
    home = tmp_path / "home"
    home.mkdir()
    for path in list(tmp_path.iterdir()):
        if path != home:
            path.rename(home / path.name)
    monkeypatch.chdir(home)
    with sqlite3.connect("archive.sqlite") as database:
        ((surname,),) = database.execute("SELECT last_name FROM teacher ORDER BY person_id LIMIT 1")
        database.execute(
            "UPDATE subject SET name = name || ' (' || ? || ')' WHERE name LIKE 'М%'", (surname,)
        )
    made = archive("export", "depersonalised", "--year", closed_year, "--out", "../apart")
    assert made.code == ExitCode.OK, made
    return archive


@needs_poppler
def test_no_name_id_or_free_text_survives(exported: Any) -> None:
    content = _bytes(Path("../apart"))
    words = set(re.findall(rb"[0-9a-zA-Z]+", content))

    def is_left(text: str) -> bool:
        return text.encode() in words if text.isdigit() else text.encode() in content

    secrets = dict(_secrets())
    without = {kind.partition(".")[0] for kind, values in secrets.items() if not values}
    assert without == NOT_SERVED, "nothing of these could be found, whatever the export holds"
    left = {kind: [one for one in values if is_left(one)] for kind, values in secrets.items()}
    assert {kind: values for kind, values in left.items() if values} == {}


@needs_poppler
def test_the_key_lies_apart_and_makes_the_same_pseudonyms_again(exported: Any, closed_year: str) -> None:
    key = Path("pseudonym-key")
    assert key.stat().st_mode & 0o077 == 0
    assert key.read_bytes().strip() not in _bytes(Path("../apart"))
    before = _table("pupils")
    exported("export", "depersonalised", "--year", closed_year, "--out", "../again")
    assert Path("../again/data/pupils.csv").read_bytes() == Path("../apart/data/pupils.csv").read_bytes()
    key.unlink()
    exported("export", "depersonalised", "--year", closed_year, "--out", "../other")
    other = Path("../other/data/pupils.csv").read_text("utf-8-sig")
    assert before
    assert not [row[0] for row in before if row[0] in other]


def test_no_value_stands_for_fewer_than_five(exported: Any) -> None:
    for name, cell in (("marks", (1, 2)), ("attendance", (1, 2)), ("final_marks", (1, 2, 3))):
        groups: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for row in _table(name):
            groups[(*(row[n] for n in cell), row[-1])].add(row[0])
        assert groups
        assert min(map(len, groups.values())) >= FEWEST
    counts = {row[-1] for row in _table("sums")}
    assert all(one == HIDDEN or int(one) >= FEWEST for one in counts)
    assert {row[-1] for row in _table("attendance")} <= {"present", "absent", "late", "*"}
    assert all(len(row[3]) == len("2025-09") for row in _table("marks"))


def test_it_is_logged_and_kept_apart_from_the_record(exported: Any, closed_year: str) -> None:
    with sqlite3.connect("archive.sqlite") as database:
        last = database.execute("SELECT kind, state FROM access ORDER BY number DESC LIMIT 1").fetchone()
    assert last == ("depersonalised", "given")
    inside = exported("export", "depersonalised", "--year", closed_year, "--out", "inside")
    assert inside.code == ExitCode.FILES
    assert not Path("inside").exists()
    assert exported("export", "--year", closed_year, "--out", "../x").code == ExitCode.USAGE
    person = next(iter(_values("SELECT person_id FROM membership")))
    listed = exported("access", "list", "--pupil", person, "--json").out.splitlines()
    assert "depersonalised" not in [json.loads(line)["kind"] for line in listed]


@given(st.lists(st.tuples(st.sampled_from("2345н"), st.integers(0, 40)), max_size=80))
def test_what_is_hidden_cannot_be_told_from_what_is_left(rows: list[tuple[str, int]]) -> None:
    people = people_by(rows)
    out = hidden(people)
    assert all(len(people[value]) >= FEWEST for value in people.keys() - out)
    if out and out != people.keys():
        assert len(out) > 1
        assert len(set().union(*(people[value] for value in out))) >= FEWEST
