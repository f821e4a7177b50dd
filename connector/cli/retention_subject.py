"""Which bags a person means: by the name of a class, or of a bag with or without its edition."""

from __future__ import annotations

from collections.abc import Sequence

from archive_store.catalogue import folded
from archive_store.retention.due import SealedFile
from archive_store.retention.errors import UnknownBag
from archive_store.retention.holds import Subject
from archive_store.snapshot import naming
from archive_store.texts import _


def bags_named(known: Sequence[SealedFile], year: int | None, names: Sequence[str]) -> list[SealedFile]:
    """The bags of a year (None: of all), and of these names if any are given. Raises UnknownBag."""
    in_year = [one for one in known if year in (None, one.study_year)]
    if not in_year:
        raise UnknownBag(year, "", sorted({str(one.study_year) for one in known}))
    units = {one.unit for name in names for one in _named(in_year, year, name)}
    return [one for one in in_year if not names or one.unit in units]


def subject_named(known: Sequence[SealedFile], year: int | None, name: str | None) -> Subject:
    """What a hold is to cover. Raises UnknownBag: a misspelt class would be held in vain."""
    if year is None and name is None:
        return Subject()
    found = bags_named(known, year, [name] if name else [])
    if name is None:
        return Subject(year)
    years = sorted({one.study_year for one in found})
    if len(years) > 1:  # a class of that name in another year is another class
        raise UnknownBag(None, name, [str(one) for one in years])
    return Subject(*found[0].unit)


def covered(subject: Subject) -> str:
    """What a hold covers, in words."""
    if subject.study_year is None:
        return _("everything that is sealed")
    year = f"{subject.study_year}/{subject.study_year + 1}"
    return f"{year}, {subject.stem}" if subject.stem else _("the academic year {year}").format(year=year)


def _named(known: Sequence[SealedFile], year: int | None, name: str) -> list[SealedFile]:
    stem = naming.stem_of(name)
    found = [
        one
        for one in known
        if one.unit[1] == stem or (one.group is not None and folded(one.group) == folded(name))
    ]
    if not found:
        raise UnknownBag(year, name, sorted({one.group or one.unit[1] for one in known}))
    return found
