"""Kinds of slices for period, year, exam and final marks.

The call for a class may leave year and exam marks out; it is not documented. Where it does, they are read
pupil by pupil once they can be there, and the class's call is taken for complete for period marks alone.
Where it is refused, all of them are read pupil by pupil.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from archive_store import schema
from archive_store.asof import AsOf, read
from archive_store.history import Absence, Scope
from archive_store.records import FinalMark
from connector.api import calls
from connector.api import models as wire
from connector.api.calls import Call
from connector.sync import mapping
from connector.sync.answer import Answer
from connector.sync.journal import chunks
from connector.sync.moments import MomentReader
from connector.sync.pupils import pupils_of
from connector.sync.slices import Kind, Reading, Slice, Writing

_BY_PUPILS: Final = 1
_PERIOD: Final = "period"
_WHOLE_YEAR: Final = ("year", "exam", "final", "unknown")


def _final_mark_works(answer: Answer) -> Sequence[Call]:
    if answer.way == _BY_PUPILS:
        return ()  # these answers hold the works
    rows = answer.parsed(list[wire.PersonFinalMarks])
    ids = {one.final_mark.work for row in rows for one in row.marks if one.final_mark}
    return [calls.works(chunk) for chunk in chunks(sorted(ids))]


def _write_final_marks(writing: Writing, slice_: Slice, answer: Answer) -> None:
    if answer.way == _BY_PUPILS:
        _write_of_pupils(writing, slice_, answer)
        return
    rows = answer.parsed(list[wire.PersonFinalMarks])
    works = {work.id: work for models in answer.follow_ups(list[wire.Work]) for work in models}
    # Without its work the kind of a mark may be wrong: such marks are filed, and looked at again.
    wanted = {one.final_mark.work for row in rows for one in row.marks if one.final_mark}
    writing.unfiled += len(wanted - works.keys())
    kinds = (_PERIOD,) if slice_.year_marks_apart else ()
    writing.write(schema.FINAL_MARK, list(of_class(rows, works, writing.moments)), _scope(slice_, kinds))
    _write_works(writing, list(works.values()))


def of_class(
    rows: Sequence[wire.PersonFinalMarks], works: dict[int, wire.Work], moments: MomentReader
) -> Iterator[FinalMark]:
    """The records of a class's answer; without the work behind it, what a mark is for may be unknown."""
    for row in rows:
        for one in row.marks:
            if one.final_mark:
                behind = works.get(one.final_mark.work)
                mark, period = one.final_mark, row.reporting_period
                yield mapping.final_mark(mark, row.group, one.subject, period, behind, moments)


def _write_of_pupils(writing: Writing, slice_: Slice, answer: Answer, kinds: Sequence[str] = ()) -> None:
    """Write what the pupils' answers bring; of certain kinds alone, if so wished."""
    parts = answer.parts(wire.AllFinalMarks)
    found = list(of_pupils(writing.reading, slice_, parts, writing.moments))
    writing.unfiled += sum(len(part.marks or ()) for part in parts) - len(found)
    wanted = [one for one in found if not kinds or one.kind in kinds]
    writing.write(schema.FINAL_MARK, wanted, _scope(slice_, kinds))
    _write_works(writing, [work for part in parts for work in part.works or ()])


def _scope(slice_: Slice, kinds: Sequence[str]) -> Scope:
    """For which marks an answer is complete."""
    return Scope((("group_id", slice_.owned), *((("kind", tuple(kinds)),) if kinds else ())))


def of_pupils(
    reading: Reading, slice_: Slice, parts: Sequence[wire.AllFinalMarks], moments: MomentReader
) -> Iterator[FinalMark]:
    """The records of the pupils' answers. A mark whose work or its subject is missing cannot be filed."""
    group_id = slice_.place.group_id
    periods = {
        period.number: period.period_id
        for period in read(
            reading.connection,
            schema.REPORTING_PERIOD,
            AsOf(reading.school_id),
            schema.REPORTING_PERIOD.table.c.group_id == group_id,
        )
    }
    for part in parts:
        works = {work.id: work for work in part.works or ()}
        for mark in part.marks or ():
            behind = works.get(mark.work)
            if behind is None or behind.subject_id is None:
                continue
            of_period = mapping.final_kind(None, behind) == _PERIOD and behind.period_number is not None
            period = periods.get(behind.period_number or 0) if of_period else None
            yield mapping.final_mark(mark, group_id, behind.subject_id, period, behind, moments)


def _write_year_marks(writing: Writing, slice_: Slice, answer: Answer) -> None:
    _write_of_pupils(writing, slice_, answer, _WHOLE_YEAR)


def _write_works(writing: Writing, works: Sequence[wire.Work]) -> None:
    records = {work.id: mapping.work(work, writing.moments) for work in works}
    writing.write(schema.WORK, list(records.values()), absence=Absence.UNKNOWN)


def _of_pupils(reading: Reading, slice_: Slice) -> Sequence[Call] | None:
    pupils = pupils_of(reading, slice_, schema.FINAL_MARK)
    return [calls.all_final_marks(person, slice_.place.group_id) for person in pupils] or None


FINAL_MARKS: Final = Kind(
    "final_marks",
    lambda one: [calls.final_marks(one.place.group_id)],
    _write_final_marks,
    follow_up=_final_mark_works,
    models={_BY_PUPILS: wire.AllFinalMarks},
    other_ways=(_of_pupils,),
)
YEAR_MARKS: Final = Kind("year_marks", None, _write_year_marks, wire.AllFinalMarks, other_ways=(_of_pupils,))
KINDS: Final = (FINAL_MARKS, YEAR_MARKS)
