"""Which copies of a form are to be made: one, or one for every class of the year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive_store.catalogue import classes
from archive_store.errors import NotOfThisGrade
from archive_store.export.forms import Asked, Form, Scope
from archive_store.records import EduGroup
from archive_store.snapshot.naming import class_stems


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a form: the stem of its files, and the class it is about if it was not named."""

    form: Form
    stem: str
    group: EduGroup | None


def copies(forms: Iterable[Form], asked: Asked) -> list[Copy]:
    """All copies of these forms. Raises UnknownYear, NotOfThisGrade."""
    return [copy for form in forms for copy in _copies(form, asked)]


def _copies(form: Form, asked: Asked) -> Iterator[Copy]:
    of_one = form.also_of_pupil and asked.person_id is not None
    if form.scope is not Scope.CLASS or of_one:
        yield Copy(form, form.name, asked.group)
    elif asked.group is not None:
        if not form.is_of(asked.group):
            raise NotOfThisGrade(form.name, sorted(form.grades or ()), asked.group.name)
        yield Copy(form, form.name, asked.group)
    else:
        known = [one for one in classes(asked.connection, asked.at, asked.study_year) if form.is_of(one)]
        if not known:
            raise NotOfThisGrade(form.name, sorted(form.grades or ()))
        for group, name in zip(known, class_stems(known), strict=True):
            yield Copy(form, f"{form.name}-{name}", group)
