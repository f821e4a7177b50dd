"""The words of a correction: of the printed list and of the viewer's."""

from __future__ import annotations

from typing import Final

from archive_store.corrections import Correction
from archive_store.forms.lesson_lines import USUAL
from archive_store.forms.periods import FinalColumn, FinalKind
from archive_store.forms.signs import Signs
from archive_store.render.dates import day_text
from archive_store.render.report import NOT_COMPUTABLE
from archive_store.render.wording import lesson_status
from archive_store.texts import N_, _

KINDS: Final = {
    "mark": N_("Marks of lessons"),
    "final-mark": N_("Final marks"),
    "attendance": N_("Attendance"),
    "lesson": N_("Lessons and topics"),
    "homework": N_("Homework"),
}
"""What can be corrected, in the order of the lists; to be translated."""
_WHAT: Final = {
    ("mark", "value"): N_("mark"),
    ("final-mark", "value"): N_("final mark"),
    ("attendance", "status"): N_("attendance"),
    ("attendance", "comment"): N_("comment on attendance"),
    ("lesson", "topic"): N_("topic"),
    ("lesson", "status"): N_("status of the lesson"),
    ("homework", "text"): N_("homework"),
    ("homework", "target_day"): N_("day of the homework"),
}
_OF_ANY: Final = {"day": N_("day of the lesson"), "number": N_("number of the lesson")}
_FLAGS: Final = {
    "upward": N_("raised"),
    "downward": N_("lowered"),
    "withdrawn": N_("withdrawn"),
    "seen-again": N_("come again"),
    "after-period": N_("after the end of the period"),
    "after-closing": N_("after the closing of the year"),
}
_LATE: Final = "after-7-days"
FLAGS: Final = (*_FLAGS, _LATE)
"""The flags in the order of the lists."""


def what_text(one: Correction) -> str:
    """What was corrected; of a final mark with its period."""
    what = _(_WHAT.get((one.kind, one.what)) or _OF_ANY.get(one.what, one.what))
    return f"{what}, {_period(one.period)}" if one.period else what


def _period(name: str) -> str:
    kinds = {one.value: FinalColumn(one).name for one in FinalKind if one is not FinalKind.PERIOD}
    return kinds.get(name, name)


def value_text(one: Correction, value: str | None, signs: Signs) -> str:
    """A value as the journal shows it; a dash for none."""
    if value is None or value == "":
        return NOT_COMPUTABLE
    match one.kind, one.what:
        case "attendance", "status":
            return signs.letter(value) or _("present")
        case "lesson", "status":
            return _("lesson not cancelled") if value in USUAL else lesson_status(value)
        case _, "day" | "target_day":
            return day_text(value)
    return value


def flag_text(flag: str, late_after_days: int) -> str:
    """A flag; of a late correction with the days after which the school has it flagged."""
    if flag == _LATE:
        return _("more than {days} days after").format(days=late_after_days)
    return _(_FLAGS.get(flag, flag))
