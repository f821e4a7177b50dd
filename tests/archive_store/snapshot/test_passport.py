"""What makes a journal complete: every section of it, and in the first year of study no marks."""

from __future__ import annotations

from archive_store.snapshot.canonical_csv import Written
from archive_store.snapshot.passport import Origin, Passport, Subject


def _passport(*, unmarked: bool, **rows: int) -> Passport:
    tables = {
        name: Written(count, "0" * 64) for name, count in rows.items() if name not in ("topic", "homework")
    }
    counted = {name: rows[name] for name in ("topic", "homework")}
    about = Subject(1, "School", 2024, 7, "1А", unmarked)
    origin = Origin(1, "2025-06-01T00:00:00Z", 1, bytes(32))
    return Passport("journal-1A-ed01", about, origin, 5, "2031-01-01", tables, counted, [], {})


FIRST_YEAR = {"lesson": 9, "topic": 9, "homework": 1, "mark": 0, "attendance": 3, "final_mark": 0}


def test_a_first_class_lacks_nothing_without_marks() -> None:
    passport = _passport(unmarked=True, **FIRST_YEAR)
    assert list(passport.sections()) == ["lesson", "topic", "homework", "attendance"]
    assert b'"complete": true' in passport.as_json()


def test_any_other_class_lacks_its_marks() -> None:
    assert b'"complete": false' in _passport(unmarked=False, **FIRST_YEAR).as_json()


def test_marks_that_a_first_class_has_are_counted() -> None:
    assert _passport(unmarked=True, **{**FIRST_YEAR, "mark": 2}).sections()["mark"] == 2


def test_lessons_without_a_single_topic_are_no_complete_journal() -> None:
    passport = _passport(unmarked=True, **{**FIRST_YEAR, "topic": 0})
    assert passport.sections()["topic"] == 0
    assert b'"complete": false' in passport.as_json()
