"""Names for the ids of places, as last known to the archive; people by the batch, never all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, last_known
from archive_store.forms.people import full_name
from archive_store.records import ReportingPeriod
from archive_store.year.checks.found import Place
from archive_store.year.papers.words import day

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place in the school's words; what it does not have is empty."""

    place: Place
    group: str
    subject: str
    pupil: str


class Names:
    """Names of classes and subjects, and of the people whom places name."""

    def __init__(self, connection: sa.Connection, at: AsOf) -> None:
        self._connection = connection
        self._at = at
        self._groups = {one.group_id: one.name for one in last_known(connection, schema.EDU_GROUP, at)}
        self._subjects = {one.subject_id: one.name for one in last_known(connection, schema.SUBJECT, at)}

    @cached_property
    def _periods(self) -> dict[tuple[int, int], ReportingPeriod]:
        known = last_known(self._connection, schema.REPORTING_PERIOD, self._at)
        return {(one.group_id, one.period_id): one for one in known}

    @cached_property
    def _any_period(self) -> dict[int, ReportingPeriod]:
        """Subgroups have the periods of their class."""
        return {one.period_id: one for one in self._periods.values()}

    def group(self, group_id: int | None) -> str:
        """The name of a class or subgroup."""
        return "" if group_id is None else self._groups.get(group_id, str(group_id))

    def subject(self, subject_id: int | None) -> str:
        """The name of a subject."""
        return "" if subject_id is None else self._subjects.get(subject_id, str(subject_id))

    def period(self, group_id: int, period_id: int | None) -> str:
        """The name of a reporting period: as the journal of a class has it, or by its days."""
        one = self._periods.get((group_id, period_id or 0)) or self._any_period.get(period_id or 0)
        if one is None:
            return ""
        return one.name or f"{day(one.starts)}-{day(one.ends)}"

    def people(self, ids: Iterable[int | None]) -> dict[int, str]:
        """The full names of pupils by their ids."""
        wanted = sorted({one for one in ids if one is not None})
        if not wanted:
            return {}
        among = schema.PERSON.table.c.person_id.in_(wanted)
        known = {one.person_id: one for one in last_known(self._connection, schema.PERSON, self._at, among)}
        return {one: full_name(known.get(one), one) for one in wanted}

    def of(self, places: Iterable[Place]) -> Iterator[NamedPlace]:
        """The places with their names, streamed."""
        rest = iter(places)
        while some := list(islice(rest, _AT_ONCE)):
            people = self.people(one.person_id for one in some)
            for one in some:
                pupil = "" if one.person_id is None else people[one.person_id]
                yield NamedPlace(one, self.group(one.group_id), self.subject(one.subject_id), pupil)
