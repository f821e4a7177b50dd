"""Forms are written whole or not at all, by one process or by several, whatever the school has typed in."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path
from typing import IO

import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.errors import FolderNotEmpty, FolderNotWritable
from archive_store.export.form_folder import write_forms
from archive_store.export.forms import FORMS, Asked, Scope
from archive_store.imports.errors import TableNeeded
from archive_store.render.source import Source
from invented_class import InventedClass

OF_CLASSES = [one for one in FORMS.values() if one.scope is Scope.CLASS]
LONG_NAME = "Ѓөҕүһҥаӈӄлиева-Ӑҫҗәмӱӹӧҙғқӳчугачёва-Ӏаьӕрӏӷойқызы-Ӟӥӝӵқӡова"  # 60 letters
_TABLES = {
    "programme-coverage": "Класс;Предмет;Часов;Учитель\n9Б;Алгебра;34;Иванова\n",
    "vpr": "Код;Предмет;ВПР\n",
}


def _fill(connection: sa.Connection, pupils: int) -> InventedClass:
    """A class renamed mid-year, whose year starts on a Sunday, with all that does not fit."""
    invented = InventedClass(connection, "9А", 9)
    first = invented.period("1 четверть", "2025-08-31", "2025-10-26")  # a Sunday
    algebra, silent = invented.subject("Алгебра"), invented.subject("Разговоры о важном")
    people = [invented.pupil(LONG_NAME, "Ё" if number else None) for number in range(pupils)]
    invented.lesson(silent, "2025-09-02", topic="Без отметок", number=None)
    lesson = invented.lesson(algebra, "2025-08-31", topic="=1+1\n<b>x</b> 🙂 " * 300, number=None)
    for person in people:
        for value in "54325432":
            invented.mark(lesson, person, value)
        invented.attendance(lesson, person, "Ill")
        invented.final(algebra, person, "н/а", first)
    invented.write("2025-12-01T00:00:00Z")
    (group,) = invented.records[schema.EDU_GROUP]
    invented.replace(schema.EDU_GROUP, group, group._replace(name="9Б"))
    invented.name = "9Б"
    invented.write("2026-06-01T00:00:00Z")
    return invented


def _asked(store: sa.Engine, connection: sa.Connection, pupils: int = 2) -> Asked:
    with store.begin() as writing:
        invented = _fill(writing, pupils)
    invented.connection = connection
    persons = [one.person_id for one in invented.records[schema.PERSON]]
    person = persons[0] if persons else None
    return Asked(connection, invented.at(1_000_000), 2025, group=invented.edu_group, person_id=person)


@pytest.fixture
def asked(store: sa.Engine) -> Iterator[Asked]:
    with store.connect() as connection:
        made = _asked(store, connection)
        newest = connection.execute(sa.select(sa.func.max(schema.RUN.c.run_id))).scalar_one()
        yield replace(made, at=replace(made.at, run_id=newest), person_id=None)


def _processes(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr("archive_store.processes.processes_for", lambda _pieces, _fewest: count)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_several_processes_write_the_same_byte_for_byte(
    asked: Asked, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    _processes(monkeypatch, 2)
    with monkeypatch.context() as here:
        here.delattr("archive_store.export.making.write_made")  # this process writes none itself
        write_forms(
            OF_CLASSES, asked, tmp_path / "two", source, progress=lambda done, of: told.append((done, of))
        )
    _processes(monkeypatch, 1)
    write_forms(OF_CLASSES, asked, tmp_path / "one", source)
    assert _bytes(tmp_path / "two") == _bytes(tmp_path / "one")
    assert told == [(done, len(OF_CLASSES)) for done in range(len(OF_CLASSES) + 1)]


@pytest.mark.parametrize("processes", [1, 2])
def test_ctrl_c_leaves_nothing_half_written_and_no_process(
    sqlite_store: sa.Engine,
    source: Source,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    processes: int,
) -> None:
    def interrupt(done: int, _of: int) -> None:
        if done:
            raise KeyboardInterrupt

    _processes(monkeypatch, processes)
    (tmp_path / "there").mkdir()
    with sqlite_store.connect() as connection:
        made = _asked(sqlite_store, connection)
        asked = replace(made, at=replace(made.at, run_id=2), person_id=None)
        with pytest.raises(KeyboardInterrupt):
            write_forms(OF_CLASSES, asked, tmp_path / "there" / "out", source, progress=interrupt)
    assert list((tmp_path / "there").iterdir()) == []
    assert active_children() == []


def test_what_fails_in_another_process_fails_the_folder_whole(
    sqlite_store: sa.Engine, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _processes(monkeypatch, 2)
    (tmp_path / "there").mkdir()
    with sqlite_store.connect() as connection:
        made = _asked(sqlite_store, connection)
        asked = replace(made, at=replace(made.at, run_id=2), person_id=None)
        with pytest.raises(TableNeeded):
            write_forms([FORMS["accumulation"], FORMS["vpr"]], asked, tmp_path / "there" / "out", source)
    assert list((tmp_path / "there").iterdir()) == []


@pytest.mark.parametrize("pupils", [0, 1, 45])
@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_made_of_whatever_a_class_holds(
    sqlite_store: sa.Engine, source: Source, tmp_path: Path, name: str, pupils: int
) -> None:
    form = FORMS[name]
    if form.scope is Scope.PUPIL and not pupils:
        return  # nobody can be asked for
    with sqlite_store.connect() as connection:
        asked = _asked(sqlite_store, connection, pupils)
        if name in _TABLES:
            asked = replace(asked, table=tmp_path / "table.csv")
            (tmp_path / "table.csv").write_text(_TABLES[name], encoding="utf-8")
        if form.also_of_pupil:
            asked = replace(asked, person_id=None)
        written = write_forms([form], asked, tmp_path / "out", source)
    endings = {Path(one.path).suffix for one in written.files}
    assert {".pdf", ".xlsx", ".sha256"} <= endings
    assert all(one.size for one in written.files)


@pytest.mark.parametrize("name", FORMS)
def test_on_a_full_disk_nothing_is_left_of_any_form(
    sqlite_store: sa.Engine, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def full(_file: IO[bytes]) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("archive_store.export.folder.to_disk", full)
    (tmp_path / "there").mkdir()
    table = tmp_path / "table.csv"
    table.write_text(_TABLES.get(name, ""), encoding="utf-8")
    with sqlite_store.connect() as connection:
        asked = replace(_asked(sqlite_store, connection, 1), table=table if name in _TABLES else None)
        with pytest.raises(FolderNotWritable, match="No space left"):
            write_forms([FORMS[name]], asked, tmp_path / "there" / "deep" / "out", source)
    assert list((tmp_path / "there").iterdir()) == []


def test_a_folder_that_holds_something_is_not_touched(
    sqlite_store: sa.Engine, source: Source, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("чужое", encoding="utf-8")
    with sqlite_store.connect() as connection:
        asked = _asked(sqlite_store, connection, 1)
        with pytest.raises(FolderNotEmpty):
            write_forms([FORMS["corrections"]], asked, tmp_path / "out", source)
    assert _bytes(tmp_path / "out") == {"letter.txt": "чужое".encode()}
