"""The day's budget of calls: what no run makes counts in it too, and is bounded by it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store.schema import CALLS_OF_DAY, RUN
from connector.cli.exit_codes import ExitCode


def on_record() -> int:
    """The calls of all days: a test that crosses midnight must not fail."""
    engine = sa.create_engine("sqlite:///archive.sqlite", poolclass=sa.NullPool)
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.func.sum(CALLS_OF_DAY.c.calls))).scalar() or 0


def spend_the_day() -> None:
    engine = sa.create_engine("sqlite:///archive.sqlite", poolclass=sa.NullPool)
    with engine.begin() as connection:
        school_id = connection.execute(sa.select(RUN.c.school_id).limit(1)).scalar_one()
        connection.execute(CALLS_OF_DAY.delete())
        today = datetime.now(UTC).date().isoformat()
        connection.execute(CALLS_OF_DAY.insert().values(school_id=school_id, day=today, calls=500))


@pytest.mark.parametrize("work", [("doctor",), ("reconcile", "--sample", "1"), ("sync",)])
def test_each_call_is_on_record(archive: Any, school: Any, work: tuple[str, ...]) -> None:
    before, served = on_record(), school.requests.total
    assert archive(*work).code in (ExitCode.OK, ExitCode.ATTENTION)
    assert on_record() - before == school.requests.total - served > 0


@pytest.mark.parametrize("work", [("doctor",), ("reconcile",), ("sync",)])
def test_what_is_no_run_is_bounded_too(
    archive: Any, school: Any, monkeypatch: pytest.MonkeyPatch, work: tuple[str, ...]
) -> None:
    spend_the_day()
    monkeypatch.setenv("DNEVNIK_ARCHIVE_CALLS_PER_DAY", "500")
    served = school.requests.total
    ended = archive(*work)
    assert ended.code == ExitCode.PARTIAL
    assert "The calls of the day are spent" in ended.out + ended.err
    assert school.requests.total - served <= 1  # whose token it is, by which the day is found


def test_a_comparison_that_fails_has_cost_what_it_cost(archive: Any, school: Any) -> None:
    before, served = on_record(), school.requests.total
    school.faults.refuse_tokens_after = 20
    try:
        assert archive("reconcile").code == ExitCode.SIGN_IN
    finally:
        school.faults.refuse_tokens_after = None
    assert on_record() - before == school.requests.total - served == 21
