"""Signing in costs calls of the day too, once the archive knows its school."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any


def on_record() -> int:
    with sqlite3.connect("archive.sqlite") as connection:
        ((number,),) = connection.execute("SELECT coalesce(sum(calls), 0) FROM calls_of_day")
    connection.close()
    return int(number)


def api_calls(served: Any) -> int:
    """Those that a client makes; what gives tokens is none of its calls."""
    return sum(number for name, number in served.requests.by_pattern.items() if "authorizations" not in name)


def test_the_look_whose_token_it_is_counts(settings: Path, served: Any, browser: Any, command: Any) -> None:
    assert command("login").code == 0
    assert on_record() == 0  # before the first run nobody knows whose day it is
    assert command("sync").code == 0
    before, made = on_record(), api_calls(served)
    assert command("login").code == 0
    assert on_record() - before == api_calls(served) - made == 1


def test_the_question_whether_a_token_still_holds_counts(
    settings: Path, served: Any, browser: Any, command: Any
) -> None:
    assert command("login").code == 0
    assert command("sync").code == 0
    before, made = on_record(), api_calls(served)
    assert command("doctor").code in (0, 11)
    assert on_record() - before == api_calls(served) - made
