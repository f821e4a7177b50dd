"""One API call being answered: the school and the parameters read from the request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import orjson
from starlette.requests import Request

from connector.sandbox.clock import SCHOOL_ZONE
from connector.sandbox.errors import ApiError, bad_parameter, forbidden, unknown_id
from connector.sandbox.groups import EduGroup
from connector.sandbox.ids import Kind
from connector.sandbox.journal import Journal
from connector.sandbox.records import Lesson, Mark, Work
from connector.sandbox.school import School
from connector.sandbox.variant import FORBIDDEN, PlatformVariant
from connector.sandbox.year_calendar import PER_CALENDAR, Period, YearCalendar, calendars

_INT64 = 2**63
T = TypeVar("T")


@dataclass(slots=True)
class Call:
    """Reads ids, days and bodies; every reader raises ApiError (parameterInvalid) on bad input."""

    school: School
    request: Request
    body: bytes
    base_url: str

    @property
    def variant(self) -> PlatformVariant:
        """Return how the platform answers now."""
        return self.school.variant

    def number(self, name: str) -> int:
        """Return an int64 of the path."""
        return _int64(name, self.request.path_params[name])

    def text(self, name: str) -> str:
        """Return a text of the path."""
        return str(self.request.path_params[name])

    def numbers(self, name: str) -> list[int]:
        """Return a repeated query parameter of ids; at least one is demanded."""
        values = self.request.query_params.getlist(name)
        if not values:
            raise bad_parameter(name)
        found = [_int64(name, part) for value in values for part in value.split(",")]
        self._demand_short(name, found, self.variant.max_query_batch)
        return found

    @staticmethod
    def _demand_short(name: str, ids: list[int], limit: int) -> None:
        if limit and len(ids) > limit:
            raise bad_parameter(name)

    def flag(self, name: str) -> bool:
        """Return a boolean of the query, false if missing."""
        return self.request.query_params.get(name, "").lower() == "true"

    def query_number(self, name: str) -> int | None:
        """Return an int64 of the query, None if missing or empty."""
        value = self.request.query_params.get(name)
        return _int64(name, value) if value else None

    def id_list(self) -> list[int]:
        """Return the body: a bare JSON array of ids."""
        try:
            body = orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise ApiError("invalidRequest", 400, "Request body is malformed") from error
        if not isinstance(body, list):
            raise bad_parameter("body")
        found = [_int64("body", str(item)) for item in body]
        self._demand_short("body", found, self.variant.max_batch)
        return found

    def span(self, first: str, last: str) -> tuple[int, int]:
        """Return the first and last day (ordinals) of a range, from the path or the query."""
        start, _ = self._day(first)
        end, at_midnight = self._day(last)
        if self.variant.max_range_days and end - start > self.variant.max_range_days:
            raise bad_parameter(last)
        if self.variant.range_end_exclusive and at_midnight:
            end -= 1
        return start, end

    def day(self, name: str) -> int:
        """Return a day (ordinal), from the path or the query."""
        return self._day(name)[0]

    def _day(self, name: str) -> tuple[int, bool]:
        value = self.request.path_params.get(name) or self.request.query_params.get(name) or ""
        if len(value) == len("2025-09-01") and value[4:5] == "-":
            return _read(date.fromisoformat, name, value).toordinal(), True
        if value[10:11] != "T":
            raise bad_parameter(name)
        moment = _read(datetime.fromisoformat, name, value)
        if moment.tzinfo is not None:
            moment = moment.astimezone(SCHOOL_ZONE)
        midnight = moment.hour == moment.minute == moment.second == 0
        return moment.date().toordinal(), midnight

    def own_school(self, name: str = "school") -> None:
        """Demand that the path's school is this one."""
        if self.number(name) != self.school.ids.school():
            raise unknown_id(name)

    def group(self, name: str = "group") -> tuple[Journal, EduGroup]:
        """Return the path's edu group."""
        return self.group_by_id(self.number(name))

    def open_group(self) -> tuple[Journal, EduGroup]:
        """Return the path's edu group for its records; raise ApiError (403) where its year is closed."""
        journal, group = self.group()
        if journal.year not in self.school.open_years() and self.variant.old_years_closed == FORBIDDEN:
            raise forbidden()
        return journal, group

    def lessons(self, found: tuple[Journal, EduGroup], first: int, last: int) -> Iterator[Lesson]:
        """Yield a group's lessons of the days first..last as the platform lists them."""
        journal, group = found
        if journal.year not in self.school.open_years():
            return
        for lesson in journal.lessons_between(group.index, first, last):
            if self.variant.lists_subgroup_records or lesson.group == group.index:
                yield lesson

    def group_by_id(self, ident: int) -> tuple[Journal, EduGroup]:
        """Return an edu group by id."""
        try:
            return self.school.group(ident)
        except KeyError as error:
            raise unknown_id("eduGroup") from error

    def person(self, name: str = "person") -> int:
        """Return the index of the path's person."""
        index = self.school.ids.person_index(self.number(name))
        try:
            self.school.person(index)
        except IndexError as error:
            raise unknown_id(name) from error
        return index

    def period(self, calendar: YearCalendar, year: int) -> Period:
        """Return the path's reporting period, which must be one of the calendar's of the year."""
        found = self.school.ids.split(Kind.PERIOD, self.number("period"))
        if found is None or found[0] != year or found[1] // PER_CALENDAR != calendar.code:
            raise unknown_id("period")
        number = found[1] % PER_CALENDAR
        if number >= len(calendar.periods):
            raise unknown_id("period")
        return calendar.periods[number]

    def any_period(self) -> Period:
        """Return the path's reporting period of whatever classes."""
        found = self.school.ids.split(Kind.PERIOD, self.number("period"))
        if found is None or found[0] not in self.school.shown_years():
            raise unknown_id("period")
        for calendar in calendars(found[0]):
            if calendar.code == found[1] // PER_CALENDAR:
                return self.period(calendar, found[0])
        raise unknown_id("period")

    def subject(self, name: str = "subject") -> int:
        """Return the index of the path's subject; -1 if the school has none such."""
        return self.school.ids.subject_index(self.number(name))

    def lesson(self, ident: int) -> tuple[Journal, Lesson]:
        """Return a lesson by id."""
        journal, serial = self._locate(Kind.LESSON, ident)
        lesson = journal.lessons[serial] if serial < len(journal.lessons) else None
        if lesson is None:
            raise unknown_id("lesson")
        return journal, lesson

    def work(self, ident: int) -> tuple[Journal, Work]:
        """Return a work by id."""
        journal, serial = self._locate(Kind.WORK, ident)
        work = journal.works[serial] if serial < len(journal.works) else None
        if work is None:
            raise unknown_id("work")
        return journal, work

    def mark(self, ident: int) -> tuple[Journal, Mark]:
        """Return a mark by id."""
        journal, serial = self._locate(Kind.MARK, ident)
        mark = journal.marks[serial] if serial < len(journal.marks) else None
        if mark is None or mark.moment > self.school.now_ms:
            raise unknown_id("mark")
        return journal, mark

    def _locate(self, kind: Kind, ident: int) -> tuple[Journal, int]:
        try:
            return self.school.locate(kind, ident)
        except KeyError as error:
            raise unknown_id(kind.name.lower()) from error


def _int64(name: str, value: str) -> int:
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or abs(int(digits[:20])) >= _INT64:
        raise bad_parameter(name)
    return int(value)


def _read(parse: Callable[[str], T], name: str, value: str) -> T:
    try:
        return parse(value)
    except ValueError as error:
        raise bad_parameter(name) from error
