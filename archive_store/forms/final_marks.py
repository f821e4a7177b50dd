"""The final marks of pupils in all years, with the grade and the period of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from archive_store.asof import AsOf, last_known, read
from archive_store.catalogue import parents
from archive_store.forms.gathering import shown
from archive_store.records import EduGroup, ReportingPeriod
from archive_store.schema import EDU_GROUP, FINAL_MARK, REPORTING_PERIOD, SUBJECT


@dataclass(frozen=True, slots=True)
class YearlyMark:
    """A final mark of a year. ``kind`` is period (alone with a ``period``), year, exam, final or unknown."""

    person_id: int
    study_year: int
    grade: int
    subject: str
    kind: str
    period: ReportingPeriod | None
    mark: str
    scale: str | None


def final_marks(
    connection: sa.Connection, at: AsOf, person_ids: Iterable[int], until: int
) -> Iterator[YearlyMark]:
    """Those of the pupils, to the academic year ``until``: of two for one thing the one that was set last."""
    groups = {one.group_id: one for one in last_known(connection, EDU_GROUP, at)}
    subjects = {one.subject_id: one.name for one in last_known(connection, SUBJECT, at)}
    periods = {one.period_id: one for one in read(connection, REPORTING_PERIOD, at)}
    person = FINAL_MARK.table.c.person_id
    found: dict[tuple[object, ...], YearlyMark] = {}
    rows = read(connection, FINAL_MARK, at, person.in_(sorted(set(person_ids))))
    for one in sorted(rows, key=lambda mark: (mark.set_at or "", mark.mark_id)):
        group = groups.get(one.group_id)
        grade = _grade(group, groups)
        if group is None or group.study_year is None or grade is None or group.study_year > until:
            continue
        period = periods.get(one.period_id) if one.kind == "period" and one.period_id is not None else None
        is_year = period is not None and period.type == "Year"
        final = YearlyMark(
            one.person_id,
            group.study_year,
            grade,
            subjects.get(one.subject_id, str(one.subject_id)),
            "year" if is_year else one.kind,
            None if is_year else period,
            shown(one),
            one.type,
        )
        ends = final.period.ends if final.period else None
        found[final.person_id, final.study_year, final.subject, final.kind, ends] = final
    yield from found.values()


def _grade(group: EduGroup | None, groups: Mapping[int, EduGroup]) -> int | None:
    """The year of study of a class, or of the class of a subgroup."""
    if group is None:
        return None
    if group.parallel is not None:
        return group.parallel
    known = [groups[one].parallel for one in parents(group) if one in groups]
    return next((one for one in known if one is not None), None)


def last_of(finals: Sequence[YearlyMark], kind: str) -> YearlyMark | None:
    """The mark of that kind, of several years the last one."""
    of_kind = [one for one in finals if one.kind == kind]
    return max(of_kind, key=lambda one: one.study_year) if of_kind else None


def in_time(finals: Sequence[YearlyMark]) -> list[YearlyMark]:
    """The marks in the order of time, without those of a period inside a longer one that has a mark too."""

    def inside_another(final: YearlyMark) -> bool:
        mine = final.period
        return mine is not None and any(
            other.period is not None
            and other.study_year == final.study_year
            and other.period != mine
            and other.period.starts <= mine.starts
            and mine.ends <= other.period.ends
            and (other.period.starts, other.period.ends) != (mine.starts, mine.ends)
            for other in finals
        )

    kept = [one for one in finals if not inside_another(one)]
    return sorted(
        kept, key=lambda one: (one.study_year, one.period is None, one.period.ends if one.period else "")
    )
