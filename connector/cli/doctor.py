"""The command ``doctor``: is everything in order here, and how does this platform behave?"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import Final

import typer
from rich.console import Console
from rich.table import Table

from archive_store import traits
from archive_store.texts import N_, _
from connector.cli.exit_codes import ExitCode
from connector.cli.session import Session, utc_text
from connector.sync import probing
from connector.sync.examination import Answer, Examination, Finding

_QUESTIONS: Final = {
    "owner": N_("The token's owner is an employee"),
    "class_list": N_("The list of classes is open"),
    "past_years": N_("The list shows classes of past years"),
    "past_marks": N_("Marks of the last year are given"),
    "range_end": N_("The last day of a range is part of it"),
    "long_ranges": N_("A whole year is given in one call"),
    "batches": N_("A hundred records are given in one call"),
    "subgroups": N_("The calls for a class hold its subgroups"),
    "attendance": N_("Attendance is given for all subjects at once"),
    "moments": N_("Moments are written in UTC"),
    "former_members": N_("Former members of a class are given"),
    "final_marks": N_("Year and exam marks are given for a class"),
    "thematic_marks": N_("The school has thematic marks"),
    "criteria_marks": N_("The school keeps a criteria journal"),
    "averages": N_("Averages are given, for comparison"),
    "messages": N_("Messages and the notice board are given"),
}
_ANSWERS: Final = {
    Answer.YES: N_("yes"),
    Answer.OTHERWISE: N_("no"),
    Answer.REFUSED: N_("refused"),
    Answer.UNKNOWN: N_("cannot be told now"),
}
_WHAT_FOLLOWS: Final = {
    ("owner", Answer.OTHERWISE): N_(
        "the token of a pupil or parent does not open the school: use an employee's"
    ),
    ("class_list", Answer.REFUSED): N_("classes are gathered from the teachers"),
    ("past_years", Answer.OTHERWISE): N_("past classes are gathered from the teachers"),
    ("past_years", Answer.REFUSED): N_("past classes are gathered from the teachers"),
    ("past_marks", Answer.REFUSED): N_("past years cannot be fetched: keep what the archive has"),
    ("range_end", Answer.OTHERWISE): N_("a day more is asked for; nothing is lost"),
    ("long_ranges", Answer.OTHERWISE): N_("longer ranges are cut"),
    ("batches", Answer.OTHERWISE): N_("larger calls are cut"),
    ("subgroups", Answer.OTHERWISE): N_("each subgroup is asked for itself"),
    ("attendance", Answer.REFUSED): N_("attendance is read lesson by lesson: more calls"),
    ("moments", Answer.OTHERWISE): N_('write moments_zone = "school" into the settings'),
    ("final_marks", Answer.OTHERWISE): N_("year and exam marks are read pupil by pupil: more calls"),
    ("final_marks", Answer.REFUSED): N_("final marks are read pupil by pupil: more calls"),
    ("final_marks", Answer.UNKNOWN): N_("year and exam marks may be missing: compare with the journal"),
    ("thematic_marks", Answer.YES): N_("they are fetched by class and subject: more calls"),
    ("criteria_marks", Answer.YES): N_("it is fetched by class and period: more calls"),
    ("averages", Answer.REFUSED): N_("reconcile compares records alone"),
    ("messages", Answer.OTHERWISE): N_("the partner API has no call for them: they are not in the archive"),
}
_NEEDS_A_PERSON: Final = {
    ("owner", Answer.OTHERWISE),
    ("past_marks", Answer.REFUSED),
    ("moments", Answer.OTHERWISE),
}
_LITTLE_ROOM_BYTES: Final = 2 * 2**30


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_("Check this installation and find out how the platform behaves."))(doctor)


def doctor(context: typer.Context) -> int:
    """Examine each school; remember what its runs can use."""
    session: Session = context.obj
    return max(_examine(one) for one in session.of_each_school())


def _examine(session: Session) -> ExitCode:
    if session.school is not None:
        typer.echo(_("School {school}").format(school=session.school))
    room = _say_room(session)
    with session.client() as client:
        source = session.source(client)
        engine = session.engine()
        exam = Examination(client, source.school_id, session.window().today, session.settings.zone)
        with source.day_count.counted(engine):
            findings = list(probing.findings(exam))
    with engine.begin() as connection:
        for name, value in exam.traits.items():
            traits.save(connection, source.school_id, name, value, utc_text(datetime.now(UTC)))
    engine.dispose()
    _show(findings)
    attention = room or any((one.question, one.answer) in _NEEDS_A_PERSON for one in findings)
    return ExitCode.ATTENTION if attention else ExitCode.OK


def _say_room(session: Session) -> bool:
    """Say how much room the disk has; whether it is little."""
    free = shutil.disk_usage(session.settings.folder).free
    typer.echo(_("Free on the disk: {size} GB.").format(size=f"{free / 2**30:.1f}"))
    if free < _LITTLE_ROOM_BYTES:
        typer.echo(
            _("This is little: a year of a school of 1,000 pupils takes about 0.2 GB, sealed as much again.")
        )
        return True
    return False


def _show(findings: list[Finding]) -> None:
    table = Table(box=None, pad_edge=False)
    for title in (_("Question"), _("Answer"), _("What follows")):
        table.add_column(title)
    for one in findings:
        follows = _WHAT_FOLLOWS.get((one.question, one.answer))
        answer = _(_ANSWERS[one.answer]) + (f" ({one.detail})" if one.detail else "")
        table.add_row(_(_QUESTIONS[one.question]), answer, _(follows) if follows else "")
    Console(markup=False, highlight=False).print(table)
