"""What a setting must be instead of what it is: in English here, worded for people by the commands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final


def N_(text: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark a text for translation; who shows it translates it."""
    return text


WHOLE_NUMBER: Final = N_("a whole number")
NUMBER: Final = N_("a number")
TRUE_OR_FALSE: Final = N_("true or false")
TEXT: Final = N_("a text in quotes")
LIST: Final = N_('a list in square brackets, such as ["a", "b"]')
TABLE: Final = N_("a table of its own")
PAIRS: Final = N_("pairs in braces, such as {example}")
_PAIRS_EXAMPLE: Final = '{ "бол." = "ill" }'
TIME_OF_DAY: Final = N_("a time of day, such as 02:30")
ONE_OF: Final = N_("one of these: {choices}")
AT_LEAST: Final = N_("not less than {bound}")
AT_MOST: Final = N_("not more than {bound}")
MORE: Final = N_("more than {bound}")
LESS: Final = N_("less than {bound}")
SHORTER: Final = N_("a text of at most {bound} characters")
LONGER: Final = N_("a text of at least {bound} characters")
ADDRESS: Final = N_("an address that begins with https://")
SCOPES: Final = N_("names separated by commas, such as CommonInfo,EducationalInfo")
STORE: Final = N_("sqlite:///FILE or postgresql://...")
MONTH_AND_DAY: Final = N_("month and day from June to December, such as 08-31")
COUNTS_OF_MARKS: Final = N_("a list of counts from 1 to 100, such as [3, 5, 7]")
SCALE: Final = N_(
    "the highest mark, and the lowest that count as «5», «4» and «3» if the scale has such levels, "
    "such as [10, 9, 7, 5]"
)
SIGN: Final = N_(
    "a sign without spaces and not beginning with a digit, of at most 20 characters; "
    "a letter of attendance has at most 3 and no digits"
)
TIME_ZONE: Final = N_("the name of a time zone, such as Europe/Moscow")
MAIL_ADDRESSES: Final = N_("mail addresses, such as name@school.example")
MAIL_WHOLE: Final = N_("mail_server and mail_from must be set too")
MAIL_LOCAL: Final = N_('mail_security = "none" is for a mail_server on this machine')
SCHOOL_ONCE: Final = N_("each school once")
TOKEN_EACH: Final = N_("a token_file of its own for each school")

_OF_TYPE: Final = {
    "int": WHOLE_NUMBER,
    "float": NUMBER,
    "finite": NUMBER,
    "bool": TRUE_OR_FALSE,
    "string": TEXT,
    "path": TEXT,
    "list": LIST,
    "model": TABLE,
    "time": TIME_OF_DAY,
}
_OF_BOUND: Final = {
    "greater_than_equal": ("ge", AT_LEAST),
    "less_than_equal": ("le", AT_MOST),
    "greater_than": ("gt", MORE),
    "less_than": ("lt", LESS),
    "string_too_long": ("max_length", SHORTER),
    "string_too_short": ("min_length", LONGER),
}

NOT_UTF8: Final = N_("it is not text in UTF-8")
_NOT_TOML: Final = {
    "Invalid value": N_("a value is missing, or a text does not stand in quotes"),
    "Expected '=' after": N_("after the name of a setting an equals sign is wanted"),
    "Expected newline or end": N_("something follows a value on its line"),
    "Cannot overwrite": N_("this setting stands there twice"),
    "Cannot declare": N_("this table stands there twice"),
    "Unterminated string": N_("a text has no closing quotation mark"),
    "Illegal character '\\n'": N_("a text has no closing quotation mark"),
    "Unescaped '\\'": N_("a backslash in a text: write a path with / or in single quotation marks"),
    "Invalid hex value": N_("a backslash in a text: write a path with / or in single quotation marks"),
    "Unclosed array": N_("a list has no closing bracket"),
    "Invalid statement": N_("this is no setting: name, equals sign, value"),
}
_NOT_READABLE: Final = N_("this cannot be read")


def wish_of(error: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """What is wanted, by one of pydantic's errors, and the values in that text.

    An error that is not known here speaks for itself, in pydantic's English.
    """
    kind, context = str(error["type"]), error.get("ctx") or {}
    if kind == "literal_error":
        return ONE_OF, {"choices": ", ".join(re.findall(r"'([^']*)'", str(context["expected"])))}
    if kind == "string_pattern_mismatch":
        return SIGN, {}
    if kind == "dict_type":
        return PAIRS, {"example": _PAIRS_EXAMPLE}
    if kind in _OF_BOUND:
        name, wish = _OF_BOUND[kind]
        return wish, {"bound": f"{context[name]:g}"}
    return _OF_TYPE.get(kind.partition("_")[0], str(error["msg"]).removeprefix("Value error, ")), {}


def toml_fault(error: tomllib.TOMLDecodeError) -> tuple[str, dict[str, str]]:
    """What is wrong with a file of TOML, and the line and column, unless that is its end."""
    text = str(error)
    reason = next((one for begin, one in _NOT_TOML.items() if text.startswith(begin)), _NOT_READABLE)
    place = re.search(r"\(at line (\d+), column (\d+)\)", text)
    return reason, {"line": place[1], "column": place[2]} if place else {}
