"""A run as a person sees it: a progress bar while it goes, and a summary at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from archive_store.texts import N_, _
from connector.cli.errors import explain
from connector.cli.exit_codes import ExitCode
from connector.cli.planned import kind_title
from connector.cli.stopping import asked_by_signals
from connector.sync.slices import Slice
from connector.sync.summary import Summary

_STAGES: Final = {
    "school": N_("School"),
    "groups": N_("Classes and rosters"),
    "lessons": N_("Lessons and homework"),
    "marks": N_("Marks and attendance"),
    "special": N_("Thematic and criteria marks"),
    "averages": N_("Averages of the platform"),
    "diary": N_("Homework's files"),
    "repair": N_("Repair"),
}
_ENTITIES: Final = {
    "school": N_("School"),
    "edu_group": N_("Classes and subgroups"),
    "person": N_("Pupils"),
    "membership": N_("Pupils in classes and subgroups"),
    "class_teacher": N_("Class teachers"),
    "teacher": N_("Teachers"),
    "subject": N_("Subjects"),
    "reporting_period": N_("Reporting periods"),
    "bell": N_("Bells"),
    "work_type": N_("Types of work"),
    "lesson": N_("Lessons and topics"),
    "work": N_("Works and homework"),
    "mark": N_("Marks of lessons"),
    "attendance": N_("Attendance"),
    "final_mark": N_("Final marks"),
    "thematic_mark": N_("Thematic marks"),
    "criteria_mark": N_("Marks of the criteria journal"),
    "criteria_total": N_("Totals of the criteria journal"),
    "criteria_section": N_("Sections of the criteria journal"),
    "former_member": N_("Members of classes, also former ones"),
    "staff_member": N_("Staff and administrators"),
    "value_list": N_("Lists of values"),
    "homework_file": N_("Files of homework"),
    "homework_task": N_("Homework, pupil by pupil"),
    "platform_average": N_("Averages of the platform"),
    "section": N_("Sections of the journal"),
}
_FAILURES_SHOWN: Final = 10


def entity_title(name: str) -> str:
    """What people call the records of an entity."""
    return _(_ENTITIES[name]) if name in _ENTITIES else name


class Bar:
    """The progress bar of a run, on the error stream so that output can be piped."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            refresh_per_second=4,  # drawing it takes time from the run
        )
        self._task: TaskID | None = None

    def stage(self, name: str, slices: int) -> None:
        """A stage of that many slices begins."""
        self._task = self._progress.add_task(_(_STAGES[name]), total=slices)

    def finished(self, _slice: Slice) -> None:
        """A slice of the stage is done, or has failed."""
        if self._task is not None:
            self._progress.advance(self._task)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar, on the error stream, that is told how many are done, and of how many.

    Being told raises KeyboardInterrupt once this process was asked to stop.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        Progress(*columns, console=Console(stderr=True), transient=True) as bar,
        asked_by_signals() as stop,
    ):
        task = bar.add_task(what, total=None)

        def told(done: int, of: int) -> None:
            if stop.is_set():
                raise KeyboardInterrupt
            bar.update(task, completed=done, total=of)

        yield told


def show(summary: Summary, console: Console) -> ExitCode:
    """Print what a run did, and return how the command ends."""
    console.print(_table(summary))
    console.print(
        _("Slices: {slices}; answers parsed: {parsed}; unchanged and not parsed: {unchanged}.").format(
            slices=summary.slices, parsed=summary.parsed, unchanged=summary.unchanged
        )
    )
    console.print(
        _("Calls: {calls}, of them repeated: {repeated}.").format(
            calls=summary.calls.calls, repeated=summary.calls.repeated
        )
    )
    if summary.head:
        console.print(
            _("Ledger: entry {entry}, head {head}.").format(
                entry=summary.head.entry, head=summary.head.digest.hex()[:16]
            )
        )
    return _trouble(summary, console)


def _table(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(_("Records"))
    for title in (_("new"), _("changed"), _("withdrawn"), _("unchanged")):
        table.add_column(title, justify="right")
    for name, title in _ENTITIES.items():
        one = summary.changes.get(name)
        if one:
            counts = (one.new, one.changed, one.withdrawn, one.unchanged)
            table.add_row(_(title), *(f"{count}" for count in counts))
    return table


def _trouble(summary: Summary, console: Console) -> ExitCode:
    held_back = sum(one.held_back for one in summary.changes.values())
    if held_back:
        console.print(
            _(
                "Held back: {count} records that the platform no longer shows, too many at once to be "
                "believed. Decide with: dnevnik-archive quarantine list"
            ).format(count=held_back)
        )
    if summary.unfiled:
        console.print(
            _("Not filed: {count} records of lessons that the platform does not show.").format(
                count=summary.unfiled
            )
        )
    for failure in summary.failures[:_FAILURES_SHOWN]:
        explanation = explain(failure.error)
        text = explanation.wrong if explanation else type(failure.error).__name__
        place = failure.slice.place
        span = f"{place.first_day} - {place.last_day}" if place.first_day else ""
        what = ", ".join(part for part in (kind_title(place.entity), failure.slice.name, span) if part)
        console.print(_("Failed: {what}. {why}").format(what=what, why=text))
    if len(summary.failures) > _FAILURES_SHOWN:
        console.print(_("... and {count} more.").format(count=len(summary.failures) - _FAILURES_SHOWN))
    if summary.stopped_by:
        explanation = explain(summary.stopped_by)
        if explanation:
            console.print(_("The run was stopped."), explanation.wrong, explanation.remedy)
            return explanation.exit_code
    return ExitCode.PARTIAL if summary.failures or summary.unfiled or held_back else ExitCode.OK
