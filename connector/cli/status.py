"""The command ``status``: when the last good run ended, what is stale, what failed, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final

import sqlalchemy as sa
import typer

from archive_store.access.checking import verify as verify_access
from archive_store.backup import making
from archive_store.carriers.duties import Duty, duties
from archive_store.ledger import Entry
from archive_store.retention.duties import Duty as RetentionDuty
from archive_store.retention.duties import duties as retention_duties
from archive_store.store import size_of
from archive_store.texts import N_, _
from connector.cli.attempts import UNKNOWN_SCHOOL, memory_of, number_of
from connector.cli.exit_codes import ExitCode
from connector.cli.planned import kind_title
from connector.cli.retention_settings import terms_or_default, today_of
from connector.cli.session import Session
from connector.cli.status_json import as_json
from connector.cli.waiting import Facts, Waiting, waiting
from connector.schedule.alone import is_running
from connector.schedule.memory import FILE_NAME, Attempt
from connector.sync import health
from connector.sync.health import Freshness, Health

_FAILURES_SHOWN: Final = 10
_OUTCOMES: Final = {
    "done": N_("done"),
    "partial": N_("a part failed or was held back"),
    "stopped": N_("stopped by a failure"),
    "interrupted": N_("interrupted"),
}


@dataclass(frozen=True, slots=True)
class SchoolStatus:
    """What ``status`` says of one school."""

    number: int
    facts: Facts
    waiting: list[Waiting]
    backup: Entry | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """What ``status`` says: of the schedule, of the archive and of each school."""

    at: datetime
    schedule_running: bool
    next_runs: dict[str, datetime]
    archive_bytes: int
    schools: list[SchoolStatus]

    @property
    def is_well(self) -> bool:
        """Whether nothing waits for a person."""
        return not any(school.waiting for school in self.schools)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_("Say how the archive does, and what waits for you."))(status)


def status(
    context: typer.Context,
    json: Annotated[
        bool, typer.Option("--json", help=_("For programs; docs/status.md has the form."))
    ] = False,
) -> int:
    """Say how each school does."""
    session: Session = context.obj
    known = _status(session, datetime.now(UTC))
    if json:
        typer.echo(as_json(known))
    else:
        for one in known.schools:
            _show_school(one)
        _show_installation(known, session)
    return ExitCode.OK if known.is_well else ExitCode.ATTENTION


def _status(session: Session, now: datetime) -> Status:
    settings = session.settings
    engine = session.engine()
    try:
        with engine.connect() as connection:
            size = size_of(connection)
            schools = [_of_school(connection, one, now) for one in session.of_each_school()]
    finally:
        engine.dispose()
    next_runs: dict[str, datetime] = {}
    if (settings.folder / FILE_NAME).exists():
        with memory_of(settings) as memory:
            next_runs = memory.next_runs()
    return Status(now, is_running(settings.folder), next_runs, size, schools)


def _of_school(connection: sa.Connection, session: Session, now: datetime) -> SchoolStatus:
    number = number_of(session)
    known = health.of(connection, number, session.window()) if number != UNKNOWN_SCHOOL else None
    attempts: list[Attempt] = []
    if (session.settings.folder / FILE_NAME).exists():
        with memory_of(session.settings) as memory:
            attempts = memory.attempts(number, "sync")
    first, last = (attempts[-1].at, attempts[0]) if attempts else (None, None)
    due = _duties(connection, session, number, now)
    faults = len(verify_access(connection, number).faults)
    facts = Facts(session, known, last, first, now, due, faults, _retention(connection, session, number))
    return SchoolStatus(number, facts, waiting(facts), making.last(connection, number))


def _duties(connection: sa.Connection, session: Session, number: int, now: datetime) -> tuple[Duty, ...]:
    settings = session.settings
    return tuple(duties(connection, number, now, settings.check_months, settings.check_hard_months))


def _retention(connection: sa.Connection, session: Session, number: int) -> tuple[RetentionDuty, ...]:
    return tuple(retention_duties(connection, number, terms_or_default(session), today_of(session)))


def _show_school(one: SchoolStatus) -> None:
    if one.number != UNKNOWN_SCHOOL:
        typer.echo(_("School {school}").format(school=one.number))
    if one.facts.health:
        _show_runs(one, one.facts.health)
    typer.echo(_("Waits for you:") if one.waiting else _("Nothing waits for you."))
    for thing in one.waiting:
        typer.echo(f"  {thing.text} {thing.remedy}")
    if one.facts.health:
        _show_failed(one.facts.health)
        for entity in one.facts.health.freshness:
            _show_stale(entity, one)
        _show_record(one.facts.health)
        _show_backup(one)
    typer.echo()


def _show_runs(one: SchoolStatus, known: Health) -> None:
    never = _("never")
    good, last = known.last_good, known.last_run
    typer.echo(
        _("The last good run ended: {moment}.").format(moment=_local(good.ended_at, one) if good else never)
    )
    if last and (good is None or last.run_id != good.run_id):
        typer.echo(
            _("The last run ended: {moment}, {outcome}.").format(
                moment=_local(last.ended_at, one), outcome=_(_OUTCOMES.get(last.outcome, last.outcome))
            )
        )
    if known.under_way:
        typer.echo(
            _("A run began at {moment} and has not ended: it is under way, or was cut off.").format(
                moment=_local(known.under_way.started_at, one)
            )
        )


def _show_failed(known: Health) -> None:
    failed = known.last_run.summary.get("failed", ()) if known.last_run else ()
    for failure in failed[:_FAILURES_SHOWN]:
        typer.echo(
            _("Failed in the last run: {what}, {call}.").format(
                what=kind_title(failure["entity"]), call=failure["call"]
            )
        )
    if len(failed) > _FAILURES_SHOWN:
        typer.echo(_("... and {count} more.").format(count=len(failed) - _FAILURES_SHOWN))


def _show_stale(entity: Freshness, one: SchoolStatus) -> None:
    if entity.overdue:
        typer.echo(
            _("Not read for long: {what}, {overdue} parts; the newest reading: {moment}.").format(
                what=kind_title(entity.entity),
                overdue=entity.overdue,
                moment=_local(entity.newest, one) if entity.newest else _("never"),
            )
        )


def _show_record(known: Health) -> None:
    typer.echo(
        _("Ledger: entry {entry}, head {head}.").format(
            entry=known.head.entry, head=known.head.digest.hex()[:16]
        )
    )
    if known.sealed_year is not None:
        typer.echo(
            _("The last sealed year: {year}/{next}.").format(
                year=known.sealed_year, next=known.sealed_year + 1
            )
        )


def _show_backup(one: SchoolStatus) -> None:
    if one.backup is None:
        typer.echo(_("The database was never copied. Copy it with: dnevnik-archive backup"))
        return
    typer.echo(
        _("The last copy of the database: {moment}, {path}.").format(
            moment=_local(one.backup.at, one), path=one.backup.about["file"]
        )
    )


def _show_installation(known: Status, session: Session) -> None:
    typer.echo(_("The archive takes {size:.1f} MB.").format(size=known.archive_bytes / 1e6))
    if not known.schedule_running:
        typer.echo(_("The schedule does not run. Start it: dnevnik-archive schedule, or service install."))
        return
    # Also what is tried again, but not the look at the clock.
    moments = [moment for name, moment in known.next_runs.items() if name != "watch"]
    if moments:
        local = min(moments).astimezone(session.settings.zone)
        typer.echo(_("The schedule runs; the next run: {moment}.").format(moment=f"{local:%Y-%m-%d %H:%M}"))


def _local(moment: str | None, one: SchoolStatus) -> str:
    zone = one.facts.session.settings.zone
    return f"{datetime.fromisoformat(str(moment)).astimezone(zone):%Y-%m-%d %H:%M}"
