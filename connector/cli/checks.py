"""``snapshot verify --all``: a round of checks, in words, in numbers, and as a protocol."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import typer
from rich.console import Console

from archive_store.asof import AsOf
from archive_store.carriers.copies import Level, Place
from archive_store.carriers.protocol import Line, Part, Protocol, protocol, write_protocol
from archive_store.carriers.rounds import Disagreement, check_round, places_of
from archive_store.carriers.words import finding_text, state_title
from archive_store.errors import FolderNotWritable
from archive_store.lock import one_at_the_carriers
from archive_store.snapshot.contents import Record
from archive_store.snapshot.seal import school_name
from archive_store.texts import _
from connector.cli.carriers import scribe_of
from connector.cli.exit_codes import ExitCode
from connector.cli.session import Session

_FINDINGS_SHOWN = 20


def check(session: Session, carrier: str | None, level: Level, folder: Path | None) -> int:
    """Check the carriers, enter the result in the book, print it, and write the protocol."""
    engine = session.engine()
    with one_at_the_carriers(engine):
        with engine.connect() as connection:
            scribe = scribe_of(session, connection)
            places = places_of(connection, scribe.school_id, session.settings.snapshots, carrier)
        console = Console(stderr=True, highlight=False, markup=False)
        with console.status("") as shown:

            def tell(place: Place, bag: str) -> None:
                shown.update(f"{place.name}: {bag}")

            found = check_round(engine, scribe, places, level, tell)
        with engine.connect() as connection:
            at = session.as_of(connection, None)
            school = school_name(Record(connection, AsOf(scribe.school_id, at.run_id), 0))
            made = protocol(connection, scribe.school_id, school, scribe.account, found)
    for part in made.parts:
        _print_part(part)
    for one in found.disagreements:
        typer.echo(_("Roots do not agree: {bag}: {said}").format(bag=one.bag, said=_said(one)))
    if folder is not None:
        _write(session, made, folder)
    typer.echo(_("All copies are sound.") if found.is_sound else _("NOT ALL COPIES ARE SOUND."))
    return ExitCode.OK if found.is_sound else ExitCode.NOT_VERIFIED


def _said(one: Disagreement) -> str:
    from archive_store.render.check_protocol import disagreement_text

    return disagreement_text(one)


def _print_part(part: Part) -> None:
    carrier = part.place.carrier
    where = _("the archive's own folder") if carrier is None else f"«{carrier.name}», {carrier.label.room}"
    typer.echo(f"{where}: {part.place.root}")
    if not part.lines:
        typer.echo("  " + _("nothing was written here yet"))
        return
    total = part.total
    typer.echo(
        "  "
        + _("Bags: {bags}. Expected: {expected}, checked: {checked}, sound: {ok}.").format(
            bags=len(part.lines), expected=total.expected, checked=total.checked, ok=total.ok
        )
    )
    typer.echo(
        "  "
        + _("Damaged: {bad}, missing: {missing}, extra: {extra}, not checked: {not_checked}.").format(
            bad=total.bad,
            missing=total.missing,
            extra=total.extra,
            not_checked=total.expected - total.checked,
        )
    )
    if total.unread:
        typer.echo(
            "  "
            + _("Of these, at the level quick contents are not read: {count}.").format(count=total.unread)
        )
    for line in part.lines:
        if not line.verdict.is_sound:
            _print_line(line)


def _print_line(line: Line) -> None:
    verdict = line.verdict
    title = state_title(verdict.state, verdict.why)
    typer.echo(f"  {verdict.bag} ({line.about.title}): {title}")
    for finding in verdict.findings[:_FINDINGS_SHOWN]:
        typer.echo(f"    {finding_text(finding)}")
    if len(verdict.findings) > _FINDINGS_SHOWN:
        more = len(verdict.findings) - _FINDINGS_SHOWN
        typer.echo("    " + _("... and {count} more.").format(count=more))
    if line.lost:
        typer.echo("    " + _("Touched by it: {tables}.").format(tables="; ".join(line.lost)))
    if line.mending:
        typer.echo("    " + _("To mend it: {command}").format(command=line.mending))
    elif verdict.state != "extra":
        typer.echo(
            "    " + _("No sound copy is known to this check: look for another carrier, or --by-file.")
        )


def _write(session: Session, made: Protocol, folder: Path) -> None:
    from archive_store.render.check_protocol import check_protocol
    from archive_store.render.source import Source

    at = datetime.fromisoformat(made.round.at).astimezone(session.settings.zone)
    source = Source(made.school, at, made.head.digest.hex(), at)
    files = {"pdf": check_protocol(made, source), "json": made.as_json()}
    try:
        for path in write_protocol(folder, made.round.at, files):
            typer.echo(_("Protocol: {path}").format(path=path))
    except OSError as error:
        raise FolderNotWritable(folder, error.strerror or str(error)) from error
