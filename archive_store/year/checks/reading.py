"""Checks of how the record came about: what was read, when, and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from archive_store import checkpoints, quarantine, reconciliations, runs, schema
from archive_store.catalogue import day_after
from archive_store.forms.held import CANCELLED
from archive_store.schema import CHECKPOINT
from archive_store.snapshot.titles import PARTS
from archive_store.texts import N_, _
from archive_store.year.checks.found import Found, Listed, Place
from archive_store.year.checks.year import FIRST_GRADE, Year

SECTIONS: Final = {
    "lessons": N_("Lessons and topics"),
    "marks": N_("Marks of lessons"),
    "attendance": N_("Attendance"),
    "final_marks": N_("Final marks"),
}
_NEEDED_COPIES: Final = 2
_AS_IT_SHOULD_BE: Final = ("received", "empty", "not asked", "not offered")
Span = tuple[str, str, str]
"""First day, last day, and when it was read; without days: all of them."""


def not_ended(year: Year) -> Found:
    """The last day, if it is not over yet."""
    return Listed([Place(day=year.last_day)] if year.last_day >= year.facts.today else [])


def not_read_in_full(year: Year) -> Found:
    """Sections of classes for which the year was not read from its first day to its last."""
    spans = _spans(year)
    first, last = year.span[0], year.last_period_day or year.span[1]
    found = []
    for one in year.classes:
        for section, name in SECTIONS.items():
            gap = _first_gap(spans.get((section, one.group_id), []), first, last)
            if gap is not None:
                detail = _("{section}: not read from this day on").format(section=_(name))
                found.append(Place(one.group_id, day=gap, detail=detail))
    return Listed(found)


def read_long_ago(year: Year) -> Found:
    """Parts that were read before their days were over, or not for long."""
    oldest = date.fromisoformat(year.facts.today) - timedelta(days=year.thresholds.longest_unread_days)
    ends = year.last_period_day or year.span[1]
    known = {one.group_id for one in year.groups}
    found = []
    for (section, group_id), spans in sorted(_spans(year).items()):
        for first, last, read in spans:
            too_early = last and first <= ends and read <= min(last, ends)
            if group_id in known and section in SECTIONS and (too_early or read < oldest.isoformat()):
                detail = _("{section}, to {day}: last read on {read}").format(
                    section=_(SECTIONS[section]), day=last or ends, read=read
                )
                found.append(Place(group_id, day=first or None, detail=detail))
    return Listed(found)


def failed(year: Year) -> Found:
    """Parts that failed in the last run."""
    last = runs.last(year.connection, year.at.school_id, year.at.run_id)
    known = {str(one.group_id) for one in year.groups} | {"0"}
    failures = last.summary.get("failed", ()) if last else ()
    found = [
        Place(int(one["group"]) or None, detail=_section(one["entity"]))
        for one in failures
        if one["group"] in known
    ]
    if last and last.outcome in ("stopped", "interrupted"):
        found.append(Place(detail=_("the last run did not go to its end")))
    return Listed(found)


def refused(year: Year) -> Found:
    """Sections that the platform refuses or that failed altogether, and parts that it refuses."""
    table = schema.SECTION.table
    states = year.connection.execute(
        sa.select(table.c.name, table.c.state)
        .where(year.at.stands(schema.SECTION), table.c.state.not_in(_AS_IT_SHOULD_BE))
        .order_by(table.c.name)
    )
    found = [Place(detail=_section(name)) for name, _state in states]
    parts = sa.select(CHECKPOINT.c.entity, CHECKPOINT.c.group_id, CHECKPOINT.c.first_day).where(
        CHECKPOINT.c.school_id == year.at.school_id,
        CHECKPOINT.c.answer_digest == checkpoints.REFUSED,
        CHECKPOINT.c.group_id.in_([one.group_id for one in year.groups]),
    )
    for entity, group_id, day in year.connection.execute(
        parts.order_by(CHECKPOINT.c.group_id, CHECKPOINT.c.entity, CHECKPOINT.c.first_day)
    ):
        found.append(Place(group_id, day=day or None, detail=_section(entity)))
    return Listed(found)


def withdrawals_waiting(year: Year) -> Found:
    """Withdrawals that are held back and wait for a person."""
    known = {one.group_id for one in year.groups} | {0}
    first, last = year.span
    found = [
        Place(
            case.place.group_id or None,
            day=case.place.first_day or None,
            detail=_("case {number}, {section}").format(
                number=case.number, section=_section(case.place.entity)
            ),
        )
        for case in quarantine.waiting(year.connection, year.at.school_id)
        if case.place.group_id in known and first <= (case.place.first_day or first) <= last
    ]
    return Listed(found)


def last_sync_old(year: Year) -> Found:
    """The last good run, if it is too long ago; or that there was none."""
    good = runs.last_good(year.connection, year.at.school_id)
    if good is None or good.ended_at is None:
        return Listed([Place(detail=_("no run has been good yet"))])
    age = datetime.fromisoformat(year.facts.now) - datetime.fromisoformat(good.ended_at)
    return Listed([Place(day=good.ended_at[:10])] if age > timedelta(year.thresholds.last_sync_days) else [])


def ledger_not_verified(year: Year) -> Found | None:
    """Where the ledger does not agree with the record; None if nobody recomputed it."""
    if year.facts.ledger is None:
        return None
    return Listed([Place(detail=one) for one in year.facts.ledger()])


def differences(year: Year) -> Found:
    """Differences from the platform that the last comparison of the year could not explain."""
    known = reconciliations.of_year(year.connection, year.at.school_id, year.study_year)
    if not known or not known[-1].counts.unexplained:
        return Listed([])
    causes = known[-1].details.get("causes", ())
    of_classes = {one["group"]: one["differing"] for one in known[-1].details.get("classes", ())}
    found = [
        Place(int(group), detail=_("values that differ: {count}").format(count=count))
        for group, count in of_classes.items()
        if count
    ]
    return Listed(found or [Place(detail=str(one["what"])) for one in causes])


def never_compared(year: Year) -> Found:
    """That the year was never compared with what the platform computes."""
    known = reconciliations.of_year(year.connection, year.at.school_id, year.study_year)
    return Listed([] if known else [Place()])


def terms_not_confirmed(year: Year) -> Found:
    """That the school has not confirmed the terms of its files."""
    return Listed([] if year.facts.terms_confirmed else [Place()])


def copies_missing(year: Year) -> Found | None:
    """Sealed bags of the year with fewer than two verified copies; None if nobody has told."""
    if year.facts.copies is None:
        return None
    return Listed(
        [
            Place(detail=_("{bag}: copies {count}").format(bag=bag, count=count))
            for bag, count in sorted(year.facts.copies.items())
            if count < _NEEDED_COPIES
        ]
    )


def section_empty(year: Year) -> Found:
    """Classes of which a whole section of the journal holds nothing."""
    return Listed(list(_empty(year)))


def _empty(year: Year) -> Iterator[Place]:
    lesson, work = schema.LESSON.table, schema.WORK.table
    held = sa.func.coalesce(lesson.c.status, "").not_in(CANCELLED)
    finals = schema.FINAL_MARK
    for one in year.classes:
        ids = year.family(one)
        sections: list[tuple[str, sa.Table, tuple[sa.ColumnElement[bool], ...]]] = [
            (N_("Lessons"), lesson, (*year.standing(schema.LESSON), held)),
            (N_("Topics of lessons"), lesson, (*year.standing(schema.LESSON), lesson.c.topic != "")),
            (N_("Attendance"), schema.ATTENDANCE.table, year.standing(schema.ATTENDANCE)),
        ]
        if one.parallel != FIRST_GRADE:
            sections += [
                (N_("Homework"), work, (*year.standing(schema.WORK), work.c.type == "Homework")),
                (N_("Marks of lessons"), schema.MARK.table, year.standing(schema.MARK)),
                (N_("Final marks"), finals.table, (year.at.stands(finals),)),
            ]
        for name, table, where in sections:
            query = sa.select(sa.literal(1)).where(*where, table.c.group_id.in_(ids)).limit(1)
            if year.connection.execute(query).first() is None:
                yield Place(one.group_id, detail=_(name))


def _section(entity: str) -> str:
    return _(PARTS[entity]) if entity in PARTS else entity


def _spans(year: Year) -> dict[tuple[str, int], list[Span]]:
    spans: dict[tuple[str, int], list[Span]] = {}
    for place, one in checkpoints.load(year.connection, year.at.school_id).items():
        key = place.entity, place.group_id
        spans.setdefault(key, []).append((place.first_day, place.last_day, one.done_at[:10]))
    first, last = year.span
    return {
        key: [one for one in found if not one[0] or first <= one[0] <= last] for key, found in spans.items()
    }


def _first_gap(spans: list[Span], first: str, last: str) -> str | None:
    """The first day that no span covers, or None; a span without days covers all."""
    reached = first
    for start, end, _read in sorted(spans):
        if start > reached:
            break
        reached = max(reached, "9999" if not end else day_after(end))
    return None if reached > last else reached
