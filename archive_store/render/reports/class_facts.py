"""The facts that stand under the title of every form of a class."""

from __future__ import annotations

from archive_store.forms.class_record import ClassRecord
from archive_store.forms.people import full_name
from archive_store.forms.span import Span
from archive_store.render.dates import days_text
from archive_store.render.wording import former_names
from archive_store.texts import _


def class_facts(record: ClassRecord, span: Span | None = None) -> tuple[tuple[str, str], ...]:
    """The class, the academic year, the class teachers, and the days if they are not the whole year."""
    teachers = ", ".join(full_name(one, one.person_id) for one in record.class_teachers)
    year = record.group.study_year
    facts = [
        (_("Class"), record.group.name),
        (_("Earlier name of the class"), former_names(record.former_names)),
        (_("Academic year"), f"{year}/{year + 1}" if year is not None else ""),
        (_("Class teacher"), teachers),
        (_("Days"), days_text(span.first, span.last) if span else ""),
    ]
    return tuple((name, value) for name, value in facts if value)


def year_facts(study_year: int, span: Span | None = None) -> tuple[tuple[str, str], ...]:
    """The same of a form of the school: the academic year, and the days."""
    facts = [
        (_("Academic year"), f"{study_year}/{study_year + 1}"),
        (_("Days"), days_text(span.first, span.last) if span else ""),
    ]
    return tuple((name, value) for name, value in facts if value)
