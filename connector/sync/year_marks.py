"""Whether the platform's call for a class's final marks holds year and exam marks: found out by asking both.

It is not documented. If it does not, those are read pupil by pupil (:mod:`connector.sync.finals`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from connector.api import calls
from connector.api import models as wire
from connector.api.client import Client
from connector.api.errors import ENDS_A_RUN, REFUSALS, ApiError
from connector.api.parsing import parse
from connector.sync.grid import JournalGroup
from connector.sync.mapping import final_kind
from connector.sync.pupils import active_pupils
from connector.sync.slices import Reading
from connector.sync.subgroups import APART, TOGETHER

_CLASSES_ASKED: Final = 3
_OF_A_YEAR: Final = {"year", "exam", "final"}


def class_and_pupil(reading: Reading, groups: Sequence[JournalGroup], today: date) -> list[tuple[int, int]]:
    """A few classes whose year has ended, each with a pupil; those first that sit exams."""
    ended = [one for one in groups if one.is_class and one.periods and one.periods[-1][1] < today]
    ended.sort(key=lambda one: (one.group.parallel or 0, one.group.study_year or 0), reverse=True)
    pairs = []
    for one in ended[:_CLASSES_ASKED]:
        pupils = active_pupils(reading, one.group.group_id)
        pairs += [(one.group.group_id, person) for person in pupils[:1]]
    return pairs


def compare(client: Client, pairs: Sequence[tuple[int, int]]) -> str | None:
    """APART or TOGETHER, or None if no pupil had marks of a year. Two calls for each pair, as a rule for one.

    Where the platform refuses one of the two there is nothing to complete: TOGETHER.
    """
    for class_id, person_id in pairs:
        try:
            found = compare_pupil(client, class_marks(client, class_id), class_id, person_id)
        except ENDS_A_RUN:
            raise
        except REFUSALS:
            return TOGETHER
        except ApiError:
            continue  # whatever ails this class must not end the run; it is asked again next time
        if found:
            return found
    return None


def class_marks(client: Client, class_id: int) -> list[wire.PersonFinalMarks]:
    """What the call for a class holds. Raises ApiError."""
    call = calls.final_marks(class_id)
    return parse(list[wire.PersonFinalMarks], client.fetch(call), call.label)


def compare_pupil(
    client: Client, rows: Sequence[wire.PersonFinalMarks], class_id: int, person_id: int
) -> str | None:
    """The same for one pupil, by what the call for the class held. Raises ApiError."""
    call = calls.all_final_marks(person_id, class_id)
    own = parse(wire.AllFinalMarks, client.fetch(call), call.label)
    works = {work.id: work for work in own.works or ()}
    of_year = {one.id for one in own.marks or () if final_kind(None, works.get(one.work)) in _OF_A_YEAR}
    if not of_year:
        return None
    shown = {one.final_mark.id for row in rows for one in row.marks if one.final_mark}
    return TOGETHER if of_year <= shown else APART
