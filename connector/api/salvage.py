"""What can still be read of an answer that is not as documented: only then is any of this done.

An id may be there as text alone (``id_str`` without ``id``), and one row that cannot be read does not
make the others wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, get_args, get_origin

import orjson
from pydantic import TypeAdapter, ValidationError

_ID: Final = re.compile(r"-?\d{1,19}")
_TWIN_ENDINGS: Final = ("_str", "Str")


def decoded(body: bytes) -> object:
    """The JSON, with missing ids taken from their twins of text. Raises ValueError if it is no JSON."""
    value = orjson.loads(body)
    _fill(value)
    return value


def readable_rows(
    model: object, value: object, adapter: Callable[[Any], TypeAdapter[Any]]
) -> tuple[list[Any], int, ValidationError] | None:
    """The rows of a list that can be read, the place of the first that cannot, and what is wrong with it.

    None if ``model`` is no list of models, or no row can be read: then nothing is known of the answer.
    """
    if get_origin(model) is not list or not isinstance(value, list):
        return None
    of_row = adapter(get_args(model)[0])
    rows: list[Any] = []
    first: tuple[int, ValidationError] | None = None
    for place, row in enumerate(value):
        try:
            rows.append(of_row.validate_python(row))
        except ValidationError as error:
            first = first or (place, error)
    return (rows, *first) if rows and first else None


def _fill(value: object) -> None:
    if isinstance(value, dict):
        for name, item in list(value.items()):
            number = name.removesuffix("_str").removesuffix("Str") if name.endswith(_TWIN_ENDINGS) else ""
            if number and value.get(number) is None and (ids := _ids(item)) is not None:
                value[number] = ids
            _fill(item)
    elif isinstance(value, list):
        for item in value:
            _fill(item)


def _ids(twin: object) -> int | list[int] | None:
    if isinstance(twin, str):
        return int(twin) if _ID.fullmatch(twin) else None
    return _all_ids(twin) if isinstance(twin, list) else None


def _all_ids(twins: Iterable[object]) -> list[int] | None:
    ids = [int(twin) for twin in twins if isinstance(twin, str) and _ID.fullmatch(twin)]
    return ids or None
