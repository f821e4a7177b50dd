"""The command ``reconcile``: what a person reads, how it ends, what it keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import reconciliations, schema
from archive_store.lock import one_run
from connector.cli.exit_codes import ExitCode
from connector.cli.reconcile import weekly
from connector.cli.session import Session


@pytest.fixture
def database() -> Iterator[sa.Engine]:
    """The archive in the command's folder, to be meddled with."""
    engine = sa.create_engine("sqlite:///archive.sqlite")
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _wide_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "250")


def delete_a_mark(database: sa.Engine, year: str) -> dict[str, Any]:
    """Delete the lowest mark of a pupil in a subject, so that the averages rise; what it was."""
    with database.begin() as connection:
        row = (
            connection.execute(
                sa.text(
                    "SELECT m.*, p.last_name, s.name AS subject FROM mark m "
                    "JOIN person p USING (person_id) JOIN subject s USING (subject_id) "
                    "WHERE m.type = 'Mark5' AND m.value = '3' AND m.day BETWEEN :first AND :last "
                    "AND EXISTS (SELECT 1 FROM mark o WHERE o.person_id = m.person_id "
                    "AND o.subject_id = m.subject_id AND o.value = '5' AND o.day BETWEEN :first AND :last) "
                    "AND NOT EXISTS (SELECT 1 FROM mark o WHERE o.person_id = m.person_id "
                    "AND o.subject_id = m.subject_id AND o.value < '3') "
                    "ORDER BY m.mark_id LIMIT 1"
                ),
                {"first": f"{year}-09-02", "last": f"{year}-10-20"},
            )
            .mappings()
            .one()
        )
        connection.execute(sa.text("DELETE FROM mark WHERE mark_id = :id"), {"id": row["mark_id"]})
    return dict(row)


def counts(text: str) -> list[int]:
    """Compared, differing, unexplained, not given."""
    (line,) = [line for line in text.splitlines() if line.startswith("Compared: ")]
    return [int(number) for number in re.findall(r"\d+", line)]


def test_an_intact_archive_ends_well_and_the_outcome_is_kept(
    archive: Any, closed_year: str, database: sa.Engine
) -> None:
    ended = archive("reconcile", "--year", closed_year, "--sample", "2")
    assert ended.code == ExitCode.OK, ended
    checked, *rest = counts(ended.out)
    assert checked > 1000
    assert rest == [0, 0, 0]
    with database.connect() as connection:
        (school_id,) = connection.execute(sa.select(schema.SCHOOL.table.c.school_id)).one()
        kept = reconciliations.last(connection, school_id)
    assert kept is not None
    assert (kept.study_year, kept.counts.checked) == (int(closed_year), checked)
    assert len(kept.details["sampled"]) == 2


def test_the_current_year_is_the_default(archive: Any) -> None:
    assert archive("reconcile").code == ExitCode.OK


def test_a_missing_mark_is_shown_with_its_pupil_and_is_not_verified(
    archive: Any, closed_year: str, database: sa.Engine
) -> None:
    mark = delete_a_mark(database, closed_year)
    ended = archive("reconcile", "--year", closed_year, "--sample", "0")
    assert ended.code == ExitCode.NOT_VERIFIED
    (line,) = [line for line in ended.out.splitlines() if mark["day"] in line]
    assert mark["last_name"] in line
    assert mark["subject"] in line
    assert "3: missing in the archive" in ended.out
    assert counts(ended.out)[1:3] == [3, 3]
    with database.connect() as connection:
        stored = str(connection.execute(sa.select(schema.RECONCILIATION)).all())
        logged = connection.execute(sa.select(schema.ACCESS.c.kind, schema.ACCESS.c.state)).all()
    assert logged == [("reconciliation", "begun"), ("reconciliation", "given")]
    assert mark["last_name"] not in stored
    assert str(mark["person_id"]) not in stored


def test_only_so_many_differences_are_printed(archive: Any, closed_year: str, database: sa.Engine) -> None:
    delete_a_mark(database, closed_year)
    ended = archive("reconcile", "--year", closed_year, "--sample", "0", "--limit", "1")
    assert "... and 2 more." in ended.out
    assert counts(ended.out)[1] == 3


def test_bad_input_is_explained(archive: Any, closed_year: str) -> None:
    assert archive("reconcile", "--year", "1999").code == ExitCode.NOT_IN_ARCHIVE
    ended = archive("reconcile", "--year", closed_year, "--group", "99Ы")
    assert ended.code == ExitCode.NOT_IN_ARCHIVE
    assert "There is no class called 99Ы" in ended.err
    assert archive("reconcile", "--sample", "-1").code == ExitCode.USAGE


def test_it_waits_for_no_run_under_way(archive: Any, database: sa.Engine) -> None:
    engine = sa.create_engine(f"sqlite:///{Path('archive.sqlite').absolute()}")
    with one_run(engine):
        assert archive("reconcile").code == ExitCode.BUSY
    engine.dispose()


def test_a_refused_token_is_said(archive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_TOKEN", "expired")
    ended = archive("reconcile")
    assert ended.code == ExitCode.SIGN_IN
    assert "refuses the token" in ended.err


def test_the_weekly_job_names_no_pupil(
    archive: Any,
    closed_year: str,
    database: sa.Engine,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    mark = delete_a_mark(database, closed_year)
    monkeypatch.setattr("connector.cli.reconcile.study_year_of", lambda _today: int(closed_year))
    assert weekly(Session()) == ExitCode.NOT_VERIFIED
    out, err = capfd.readouterr()
    assert "3: missing in the archive" in out
    assert mark["last_name"] not in out + err
