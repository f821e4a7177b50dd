"""A mark spelled out, as papers for parents and other schools have it: 5 (отл.)."""

from __future__ import annotations

from typing import Final

from archive_store.forms.marks import read_mark
from archive_store.texts import N_, _

_WORDS: Final = {
    5: N_("exc."),
    4: N_("good"),
    3: N_("satisf."),
    2: N_("unsat."),
}
_IN_FULL: Final = {
    5: N_("excellent"),
    4: N_("good (in full)"),
    3: N_("satisfactory"),
    2: N_("unsatisfactory"),
}


def spelled(mark: str) -> str:
    """A mark of five points with its word; any other text as it is."""
    number = read_mark(mark).number
    return f"{mark} ({_(_WORDS[number])})" if number in _WORDS else mark


def in_full(number: int) -> str:
    """The word that a certificate has beside the digit."""
    return _(_IN_FULL[number]) if number in _IN_FULL else ""
