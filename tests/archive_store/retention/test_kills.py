"""Kill -9 anywhere in a destruction: it never half-destroys unnoticed, and the same command ends it."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.nomenclature import kinds
from archive_store.retention.destroying import outstanding
from archive_store.retention.duties import Unfinished, duties
from archive_store.retention.tombstones import tombstones
from archive_store.snapshot import verifier
from archive_store.verification.whole import verify
from retained_year import Archive
from small_year import CLASS_A, SCHOOL, YEAR

DUE = "2031-01-20"
_UNLINKS_OF_A_STEP = 12


class Deadly:
    """Kills its own process before the step of a number: a commit, a rename, some files unlinked."""

    def __init__(self, engine: sa.Engine, at: int) -> None:
        self.left, self.unlinked = at, 0
        sa.event.listen(engine, "commit", lambda _connection: self.step())
        rename, unlink, rmdir = Path.rename, Path.unlink, Path.rmdir

        def renaming(path: Path, target: Path) -> Path:
            self.step()
            return rename(path, target)

        def unlinking(path: Path, missing_ok: bool = False) -> None:
            self.unlinked += 1
            if self.unlinked % _UNLINKS_OF_A_STEP == 0:
                self.step()
            unlink(path, missing_ok)

        def removing(path: Path) -> None:
            self.step()
            rmdir(path)

        Path.rename, Path.unlink, Path.rmdir = renaming, unlinking, removing  # type: ignore[method-assign,assignment]

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)


def killed_at(archive: Archive, step: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that is killed at a step; whether it was."""
    archive.engine.dispose()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: the child starts none
        child = os.fork()
    if child == 0:
        _in_child(archive, step, work)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _in_child(archive: Archive, step: int, work: Callable[[], object]) -> NoReturn:
    try:
        Deadly(archive.engine, step)
        work()
    except BaseException:  # noqa: BLE001 - the parent tells the exit code
        os._exit(1)
    os._exit(0)


def is_whole(archive: Archive) -> bool:
    """Whether nothing at all was touched."""
    places = [archive.own, archive.disk("a"), archive.disk("b")]
    bags = [place / f"{YEAR}-{YEAR + 1}" / "journal-9A-ed01" for place in places]
    return all(verifier.verify(bag).sound for bag in bags) and lessons(archive) == 6


def lessons(archive: Archive) -> int:
    table = schema.LESSON.table
    query = sa.select(sa.func.count()).select_from(table).where(table.c.group_id == CLASS_A)
    with archive.engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_destruction_killed_again_and_again_is_noticed_and_ended(archive: Archive) -> None:
    act = archive.propose("journal-9A-ed01")
    kills = 0
    # Each run gets one step further than the one before: it ends when what is left is shorter than that.
    while killed_at(archive, kills, lambda: archive.destroy(act.number)):
        kills += 1
        with archive.engine.connect() as connection:
            known = tombstones(connection, SCHOOL)
            waiting = list(duties(connection, SCHOOL, kinds.default(), DUE))
            assert verify(connection, SCHOOL).findings == ()
        if not known:
            assert is_whole(archive)
        else:  # whatever it did or did not remove by now, a person is told
            finished = lessons(archive) == 0 and not [one for one in waiting if isinstance(one, Unfinished)]
            assert finished or [one.act for one in waiting if isinstance(one, Unfinished)] == [act.number]
            assert lessons(archive) in (0, 6)
    assert kills > 8
    assert archive.destroy(act.number).is_complete
    for place in (archive.own, archive.disk("a"), archive.disk("b")):
        assert not [path for path in place.rglob("*") if "9A" in path.name and path.suffix != ".json"]
        assert not list(place.glob(".destroying-*"))
        assert len(list((place / "destroyed").glob("*.json"))) == 1
    assert not [path for path in archive.files.rglob("*") if path.is_file()]
    with archive.engine.connect() as connection:
        assert outstanding(connection, SCHOOL, act) == []
        assert verify(connection, SCHOOL).findings == ()
