"""A comparison under way: what it knows of both sides, and the parts that compare records by their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from archive_store import schema
from archive_store.asof import read
from archive_store.catalogue import parents
from archive_store.records import Mark
from archive_store.schema import R
from connector.api.errors import REFUSALS, ApiError
from connector.sync.grid import JournalGroup, months_of
from connector.sync.reconcile import by_id
from connector.sync.reconcile.archive import Archive
from connector.sync.reconcile.by_id import Compared
from connector.sync.reconcile.fresh import Fresh
from connector.sync.reconcile.sample import Month
from connector.sync.reconcile.verdict import NotOffered, Verdict, What
from connector.sync.source import Source

T = TypeVar("T")


@dataclass(slots=True)
class Comparison:
    """Both sides of a school's academic year. ``groups`` are all that have slices, ``today`` is the school's.

    A class-month is read once, however many differences ask for it.
    """

    source: Source
    archive: Archive
    fresh: Fresh
    groups: Sequence[JournalGroup]
    today: date
    verdict: Verdict
    _marks_of: dict[Month, list[Mark]] = field(default_factory=dict)
    _members: dict[int, set[int]] = field(default_factory=dict)
    _weights_now: dict[int, int | None] | None = None

    def month(self, one: JournalGroup, first: date, last: date) -> list[Mark]:
        """Compare a class-month by ids, if that is not done yet; its marks as the platform shows them.

        Raises ApiError.
        """
        month = one.group.group_id, first.isoformat()
        if month not in self._marks_of:
            shown = self.fresh.month(one, first, last)
            self._by_days(by_id.LESSONS, one, first, last, shown.lessons)
            self._by_days(by_id.MARKS, one, first, last, shown.marks)
            self._by_days(by_id.ATTENDANCE, one, first, last, shown.attendance)
            self._marks_of[month] = shown.marks
        return self._marks_of[month]

    def final_marks(self, one: JournalGroup) -> None:
        """Compare the final marks of a class by ids. Raises ApiError, but not if they are not offered."""
        group_id = one.group.group_id
        ours = self.archive.of_group(schema.FINAL_MARK, group_id)
        theirs = self.unless_refused(
            lambda: self.fresh.final_marks(one), What.FINAL_MARK, one, None, len(ours)
        )
        if theirs is not None:
            self._note(by_id.FINAL_MARKS, group_id, ours, theirs)

    def months_between(self, first_day: str, last_day: str) -> list[tuple[date, date]]:
        """The months of the academic year that meet these days."""
        return [
            (first, last)
            for first, last in months_of(self.verdict.study_year)
            if first.isoformat() <= last_day and first_day <= last.isoformat()
        ]

    def weights_now(self) -> dict[int, int | None]:
        """The weights of the types of work as the platform has them now. Raises ApiError."""
        if self._weights_now is None:
            self._weights_now = self.fresh.weights()
        return self._weights_now

    def sharing(self, one: JournalGroup) -> list[JournalGroup]:
        """A class, and the subgroups that it shares with others: each has slices of its own."""
        return [other for other in self.groups if other.group.group_id in {one.group.group_id, *one.known}]

    def is_compared_elsewhere(self, person_id: int, one: JournalGroup) -> bool:
        """Whether a pupil is of another class alone, met here in a subgroup that the two share."""
        if not self._members:
            at = self.archive.at
            classes = {other.group.group_id for other in self.groups if not parents(other.group)}
            for member in read(self.archive.connection, schema.MEMBERSHIP, at):
                if member.group_id in classes:
                    self._members.setdefault(member.person_id, set()).add(member.group_id)
        own = self._members.get(person_id)
        return own is not None and one.group.group_id not in own

    def unless_refused(
        self, ask: Callable[[], T], what: What, one: JournalGroup, period_id: int | None, values: int
    ) -> T | None:
        """An answer, or None with a note that so many values are not offered. Raises other ApiErrors."""
        try:
            return ask()
        except REFUSALS as refusal:
            self.not_offered(what, one, period_id, values, refusal)
            return None

    def not_offered(
        self, what: What, one: JournalGroup, period_id: int | None, values: int, refusal: ApiError | None
    ) -> None:
        """Note values that the platform does not give."""
        if values or refusal:
            self.verdict.not_offered.append(NotOffered(what, one.group.group_id, period_id, values, refusal))

    def _by_days(
        self, compared: Compared[R], one: JournalGroup, first: date, last: date, theirs: Iterable[R]
    ) -> None:
        ours = self.archive.by_days(compared.entity, one.owned, first.isoformat(), last.isoformat())
        self._note(compared, one.group.group_id, ours, theirs)

    def _note(self, compared: Compared[R], class_id: int, ours: Iterable[R], theirs: Iterable[R]) -> None:
        count, found = by_id.differences(compared, self.archive, class_id, ours, theirs)
        self.verdict.checked[class_id] += count
        self.verdict.differences += found
