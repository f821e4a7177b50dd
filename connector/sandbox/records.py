"""The journal's records as kept in memory; bulk data, hence named tuples.

Persons, subjects and groups are kept by index, days as proleptic ordinals, moments as UTC
milliseconds; ids, texts and JSON are made when asked for.
"""

from __future__ import annotations

from typing import NamedTuple


class Lesson(NamedTuple):
    """A lesson of one group on one day; `number` None: outside the bells."""

    serial: int
    day: int
    number: int | None
    subject: int
    group: int
    teacher: int
    cancelled: bool
    title: str | None
    works: tuple[int, ...]


class Work(NamedTuple):
    """A work: of a lesson, or (`lesson` -1) of a period, a year or an exam."""

    serial: int
    kind: int
    lesson: int
    group: int
    subject: int
    period: int
    period_type: str
    mark_count: int
    text: str
    files: tuple[int, ...]
    author: int
    day: int
    moment: int


class Mark(NamedTuple):
    """A mark of a person for a work; `number` counts the marks of one work from one."""

    serial: int
    person: int
    work: int
    number: int
    value: str
    moment: int


class LogEntry(NamedTuple):
    """An attendance entry of a person in a lesson."""

    lesson: int
    person: int
    status: str
    comment: str | None
    moment: int


class AttachedFile(NamedTuple):
    """A file hung on a homework; `sort` is its place in the list of file names."""

    serial: int
    sort: int
    author: int
    moment: int
