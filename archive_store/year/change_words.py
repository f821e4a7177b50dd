"""What a change after the closing is about, in the school's words, on paper and on the screen."""

from __future__ import annotations

from typing import Any, Final

from archive_store.schema import Entity
from archive_store.texts import N_, _
from archive_store.year.changes import Change
from archive_store.year.place_names import Names

_KINDS: Final = {
    "lesson": N_("lesson"),
    "work": N_("work"),
    "mark": N_("mark"),
    "attendance": N_("attendance"),
    "thematic_mark": N_("thematic mark"),
    "criteria_mark": N_("mark of the criteria journal"),
    "criteria_total": N_("total of the criteria journal"),
}
# What a final mark is, by its kind; any other is of a reporting period.
_FINALS: Final = {"year": N_("year mark"), "exam": N_("exam mark"), "final": N_("final mark")}
_WHOLE_YEAR: Final = 0


def change_title(change: Change, names: Names) -> str:
    """What was changed: a mark of a period is told with it, a final mark by what it closes."""
    record, name = change.record, change.entity.name
    if name == "final_mark" and record.kind in _FINALS:
        return _(_FINALS[record.kind])
    title = _("period mark") if name == "final_mark" else _(_KINDS[name])
    period = ""
    if name == "criteria_total" and record.period_id == _WHOLE_YEAR:
        period = _("the year")
    elif hasattr(record, "period_id"):
        period = names.period(record.group_id, record.period_id)
    return f"{title}, {period}" if period else title


def field_title(entity: Entity[Any], name: str) -> str:
    """What a field of a record means."""
    meaning = entity.table.c[name].comment
    return _(meaning) if meaning else name
