"""Differences of sealed tables in the school's words: whose mark, in which subject, what it was and is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from archive_store.record_names import BY_NAME
from archive_store.restore.difference import Change, Comparison, Record
from archive_store.restore.reading import rows
from archive_store.texts import N_, _

_KINDS: Final = {
    "only in A": N_("only in the first"),
    "only in B": N_("only in the second"),
    "changed": N_("changed"),
}
_DAMAGED: Final = N_("it is damaged or not complete")
_REASONS: Final = {
    "link": N_("it is a link, or larger than such a file can be"),
    "order": N_("its rows are not in the order in which the program seals them"),
}
_NAME: Final = ("last_name", "first_name", "middle_name")
_NO_WORDS: Final = frozenset({"extra", "set_at_sent", "sent_at_sent", "recorded_at_sent"})


@dataclass(slots=True)
class Names:
    """The names that the ids of both sides stand for."""

    groups: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)

    def of(self, record: Record) -> list[str]:
        """Class, subject and person of a record, as far as it names them."""
        found = [
            self.groups.get(str(record.get("group_id"))),
            self.subjects.get(str(record.get("subject_id"))),
            self.people.get(str(record.get("person_id"))),
            _day(record.get("day")),
        ]
        return [one for one in found if one]


def names_of(comparison: Comparison) -> Names:
    """Read the tables of names of all bags. Raises BagNotReadable."""
    names = Names()
    for pair in comparison.pairs:
        for bag in (pair.first, pair.second):
            for table in bag.tables.values() if bag else ():
                for row in rows(table) if table.name in ("edu_group", "subject", "person", "teacher") else ():
                    _note(names, table.name, dict(zip(table.columns, row, strict=True)))
    return names


def reason_text(reason: str) -> str:
    """Why a bag cannot be read, as BagNotReadable has it; what Python says of it helps nobody here."""
    number = re.fullmatch(r"line (\d+)", reason)
    if number:
        return _("line {number} is not what it should be").format(number=number[1])
    return _(_REASONS.get(reason, _DAMAGED))


def change_text(change: Change, names: Names) -> str:
    """One line on a difference: whose, in which subject, when, and the values."""
    record = change.second or change.first or {}
    whose = ", ".join(names.of(record)) or " ".join(str(one) for one in change.key)
    if change.kind != "changed":
        value = _value(record)
        return f"{_(_KINDS[change.kind])}: {whose}{f': {value}' if value else ''}"
    fields = {name: both for name, both in change.fields.items() if name not in _NO_WORDS} or change.fields
    told = "; ".join(
        f"{_field(change.table, name)}: {_shown(old)} → {_shown(new)}" for name, (old, new) in fields.items()
    )
    return f"{_(_KINDS[change.kind])}: {whose}: {told}"


def _field(table: str, name: str) -> str:
    """What a column of a table means; its name where this program does not know it."""
    entity = BY_NAME.get(table.removeprefix("history_"))
    meaning = entity.table.c[name].comment if entity and name in entity.table.c else None
    return _(meaning) if meaning else name


def _note(names: Names, table: str, record: Record) -> None:
    if table == "edu_group":
        names.groups[str(record.get("group_id"))] = record.get("name") or ""
    elif table == "subject":
        names.subjects[str(record.get("subject_id"))] = record.get("name") or ""
    else:
        parts = [record.get(part) for part in _NAME]
        names.people[str(record.get("person_id"))] = " ".join(part for part in parts if part)


def _value(record: Record) -> str:
    return next((record[name] or "" for name in ("value", "topic", "text", "status") if record.get(name)), "")


def _day(day: str | None) -> str | None:
    return None if day is None else f"{day[8:]}.{day[5:7]}.{day[:4]}"


def _shown(value: str | None) -> str:
    return "—" if value is None else f"«{value}»"
