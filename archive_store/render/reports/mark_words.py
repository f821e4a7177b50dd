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


def spelled(mark: str) -> str:
    """A mark of five points with its word; any other text as it is."""
    number = read_mark(mark).number
    return f"{mark} ({_(_WORDS[number])})" if number in _WORDS else mark
