"""The totals of the school: counts by class, parallel, level of education and in all (FORMS §6).

Counts are added up; shares are computed from the sums and never averaged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from archive_store.forms.class_report import ClassReport
from archive_store.forms.class_totals import ClassTotals

_PRIMARY_ENDS: Final = 4
_BASIC_ENDS: Final = 9


class Scale(Enum):
    """What a row sums."""

    CLASS = "class"
    PARALLEL = "parallel"
    PRIMARY = "primary"  # grades 1 to 4
    BASIC = "basic"  # 5 to 9
    SECONDARY = "secondary"  # 10 and 11
    SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A class by its name, a parallel by its number, or more."""

    scale: Scale
    name: str
    totals: ClassTotals


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """The classes that have a period of these ``names`` (empty: the year), summed."""

    names: tuple[str, ...]
    rows: tuple[SchoolRow, ...]


@dataclass(frozen=True, slots=True)
class SchoolReport:
    """The report. ``unknown`` and ``several`` are summed from the classes."""

    lines: tuple[SchoolLine, ...]
    unknown: tuple[tuple[str, int], ...]
    several: int


@dataclass(frozen=True, slots=True)
class _ClassRow:
    class_id: int
    name: str
    parallel: int | None
    totals: ClassTotals


@dataclass(slots=True)
class _Period:
    """A period of one name, or the year, with the classes that have it."""

    names: tuple[str, ...]
    last_day: str = ""
    classes: list[_ClassRow] = field(default_factory=list)


def build(reports: Iterable[ClassReport]) -> SchoolReport:
    """The totals of classes in school order; nothing of a class is kept but its counts."""
    periods: dict[str, _Period] = {}
    unknown: dict[str, int] = defaultdict(int)
    several = 0
    for report in reports:
        group = report.record.group
        for one in report.lines:
            name = one.line.column.period.name if one.line.column.period else ""
            period = periods.setdefault(name, _Period((name,) if name else ()))
            period.last_day = max(period.last_day, one.line.last_day)
            period.classes.append(_ClassRow(group.group_id, group.name, group.parallel, one.totals))
        for value, count in report.unknown:
            unknown[value] += count
        several += report.several
    lines = tuple(SchoolLine(one.names, tuple(_rows(one.classes))) for one in _merged(periods.values()))
    return SchoolReport(lines, tuple(sorted(unknown.items())), several)


def _merged(periods: Iterable[_Period]) -> list[_Period]:
    """The periods in the order of time, the year last; those of different classes that end together are
    one: the second quarter of some and the first half-year of others."""
    merged: list[_Period] = []
    for one in sorted(periods, key=lambda one: (not one.names, one.last_day, one.names)):
        last = merged[-1] if merged else None
        if last and one.names and last.last_day == one.last_day and not _shared(last, one):
            merged[-1] = _Period(last.names + one.names, one.last_day, last.classes + one.classes)
        else:
            merged.append(one)
    for one in merged:
        one.classes.sort(key=lambda row: (row.parallel or 0, row.name, row.class_id))
    return merged


def _shared(one: _Period, other: _Period) -> bool:
    return bool({row.class_id for row in one.classes} & {row.class_id for row in other.classes})


def _rows(classes: list[_ClassRow]) -> Iterator[SchoolRow]:
    """Each class, each parallel of several below its classes, each level below its parallels, the school."""
    for scale in (Scale.PRIMARY, Scale.BASIC, Scale.SECONDARY, None):
        of_level = [one for one in classes if _level(one.parallel) is scale]
        for parallel in dict.fromkeys(one.parallel for one in of_level):
            in_parallel = [one for one in of_level if one.parallel == parallel]
            yield from (SchoolRow(Scale.CLASS, one.name, one.totals) for one in in_parallel)
            if parallel is not None and len(in_parallel) > 1:
                yield SchoolRow(Scale.PARALLEL, str(parallel), _sum(in_parallel))
        if of_level and scale is not None:
            yield SchoolRow(scale, "", _sum(of_level))
    yield SchoolRow(Scale.SCHOOL, "", _sum(classes))


def _level(parallel: int | None) -> Scale | None:
    if parallel is None:
        return None
    if parallel <= _PRIMARY_ENDS:
        return Scale.PRIMARY
    return Scale.BASIC if parallel <= _BASIC_ENDS else Scale.SECONDARY


def _sum(classes: Iterable[_ClassRow]) -> ClassTotals:
    return ClassTotals.total(one.totals for one in classes)
