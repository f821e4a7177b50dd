"""How a school's signs are read, as the forms print it: in a legend, or in sentences under a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from archive_store.forms.signs import MEANINGS, MISSED, STANDARD, Meaning, Presence, Scale, Signs
from archive_store.render.report import Report
from archive_store.texts import N_, _

_PRESENT: Final = N_("present")
_OF_MARK: Final = {
    Meaning.NOT_ASSESSED: N_("not assessed (of a pupil)"),
    Meaning.RELEASED: N_("released from the subject"),
    Meaning.PASS: N_("pass (in words)"),
    Meaning.FAIL: N_("fail (in words)"),
    Meaning.ABSENCE: N_("a lesson missed"),
    Meaning.PROMISE: N_("the teacher waits for the work"),
}


def letters(signs: Signs) -> list[tuple[str, str]]:
    """The letters of attendance, each with what it means."""
    return [(letter, _(meaning)) for letter, meaning in signs.legend]


def missed_letters(signs: Signs) -> str:
    """The letters of missed lessons, in a row: «Н, Б, П»."""
    return ", ".join(signs.printed[one] for one in MEANINGS if one in MISSED)


def added(signs: Signs) -> list[tuple[str, str]]:
    """What the school has added to the signs that the program knows, each with what it means."""
    return [*_attendance(signs), *_words(signs), *_scales(signs)]


def school_signs(signs: Signs) -> tuple[str, ...]:
    """The same in sentences, and the letters if they are the school's own; nothing without any."""
    changed = letters(signs) if signs.printed != STANDARD.printed else []
    parts = (
        (_("Letters of attendance as the school has set them: {signs}."), changed),
        (_("Signs that the school has added: {signs}."), added(signs)),
    )
    return tuple(said.format(signs=_listed(found)) for said, found in parts if found)


def with_signs(report: Report, signs: Signs) -> Report:
    """The report with these sentences under it."""
    return replace(report, notes=(*report.notes, *school_signs(signs)))


def _listed(found: list[tuple[str, str]]) -> str:
    return "; ".join(f"{sign} — {meaning}" for sign, meaning in found)


def _attendance(signs: Signs) -> Iterator[tuple[str, str]]:
    for sign, presence in signs.attendance.items():
        yield sign, _(_PRESENT) if presence is Presence.PRESENT else _(MEANINGS[presence])


def _words(signs: Signs) -> Iterator[tuple[str, str]]:
    for word, meaning in signs.words.items():
        yield word, _(_OF_MARK[meaning])


def _scales(signs: Signs) -> Iterator[tuple[str, str]]:
    for name, scale in signs.scales.items():
        yield name, _scale(scale)


def _scale(scale: Scale) -> str:
    if scale.lowest is None:
        return _("scale of {highest} points without levels").format(highest=scale.highest)
    five, four, three = scale.lowest
    said = _("scale of {highest} points: «5» from {five}, «4» from {four}, «3» from {three}")
    return said.format(highest=scale.highest, five=five, four=four, three=three)
