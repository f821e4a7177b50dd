"""What people call the tables of a bag, and the parts of the journal that the platform gives or not."""

from __future__ import annotations

from typing import Final

from archive_store.texts import N_

TITLES: Final = {
    "school": N_("School"),
    "edu_group": N_("Classes and subgroups"),
    "person": N_("Pupils"),
    "membership": N_("Pupils in classes and subgroups"),
    "former_member": N_("Members of classes, also former ones"),
    "class_teacher": N_("Class teachers"),
    "teacher": N_("Teachers"),
    "staff_member": N_("Staff and administrators"),
    "subject": N_("Subjects"),
    "reporting_period": N_("Reporting periods"),
    "bell": N_("Bells"),
    "work_type": N_("Types of work"),
    "value_list": N_("Lists of values"),
    "section": N_("Sections of the journal"),
    "lesson": N_("Lessons and topics"),
    "work": N_("Works and homework"),
    "mark": N_("Marks of lessons"),
    "attendance": N_("Attendance"),
    "final_mark": N_("Final marks"),
    "thematic_mark": N_("Thematic marks"),
    "criteria_mark": N_("Marks of the criteria journal"),
    "criteria_total": N_("Totals of the criteria journal"),
    "criteria_section": N_("Sections of the criteria journal"),
    "homework_file": N_("Files of homework"),
    "homework_task": N_("Homework, pupil by pupil"),
    "platform_average": N_("Averages of the platform"),
    "answer": N_("Calls and which answer each got"),
    "raw_answer": N_("Answers of the platform as they came"),
}

# Sections by the names that the record has for them (table ``section``).
SECTIONS: Final = {
    "roster": N_("Pupils in classes and subgroups"),
    "former_members": N_("Members of classes, also former ones"),
    "class_teacher": N_("Class teachers"),
    "teachers": N_("Teachers"),
    "reporting_periods": N_("Reporting periods"),
    "timetables": N_("Bells"),
    "work_types": N_("Types of work"),
    "lessons": N_("Lessons and topics"),
    "marks": N_("Marks of lessons"),
    "attendance": N_("Attendance"),
    "final_marks": N_("Final marks"),
    "averages": N_("Averages of the platform"),
    "thematic_marks": N_("Thematic marks"),
    "criteria_marks": N_("Marks of the criteria journal"),
    "criteria_totals": N_("Totals of the criteria journal"),
    "criteria_sections": N_("Sections of the criteria journal"),
    "homework_files": N_("Files of homework"),
    "homework_tasks": N_("Homework, pupil by pupil"),
    "messages": N_("Messages"),
    "notice_board": N_("Notice board"),
}

# What is asked for part by part, by the names that checkpoints and failures have for it.
PARTS: Final = {
    **SECTIONS,
    "school": N_("School"),
    "edu_groups": N_("Classes and subgroups"),
    "past_groups": N_("Classes of past years"),
    "subjects": N_("Subjects"),
    "mark_values": N_("Lists of values"),
    "attendance_statuses": N_("Lists of values"),
    "staff": N_("Staff and administrators"),
    "admins": N_("Staff and administrators"),
    "year_marks": N_("Period, year, exam and final marks"),
    "weighted_averages": N_("Averages of the platform"),
}

STATES: Final = {
    "received": N_("received"),
    "empty": N_("empty: the platform has nothing there"),
    "refused": N_("refused: the account has no right to it"),
    "not offered": N_("not offered by the platform"),
    "not asked": N_("not asked for: switched off in the settings"),
    "failed": N_("failed: the last run could not read it"),
}
