"""What each lesson of a subject is about and which written work falls on it."""

from __future__ import annotations

from functools import lru_cache

from connector.sandbox.content import work_types as kinds
from connector.sandbox.content.subjects import HOURS, SUBJECTS
from connector.sandbox.content.topics import topics_of

WEEKS = 34
# (every n-th lesson, at this remainder, kind of work); the first that fits is taken.
_WORKS: dict[str, tuple[tuple[int, int, int], ...]] = {
    "russian": (
        (14, 12, kinds.TEST),
        (25, 7, kinds.COMPOSITION),
        (9, 4, kinds.DICTATION),
        (11, 6, kinds.COMMON),
    ),
    "reading": ((12, 6, kinds.BY_HEART), (20, 18, kinds.TEST)),
    "literature": ((11, 4, kinds.BY_HEART), (15, 12, kinds.COMPOSITION), (19, 17, kinds.TEST)),
    "english": ((15, 13, kinds.TEST), (9, 5, kinds.COMMON)),
    "physics": ((7, 3, kinds.LABORATORY), (15, 13, kinds.TEST)),
    "chemistry": ((8, 4, kinds.LABORATORY), (15, 12, kinds.TEST)),
    "biology": ((6, 3, kinds.LABORATORY), (13, 11, kinds.EXAMINATION)),
    "history": ((13, 11, kinds.EXAMINATION), (7, 4, kinds.COMMON)),
    "society": ((12, 10, kinds.EXAMINATION),),
    "geography": ((10, 8, kinds.EXAMINATION), (9, 4, kinds.COMMON)),
    "sport": ((7, 5, kinds.COMMON),),
}
_MATHS = ((13, 11, kinds.TEST), (6, 3, kinds.COMMON))
_OTHER = ((14, 12, kinds.COMMON),)


@lru_cache(maxsize=1024)
def titles(subject: int, grade: int) -> tuple[str, ...]:
    """Return the topics of a subject in teaching order, one for each lesson of the year."""
    key = SUBJECTS[subject].key
    total = dict(HOURS[grade])[key] * (WEEKS + 1)
    topics = topics_of(key, grade)
    span = -(-total // len(topics))
    # Several lessons of one topic are numbered, as teachers number them.
    return tuple(
        topics[n // span] if span == 1 else f"{topics[n // span]}. Урок {n % span + 1}" for n in range(total)
    )


def written_work(subject: int, position: int) -> int | None:
    """Return the kind of work the `position`-th lesson of a subject has besides the usual one."""
    plan = SUBJECTS[subject]
    rules = _WORKS.get(plan.key, _MATHS if plan.department == "maths" else _OTHER)
    for every, remainder, kind in rules:
        if position % every == remainder:
            return kind
    return None
