"""The life of a record and the list of corrections, put together by hand, run by run."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from archive_store import ledger, runs, schema
from archive_store import records as r
from archive_store.asof import AsOf
from archive_store.corrections import Correction, Wanted, corrections
from archive_store.forms.corrections import corrections_form
from archive_store.history import write
from archive_store.history_of import Life, lives, moments

SCHOOL, CLASS, MATHS, ANNA = 1_000_000_000_901, 7, 63, 501
MOSCOW = ZoneInfo("Europe/Moscow")
QUARTER = r.ReportingPeriod(CLASS, 71, 0, "Quarter", "1 четверть", "2025-09-01", "2025-10-26", 2025, None)


def _lesson(topic: str | None) -> r.Lesson:
    return r.Lesson(11, CLASS, MATHS, "2025-09-10", 1, topic, None, "[]", None, None)


def _mark(mark_id: int, value: str, day: str = "2025-09-10") -> r.Mark:
    return r.Mark(
        mark_id, ANNA, 21, 11, CLASS, MATHS, day, value, value, "Mark5", 0, None, None, True, None, None, None
    )


def _final(value: str) -> r.FinalMark:
    return r.FinalMark(31, ANNA, CLASS, MATHS, 71, "period", value, value, "Mark5", 41, None, None, None)


def _night(store: sa.Engine, at: str, **records: list[Any]) -> None:
    """A run that ended at a moment and saw these records; what it does not name it left alone."""
    entities = {entity.name: entity for entity in schema.ENTITIES}
    with store.begin() as connection:
        run_id = runs.begin(connection, SCHOOL, "sync", at, "test")
        for name, found in records.items():
            write(connection, entities[name], SCHOOL, run_id, found)
        runs.end(connection, SCHOOL, run_id, at, "done", {})


@pytest.fixture
def archive(store: sa.Engine) -> sa.Engine:
    _night(
        store,
        "2025-09-10T23:00:00Z",
        edu_group=[r.EduGroup(CLASS, "7Б", None, "Group", 7, 2025, None, "Active", None, None, None, None)],
        person=[r.Person(ANNA, None, "Агапова", "Анна", None, None, None, None)],
        subject=[r.Subject(MATHS, "Математика", None, None)],
        reporting_period=[QUARTER],
        lesson=[_lesson(None)],
        mark=[_mark(1, "4"), _mark(2, "3")],
        final_mark=[_final("4")],
    )
    # 21:30 UTC is half past midnight in Moscow: the day after.
    _night(store, "2025-09-12T21:30:00Z", lesson=[_lesson("Дроби")], mark=[_mark(1, "5"), _mark(2, "3")])
    _night(store, "2025-09-20T23:00:00Z", lesson=[_lesson("Дроби и доли")], mark=[_mark(1, "5")])
    _night(store, "2025-11-01T23:00:00Z", mark=[_mark(1, "4-"), _mark(2, "3")], final_mark=[_final("5")])
    with store.begin() as connection:
        row = {"school_id": SCHOOL, "study_year": 2025, "bag": "summary-ed01", "retention_years": 25}
        row |= {"root": bytes(32), "run_id": 4, "path": "", "sealed_at": "2026-06-30T00:00:00Z"}
        connection.execute(schema.SNAPSHOT.insert().values(row))
        ledger.append(
            connection, SCHOOL, "snapshot", "2026-06-30T00:00:00Z", {"study_year": 2025, "roots": {}}
        )
    _night(store, "2026-07-01T23:00:00Z", mark=[_mark(1, "5"), _mark(2, "3")])
    return store


def _life(archive: sa.Engine, at: AsOf, mark_id: int) -> Life:
    with archive.connect() as connection:
        (life,) = lives(connection, schema.MARK, at, schema.MARK.table.c.mark_id == mark_id)
        return life


def _told(life: Life) -> list[tuple[str, int, list[tuple[str, Any, Any]]]]:
    return [
        (one.what, one.run_id, [(c.field, c.was, c.now) for c in one.changes if c.field == "value"])
        for one in life.events
    ]


def test_a_life_tells_each_change_and_the_run_that_saw_it(archive: sa.Engine) -> None:
    assert _told(_life(archive, AsOf(SCHOOL), 1)) == [
        ("first", 1, []),
        ("changed", 2, [("value", "4", "5")]),
        ("changed", 4, [("value", "5", "4-")]),
        ("changed", 5, [("value", "4-", "5")]),
    ]
    assert _told(_life(archive, AsOf(SCHOOL), 2)) == [
        ("first", 1, []),
        ("withdrawn", 3, []),
        ("again", 4, []),
    ]
    with archive.connect() as connection:
        assert moments(connection, SCHOOL)[2] == "2025-09-12T21:30:00Z"


def test_a_life_as_of_a_run_knows_nothing_of_what_came_later(archive: sa.Engine) -> None:
    assert [one.what for one in _life(archive, AsOf(SCHOOL, 3), 2).events] == ["first", "withdrawn"]
    assert [one.what for one in _life(archive, AsOf(SCHOOL, 2), 2).events] == ["first"]


def _corrections(
    archive: sa.Engine, at: AsOf | None = None, wanted: Wanted | None = None
) -> list[Correction]:
    with archive.connect() as connection:
        return list(corrections(connection, at or AsOf(SCHOOL), wanted or Wanted(), MOSCOW))


def test_corrections_carry_was_and_is_their_moments_and_their_flags(archive: sa.Engine) -> None:
    told = {
        (one.kind, one.record_id, one.was, one.now): (one.days_after, one.flags)
        for one in _corrections(archive)
    }
    assert told == {
        ("mark", "1", "4", "5"): (3, ("upward",)),
        ("mark", "1", "5", "4-"): (53, ("downward", "after-period", "after-7-days")),
        ("mark", "1", "4-", "5"): (295, ("upward", "after-period", "after-closing", "after-7-days")),
        ("mark", "2", "3", None): (11, ("withdrawn", "after-7-days")),
        ("mark", "2", None, "3"): (53, ("seen-again", "after-period", "after-7-days")),
        ("final-mark", "31", "4", "5"): (7, ("upward", "after-period")),
        # Filling in the empty topic was no correction; changing it was.
        ("lesson", "11", "Дроби", "Дроби и доли"): (11, ("after-7-days",)),
    }


def test_a_correction_says_from_when_to_when_the_old_value_was_seen(archive: sa.Engine) -> None:
    (one,) = [one for one in _corrections(archive) if one.now == "4-"]
    assert (one.seen_from, one.seen_until, one.noticed) == (
        "2025-09-12T21:30:00Z",
        "2025-09-20T23:00:00Z",
        "2025-11-01T23:00:00Z",
    )
    assert (one.person_name, one.group_name, one.subject_name) == ("Агапова Анна", "7Б", "Математика")


def test_corrections_are_chosen_by_class_and_day_and_as_of_a_run(archive: sa.Engine) -> None:
    assert _corrections(archive, wanted=Wanted([CLASS + 1])) == []
    assert _corrections(archive, wanted=Wanted(None, "2025-09-11", "2025-09-30")) == []
    assert len(_corrections(archive, at=AsOf(SCHOOL, 2))) == 1


def test_the_form_of_a_class_is_in_the_order_of_noticing(archive: sa.Engine) -> None:
    with archive.connect() as connection:
        group = r.EduGroup(CLASS, "7Б", None, "Group", 7, 2025, None, "Active", None, None, None, None)
        form = corrections_form(connection, AsOf(SCHOOL), group, MOSCOW)
    assert [one.noticed for one in form.rows] == sorted(one.noticed for one in form.rows)
    assert (len(form.rows), form.flagged["upward"], form.flagged["after-closing"]) == (7, 3, 1)
    assert "does not say who" in form.notes[0]
