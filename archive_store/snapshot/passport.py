"""The passport of a bag: what it holds, from what record, and how complete it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from archive_store.snapshot.canonical_csv import Written
from archive_store.snapshot.contents import SealedTable
from archive_store.snapshot.database import column_types, meanings
from archive_store.snapshot.edition import FIRST, Stage
from archive_store.snapshot.terms import Term
from archive_store.texts import N_, _

FORMAT: Final = "dnevnik-archive snapshot 1"

STAGES: Final = {
    Stage.PRELIMINARY: N_("preliminary closing"),
    Stage.FINAL: N_("final closing"),
    Stage.AMENDMENT: N_("correction after the closing"),
}
_FIELD_TYPES: Final = {int: "integer", bool: "boolean", str: "string"}

# Each of these must be there for a journal to be a journal.
_MANDATORY: Final = {
    "lesson": N_("Lessons"),
    "topic": N_("Topics of lessons"),
    "homework": N_("Homework"),
    "mark": N_("Marks of lessons"),
    "attendance": N_("Attendance"),
    "final_mark": N_("Period, year, exam and final marks"),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """The record that is sealed: up to which run, when, and where its ledger stood."""

    run_id: int
    recorded_at: str
    ledger_entry: int
    ledger_head: bytes


@dataclass(frozen=True, slots=True)
class Subject:
    """What a bag is about: the school, the academic year, the class (None: the whole year).

    In the first year of study no marks are set: an ``unmarked`` class lacks nothing without them.
    """

    school_id: int
    school: str
    study_year: int
    group_id: int | None
    group: str | None
    unmarked: bool = False


@dataclass(frozen=True, slots=True)
class Passport:
    """Everything that a passport says."""

    bag: str
    about: Subject
    origin: Origin
    retention_years: int
    destroy_from: str
    tables: Mapping[str, Written]
    counted: Mapping[str, int]
    checks: list[dict[str, Any]]
    bags: Mapping[str, str]
    edition: Mapping[str, Any] = field(default_factory=FIRST.note)
    previous: Mapping[str, str] = field(default_factory=dict)
    term: Term | None = None

    def sections(self) -> dict[str, int]:
        """The mandatory groups of data that this bag should hold, and how many records each has."""
        rows = {name: self.tables[name].rows for name in _MANDATORY if name in self.tables}
        counts = {**rows, **self.counted}
        return {
            name: counts[name]
            for name in _MANDATORY
            if name in counts and (counts[name] or not self.about.unmarked or "mark" not in name)
        }

    def as_json(self) -> bytes:
        """For programs. Ids are texts."""
        group_id = None if self.about.group_id is None else str(self.about.group_id)
        content = {
            "format": FORMAT,
            "bag": self.bag,
            "school": {"id": str(self.about.school_id), "name": self.about.school},
            "study_year": self.about.study_year,
            "group": {"id": group_id, "name": self.about.group},
            "record": {
                "run": self.origin.run_id,
                "recorded_at": self.origin.recorded_at,
                "ledger_entry": self.origin.ledger_entry,
                "ledger_head": self.origin.ledger_head.hex(),
            },
            "retention": {
                "years": self.retention_years,
                "may_destroy_from": self.destroy_from,
                **(self.term.as_json() if self.term else {}),
            },
            "edition": dict(self.edition),
            "tables": {name: {"rows": one.rows, "sha256": one.digest} for name, one in self.tables.items()},
            "sections": self.sections(),
            "complete": all(self.sections().values()),
            "checks": self.checks,
            "bags": dict(self.bags),
            "previous": dict(self.previous),
        }
        return orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"

    def as_text(self) -> bytes:
        """For people, in their language; with a byte order mark, so that Notepad reads it."""
        about, origin = self.about, self.origin
        year = f"{about.study_year}/{about.study_year + 1}"
        lines = [
            _("PASSPORT OF A SEALED ARCHIVE"),
            "",
            _("School: {school} ({id})").format(school=about.school, id=about.school_id),
            _("Academic year: {year}").format(year=year),
            *([_("Class: {group}").format(group=about.group)] if about.group else []),
            _("Bag: {bag}").format(bag=self.bag),
            _("Record: run {run} of {moment}, ledger entry {entry}").format(
                run=origin.run_id, moment=origin.recorded_at, entry=origin.ledger_entry
            ),
            _("Head of the ledger: {head}").format(head=origin.ledger_head.hex()),
            _("Retention: {years} years; may be destroyed from {day}").format(
                years=self.retention_years, day=self.destroy_from
            ),
            *self._term_lines(),
            *self._edition_lines(),
            "",
            _("Sections:"),
            *(f"  {_(_MANDATORY[name])}: {_stated(count)}" for name, count in self.sections().items()),
            "",
            _("COMPLETE") if all(self.sections().values()) else _("INCOMPLETE: a section is empty"),
            "",
            _("Tables (rows, SHA-256 of the CSV):"),
            *(f"  {name}: {one.rows}, {one.digest}" for name, one in self.tables.items()),
        ]
        if self.checks:
            lines += ["", _("Checks before closing:")]
            lines += [f"  {check['text']}: {check['count']}" for check in self.checks]
        if self.bags:
            lines += ["", _("Bags of this year and their roots:")]
            lines += [f"  {name}: {root}" for name, root in self.bags.items()]
        return "\r\n".join([*lines, ""]).encode("utf-8-sig")

    def _term_lines(self) -> list[str]:
        if self.term is None:
            return []
        file = self.term.file
        named = " ".join(part for part in (file.index, file.title) if part)
        basis = f" ({file.article})" if file.article else ""
        confirmed = [] if self.term.confirmed else [_("THE TERM IS NOT CONFIRMED by the school")]
        return [_("By the nomenclature: {file}").format(file=named + basis), *confirmed]

    def _edition_lines(self) -> list[str]:
        edition = self.edition
        lines = [
            _("Edition: {number}, {stage}").format(
                number=edition["number"], stage=_(STAGES[Stage(edition["stage"])])
            )
        ]
        if edition["reason"]:
            lines.append(_("Reason: {reason}").format(reason=edition["reason"]))
        if edition["order"]:
            lines.append(_("Order: {order}").format(order=edition["order"]))
        lines += [
            _("Passed over when it was closed: {code}, {count}").format(code=code, count=count)
            for code, count in edition["accepted"].items()
        ]
        lines += [
            _("Follows {bag}, root {root}").format(bag=bag, root=root) for bag, root in self.previous.items()
        ]
        return lines


def table_schema(tables: list[SealedTable]) -> bytes:
    """A description of the CSV tables after the Frictionless Table Schema: types, keys, meanings."""
    resources = []
    for table in tables:
        types = column_types(table.entity)
        fields = [
            {"name": name, "type": _FIELD_TYPES[types.get(name, str)], "title": meaning}
            for name, meaning in meanings(table).items()
        ]
        resources.append(
            {
                "name": table.name.replace("_", "-"),
                "path": f"{table.name}.csv.gz",
                "format": "csv",
                "encoding": "utf-8",
                "schema": {"fields": fields, "primaryKey": list(table.key)},
            }
        )
    package = {"profile": "tabular-data-package", "resources": resources}
    return orjson.dumps(package, option=orjson.OPT_INDENT_2) + b"\n"


def _stated(count: int) -> str:
    return _("received, {count}").format(count=count) if count else _("EMPTY")
