"""The words of the viewer: its scripts name each by its English text, the page gets them in one language."""

from __future__ import annotations

from typing import Final

from archive_store.render.wording import month
from archive_store.texts import N_, _

WORDS: Final = (
    N_("A corner marks a cell that was corrected; Enter or a click shows its history."),
    N_("Absences and late arrivals"), N_("Attendance"), N_("Average of the year"), N_("Class"),
    N_("Class or subgroup"), N_("Class teacher"), N_("Classes"), N_("Close (Esc)"), N_("Comment"),
    N_("Contents"), N_("Corrected cells"), N_("Corrected: Enter shows the history"), N_("Corrections"),
    N_("Corrections shown: {count}"), N_("Date"), N_("Day"), N_("Days later"), N_("Filter"), N_("Flags"),
    N_("Final marks"), N_("Found: {count}"), N_("From day"), N_("Homework"), N_("Homework: {text}"),
    N_("Hours held"), N_("How many"), N_("In all"), N_("Is"), N_("Journals"), N_("Journals by subject"),
    N_("Keys"), N_("Lesson"), N_("Lessons"), N_("Lessons while in the list"), N_("Lessons shown: {count}"),
    N_("Marks"), N_("Marks and absences"), N_("Marks by subject"), N_("Missed"),
    N_("Moment on the platform"), N_("Note"), N_("Nothing fits the filter."), N_("Nothing was found."),
    N_("Noticed"), N_("Number of pupils"), N_("Number of the record"), N_("Other classes and years"),
    N_("Period"), N_("Pupil"), N_("Pupils"), N_("Pupils shown: {count}"), N_("Search"), N_("Searching…"),
    N_("Seen unchanged"), N_("Shown"), N_("Stored as"), N_("Subgroups"), N_("Subject"), N_("Subjects"),
    N_("Summary sheet of progress"), N_("Surname, given name"), N_("Surname, given name, patronymic"),
    N_("Teacher"), N_("Teachers"), N_("The cell is empty, and nothing ever stood in it."),
    N_("The file {file} is missing. Copy the whole folder, not this page alone."),
    N_("The first year of study is taught without marks."),
    N_(
        "The platform does not say who changed a value. What was set and corrected between two readings "
        "does not show."
    ),
    N_("There are no corrections."),
    N_("This folder holds personal data of pupils: keep it safe, delete it when it is no longer needed."),
    N_("This folder does not hold what the address names."),
    N_("This is not there"), N_("To day"), N_("Topic of the lesson"), N_("Topics and homework"),
    N_("Type a surname, a subject, a teacher or words of a topic above."), N_("Type of work"), N_("Value"),
    N_("Values of unknown meaning"), N_("Was"), N_("Weighted average of the year"), N_("What"),
    N_("When noticed"),
    N_("all subjects"), N_("any"), N_("attendance"), N_("changed"), N_("close the history"),
    N_("everything"), N_("final mark"), N_("first seen"),
    N_("from cell to cell in a journal and a summary sheet"), N_("h."), N_("homework"), N_("lesson"),
    N_("lesson {number}"), N_("mark"), N_("only corrections"), N_("other"), N_("present"),
    N_("print the page"), N_("search"), N_("seen again"), N_("the class {name}"), N_("the first {count}"),
    N_("the history of the cell, or the page of the pupil"), N_("the pupil was not in the list that day"),
    N_("the next and the previous spread"), N_("the next table, field or link"), N_("the whole year"),
    N_("topics and homework"), N_("withdrawn"), N_("№"),
)  # fmt: skip
_MONTHS: Final = range(1, 13)


def words() -> dict[str, str]:
    """Each text of the scripts in the active language."""
    return {word: _(word) for word in WORDS} | {f"month {number}": month(number) for number in _MONTHS}
