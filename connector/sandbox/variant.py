"""How a platform answers where its documentation leaves the choice open, or closes a call."""

from __future__ import annotations

from dataclasses import dataclass, fields

from connector.sandbox.switches import BadSwitchValue

ADMINISTRATOR_ROLE, TEACHER_ROLE, PARENT_ROLE = "administrator", "teacher", "parent"
ROLES = (ADMINISTRATOR_ROLE, TEACHER_ROLE, PARENT_ROLE)
FORBIDDEN, EMPTY = "forbidden", "empty"
CLOSINGS = ("", FORBIDDEN, EMPTY)


@dataclass(frozen=True, slots=True)
class PlatformVariant:
    """What one installation does and another does not; the defaults are what live clients saw.

    Reading of parameters: `range_end_exclusive` makes `{to}` exclusive; `max_range_days` refuses
    longer ranges (days from the first to the last date, parameterInvalid); `max_batch` refuses
    longer bodies of ids and `max_query_batch` longer lists in the query (0: no limit);
    `attendance_needs_subject` refuses a class's attendance without `subject`.

    Closed calls: `class_list_closed` (the school's list of classes, 403), `marks_by_group_closed`
    (a group's marks, 403), `attendance_by_group_closed` (apiMethodNotSupported, 404),
    `lesson_records_closed` (the marks and attendance of lessons and works, 403),
    `finals_closed` (a class's final marks, 403; those of one pupil stay open),
    `finals_of_periods_only` (a class's final marks without those of the year, exam and final marks),
    `old_years_closed` ("forbidden": journals and rosters of past years are 403; "empty": they hold
    nothing), `files_closed` (downloads are 403), `files_need_token` (without one they are 401).
    `class_list_current_only` leaves past years out of the school's list of classes;
    `archive_never_shown` ignores `includeArchive`.

    Shapes: `lists_subgroup_records=False` leaves the records of subgroups out of the calls for
    their class; `timetables_as_list` is of the school's call, `group_timetables_as_list` of the
    class's; `person_log_entries_as_list` drops the lessons beside the entries; `moments_local`
    writes moments in school time instead of UTC; `sent_date_in_utc` ends `sentDate` in Z.

    What a school has: `thematic_marks`, `criteria_journal`, `huge_file_bytes` (the size of the
    first file of each year, 0: like any other), `missing_file` (the second file of each year
    is 404). `role` is who the token's owner is: administrator, teacher or parent.
    """

    range_end_exclusive: bool = False
    max_range_days: int = 0
    max_batch: int = 0
    max_query_batch: int = 0
    attendance_needs_subject: bool = False
    class_list_closed: bool = False
    marks_by_group_closed: bool = False
    attendance_by_group_closed: bool = False
    lesson_records_closed: bool = False
    finals_closed: bool = False
    finals_of_periods_only: bool = False
    old_years_closed: str = ""
    files_closed: bool = False
    files_need_token: bool = False
    class_list_current_only: bool = False
    archive_never_shown: bool = False
    lists_subgroup_records: bool = True
    timetables_as_list: bool = True
    group_timetables_as_list: bool = False
    person_log_entries_as_list: bool = False
    moments_local: bool = False
    sent_date_in_utc: bool = False
    thematic_marks: bool = False
    criteria_journal: bool = False
    huge_file_bytes: int = 0
    missing_file: bool = False
    role: str = ADMINISTRATOR_ROLE

    def __post_init__(self) -> None:
        """Raise BadSwitchValue for a role or a closing there is not, and for a negative limit."""
        if self.role not in ROLES:
            raise BadSwitchValue("role", self.role)
        if self.old_years_closed not in CLOSINGS:
            raise BadSwitchValue("old_years_closed", self.old_years_closed)
        for name in ("max_range_days", "max_batch", "max_query_batch", "huge_file_bytes"):
            if getattr(self, name) < 0:
                raise BadSwitchValue(name, str(getattr(self, name)))

    def as_switches(self) -> list[str]:
        """Return `NAME=VALUE` of each field that is not at its default."""
        plain = PlatformVariant()
        return [
            f"{field.name}={getattr(self, field.name)}"
            for field in fields(self)
            if getattr(self, field.name) != getattr(plain, field.name)
        ]
