"""What is printed under a table of its formulas, whatever the form."""

from __future__ import annotations

from archive_store.texts import _, ngettext


def rounding(decimals: int) -> str:
    """How the shares and averages of a form were rounded."""
    if decimals == 0:
        return _("Shares and averages are computed exactly and rounded to whole numbers, a half upwards.")
    return ngettext(
        "Shares and averages are computed exactly and rounded to {decimals} decimal place, a half upwards.",
        "Shares and averages are computed exactly and rounded to {decimals} decimal places, a half upwards.",
        decimals,
    ).format(decimals=decimals)
