"""Each check finds what a person would find by hand, and names the place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import checkpoints, quarantine, reconciliations, runs, schema
from archive_store.asof import AsOf
from archive_store.checkpoints import REFUSED, Place
from archive_store.records import Section
from archive_store.store import make_store
from archive_store.year.checks.found import Place as Found
from archive_store.year.place_names import Names
from archive_store.year.readiness import CODES, Result, check_year
from archive_store.year.rules import Facts, Rules, Severity, Thresholds
from invented_class import SCHOOL, InventedClass

YEAR = 2025
FACTS = Facts("2026-08-31", "2026-08-31T09:00:00Z")


def _results(
    connection: sa.Connection, facts: Facts = FACTS, thresholds: Thresholds | None = None
) -> dict[str, Result]:
    rules = replace(Rules(), thresholds=thresholds or Thresholds())
    return {one.code: one for one in check_year(connection, AsOf(SCHOOL), YEAR, rules, facts)}


def _places(connection: sa.Connection, code: str, **more: Any) -> list[Found]:
    result = _results(connection, **more)[code]
    found = list(result.places())
    assert result.count == len(found), "what is counted is what is listed"
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def empty(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, postgresql_server: str
) -> Iterator[sa.Engine]:
    """An archive on each database in turn, which stays empty."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('checks') / 'archive.sqlite'}"
    else:
        server = sa.make_url(postgresql_server).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text("CREATE DATABASE archive_of_checks"))
        engine.dispose()
        url = server.set(database="archive_of_checks").render_as_string(hide_password=False)
    store = make_store(url)
    yield store
    store.dispose()


@pytest.fixture
def connection(empty: sa.Engine) -> Iterator[sa.Connection]:
    """A connection to an empty archive, in a transaction that is not kept."""
    with empty.connect() as connection:
        yield connection


@pytest.fixture
def school(connection: sa.Connection) -> InventedClass:
    """7Б with a quarter; nothing is written yet."""
    invented = InventedClass(connection)
    invented.period("1 четверть", "2025-09-01", "2025-10-26")
    return invented


def test_marks_of_a_period_are_held_against_the_marks_behind_them(
    school: InventedClass, connection: sa.Connection
) -> None:
    algebra, art = school.subject("Алгебра"), school.subject("ИЗО")
    test = school.work_type("Контрольная", "КР", 3)
    quarter = school.records[schema.REPORTING_PERIOD][0].period_id
    good, far, double, bare, released = (school.pupil(f"Фамилия{n}", "Анна") for n in range(5))
    plain = school.lesson(algebra, "2025-09-01")
    weighty = school.lesson(algebra, "2025-09-02")
    for pupil, ordinary, heavy, final in (
        (good, "5-", "4", "4"),
        (far, "5", "2", "4"),
        (double, "5/4", "3", "4"),
    ):
        school.mark(plain, pupil, ordinary)
        one = school.mark(weighty, pupil, heavy)
        school.records[schema.MARK][-1] = one._replace(work_type_id=test)
        school.final(algebra, pupil, final, quarter)
    school.final(algebra, bare, "5", quarter)
    school.final(art, released, "осв", quarter)  # who is released needs no marks
    school.mark(school.lesson(algebra, "2025-11-10"), bare, "5")  # of another quarter
    school.write()
    # 5 and 2 with the weight 3: 11/4. 5/4 and 3 with the weight 3: 18/5, less than a point from 4.
    (found,) = _places(connection, "final-off-average")
    assert (found.person_id, found.mark) == (far, "4")
    assert found.detail == "1 четверть; weighted average 2,75"
    (found,) = _places(connection, "final-without-marks")
    assert (found.person_id, found.subject_id, found.detail) == (
        bare,
        algebra,
        "1 четверть; marks of lessons: 0",
    )
    narrow = Thresholds(average_tolerance=0.4, fewest_marks=3)
    assert {one.person_id for one in _places(connection, "final-off-average", thresholds=narrow)} == {
        far,
        double,
    }
    assert len(_places(connection, "final-without-marks", thresholds=narrow)) == 4


def test_a_pupil_lacks_the_mark_that_most_of_the_class_has(
    school: InventedClass, connection: sa.Connection
) -> None:
    algebra, german = school.subject("Алгебра"), school.subject("Немецкий")
    pupils = [school.pupil(f"Фамилия{n}", "Анна") for n in range(5)]
    left = school.pupil("Ушедшая", "Анна", status="Archive")
    for pupil in pupils[:4]:
        school.final(algebra, pupil, "4")
    school.final(german, pupils[0], "5")  # one pupil of five: not the class's subject
    for one in (pupils[4], left):
        school.final(algebra, one, "4", school.records[schema.REPORTING_PERIOD][0].period_id)
    school.pupil("Новенькая", "Анна")
    school.write()
    (missing,) = _places(connection, "year-mark-missing")
    assert (missing.person_id, missing.subject_id, missing.group_id) == (pupils[4], algebra, school.class_id)
    (without_any,) = _places(connection, "final-mark-missing")
    assert Names(connection, AsOf(SCHOOL)).people([without_any.person_id]).popitem()[1] == "Новенькая Анна"
    running = replace(FACTS, today="2025-10-20")
    assert _places(connection, "year-mark-missing", facts=running) == []  # not due yet


def test_a_first_grade_needs_no_homework_and_no_marks_which_it_should_not_have(
    connection: sa.Connection,
) -> None:
    first = InventedClass(connection, "1А", parallel=1)
    pupil, reading = first.pupil("Малышева", "Анна"), first.subject("Чтение")
    lesson = first.lesson(reading, "2025-09-01", topic="А")
    first.attendance(lesson, pupil, "Ill")
    first.write()
    for code in ("section-empty", "lesson-without-homework", "mark-in-first-grade"):
        assert _places(connection, code) == []
    first.mark(lesson, pupil, "5")
    first.write()
    (found,) = _places(connection, "mark-in-first-grade")
    assert (found.person_id, found.lesson_id, found.mark) == (pupil, lesson.lesson_id, "5")


def test_marks_and_attendance_that_need_a_look(school: InventedClass, connection: sa.Connection) -> None:
    algebra, pupil = school.subject("Алгебра"), school.pupil("Агапова", "Анна")
    monday = school.lesson(algebra, "2025-09-01")
    sunday = school.lesson(algebra, "2025-09-07")
    later = school.lesson(algebra, "2025-12-01")
    school.mark(monday, pupil, "4")
    school.mark(monday, pupil, "превосходно!")
    school.attendance(monday, pupil, "Absent")
    school.attendance(later, pupil, "Somewhere")
    school.mark(sunday, pupil, ".")
    school.mark(later, pupil, ".")
    school.final(algebra, pupil, "н/а")
    school.final(algebra, pupil, "5", kind="exam")
    school.write()
    found = {code: _places(connection, code) for code in (
        "unknown-value", "unknown-attendance", "mark-with-absence", "mark-on-day-off", "unresolved-promise",
        "not-assessed", "exam-without-final", "mark-without-work-type", "lesson-without-attendance",
        "lesson-without-status",
    )}  # fmt: skip
    assert [one.mark for one in found["unknown-value"]] == ["превосходно!"]
    assert [one.detail for one in found["unknown-attendance"]] == ["Somewhere"]
    assert [(one.mark, one.detail) for one in found["mark-with-absence"]] == [
        ("4", "Н"),
        ("превосходно!", "Н"),
    ]
    assert [one.day for one in found["mark-on-day-off"]] == ["2025-09-07"]
    # A promise of the next quarter is not due: the record knows of no period that has ended since.
    assert [one.day for one in found["unresolved-promise"]] == ["2025-09-07"]
    assert [one.mark for one in found["not-assessed"]] == ["н/а"]
    assert [one.mark for one in found["exam-without-final"]] == ["5"]
    assert [one.mark for one in found["mark-without-work-type"]] == ["4", "превосходно!"]
    assert [one.lesson_id for one in found["lesson-without-attendance"]] == [sunday.lesson_id]
    assert len(found["lesson-without-status"]) == 3


def test_who_is_where(school: InventedClass, connection: sa.Connection) -> None:
    other = school.group("7В")
    both = school.pupil("Агапова", "Анна", "Ильинична", groups=(school.class_id, other))
    twin = school.pupil("Агапова", "Анна", "Ильинична")
    stranger = school.pupil("Чужая", "Анна", groups=())
    lesson = school.lesson(school.subject("Алгебра"), "2025-09-01")
    school.mark(lesson, twin, "4")
    school.mark(lesson, stranger, "4")
    school.write()
    assert [one.person_id for one in _places(connection, "in-two-classes")] == [both]
    (namesake,) = _places(connection, "namesakes")
    assert (namesake.person_id, namesake.detail) == (both, "pupils of this name: 2")
    (found,) = _places(connection, "marks-of-strangers")
    assert (found.person_id, found.group_id, found.detail) == (stranger, school.class_id, "marks: 1")


def test_how_the_record_came_about(school: InventedClass, connection: sa.Connection) -> None:
    school.lesson(school.subject("Алгебра"), "2025-09-01")
    school.records[schema.SECTION].append(Section("attendance", "refused", "no rights"))
    school.write("2026-08-20T00:00:00Z")
    group = school.class_id
    whole = ("2025-09-01", "2026-08-31")
    for entity, read in (("lessons", "2026-08-30"), ("marks", "2025-10-01"), ("attendance", "2026-08-30")):
        place = Place(entity, group, *whole)
        digest = REFUSED if entity == "attendance" else b"digest"
        checkpoints.save(connection, SCHOOL, place, digest, 1, 1, f"{read}T00:00:00Z")
    held = Place("marks", group, "2025-09-01", "2025-09-30")
    quarantine.hold(connection, SCHOOL, held, "7Б", {"mark": 40}, b"x", 1, "2026-08-20T00:00:00Z")
    runs.end(connection, SCHOOL, runs.begin(connection, SCHOOL, "sync", "2026-08-25T00:00:00Z", "test"),
             "2026-08-25T00:10:00Z", "partial",
             {"failed": [{"entity": "final_marks", "group": str(group), "call": "x"}]})  # fmt: skip
    counts = {code: one.count for code, one in _results(connection).items()}
    assert [(one.group_id, one.day) for one in _places(connection, "not-read-in-full")] == [
        (group, "2025-09-01")
    ]
    assert [one.day for one in _places(connection, "read-long-ago")] == ["2025-09-01"]  # before its end
    assert [one.group_id for one in _places(connection, "section-refused")] == [None, group]
    assert [one.group_id for one in _places(connection, "withdrawals-waiting")] == [group]
    assert [one.group_id for one in _places(connection, "reading-failed")] == [group]
    assert [one.day for one in _places(connection, "last-sync-old")] == ["2026-08-20"]  # the next one failed
    assert (counts["year-not-ended"], counts["ledger-not-verified"], counts["copies-missing"]) == (
        0,
        None,
        None,
    )
    assert _results(connection, replace(FACTS, today="2025-10-26"))["year-not-ended"].count == 1


def test_what_is_told_by_others(school: InventedClass, connection: sa.Connection) -> None:
    school.write()
    counts = reconciliations.Counts(100, 3, 2, 0, 0)
    details = {"classes": [{"group": str(school.class_id), "differing": 3}], "causes": []}
    found = reconciliations.Reconciliation("2026-08-30T00:00:00Z", YEAR, 1, counts, details)
    assert _results(connection)["never-compared"].count == 1
    reconciliations.keep(connection, SCHOOL, found)
    told = replace(FACTS, ledger=lambda: ["mark 1"], copies={"a": 1, "b": 2}, terms_confirmed=True)
    results = _results(connection, told)
    assert results["never-compared"].count == results["terms-not-confirmed"].count == 0
    assert [one.detail for one in results["ledger-not-verified"].places()] == ["mark 1"]
    assert [one.detail for one in results["copies-missing"].places()] == ["a: copies 1"]
    assert [one.detail for one in results["differences"].places()] == ["values that differ: 3"]


def test_the_rules_name_checks_that_there_are() -> None:
    rules = Rules()
    assert rules.stop | rules.stop_final | rules.acceptable <= CODES
    assert rules.acceptable <= rules.stop | rules.stop_final
    assert rules.severity("lesson-without-topic") is Severity.WARNING
