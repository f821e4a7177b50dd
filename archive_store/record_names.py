"""A record in a person's words: what it is, of whom, of which class, subject and day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, last_known
from archive_store.schema import ENTITIES, Entity
from archive_store.texts import N_, _

KINDS: Final = {
    "school": N_("the school"),
    "person": N_("a pupil"),
    "teacher": N_("a teacher"),
    "edu_group": N_("a class or subgroup"),
    "membership": N_("a pupil in a class"),
    "class_teacher": N_("a class teacher"),
    "subject": N_("a subject"),
    "reporting_period": N_("a reporting period"),
    "bell": N_("a line of the bells"),
    "work_type": N_("a type of work"),
    "lesson": N_("a lesson"),
    "work": N_("a work or homework"),
    "mark": N_("a mark"),
    "attendance": N_("an attendance"),
    "final_mark": N_("a final mark"),
    "former_member": N_("a member of a class, now or in the past"),
    "staff_member": N_("a member of the staff"),
    "value_list": N_("a list of values"),
    "homework_file": N_("a file of homework"),
    "homework_task": N_("a homework of a pupil"),
    "platform_average": N_("an average of the platform"),
    "section": N_("a section of the journal"),
    "thematic_mark": N_("a thematic mark"),
    "criteria_mark": N_("a mark of the criteria journal"),
    "criteria_total": N_("a total of the criteria journal"),
    "criteria_section": N_("a section of the criteria journal"),
}
KINDS_OF_MANY: Final = {
    "school": N_("School"),
    "person": N_("Pupils"),
    "teacher": N_("Teachers"),
    "edu_group": N_("Classes and subgroups"),
    "membership": N_("Pupils in classes and subgroups"),
    "class_teacher": N_("Class teachers"),
    "subject": N_("Subjects"),
    "reporting_period": N_("Reporting periods"),
    "bell": N_("Bells"),
    "work_type": N_("Types of work"),
    "lesson": N_("Lessons and topics"),
    "work": N_("Works and homework"),
    "mark": N_("Marks of lessons"),
    "attendance": N_("Attendance"),
    "final_mark": N_("Final marks"),
    "former_member": N_("Members of classes, also former ones"),
    "staff_member": N_("Staff and administrators"),
    "value_list": N_("Lists of values"),
    "homework_file": N_("Files of homework"),
    "homework_task": N_("Homework, pupil by pupil"),
    "platform_average": N_("Averages of the platform"),
    "section": N_("Sections of the journal"),
    "thematic_mark": N_("Thematic marks"),
    "criteria_mark": N_("Marks of the criteria journal"),
    "criteria_total": N_("Totals of the criteria journal"),
    "criteria_section": N_("Sections of the criteria journal"),
    "answer": N_("Calls and which answer each got"),
    "raw_answer": N_("Answers of the platform as they came"),
    "snapshot": N_("Sealed years"),
    "access": N_("Log of access"),
    "closing": N_("Closings of years"),
    "terms_confirmation": N_("Confirmed terms of keeping"),
    "carrier_event": N_("The book of carriers"),
}
BY_NAME: Final[dict[str, Entity[Any]]] = {entity.name: entity for entity in ENTITIES}


@dataclass(slots=True)
class Names:
    """The names that ids stand for, as last known by then; each is looked up once."""

    connection: sa.Connection
    at: AsOf
    _known: dict[tuple[str, int], str | None] = field(default_factory=dict)

    def person(self, person_id: int | None) -> str | None:
        """Surname, given name and patronymic of a pupil or teacher."""
        return self._name(schema.PERSON, "person_id", person_id) or self._name(
            schema.TEACHER, "person_id", person_id
        )

    def group(self, group_id: int | None) -> str | None:
        """The name of a class or subgroup."""
        return self._name(schema.EDU_GROUP, "group_id", group_id)

    def subject(self, subject_id: int | None) -> str | None:
        """The name of a subject."""
        return self._name(schema.SUBJECT, "subject_id", subject_id)

    def of_record(self, entity: Entity[Any], record: Any) -> str:  # noqa: ANN401 - a record of any entity
        """What a record is, of whom, of which class, subject and day."""
        values = record._asdict()
        own_name = _full_name(record) if "last_name" in values else values.get("name") or values.get("title")
        parts = [
            _(KINDS[entity.name]),
            own_name or self.person(values.get("person_id")),
            None if entity is schema.EDU_GROUP else self.group(values.get("group_id")),
            None if entity is schema.SUBJECT else self.subject(values.get("subject_id")),
            values.get("day") or values.get("starts"),
        ]
        return ", ".join(str(part) for part in parts if part)

    def of_key(self, name: str, key: tuple[Any, ...]) -> str:
        """The same of the last version with that key; what is known of it at least."""
        entity = BY_NAME[name]
        where = [entity.table.c[column] == value for column, value in zip(entity.key, key, strict=True)]
        try:
            record = next(last_known(self.connection, entity, self.at, *where), None)
            return self.of_record(entity, record) if record is not None else _(KINDS[name])
        except (sa.exc.SQLAlchemyError, TypeError, ValueError):  # it was tampered with, after all
            return _(KINDS[name])

    def _name(self, entity: Entity[Any], column: str, value: int | None) -> str | None:
        if value is None:
            return None
        if (entity.name, value) not in self._known:
            found = next(last_known(self.connection, entity, self.at, entity.table.c[column] == value), None)
            name = (
                None if found is None else _full_name(found) if "last_name" in found._fields else found.name
            )
            self._known[entity.name, value] = name
        return self._known[entity.name, value]


def _full_name(person: Any) -> str | None:  # noqa: ANN401 - a Person, Teacher, ClassTeacher or StaffMember
    parts = (person.last_name, person.first_name, person.middle_name)
    return " ".join(part for part in parts if part) or person.short_name
