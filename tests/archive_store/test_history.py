"""Nothing is overwritten: the history of a record, slice by slice."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from archive_store import schema
from archive_store.asof import AsOf, last_known, read
from archive_store.history import Absence, Changes, Scope, bring_in, prepared, write
from archive_store.records import Attendance, Lesson, School

SCHOOL = 1_000_000_000_901
CLASS = 2_400_000_000_000_000_101
SEPTEMBER = Scope((("group_id", (CLASS,)),), "2025-09-01", "2025-09-30")
OCTOBER = Scope((("group_id", (CLASS,)),), "2025-10-01", "2025-10-31")


def lesson(number: int, topic: str = "Topic", day: str = "2025-09-10", group: int = CLASS) -> Lesson:
    return Lesson(
        2_410_000_000_000_000_000 + number, group, 63, day, 1, topic, None, '["1000000000501"]', None, None
    )


def topics(connection: sa.Connection, at: AsOf) -> dict[int, str | None]:
    return {one.lesson_id % 1000: one.topic for one in read(connection, schema.LESSON, at)}


def test_what_is_new_is_opened_and_read_back_exactly(store: sa.Engine) -> None:
    with store.begin() as connection:
        changes = write(connection, schema.LESSON, SCHOOL, 1, [lesson(1), lesson(2)], SEPTEMBER)
        assert changes == Changes(new=2)
        assert list(read(connection, schema.LESSON, AsOf(SCHOOL))) == [lesson(1), lesson(2)]


def test_the_same_answer_again_changes_nothing(store: sa.Engine) -> None:
    with store.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 1, [lesson(1), lesson(2)], SEPTEMBER)
        again = write(connection, schema.LESSON, SCHOOL, 2, [lesson(1), lesson(2)], SEPTEMBER)
        assert again == Changes(unchanged=2)
        versions = connection.execute(sa.select(sa.func.count()).select_from(schema.LESSON.table)).scalar()
        assert versions == 2


@pytest.mark.parametrize("number", [1, 19, 20, 21, 41])
def test_however_many_come_at_once_each_is_read_back_exactly(store: sa.Engine, number: int) -> None:
    sent = [lesson(one)._replace(number=one % 2 or None, topic=None) for one in range(number)]
    with store.begin() as connection:
        assert write(connection, schema.LESSON, SCHOOL, 1, sent, SEPTEMBER) == Changes(new=number)
        corrected = [one._replace(topic="Powers") for one in sent]
        assert write(connection, schema.LESSON, SCHOOL, 1, corrected, SEPTEMBER) == Changes(changed=number)
        assert sorted(read(connection, schema.LESSON, AsOf(SCHOOL))) == corrected
        versions = connection.execute(sa.select(sa.func.count()).select_from(schema.LESSON.table)).scalar()
        assert versions == number  # of one run: replaced in place


def test_a_correction_closes_one_version_and_opens_another(store: sa.Engine) -> None:
    with store.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 1, [lesson(1, "Roots"), lesson(2)], SEPTEMBER)
        changes = write(connection, schema.LESSON, SCHOOL, 2, [lesson(1, "Powers"), lesson(2)], SEPTEMBER)
        assert changes == Changes(changed=1, unchanged=1)
        assert topics(connection, AsOf(SCHOOL, 1)) == {1: "Roots", 2: "Topic"}
        assert topics(connection, AsOf(SCHOOL, 2)) == {1: "Powers", 2: "Topic"}


def test_what_a_complete_answer_no_longer_holds_is_withdrawn_not_deleted(store: sa.Engine) -> None:
    with store.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 1, [lesson(1), lesson(2)], SEPTEMBER)
        changes = write(connection, schema.LESSON, SCHOOL, 2, [lesson(2)], SEPTEMBER)
        assert changes == Changes(withdrawn=1, unchanged=1)
        assert topics(connection, AsOf(SCHOOL)).keys() == {2}
        assert topics(connection, AsOf(SCHOOL, 1)).keys() == {1, 2}
        assert {one.lesson_id % 1000 for one in last_known(connection, schema.LESSON, AsOf(SCHOOL))} == {1, 2}


def test_a_record_that_comes_back_is_new_again(store: sa.Engine) -> None:
    with store.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 1, [lesson(1)], SEPTEMBER)
        write(connection, schema.LESSON, SCHOOL, 2, [], SEPTEMBER)
        assert write(connection, schema.LESSON, SCHOOL, 3, [lesson(1)], SEPTEMBER) == Changes(new=1)
        present = [run for run in (1, 2, 3) if topics(connection, AsOf(SCHOOL, run))]
        assert present == [1, 3]


def test_records_outside_the_scope_are_not_touched(store: sa.Engine) -> None:
    with store.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 1, [lesson(1, day="2025-10-01")], OCTOBER)
        write(connection, schema.LESSON, SCHOOL, 1, [lesson(2, group=CLASS + 1)], None, Absence.UNKNOWN)
        assert write(connection, schema.LESSON, SCHOOL, 2, [], SEPTEMBER) == Changes()
        assert topics(connection, AsOf(SCHOOL)).keys() == {1, 2}


def test_a_lesson_moved_to_another_month_is_one_lesson_whichever_month_is_read_first(
    store: sa.Engine,
) -> None:
    for start, slices in ((1, (SEPTEMBER, OCTOBER)), (11, (OCTOBER, SEPTEMBER))):
        with store.begin() as connection:
            write(connection, schema.LESSON, SCHOOL, start, [lesson(start)], SEPTEMBER)
            moved = lesson(start, day="2025-10-01")
            for scope in slices:
                records = [moved] if scope is OCTOBER else []
                write(connection, schema.LESSON, SCHOOL, start + 1, records, scope)
            standing = {one.lesson_id: one.day for one in read(connection, schema.LESSON, AsOf(SCHOOL))}
            assert standing[moved.lesson_id] == "2025-10-01"


def test_two_changes_in_one_run_leave_the_last_one_and_no_history_between(store: sa.Engine) -> None:
    with store.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 1, [lesson(1, "A")], SEPTEMBER)
        write(connection, schema.LESSON, SCHOOL, 1, [lesson(1, "B")], SEPTEMBER)
        assert topics(connection, AsOf(SCHOOL, 1)) == {1: "B"}
        write(connection, schema.LESSON, SCHOOL, 2, [lesson(1, "C")], SEPTEMBER)
        write(connection, schema.LESSON, SCHOOL, 2, [], SEPTEMBER)
        write(connection, schema.LESSON, SCHOOL, 2, [lesson(1, "D")], SEPTEMBER)
        assert topics(connection, AsOf(SCHOOL, 1)) == {1: "B"}
        assert topics(connection, AsOf(SCHOOL, 2)) == {1: "D"}


def test_the_same_key_twice_in_an_answer_counts_once(store: sa.Engine) -> None:
    with store.begin() as connection:
        answer = [lesson(1, "first"), lesson(1, "last")]
        assert write(connection, schema.LESSON, SCHOOL, 1, answer, SEPTEMBER) == Changes(new=1)
        assert topics(connection, AsOf(SCHOOL)) == {1: "last"}


def test_keys_of_two_columns_and_of_none(store: sa.Engine) -> None:
    entry = Attendance(7, 9, CLASS, 63, "2025-09-10", "Ill", None, None, None, None)
    with store.begin() as connection:
        write(connection, schema.ATTENDANCE, SCHOOL, 1, [entry], SEPTEMBER)
        moved = entry._replace(day="2025-10-10", status="Absent")
        assert write(connection, schema.ATTENDANCE, SCHOOL, 2, [moved], OCTOBER) == Changes(changed=1)
        write(connection, schema.SCHOOL, SCHOOL, 1, [School("One", None, None, None, None)])
        changed = write(connection, schema.SCHOOL, SCHOOL, 2, [School("Two", None, None, None, None)])
        assert changed == Changes(changed=1)


def test_a_secondary_source_only_adds_what_is_not_known_at_all(store: sa.Engine) -> None:
    with store.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 1, [lesson(1, "known")], SEPTEMBER)
        second = [lesson(1, "poorer"), lesson(2, "added")]
        changes = write(connection, schema.LESSON, SCHOOL, 2, second, None, Absence.KEEP_KNOWN)
        assert changes == Changes(new=1, unchanged=1)
        assert topics(connection, AsOf(SCHOOL)) == {1: "known", 2: "added"}


def test_an_implausible_withdrawal_is_held_back_until_someone_vouches_for_it(store: sa.Engine) -> None:
    many = [lesson(number) for number in range(50)]
    with store.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 1, many, SEPTEMBER)
        glitch = write(connection, schema.LESSON, SCHOOL, 2, [lesson(0, "changed")], SEPTEMBER)
        assert glitch == Changes(changed=1, held_back=49)
        assert len(topics(connection, AsOf(SCHOOL))) == 50
        rows = prepared(schema.LESSON, SCHOOL, [lesson(0, "changed")])
        sure = bring_in(connection, schema.LESSON, SCHOOL, 3, rows, SEPTEMBER, trust_withdrawals=True)
        assert sure == Changes(unchanged=1, withdrawn=49)


def test_what_is_held_back_does_not_pass_by_itself_when_new_records_have_come(store: sa.Engine) -> None:
    old, new = [lesson(number) for number in range(30)], [lesson(number) for number in range(100, 140)]
    with store.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 1, old, SEPTEMBER)
        assert write(connection, schema.LESSON, SCHOOL, 2, new, SEPTEMBER).held_back == 30
        rows = prepared(schema.LESSON, SCHOOL, new)
        again = bring_in(connection, schema.LESSON, SCHOOL, 3, rows, SEPTEMBER, held_back_before=True)
        assert again == Changes(unchanged=40, held_back=30)


def test_a_small_or_partial_withdrawal_is_believed(store: sa.Engine) -> None:
    with store.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 1, [lesson(n) for n in range(20)], SEPTEMBER)
        assert write(connection, schema.LESSON, SCHOOL, 2, [], SEPTEMBER).withdrawn == 20
        write(connection, schema.LESSON, SCHOOL, 3, [lesson(n) for n in range(100)], SEPTEMBER)
        kept = [lesson(n) for n in range(50)]
        assert write(connection, schema.LESSON, SCHOOL, 4, kept, SEPTEMBER).withdrawn == 50


def test_schools_do_not_see_each_other(store: sa.Engine) -> None:
    with store.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 1, [lesson(1, "ours")], SEPTEMBER)
        write(connection, schema.LESSON, SCHOOL + 1, 2, [lesson(1, "theirs")], SEPTEMBER)
        write(connection, schema.LESSON, SCHOOL + 1, 3, [], SEPTEMBER)
        assert topics(connection, AsOf(SCHOOL)) == {1: "ours"}
        assert topics(connection, AsOf(SCHOOL + 1)) == {}


_answer = st.dictionaries(st.integers(0, 8), st.sampled_from(["a", "b", "c"]), max_size=9)


@given(answers=st.lists(_answer, min_size=1, max_size=6))
def test_as_of_any_run_the_archive_says_what_the_platform_said_then(
    sqlite_store: sa.Engine, answers: list[dict[int, str]]
) -> None:
    """Whatever the platform answers, night after night, every night can be read back as it was."""
    with sqlite_store.connect() as connection:  # what an example writes is never committed
        for run, answer in enumerate(answers, start=1):
            records = [lesson(number, topic) for number, topic in answer.items()]
            write(connection, schema.LESSON, SCHOOL, run, records, SEPTEMBER)
        for run, answer in enumerate(answers, start=1):
            assert topics(connection, AsOf(SCHOOL, run)) == answer
        assert topics(connection, AsOf(SCHOOL, 0)) == {}


@given(
    topic=st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=40),
    number=st.integers(-(2**63), 2**63 - 1),
)
def test_any_text_and_any_64_bit_id_come_back_exactly(
    sqlite_store: sa.Engine, topic: str, number: int
) -> None:
    with sqlite_store.connect() as connection:  # what an example writes is never committed
        one = lesson(0, topic)._replace(lesson_id=number)
        write(connection, schema.LESSON, SCHOOL, 1, [one], SEPTEMBER)
        assert list(read(connection, schema.LESSON, AsOf(SCHOOL))) == [one]


def test_what_two_slices_of_a_first_run_bring_stands_once_as_the_later_one_says(store: sa.Engine) -> None:
    with store.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 1, [lesson(1, day="2025-09-30")], SEPTEMBER)
        write(connection, schema.LESSON, SCHOOL, 1, [lesson(1, "Moved", day="2025-10-01")], OCTOBER)
        assert list(read(connection, schema.LESSON, AsOf(SCHOOL))) == [lesson(1, "Moved", day="2025-10-01")]
        versions = connection.execute(sa.select(sa.func.count()).select_from(schema.LESSON.table)).scalar()
        assert versions == 1
