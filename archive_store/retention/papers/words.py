"""Words that both acts share."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from archive_store.carriers.words import About
from archive_store.render.source import moment
from archive_store.retention.acts import Line
from archive_store.snapshot import answers, naming
from archive_store.texts import _, active

_ROOT_GROUP: Final = 8
_SHOWN: Final = 50_000


def title_of(line: Line) -> str:
    """Whose bag it is: journal of class 9А, 2024/2025."""
    stem = naming.stem_of(line.bag)
    name = line.group or (None if line.is_summary else stem.removeprefix("journal-"))
    return About(name, line.study_year, of_answers=stem == answers.NAME).title


def day(text: str) -> str:
    """A day as people write it; what is none stays as it is."""
    try:
        return f"{datetime.fromisoformat(text):%d.%m.%Y}"
    except ValueError:
        return text


def local(text: str, zone: ZoneInfo) -> str:
    """A moment of the book in the school's zone."""
    return moment(datetime.fromisoformat(text).astimezone(zone))


def local_day(text: str, zone: ZoneInfo) -> str:
    """The day of a moment in the school's zone."""
    return f"{datetime.fromisoformat(text).astimezone(zone):%d.%m.%Y}"


def grouped(digits: str) -> str:
    """A long number in groups, so that two people can compare it."""
    return " ".join(digits[start : start + _ROOT_GROUP] for start in range(0, len(digits), _ROOT_GROUP))


def size(count: int) -> str:
    """Bytes as megabytes, to the first digit that says something."""
    text = _("{size:.1f} MB").format(size=count / 1e6) if count >= _SHOWN else _("less than 0.1 MB")
    return text.replace(".", ",") if active() == "ru" else text
