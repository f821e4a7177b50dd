"""A class in which a pupil was during a year."""

from __future__ import annotations

from dataclasses import dataclass

from archive_store.forms.class_record import ClassRecord
from archive_store.forms.stays import Stay, Stays


@dataclass(frozen=True, slots=True)
class InClass:
    """A class of the pupil in the year: its record and the stays in it."""

    record: ClassRecord
    stays: Stays

    def stay(self, person_id: int) -> tuple[Stay, ...]:
        """The pupil's stays in the class itself."""
        return self.stays.get((self.record.group.group_id, person_id), ())
