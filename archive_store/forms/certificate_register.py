"""The sheet for the register of certificates: final marks as the platform has them, and as the rule gives
them (FORMS §8). The program sets no mark: it shows both and names what differs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Final

from archive_store.forms.certificate_rules import (
    BASIC,
    FIRST_OF_SECONDARY,
    SECONDARY,
    ByRule,
    Reason,
    RuleSet,
    basic,
    rules_on,
    secondary,
)
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.collation import alphabetical
from archive_store.forms.final_marks import YearlyMark, in_time, last_of
from archive_store.forms.marks import Reading, is_of_other_scale, read_mark
from archive_store.forms.people import Pupil
from archive_store.forms.sections import list_of_pupils
from archive_store.forms.signs import Signs

_FIRST_OF_BASIC: Final = 5
_DAY_OF_ISSUE: Final = "06-30"
_MATHS: Final = "математика"
_COURSES_OF_MATHS: Final = frozenset({"алгебра", "геометрия", "вероятность и статистика"})


class Verdict(Enum):
    """What comparing the platform's final mark with the rule comes to."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_SET = "not set"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class CheckedMark:
    """A subject of a pupil: the marks that count, what the rule gives, what the platform has."""

    subject: str
    counted: tuple[YearlyMark, ...]
    by_rule: ByRule
    on_platform: str | None
    verdict: Verdict

    @property
    def mean(self) -> Fraction | None:
        """The mean before it is rounded."""
        return self.by_rule.mean


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A pupil who is to get a certificate."""

    pupil: Pupil
    marks: tuple[CheckedMark, ...]


@dataclass(frozen=True, slots=True)
class CertificateRegister:
    """The sheet of a class of grade 9 or 11. ``rules`` is None if the program knows none for that year.

    ``issued_on`` is the day for which the rules were looked up. ``left`` counts the pupils who have left the
    class: they stand on no sheet.
    """

    record: ClassRecord
    grade: int
    issued_on: str
    rules: RuleSet | None
    rows: tuple[CertificateRow, ...]
    left: int


def build(record: ClassRecord, finals: Iterable[YearlyMark]) -> CertificateRegister:
    """The sheet of the class of ``record``, of grade 9 or 11, from its pupils' final marks in all years."""
    grade = record.group.parallel or SECONDARY
    class_id = record.group.group_id
    pupils = list_of_pupils(record.members.get(class_id, ()), class_id, record)
    by_pupil: dict[int, list[YearlyMark]] = defaultdict(list)
    for one in finals:
        by_pupil[one.person_id].append(one)
    issued_on = f"{(record.group.study_year or 0) + 1}-{_DAY_OF_ISSUE}"
    check = _basic_marks if grade == BASIC else _secondary_marks
    taught = {_key(record.subjects.get(one.subject_id or 0, "")) for one in record.lessons}
    staying = [pupil for pupil in pupils if not pupil.has_left]
    rows = (
        CertificateRow(one, tuple(check(by_pupil[one.person_id], taught, record.signs))) for one in staying
    )
    return CertificateRegister(
        record, grade, issued_on, rules_on(issued_on), tuple(rows), len(pupils) - len(staying)
    )


def _basic_marks(finals: Sequence[YearlyMark], taught: set[str], signs: Signs) -> Iterator[CheckedMark]:
    """The subjects of grade 9, and those that were finished in grades 5 to 8 with their last year mark."""
    subjects = _by_subject(finals)
    exam_of_all_maths = _has_exam_alone(subjects.get(_MATHS, ()))
    for name, of_subject in subjects.items():
        now = [one for one in of_subject if one.grade == BASIC]
        year, exam = last_of(now, "year"), last_of(now, "exam")
        platform = last_of(now, "final")
        if not now and name not in taught:
            earlier = last_of([one for one in of_subject if one.grade >= _FIRST_OF_BASIC], "year")
            if earlier is not None:
                yield _checked(
                    [earlier], basic(_read(earlier, signs), None), None, signs, Reason.FINISHED_EARLIER
                )
            continue
        counted = [one for one in (year, exam) if one is not None]
        by_rule = basic(_read(year, signs), _read(exam, signs))
        if exam_of_all_maths and name in {_MATHS, *_COURSES_OF_MATHS}:
            by_rule = ByRule(None, reason=Reason.EXAM_ELSEWHERE)
        yield _checked(counted or now or of_subject[-1:], by_rule, platform, signs)


def _secondary_marks(finals: Sequence[YearlyMark], taught: set[str], signs: Signs) -> Iterator[CheckedMark]:
    """The subjects of grades 10 and 11."""
    grades = {one.grade for one in finals}
    for name, of_subject in _by_subject(finals).items():
        both = [one for one in of_subject if one.grade in {FIRST_OF_SECONDARY, SECONDARY}]
        counted = [one for one in in_time(both) if one.kind in {"period", "year"}]
        if not both:
            continue
        needed = {one.grade for one in counted} | ({SECONDARY} if name in taught else set())
        by_rule = secondary([read_mark(one.mark, one.scale, signs) for one in counted])
        if FIRST_OF_SECONDARY not in grades:
            by_rule = ByRule(None, reason=Reason.YEAR_NOT_KEPT)
        elif not needed <= {one.grade for one in counted if one.kind == "year"}:
            by_rule = ByRule(None, reason=Reason.NO_YEAR_MARK)
        last_grade = [one for one in both if one.grade == max(needed, default=SECONDARY)]
        yield _checked(counted or both, by_rule, last_of(last_grade, "final"), signs)


def _checked(
    counted: Sequence[YearlyMark],
    by_rule: ByRule,
    platform: YearlyMark | None,
    signs: Signs,
    otherwise: Reason | None = None,
) -> CheckedMark:
    """The comparison; ``otherwise`` is why a mark that the platform does not have is not missed."""
    on_platform = platform.mark if platform else None
    if any(is_of_other_scale(one.scale, signs) for one in counted):
        by_rule = ByRule(None, reason=Reason.OTHER_SCALE)
    mark = by_rule.mark
    if mark is None:
        verdict = Verdict.NOT_CHECKED
    elif on_platform is None:
        verdict = Verdict.NOT_CHECKED if otherwise else Verdict.NOT_SET
        by_rule = ByRule(mark, by_rule.mean, otherwise)
    else:
        verdict = Verdict.AGREES if _same(mark, on_platform, signs) else Verdict.DIFFERS
    return CheckedMark(counted[0].subject, tuple(counted), by_rule, on_platform, verdict)


def _same(by_rule: str, platform: str, signs: Signs) -> bool:
    first, second = read_mark(by_rule), read_mark(platform, signs=signs)
    return (first.number, first.meaning) == (second.number, second.meaning)


def _by_subject(finals: Iterable[YearlyMark]) -> Mapping[str, list[YearlyMark]]:
    """The marks by subject, in the order of the alphabet."""
    found: dict[str, list[YearlyMark]] = defaultdict(list)
    for one in sorted(finals, key=lambda one: alphabetical(one.subject)):
        found[_key(one.subject)].append(one)
    return found


def _key(subject: str) -> str:
    return subject.strip().casefold()


def _has_exam_alone(finals: Sequence[YearlyMark]) -> bool:
    """Whether the subject has an exam mark in grade 9 and no year mark there."""
    kinds = {one.kind for one in finals if one.grade == BASIC}
    return "exam" in kinds and "year" not in kinds


def _read(final: YearlyMark | None, signs: Signs) -> Reading | None:
    return None if final is None else read_mark(final.mark, final.scale, signs)
