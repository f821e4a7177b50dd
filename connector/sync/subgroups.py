"""Whether the platform's calls for a class hold the records of its subgroups: found out by asking both.

A live service takes it so, but it is not documented. If it is not so, each subgroup is asked for itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Final

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.catalogue import groups, parents, periods_of_groups, study_years
from archive_store.records import EduGroup
from connector.api import calls
from connector.api.client import Client
from connector.api.errors import ENDS_A_RUN, ApiError
from connector.api.models import Lesson
from connector.api.parsing import parse
from connector.sync.grid import JournalGroup, journal_groups, study_year_of
from connector.sync.limits import Limits, fetch_whole
from connector.sync.slices import Reading

SUBGROUPS: Final = "subgroups"
YEAR_MARKS: Final = "year_marks"
TOGETHER: Final = "together"
APART: Final = "apart"
_ASKED_FOR: Final = timedelta(days=31)
_SUBGROUPS_ASKED: Final = 3

Periods = dict[int, list[tuple[date, date]]]
"""First and last days of the reporting periods, by class."""


def known_groups(
    connection: sa.Connection, school_id: int, first_year: int, traits: Mapping[str, str]
) -> list[JournalGroup]:
    """The archive's classes since an academic year, with their periods and with what is asked for each."""
    at = AsOf(school_id)
    periods = periods_of_groups(connection, at)
    years = [year for year in study_years(connection, at) if year >= first_year]
    return [one for year in years for one in groups_asked(groups(connection, at, year), traits, periods)]


def groups_asked(
    found: Sequence[EduGroup], traits: Mapping[str, str], periods: Periods | None = None
) -> list[JournalGroup]:
    """The groups of one academic year with what is asked for each, by what is known of the platform."""
    return journal_groups(
        found,
        periods,
        subgroups_apart=traits.get(SUBGROUPS) == APART,
        year_marks_apart=traits.get(YEAR_MARKS) == APART,
    )


Pair = tuple[int, int, date, date]
"""A class, its subgroup, and the days to ask for."""


def class_and_subgroup(reading: Reading, today: date) -> list[Pair]:
    """A few classes and subgroups with days in which there may be lessons: this year's and last year's."""
    at, year = AsOf(reading.school_id), study_year_of(today)
    pairs: list[Pair] = []
    for study_year, last in ((year, today), (year - 1, date(year, 5, 20))):
        own = [one for one in groups(reading.connection, at, study_year) if len(parents(one)) == 1]
        some = islice(own, 0, None, max(1, len(own) // _SUBGROUPS_ASKED))
        pairs += [(parents(one)[0], one.group_id, last - _ASKED_FOR, last) for one in some]
    return pairs


def compare(client: Client, pairs: Sequence[Pair], limits: Limits) -> str | None:
    """TOGETHER or APART, or None if no subgroup had lessons in those days."""
    for class_id, subgroup_id, first, last in pairs:
        try:
            of_subgroup = _lessons(client, subgroup_id, first, last, limits)
            if of_subgroup:
                of_class = _lessons(client, class_id, first, last, limits)
                return TOGETHER if of_subgroup <= of_class else APART
        except ENDS_A_RUN:
            raise
        except ApiError:
            # Whatever ails this class must not end the run for the others; it is asked again next time.
            continue
    return None


def _lessons(client: Client, group_id: int, first: date, last: date, limits: Limits) -> set[int]:
    call = calls.lessons(group_id, first.isoformat(), last.isoformat())
    parts = fetch_whole(client, call, limits)
    return {lesson.id for part, body in parts for lesson in parse(list[Lesson], body, part.label)}
