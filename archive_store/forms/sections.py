"""Sections of the class journal, cut in spreads by reporting period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from archive_store.catalogue import year_span
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.collation import alphabetical
from archive_store.forms.gathering import Gathered, Key, Place, gather, gather_cells
from archive_store.forms.lesson_lines import lesson_line, main_teachers, teacher_names
from archive_store.forms.people import Pupil, full_name, in_order, short_name
from archive_store.forms.periods import Block, FinalColumn, FinalKind, YearPlan
from archive_store.forms.spread import EMPTY, OUTSIDE, Cell, Section, Spread
from archive_store.forms.stays import Stay
from archive_store.records import Lesson
from archive_store.texts import N_, _

_NO_SUBJECT: Final = N_("Lessons without a subject")
_AFTER_THE_LAST_PERIOD: Final = Block(None, ())


def build_sections(record: ClassRecord, plan: YearPlan, lessons_per_spread: int) -> Iterator[Section]:
    """The sections by subject, the class before its subgroups."""
    cells = gather_cells(record)
    for (subject_id, group_id), section in in_section_order(gather(record, plan), record):
        main = main_teachers(section.lessons)
        pupils = list_of_pupils(section.pupils, group_id, record)
        cut = _Cut(section, record, plan, cells, pupils, main, lessons_per_spread)
        yield Section(
            subject_id=subject_id,
            subject=subject_name(subject_id, record),
            group_name=_group_names(record)[group_id],
            is_subgroup=group_id != record.group.group_id,
            teachers=teacher_names(main, record),
            pupils=pupils,
            spreads=tuple(cut.spreads()),
        )


def in_section_order(gathered: Mapping[Key, Gathered], record: ClassRecord) -> list[tuple[Key, Gathered]]:
    """The sections by subject, the class before its subgroups, lessons without a subject last."""
    group_names = _group_names(record)

    def order(found: tuple[Key, Gathered]) -> tuple[bool, str, bool, str, int]:
        (subject_id, group_id), _section = found
        subject = alphabetical(subject_name(subject_id, record))
        is_subgroup = group_id != record.group.group_id
        return subject_id is None, subject, is_subgroup, alphabetical(group_names[group_id]), group_id

    return sorted(gathered.items(), key=order)


def subgroup_name(group_id: int, record: ClassRecord) -> str | None:
    """The name of a subgroup; None of the class itself."""
    return None if group_id == record.group.group_id else _group_names(record)[group_id]


def _group_names(record: ClassRecord) -> dict[int, str]:
    return {one.group_id: one.name for one in record.groups}


def list_of_pupils(person_ids: Iterable[int], group_id: int, record: ClassRecord) -> tuple[Pupil, ...]:
    """Pupils in alphabetical order, numbered. Namesakes are told apart by the patronymic."""
    people = record.people
    ordered = in_order(person_ids, people)
    short = [short_name(people.get(one), one) for one in ordered]
    return tuple(
        Pupil(
            number=number,
            person_id=one,
            name=name if short.count(name) == 1 else full_name(people.get(one), one),
            full_name=full_name(people.get(one), one),
            has_left=_has_left(one, group_id, record),
            class_name=_other_class(one, record),
            stays=_in_the_year(record.stays.get((group_id, one), ()), record),
        )
        for number, (one, name) in enumerate(zip(ordered, short, strict=True), start=1)
    )


def _has_left(person_id: int, group_id: int, record: ClassRecord) -> bool:
    """Whether a pupil left the group while its year lasted, or never was on its list."""
    stays = record.stays.get((group_id, person_id), ())
    return not stays or _in_the_year(stays, record)[-1].last is not None


def _in_the_year(stays: Sequence[Stay], record: ClassRecord) -> tuple[Stay, ...]:
    """The stays with those open that ended only after the year had."""
    year = record.group.study_year
    last_day = None if year is None else year_span(year)[1]
    return tuple(
        replace(one, last=None, has_left=False)
        if last_day is not None and one.last is not None and one.last > last_day
        else one
        for one in stays
    )


def subject_name(subject_id: int | None, record: ClassRecord) -> str:
    """The name of a subject; of none, that it is none; the id of one that is not on record."""
    return _(_NO_SUBJECT) if subject_id is None else record.subjects.get(subject_id, str(subject_id))


def _other_class(person_id: int, record: ClassRecord) -> str | None:
    """The class of a pupil who is only in a subgroup that two classes share."""
    if person_id in record.members.get(record.group.group_id, {}):
        return None
    classes = record.classes.items()
    return next((name for one, name in classes if person_id in record.members.get(one, {})), None)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A section that is being cut in spreads."""

    section: Gathered
    record: ClassRecord
    plan: YearPlan
    cells: Mapping[Place, Cell]
    pupils: Sequence[Pupil]
    main_teachers: Sequence[int]
    size: int

    def spreads(self) -> Iterator[Spread]:
        """The spreads of all periods that have lessons or final marks."""
        by_block: dict[int, list[Lesson]] = defaultdict(list)
        for lesson in sorted(self.section.lessons, key=lambda one: one.day):
            by_block[self.plan.block_of(lesson.day)].append(lesson)
        for index, block in enumerate((*self.plan.blocks, _AFTER_THE_LAST_PERIOD)):
            lessons = by_block[index]
            finals = self._columns(block, with_lessons=bool(lessons))
            for part, is_last in _even_parts(lessons, len(finals), self.size):
                yield self._spread(block, part, finals if is_last else ())

    def _columns(self, block: Block, *, with_lessons: bool) -> tuple[FinalColumn, ...]:
        """Columns that hold marks; where there were lessons, also those of the period and the year.

        The first year of study is taught without marks: it has only columns that do hold some.
        """
        filled = {column for _person, column in self.section.finals}
        if with_lessons and not self.record.is_without_marks:
            own = (one for one in block.finals if one.kind is FinalKind.PERIOD and one.period == block.period)
            filled |= {*own, FinalColumn(FinalKind.YEAR)}
        return tuple(one for one in block.finals if one in filled)

    def _spread(self, block: Block, lessons: Sequence[Lesson], finals: tuple[FinalColumn, ...]) -> Spread:
        missing = self.section.missing
        return Spread(
            period=block.period,
            lessons=tuple(
                lesson_line(one, self.record, self.main_teachers, on_record=one.lesson_id not in missing)
                for one in lessons
            ),
            finals=finals,
            cells=tuple(tuple(self._cell(pupil, one) for one in lessons) for pupil in self.pupils),
            final_cells=tuple(
                tuple(self._final_cell(pupil, column) for column in finals) for pupil in self.pupils
            ),
        )

    def _cell(self, pupil: Pupil, lesson: Lesson) -> Cell:
        """What is on record, also of before the pupil came; else whether the pupil was there at all."""
        if (found := self.cells.get((lesson.lesson_id, pupil.person_id))) is not None:
            return found
        return EMPTY if pupil.is_listed_on(lesson.day) else OUTSIDE

    def _final_cell(self, pupil: Pupil, column: FinalColumn) -> Cell:
        if marks := self.section.finals.get((pupil.person_id, column)):
            return Cell((), tuple(marks))
        is_outside = column.period is not None and not pupil.is_listed_on(column.period.last_day)
        return OUTSIDE if is_outside else EMPTY


def _even_parts(lessons: list[Lesson], finals: int, size: int) -> Iterator[tuple[list[Lesson], bool]]:
    """Cut lessons in even parts that fit a spread, the last one with the columns of finals."""
    total = len(lessons) + finals
    parts = -(-total // size)
    for part in range(parts):
        even = -(-total // parts)
        yield lessons[part * even : (part + 1) * even], part == parts - 1
