"""Which lessons were held, as far as the record can tell."""

from __future__ import annotations

from typing import Final

from archive_store.records import Lesson

CANCELLED: Final = frozenset({"Cancelled", "Canceled"})


def is_held(lesson: Lesson, known_on: str | None) -> bool:
    """Whether a lesson was held by ``known_on``, the day of the record's last run (None: no run)."""
    return lesson.status not in CANCELLED and (known_on is None or lesson.day <= known_on)
