"""A current mark in words: 5 (КР, weight 3)."""

from __future__ import annotations

from archive_store.forms.current_marks import MarkEntry
from archive_store.texts import _


def mark_text(entry: MarkEntry) -> str:
    """The mark, with the type of work and a weight that is not 1."""
    weight = "" if entry.weight in {None, 1} else _("weight {weight}").format(weight=entry.weight)
    about = ", ".join(part for part in (entry.work, weight) if part)
    return entry.mark + (f" ({about})" if about else "")
