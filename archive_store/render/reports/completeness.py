"""The matrix of completeness in words (FORMS §13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from archive_store.forms.class_record import ClassRecord, teacher_ids
from archive_store.forms.collation import alphabetical
from archive_store.forms.completeness import (
    ClassCompleteness,
    Filled,
    Gap,
    SchoolCompleteness,
    gaps,
)
from archive_store.forms.counts import per_cent
from archive_store.forms.lesson_lines import teacher_names
from archive_store.forms.sections import subject_name
from archive_store.forms.span import Span
from archive_store.render.report import Column, Kind, Report, Row, Table, Value
from archive_store.render.reports.class_facts import year_facts
from archive_store.render.wording import month as month_name
from archive_store.snapshot.naming import class_stems
from archive_store.texts import _


def report(
    form: SchoolCompleteness,
    study_year: int,
    span: Span | None,
    decimals: int,
    record: ClassRecord | None = None,
) -> Report:
    """The matrix: the school, then each class. Of a single class, ``record``, also its lessons with gaps."""
    tables = [] if record else [_by_class(form), _by_month(form)]
    stems = class_stems(one.group for one in form.classes)
    tables += [_of_class(one, stem) for one, stem in zip(form.classes, stems, strict=True)]
    if record:
        tables.append(_gaps(gaps(record), record))
    return Report(
        "completeness",
        _("Completeness of the journal"),
        year_facts(study_year, span),
        tuple(tables),
        notes=_notes(),
        signers=(_("Deputy head"),),
        decimals=decimals,
    )


def _by_class(form: SchoolCompleteness) -> Table:
    rows = [Row((one.group.name, *_values(one.total))) for one in form.classes]
    rows.append(Row((_("School"), *_values(form.total)), total=True))
    shared = _(
        "Lessons of a subgroup of several classes are in the row of each, and once in that of the school."
    )
    return Table(
        "by-class",
        (Column("class", _("Class")), *_columns()),
        tuple(rows),
        _("School by class"),
        notes=(shared,) if any(one.shared for one in form.classes) else (),
    )


def _by_month(form: SchoolCompleteness) -> Table:
    rows = [Row((_month(month), *_values(filled))) for month, filled in form.by_month.items()]
    rows.append(Row((_("In all"), *_values(form.total)), total=True))
    return Table("by-month", (Column("month", _("Month")), *_columns()), tuple(rows), _("School by month"))


def _of_class(one: ClassCompleteness, stem: str) -> Table:
    rows = list(_rows(one))
    if rows:
        rows.append(Row((_("Class"), _("in all"), *_values(one.total)), total=True))
    return Table(
        f"class-{stem}",
        (Column("subject", _("Subject")), Column("month", _("Month"), width=24), *_columns()),
        tuple(rows),
        _("Class {name}").format(name=one.group.name),
        when_empty=_("No lesson was held."),
    )


def _rows(one: ClassCompleteness) -> Iterator[Row]:
    known = one.by_subject_and_month()
    for subject in sorted(known, key=lambda subject: alphabetical(one.subjects[subject])):
        name, months = one.subjects[subject], known[subject]
        for month, filled in sorted(months.items()):
            yield Row((name, _month(month), *_values(filled)))
        yield Row((name, _("in all"), *_values(Filled.total(months.values()))), total=True)


def _gaps(found: Iterable[Gap], record: ClassRecord) -> Table:
    columns = (
        Column("day", _("Day"), Kind.DAY, 20),
        Column("number", _("Lesson"), Kind.NUMBER, 12),
        Column("subject", _("Subject")),
        Column("teacher", _("Teacher")),
        Column("missing", _("Not filled in")),
    )
    return Table(
        "gaps",
        columns,
        tuple(_gap(one, record) for one in found),
        _("Lessons of which something is not filled in"),
        when_empty=_("There are none."),
    )


def _gap(one: Gap, record: ClassRecord) -> Row:
    missing = {
        _("topic"): one.no_topic,
        _("homework"): one.no_homework,
        _("content of the work"): one.not_described,
    }
    lesson = one.lesson
    subgroup = [
        group.name for group in record.groups if group.group_id == lesson.group_id != record.group.group_id
    ]
    return Row(
        (
            date.fromisoformat(lesson.day),
            lesson.number,
            ", ".join([subject_name(lesson.subject_id, record), *subgroup]),
            ", ".join(teacher_names(teacher_ids(lesson), record)),
            ", ".join(name for name, is_missing in missing.items() if is_missing),
        )
    )


def _columns() -> Iterator[Column]:
    yield Column("held", _("Lessons held"), Kind.NUMBER, 12)
    groups = {
        "topics": _("Topics"),
        "homework": _("Homework"),
        "worked": _("Marks or works"),
        "described": _("Content of works"),
        "attended": _("Attendance"),
    }
    for key, title in groups.items():
        yield Column(key, _("lessons"), Kind.NUMBER, 10, title)
        yield Column(f"{key}_share", "%", Kind.NUMBER, 11.5, title)


def _values(filled: Filled) -> tuple[Value, ...]:
    pairs = (
        (filled.topics, filled.held),
        (filled.homework, filled.due),
        (filled.worked, filled.due),
        (filled.described, filled.worked),
        (filled.attended, filled.held),
    )
    shares = ((part if whole else None, per_cent(part, whole)) for part, whole in pairs)
    return filled.held, *(value for pair in shares for value in pair)


def _month(month: str) -> str:
    year, number = month.split("-")
    return f"{month_name(int(number))} {year}"


def _notes() -> tuple[str, ...]:
    return (
        _(
            "Lessons held: not cancelled, up to the day of the reading. Topics, homework, marks or works, "
            "attendance: lessons with an entry : lessons held × 100. Marks or works: a mark, or a work other "
            "than homework and the plain work that the platform gives every lesson. Content of works: the "
            "work has a text or a type of the school's list; the share is of the lessons with marks or works."
        ),
        _("In the first grade marks and homework are not due: its lessons are left out of these columns."),
        _(
            "Attendance: lessons with at least one entry. A lesson without one has no entries: that nobody "
            "was absent and that nothing was noted cannot be told apart by the platform's data."
        ),
        _("Sums are added up and shares computed from the sums, never averaged."),
    )
