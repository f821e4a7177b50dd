"""From a body to the models: strictly if it is as documented, else as much of it as can be trusted."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from connector.api import salvage
from connector.api.errors import WrongShape

T = TypeVar("T")


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a type, a union or a list of models
    return TypeAdapter(model)


def parse(model: type[T], body: bytes, call: str) -> T:
    """The answer as ``model`` (a model, or a list of one). Raises WrongShape with the place."""
    parsed, unreadable = parse_what_can_be(model, body, call)
    if unreadable:
        raise unreadable
    return parsed


def parse_what_can_be(model: type[T], body: bytes, call: str) -> tuple[T, WrongShape | None]:
    """The same, but rows of a list that cannot be read are left out, and the first of them is told.

    Raises WrongShape if nothing can be read.
    """
    try:
        parsed: T = _adapter(model).validate_json(body)  # type: ignore[arg-type] # a type is hashable
    except ValidationError as error:
        # No "from error": its text repeats the values, and they are children's.
        first = error
    else:
        return parsed, None
    try:
        value = salvage.decoded(body)
    except ValueError:
        raise _wrong_shape(call, first) from None
    try:
        filled: T = _adapter(model).validate_python(value)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error
    else:
        return filled, None
    found = salvage.readable_rows(model, value, _adapter)
    if found is None:
        raise _wrong_shape(call, first) from None
    rows, place, first = found
    partly: Any = rows
    return partly, _wrong_shape(call, first, place)


def _wrong_shape(call: str, error: ValidationError, *row: int) -> WrongShape:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in (*row, *first["loc"]))
    return WrongShape(call, where, first["msg"])
