"""Specifies how signs of marks and attendance are read, and what a school may add to them."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from archive_store.forms import attendance_summary, class_journal
from archive_store.forms.averages import averages
from archive_store.forms.class_record import load
from archive_store.forms.class_tables import tables
from archive_store.forms.levels import Level, outcome
from archive_store.forms.marks import read_mark, split
from archive_store.forms.signs import MEANINGS, STANDARD, Meaning, Presence, Scale, Signs, TwoMeanings
from archive_store.render.printed_signs import added, missed_letters, school_signs
from invented_class import InventedClass


@pytest.mark.parametrize(
    ("sign", "presence", "letter"),
    [
        ("Attend", Presence.PRESENT, ""),
        (None, Presence.PRESENT, ""),
        ("Absent", Presence.ABSENT, "Н"),
        ("Ill", Presence.ILL, "Б"),
        ("Pass", Presence.GOOD_REASON, "П"),
        ("Late", Presence.LATE, "О"),
        ("ОТ", Presence.ABSENT, "Н"),  # NetSchool
        ("НП", Presence.ABSENT, "Н"),
        ("УП", Presence.GOOD_REASON, "П"),
        ("Б", Presence.ILL, "Б"),
        ("ОП", Presence.LATE, "О"),
        ("н/б", Presence.ABSENT, "Н"),  # on paper
        ("У", Presence.GOOD_REASON, "П"),
        ("OП", Presence.LATE, "О"),  # the first letter typed on the other keyboard
        ("Quarantine", None, "Quarantine"),
    ],
)
def test_signs_of_attendance(sign: str | None, presence: Presence | None, letter: str) -> None:
    assert (STANDARD.presence(sign), STANDARD.letter(sign)) == (presence, letter)
    assert STANDARD.is_unknown(sign) is (presence is None)


def test_a_school_prints_its_own_letters_and_they_are_read_as_it_means_them() -> None:
    signs = Signs(letters={Presence.ABSENT: "О", Presence.LATE: "ОП"})
    assert [signs.letter(one) for one in ("Absent", "Late", "Ill", "О")] == ["О", "ОП", "Б", "О"]
    assert signs.presence("о") is Presence.ABSENT
    assert missed_letters(signs) == "О, Б, П"


def test_what_a_school_adds_wins_over_what_is_known_and_the_rest_stays() -> None:
    signs = Signs(
        attendance={"бол.": Presence.ILL, "Pass": Presence.ABSENT},
        words={"б/о": Meaning.NOT_ASSESSED, "на": Meaning.ABSENCE},
        scales={"Mark10": Scale(10, (8, 6, 4)), "mark100": Scale(100, (85, 70, 50))},
    )
    assert [signs.letter(one) for one in ("Бол.", "Pass", "Ill")] == ["Б", "Н", "Б"]
    assert read_mark("Б/О", signs=signs).meaning is Meaning.NOT_ASSESSED
    assert read_mark("на", signs=signs).meaning is Meaning.ABSENCE
    assert split("5/б/о", signs=signs) == ("5/б/о",)  # what cannot be told apart stays whole
    assert split("5 б/о", signs=signs) == ("5", "б/о")
    levels = [
        outcome(text, scale, signs) for text, scale in (("8", "mark10"), ("70", "mark100"), ("3", None))
    ]
    assert [one.level for one in levels if one] == [Level.FIVE, Level.FOUR, Level.THREE]


def test_nothing_that_a_school_adds_is_known_to_the_others() -> None:
    Signs(words={"б/о": Meaning.NOT_ASSESSED})
    assert read_mark("б/о").meaning is Meaning.UNKNOWN


@pytest.mark.parametrize(
    ("said", "table", "sign"),
    [
        ({"letters": {Presence.ABSENT: "Б"}}, "letters", "Б"),
        ({"letters": {Presence.LATE: "H"}}, "letters", "H"),  # a Latin one looks the same
        ({"attendance": {"о": Presence.ABSENT}}, "attendance", "о"),
        ({"words": {"бо": Meaning.RELEASED, "БO": Meaning.FAIL}}, "words", "БO"),
    ],
)
def test_a_sign_has_one_meaning(said: dict[str, dict[object, object]], table: str, sign: str) -> None:
    with pytest.raises(TwoMeanings) as caught:
        Signs(**said)  # type: ignore[arg-type]
    assert (caught.value.table, caught.value.sign) == (table, sign)


@given(
    st.dictionaries(
        st.sampled_from(sorted(MEANINGS)), st.text("АВГДЕЖЗИКЛМ", min_size=1, max_size=3), max_size=4
    ),
    st.dictionaries(
        st.text("абвгдежз.", min_size=1, max_size=6), st.sampled_from(sorted(Presence)), max_size=5
    ),
    st.lists(st.text("абвгдежзНБПОabcABC./ ", max_size=8), max_size=12),
)
def test_no_sign_is_lost(
    letters: dict[Presence, str], attendance: dict[str, Presence], entries: list[str]
) -> None:
    try:
        signs = Signs(letters=letters, attendance=attendance)
    except TwoMeanings:
        return
    for entry in entries:
        presence, shown = signs.presence(entry), signs.letter(entry)
        assert (shown == "") is (presence is Presence.PRESENT)
        assert signs.is_unknown(entry) is (presence is None)
        if presence is None:
            assert shown == entry.strip()
        elif presence is not Presence.PRESENT:
            assert signs.presence(shown) is presence  # what is printed is read back as the same


def test_a_class_is_read_by_the_signs_of_its_school(connection: sa.Connection) -> None:
    invented = InventedClass(connection)
    invented.quarters()
    maths, pupil = invented.subject("Математика"), invented.pupil("Агапов", "Иван")
    lessons = [invented.lesson(maths, f"2025-09-0{day}") for day in range(1, 6)]
    for lesson, status in zip(lessons, ["бол.", "УП", "Late", "Quarantine"], strict=False):
        invented.attendance(lesson, pupil, status)
    for value in ("12", "б/о", "??"):
        invented.mark(lessons[-1], pupil, value)
    at = invented.write()
    signs = Signs(
        {Presence.ILL: "Бл"},
        {"бол.": Presence.ILL},
        {"б/о": Meaning.NOT_ASSESSED},
        {"mark5": Scale(12, (10, 7, 4))},
    )
    record = load(connection, at, invented.edu_group, signs)
    journal = class_journal.from_record(record)
    cells = [cell for section in journal.sections for spread in section.spreads for cell in spread.cells[0]]
    assert [letter for cell in cells for letter in cell.letters] == ["Бл", "П", "О", "Quarantine"]
    assert Counter(dict(journal.unknown)) == {"Quarantine": 1, "??": 1}
    total = attendance_summary.build(record, record.stays).rows[0].total
    assert (total.ill, total.for_good_reason, total.without_reason, total.late) == (1, 1, 0, 1)
    (average,) = averages(record.marks, {}, record.signs).values()
    assert average.simple == Fraction(12)
    (table,) = (one for one in tables(connection, at, record) if one.name == "attendance")
    assert [row[5] for row in table.rows] == ["Бл", "П", "О", "Quarantine"]
    plain = class_journal.from_record(load(connection, at, invented.edu_group))
    assert dict(plain.unknown) == {"12": 1, "??": 1, "Quarantine": 1, "б/о": 1, "бол.": 1}


def test_what_was_added_is_said_and_nothing_where_nothing_was() -> None:
    assert (added(STANDARD), school_signs(STANDARD)) == ([], ())
    signs = Signs(
        {Presence.LATE: "ОП"}, words={"б/о": Meaning.NOT_ASSESSED}, scales={"mark10": Scale(10, (9, 7, 5))}
    )
    letters, own = school_signs(signs)
    assert "ОП" in letters
    assert "б/о" in own
    assert "mark10" in own
