"""The diary of a pupil in words: a table for each week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from archive_store.forms.class_record import ClassRecord
from archive_store.forms.diary import Diary, DiaryLesson, Homework, Week
from archive_store.forms.signs import Signs
from archive_store.forms.span import Span
from archive_store.records import Section
from archive_store.render.dates import day_text, weekday
from archive_store.render.printed_signs import letters
from archive_store.render.report import Column, Kind, Report, Row, Table, Value
from archive_store.render.reports import report_card
from archive_store.render.reports.class_facts import class_facts
from archive_store.render.reports.current_marks import mark_text
from archive_store.snapshot.titles import SECTIONS, STATES
from archive_store.texts import _


def report(form: Diary, record: ClassRecord, span: Span, left: str) -> Report:
    """The diary; ``left`` is what the record knows of the pupil's leaving."""
    facts = [(_("Pupil"), form.name), *class_facts(record, span), (_("Left"), left)]
    tables = [_week(one) for one in form.weeks]
    if form.card is not None and form.card.has_marks:
        tables.append(report_card.table(form.card, "periods", _("Marks of the periods that ended")))
    if form.thematic:
        tables.append(_thematic(form))
    if not form.weeks:
        tables.insert(0, _no_lessons())
    return Report(
        "diary",
        _("Diary"),
        tuple((name, value) for name, value in facts if value),
        tuple(tables),
        notes=_notes(form, record.signs),
        landscape=True,
    )


def _week(week: Week) -> Table:
    columns = (
        Column("day", _("Day"), Kind.DAY, 19),
        Column("weekday", "", Kind.CENTRED, 8),
        Column("number", _("№"), Kind.NUMBER, 7),
        Column("time", _("Time"), Kind.CENTRED, 22),
        Column("subject", _("Subject"), Kind.TEXT, 40),
        Column("topic", _("Topic")),
        Column("homework", _("Homework set")),
        Column("marks", _("Mark"), Kind.CENTRED, 26),
        Column("attendance", _("Attendance"), Kind.CENTRED, 24),
    )
    title = _("Week {first} – {last}").format(first=day_text(week.first), last=day_text(week.last))
    return Table("lessons", columns, tuple(_rows(week)), title)


def _rows(week: Week) -> Iterator[Row]:
    day = week.lessons[0].day
    for one in week.lessons:
        yield Row(_values(one), parted=one.day != day)
        day = one.day


def _values(one: DiaryLesson) -> tuple[Value, ...]:
    cancelled = _("(the lesson was cancelled)")
    topic = f"{cancelled} {one.topic}".strip() if one.is_cancelled else one.topic
    return (
        date.fromisoformat(one.day),
        weekday(one.day),
        "" if one.number is None else one.number,
        "–".join(one.times) if one.times else "",
        one.subject or _("no subject"),
        topic,
        "; ".join(_homework(work) for work in one.homework),
        "; ".join(mark_text(mark) for mark in one.marks),
        ": ".join(part for part in (one.letter, one.comment) if part),
    )


def _homework(work: Homework) -> str:
    parts = [work.text]
    if work.due:
        parts.append(_("(for {day})").format(day=day_text(work.due)))
    if work.files:
        parts.append(_("[files: {files}]").format(files=", ".join(work.files)))
    return " ".join(part for part in parts if part)


def _thematic(form: Diary) -> Table:
    columns = (
        Column("subject", _("Subject")),
        Column("mark", _("Mark"), Kind.CENTRED, 30),
        Column("set_on", _("Set on"), Kind.DAY, 30),
    )
    days = [date.fromisoformat(one.set_on) if one.set_on else None for one in form.thematic]
    rows = tuple(Row((one.subject, one.mark, day)) for one, day in zip(form.thematic, days, strict=True))
    return Table("thematic", columns, rows, _("Thematic marks"))


def _notes(form: Diary, signs: Signs) -> tuple[str, ...]:
    signs_said = ", ".join(f"{sign} – {said}" for sign, said in letters(signs))
    notes = [
        _("Attendance: {letters}.").format(letters=signs_said),
        _("Homework stands at the lesson at which it was given out."),
    ]
    if form.without_times:
        notes.append(_("No times: the archive holds no bell timetable, or several that differ."))
    if form.sections:
        said = _("Parts of the platform's diary that the archive does not hold: {parts}.")
        notes.append(said.format(parts="; ".join(_section(one) for one in form.sections)))
    return tuple(notes)


def _section(one: Section) -> str:
    return f"{_(SECTIONS.get(one.name, one.name))} – {_(STATES.get(one.state, one.state))}"


def _no_lessons() -> Table:
    return Table(
        "lessons", (Column("day", _("Day")),), (), when_empty=_("There were no lessons in these days.")
    )
