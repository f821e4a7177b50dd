"""Spoils good JSON on its way out: each mutation is a fault of the same name in `Faults`.

A mutation changes every third row of an answer, from the first on, unless it says otherwise; an
answer that is one object counts as one row, an object of lists as the rows of its lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final

import orjson

from connector.sandbox.faults import Faults

Json = Any
Mutation = Callable[[Json, Random], Json]
_EVERY = 3
UNHEARD = "Unheard"
NEW_FIELD = "newField"
VOLATILE_FIELD = "answeredAt"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
ABSURD = ("0001-01-01T00:00:00", "9999-12-31T23:59:59.999", "вчера", "31.12.2025", "2026-02-30T00:00:00", "")
_ENUMS = frozenset(
    ("type", "status", "mood", "markType", "periodType", "kind", "membershipstatus", "journaltype")
)
# Descriptive fields alone: no `lesson`, `parentIds` or `number`, whose absence means something else.
_OPTIONAL = frozenset(
    (
        "textValue", "mood", "use_avg_calc", "comment", "createdDate", "resultPlaceId", "teachers_str",
        "tasks", "oneDriveLinks", "sentDate", "targetDate", "createdBy", "text", "files", "markCount",
        "displayInJournal", "fullName", "timetable", "timetable_str", "educationType", "journaltype",
        "subjects", "middleName", "firstName", "lastName", "userId", "userId_str", "sex", "halfYear",
        "knowledgeArea", "fgosSubjectId", "espSubjectName", "MiddleName", "ScientificDegree", "Email",
        "Subjects", "weight", "abbr",
    )
)  # fmt: skip
_TEXTS = frozenset(
    (
        "title",
        "text",
        "textValue",
        "comment",
        "fullName",
        "mood",
        "status",
        "shortName",
        "firstName",
        "markType",
    )
)
_REQUIRED = ("id", "Id", "person", "group", "subject")


def spoiled(body: bytes, faults: Faults) -> tuple[bytes, list[str]]:
    """Return a JSON body as the faults leave it, and which of them changed it and were used up."""
    done = []
    for name, mutate in MUTATIONS.items():
        if not getattr(faults, name):
            continue
        after = orjson.dumps(mutate(orjson.loads(body), faults.random))
        if after != body and faults.take(name):
            body = after
            done.append(name)
    return body, done


def _rows(value: Json) -> list[Json]:
    """Return the rows of an answer (the very objects, to be changed in place)."""
    if isinstance(value, list):
        return [row for row in value if isinstance(row, dict)]
    if not isinstance(value, dict):
        return []
    lists = [item for item in value.values() if isinstance(item, list) and _rows(item)]
    # {"logEntries": [...], "lessons": [...]} is an object of lists, a lesson with its works is not.
    if lists and not any(name in value for name in _REQUIRED):
        return [row for item in lists for row in _rows(item)]
    return [value]


def _third_rows(value: Json) -> Iterator[tuple[int, Json]]:
    return enumerate(_rows(value)[::_EVERY])


def _objects(value: Json) -> Iterator[dict[str, Json]]:
    """Yield every object inside a value, itself included."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)


def _duplicate_rows(value: Json, _rng: Random) -> Json:
    """Say every third row of a list twice, and the first once more at the end."""
    if not isinstance(value, list) or not value:
        return value
    twice = [row for place, row in enumerate(value) for _ in range(1 if place % _EVERY else 2)]
    return [*twice, value[0]]


def _unknown_enums(value: Json, _rng: Random) -> Json:
    for _, row in _third_rows(value):
        for each in _objects(row):
            each.update({key: UNHEARD for key in _ENUMS & each.keys() if isinstance(each[key], str)})
    return value


def _new_fields(value: Json, _rng: Random) -> Json:
    """Add an unheard-of field to every object, nested ones included."""
    for each in list(_objects(value)):
        each[NEW_FIELD] = {"nested": [{"deep": None}], "id": 1}
    return value


def _missing_optional(value: Json, _rng: Random) -> Json:
    """Take fields that need not be there out of every object."""
    for each in _objects(value):
        for key in _OPTIONAL & each.keys():
            del each[key]
    return value


def _missing_required(value: Json, _rng: Random) -> Json:
    """Take the id (or what stands for it) out of one row, the middle one."""
    rows = _rows(value)
    if rows:
        row = rows[len(rows) // 2]
        name = next((name for name in _REQUIRED if name in row), "")
        for key in (name, f"{name}_str", f"{name}Str"):
            row.pop(key, None)
    return value


def _ids_as_text_only(value: Json, _rng: Random) -> Json:
    """Take the number away wherever it has a twin of text."""
    for each in _objects(value):
        for key in [key for key in each if f"{key}_str" in each or f"{key}Str" in each]:
            del each[key]
    return value


def _nulls(value: Json, _rng: Random) -> Json:
    for _, row in _third_rows(value):
        for each in list(_objects(row)):
            nulled = [k for k, item in each.items() if isinstance(item, list) or k in _TEXTS]
            each.update(dict.fromkeys(nulled))
    return value


def _empty_lists(value: Json, _rng: Random) -> Json:
    """Answer nothing where there is a list."""
    return [] if isinstance(value, list) else value


def _half_lists(value: Json, _rng: Random) -> Json:
    """Answer the first half of a list."""
    return value[: len(value) // 2] if isinstance(value, list) else value


def _absurd_dates(value: Json, _rng: Random) -> Json:
    for place, row in _third_rows(value):
        for each in _objects(row):
            for key, item in each.items():
                if isinstance(item, str) and _MOMENT.match(item):
                    each[key] = ABSURD[place % len(ABSURD)]
    return value


def _shuffled(value: Json, rng: Random) -> Json:
    """Put every list of objects in another order."""
    if isinstance(value, list):
        rng.shuffle(value)
    for each in _objects(value):
        for item in each.values():
            if isinstance(item, list) and _rows(item):
                rng.shuffle(item)
    return value


def _volatile_field(value: Json, rng: Random) -> Json:
    """Add a field to each row that is another in every answer."""
    for row in _rows(value):
        row[VOLATILE_FIELD] = f"{rng.random():.12f}"
    return value


# In this order: rows go first, then fields; what depends on order or chance comes last.
MUTATIONS: Final[dict[str, Mutation]] = {
    "empty_lists": _empty_lists,
    "half_lists": _half_lists,
    "missing_required": _missing_required,
    "missing_optional": _missing_optional,
    "ids_as_text_only": _ids_as_text_only,
    "unknown_enums": _unknown_enums,
    "absurd_dates": _absurd_dates,
    "nulls": _nulls,
    "new_fields": _new_fields,
    "duplicate_rows": _duplicate_rows,
    "shuffled": _shuffled,
    "volatile_field": _volatile_field,
}
