"""What the next nightly run would read, and why, without asking the platform anything."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from archive_store import checkpoints, traits
from archive_store.retention.tombstones import journals_destroyed
from connector.sync import plan
from connector.sync.diary import months_with_homework
from connector.sync.grid import not_destroyed
from connector.sync.slices import Reading, Slice
from connector.sync.subgroups import known_groups
from connector.sync.window import Window


@dataclass(frozen=True, slots=True)
class Planned:
    """So many slices of one kind that are due for one reason; a slice is at least one call."""

    stage: str
    kind: str
    why: str
    slices: int


def preview(connection: sa.Connection, school_id: int, window: Window) -> list[Planned]:
    """The plan of a run now, counted."""
    stages = due_slices(connection, school_id, window)
    return [planned for stage, slices in stages.items() for planned in _counted(stage, slices)]


def due_slices(connection: sa.Connection, school_id: int, window: Window) -> dict[str, list[Slice]]:
    """The plan of a run now, by stages. Classes that the archive does not know yet are not in it."""
    done = checkpoints.load(connection, school_id)
    found_out = traits.load(connection, school_id, "")
    groups = known_groups(connection, school_id, window.first_year, found_out)
    homework = months_with_homework(Reading(connection, school_id, {}))
    years = sorted({one.group.study_year or 0 for one in groups})
    stages = {
        "school": [
            *plan.school_slices(school_id),
            *plan.group_list_slices(school_id),
            *plan.rare_school_slices(school_id, done, window),
            *plan.past_group_slices(school_id, years, done, window),
        ],
        "groups": plan.group_slices(groups, done, window),
        "lessons": plan.lesson_slices(groups, done, window),
        "marks": plan.mark_slices(groups, done, window),
        "special": [one for part in plan.special_slices(groups, found_out, done, window) for one in part],
        "averages": plan.average_slices(groups, done, window),
        "diary": plan.diary_slices(groups, homework, done, window),
    }
    destroyed = journals_destroyed(connection, school_id)
    return {name: not_destroyed(slices, destroyed) for name, slices in stages.items()}


def _counted(stage: str, slices: list[Slice]) -> list[Planned]:
    counts = Counter((one.kind.name, one.why) for one in slices)
    return [Planned(stage, kind, why, count) for (kind, why), count in sorted(counts.items())]
