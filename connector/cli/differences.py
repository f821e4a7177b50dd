"""Differences between the archive and the platform as a person reads them: with names, on the screen only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from archive_store import schema
from archive_store.asof import AsOf, last_known
from archive_store.texts import N_, _
from connector.cli.errors import explain
from connector.cli.exit_codes import ExitCode
from connector.sync.reconcile.verdict import Cause, Difference, NotOffered, Verdict, What

_WHAT: Final = {
    What.AVERAGE: N_("average"),
    What.WEIGHTED_AVERAGE: N_("weighted average"),
    What.FINAL_MARK: N_("final mark"),
    What.LESSON: N_("lesson"),
    What.MARK: N_("mark"),
    What.ATTENDANCE: N_("attendance"),
}
_CAUSES: Final = {
    Cause.MISSING: N_("missing in the archive"),
    Cause.NEVER_READ: N_("never read to the end: run sync"),
    Cause.ALTERED: N_("altered in the archive itself: run ledger verify"),
    Cause.UNKNOWN: N_("cause unknown"),
    Cause.NEWER: N_("set after the last reading"),
    Cause.CHANGED: N_("changed on the platform since the last reading"),
    Cause.WITHDRAWN: N_("removed on the platform since the last reading"),
    Cause.WEIGHTS: N_("the weights of the types of work have changed"),
    Cause.NOT_COUNTED: N_("the platform counts marks marked as not counted"),
    Cause.SUBGROUPS: N_("the platform leaves out the subgroups"),
    Cause.SCALE: N_("marks in letters or with signs (4-), or several scales"),
    Cause.ROUNDING: N_("rounded differently"),
}
_NOTHING: Final = "-"


class Names:
    """Names for the ids of a verdict, as last known to the archive."""

    def __init__(self, connection: sa.Connection, at: AsOf, people: Iterable[int]) -> None:
        wanted = sorted(people)
        in_them = schema.PERSON.table.c.person_id.in_(wanted)
        self._people = {
            one.person_id: " ".join(part for part in (one.last_name, one.first_name) if part)
            or one.short_name
            for one in (last_known(connection, schema.PERSON, at, in_them) if wanted else ())
        }
        self._groups = {one.group_id: one.name for one in last_known(connection, schema.EDU_GROUP, at)}
        self._subjects = {one.subject_id: one.name for one in last_known(connection, schema.SUBJECT, at)}
        self._periods = {
            one.period_id: one.name for one in last_known(connection, schema.REPORTING_PERIOD, at)
        }

    def group(self, group_id: int) -> str:
        """The name of a class or subgroup."""
        return self._groups.get(group_id) or str(group_id)

    def person(self, person_id: int | None) -> str:
        """The surname and given name of a pupil, else the number."""
        return _named(self._people, person_id)

    def subject(self, subject_id: int | None) -> str:
        """The name of a subject."""
        return _named(self._subjects, subject_id)

    def when(self, one: Difference | NotOffered) -> str:
        """The day, or the period; neither: the whole year."""
        day = one.day if isinstance(one, Difference) else None
        return day or (_("year") if one.period_id is None else _named(self._periods, one.period_id))


def _named(names: Mapping[int, str | None], ident: int | None) -> str:
    return _NOTHING if ident is None else names.get(ident) or str(ident)


def show(verdict: Verdict, names: Names, console: Console, limit: int) -> ExitCode:
    """Print what a comparison has found, and return how the command ends."""
    _show_differences(verdict, names, console, limit)
    _show_not_offered(verdict, names, console)
    for group_id, act in verdict.destroyed.items():
        said = _("Not compared: {group}. Its journal was destroyed by act № {act} when its term was over.")
        console.print(said.format(group=names.group(group_id), act=act), soft_wrap=True)
    for failed in verdict.failures:
        explanation = explain(failed.error)
        why = explanation.wrong if explanation else type(failed.error).__name__
        console.print(
            _("Not compared: {group}. {why}").format(group=names.group(failed.class_id), why=why),
            soft_wrap=True,
        )
    counts = verdict.counts
    console.print(
        _("Class-months read again and compared by ids: {count}.").format(count=len(verdict.sampled))
    )
    console.print(
        _(
            "Compared: {checked}, differing: {differing} (unexplained: {unexplained}), "
            "not given by the platform: {not_offered}."
        ).format(
            checked=counts.checked,
            differing=counts.differing,
            unexplained=counts.unexplained,
            not_offered=counts.not_offered,
        ),
        soft_wrap=True,
    )
    if counts.differing:
        console.print(
            _("The next sync settles what is recent; older days: dnevnik-archive resync."), soft_wrap=True
        )
    if counts.unexplained:
        return ExitCode.NOT_VERIFIED
    return ExitCode.PARTIAL if counts.failed else ExitCode.OK


def _show_differences(verdict: Verdict, names: Names, console: Console, limit: int) -> None:
    """The differences under their causes: first the causes that nothing excuses, at most ``limit`` rows."""
    for cause in Cause:
        found = [one for one in verdict.differences if one.cause is cause]
        if not found:
            continue
        console.print(f"{len(found)}: {_(_CAUSES[cause])}", soft_wrap=True)
        found.sort(key=lambda one: _order(one, names))
        if found[:limit]:
            console.print(_table(found[:limit], names))
        if len(found) > limit:
            console.print(_("... and {count} more.").format(count=len(found) - limit))
        limit = max(0, limit - len(found))
        console.print()


def _order(one: Difference, names: Names) -> tuple[str, ...]:
    place = (names.group(one.class_id), names.person(one.person_id), names.subject(one.subject_id))
    return (*place, names.when(one), one.what)


def _table(found: Iterable[Difference], names: Names) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 2))
    for title in (
        _("Class"), _("Pupil"), _("Subject"), _("Day or period"), _("What"), _("Archive"), _("Platform"),
    ):  # fmt: skip
        table.add_column(title, overflow="fold")
    for one in found:
        table.add_row(
            names.group(one.class_id),
            names.person(one.person_id),
            names.subject(one.subject_id),
            names.when(one),
            _(_WHAT[one.what]),
            _NOTHING if one.archive is None else one.archive,
            _NOTHING if one.platform is None else one.platform,
        )
    return table


def _show_not_offered(verdict: Verdict, names: Names, console: Console) -> None:
    refused = Counter((one.class_id, one.what) for one in verdict.not_offered if one.refusal)
    for (class_id, what), count in refused.items():
        reason = next(
            one.refusal
            for one in verdict.not_offered
            if one.refusal and (one.class_id, one.what) == (class_id, what)
        )
        explanation = explain(reason)
        console.print(
            _("Not given by the platform: {what}, {group} (calls refused: {count}). {why}").format(
                what=_(_WHAT[what]),
                group=names.group(class_id),
                count=count,
                why=explanation.wrong if explanation else type(reason).__name__,
            ),
            soft_wrap=True,
        )
