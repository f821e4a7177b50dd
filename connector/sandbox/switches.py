"""Reads `NAME=VALUE` into the fields of a data class: faults and variants named on a command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_type_hints

_TRUE, _FALSE = ("true", "yes", "1", "on"), ("false", "no", "0", "off")


class UnknownSwitch(ValueError):
    """There is no field of this name; `known` are those there are."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"{name} is none of {', '.join(known)}")
        self.name = name
        self.known = known


class BadSwitchValue(ValueError):
    """A field cannot have this value."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(f"{value!r} is no value of {name}")
        self.name = name
        self.value = value


def switch_names(kind: type) -> list[str]:
    """Return the names of the public fields of a data class."""
    return [field.name for field in fields(kind) if not field.name.startswith("_")]


def read_switches(kind: type, texts: list[str]) -> dict[str, Any]:
    """Return field values from texts `NAME=VALUE`; a name alone stands for 1 or true.

    Raises UnknownSwitch and BadSwitchValue.
    """
    values: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        values[name] = _value(_hint(kind, name), name, value if equals else "1")
    return values


def checked_switches(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values read from JSON if each fits its field; raises as `read_switches` does."""
    checked: dict[str, Any] = {}
    for name, value in values.items():
        hint = _hint(kind, name)
        allowed = _plain(hint)
        if type(value) is int and float in allowed:
            value = float(value)  # noqa: PLW2901 - JSON does not tell 1 from 1.0
        if isinstance(value, list) and tuple in allowed:
            value = tuple(str(item) for item in value)  # noqa: PLW2901
        if type(value) not in allowed:
            raise BadSwitchValue(name, str(value))
        checked[name] = value
    return checked


def _hint(kind: type, name: str) -> Any:  # noqa: ANN401 - an annotation may be anything
    known = switch_names(kind)
    if name not in known:
        raise UnknownSwitch(name, known)
    return get_type_hints(kind)[name]


def _plain(hint: Any) -> tuple[type, ...]:  # noqa: ANN401
    """Return the plain types a hint allows: `int | None` is int and NoneType."""
    options = getattr(hint, "__args__", None)
    origin = getattr(hint, "__origin__", None)
    if origin is tuple:
        return (tuple,)
    return tuple(options) if options else (hint,)


def _value(hint: Any, name: str, text: str) -> Any:  # noqa: ANN401
    allowed = _plain(hint)
    if type(None) in allowed and text.lower() == "none":
        return None
    try:
        if bool in allowed:
            return _boolean(text)
        if int in allowed:
            return int(text)
        if float in allowed:
            return float(text)
    except ValueError as error:
        raise BadSwitchValue(name, text) from error
    return tuple(text.split(",")) if tuple in allowed else text


def _boolean(text: str) -> bool:
    if text.lower() not in (*_TRUE, *_FALSE):
        raise ValueError(text)
    return text.lower() in _TRUE
