"""Commands of the ledger: verify that nothing was changed behind its back; keep its head elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from archive_store import anchors, ledger
from archive_store.access.errors import AccessNotLogged
from archive_store.access.log import About, Kind
from archive_store.asof import AsOf
from archive_store.catalogue import the_school
from archive_store.snapshot.contents import Record
from archive_store.snapshot.seal import school_name
from archive_store.texts import _
from archive_store.verification import memory
from archive_store.verification.findings import Finding, Verdict
from archive_store.verification.whole import one_state
from archive_store.verification.whole import verify as verify_ledger
from connector.cli import alarm
from connector.cli.exit_codes import ExitCode
from connector.cli.finding_words import FindingWords
from connector.cli.giving import giving, lets_out
from connector.cli.ledger_words import NoMail
from connector.cli.session import Session, utc_text
from connector.notices.notice import NotTold


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = typer.Typer(no_args_is_help=True, help=_("The chain of digests over the record."))
    commands.command("verify", help=_("Recompute the ledger from the record and say what was altered."))(
        verify
    )
    commands.command("head", help=_("Print the head of the ledger, to be kept on paper."))(head)
    commands.command(
        "anchor", help=_("Keep the head where nobody can alter it: on paper, a carrier, by mail.")
    )(anchor)
    app.add_typer(commands, name="ledger")


@lets_out(Kind.FINDINGS)
def verify(
    context: typer.Context,
    everything: Annotated[
        bool,
        typer.Option(
            "--all/--new", help=_("Every version, or only what was added since the last verification.")
        ),
    ] = True,
    kept: Annotated[
        list[str] | None,
        typer.Option(
            "--anchor",
            metavar=_("FILE|ENTRY:HEAD"),
            help=_("Check that the ledger still goes through this anchor; may be repeated."),
        ),
    ] = None,
    limit: Annotated[int, typer.Option(help=_("How many findings to print."))] = 50,
) -> int:
    """Recompute the ledger and the digests of versions: all, or those since the last verification."""
    session: Session = context.obj
    engine = session.engine()
    wanted = [anchors.parse(text) for text in kept or ()]
    with one_state(engine) as connection:
        school_id = the_school(connection, session.settings.school_id)
        since = None if everything else _since(connection, school_id, session)
        verdict = verify_ledger(connection, school_id, since)
        missed = [one for one in (anchors.check(connection, school_id, anchor) for anchor in wanted) if one]
        words = FindingWords(connection, school_id, session.settings.zone)
        # What was altered is told with the names of those whom it is about.
        about = About("findings", details={"findings": len(verdict.findings)})
        named = (
            giving(session, engine, school_id, Kind.FINDINGS, about) if verdict.findings else nullcontext()
        )
        try:
            with named:
                _show(words.sentence, verdict, missed, limit)
        except AccessNotLogged:  # the ledger itself may be what is spoilt: it is told without names
            _show(_without_names, verdict, missed, limit)
    with engine.begin() as connection:
        memory.record(connection, school_id, verdict, utc_text(), version("dnevnik-archive"))
    if wanted and not missed:
        typer.echo(_("The ledger goes through each anchor given."))
    return ExitCode.NOT_VERIFIED if verdict.findings or missed else ExitCode.OK


def head(context: typer.Context) -> None:
    """Print the head of the ledger."""
    session: Session = context.obj
    with session.engine().connect() as connection:
        last = ledger.head(connection, the_school(connection, session.settings.school_id))
    typer.echo(f"{last.entry} {last.digest.hex()}")


def anchor(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option(help=_("PDF to be printed and signed; by default in this folder."))
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help=_("File or folder on a carrier that gets the head as text."))
    ] = None,
    mail: Annotated[
        bool, typer.Option("--mail", help=_("Send the head by the alarm's mail settings."))
    ] = False,
) -> int:
    """Make an anchor of the head as it is now, in each way that is asked for, and put it on record."""
    session: Session = context.obj
    with session.engine().begin() as connection:
        school_id = the_school(connection, session.settings.school_id)
        one = anchors.newest(connection, school_id)
        at = utc_text()
        if out is not None or not (to or mail):
            file = anchors.write(one, out or Path(), _as_pdf(connection, session, one), ".pdf")
            anchors.record(connection, one, "paper", file.name, at)
            typer.echo(_("To be printed, signed and kept in a safe: {path}").format(path=file))
        if to is not None:
            file = anchors.write(one, to, anchors.as_text(one, at).encode(), ".txt")
            anchors.record(connection, one, "file", str(file.absolute()), at)
            typer.echo(_("Written: {path}").format(path=file))
        if mail:
            _send(session, one, at)
            anchors.record(connection, one, "mail", "", at)
            typer.echo(_("Sent by mail."))
    typer.echo(_("Ledger: entry {entry}, head {head}.").format(entry=one.entry, head=one.groups))
    return ExitCode.OK


def mail_head(session: Session) -> None:
    """Send the head by mail, as after a good night, and put it on record. Raises NoMail."""
    engine = session.engine()
    try:
        with engine.begin() as connection:
            one, at = (
                anchors.newest(connection, the_school(connection, session.settings.school_id)),
                utc_text(),
            )
            _send(session, one, at)
            anchors.record(connection, one, "mail", "", at)
    finally:
        engine.dispose()


def _since(connection: sa.Connection, school_id: int, session: Session) -> memory.Checked | None:
    days, program = session.settings.verify_all_days, version("dnevnik-archive")
    return memory.to_go_on_from(connection, school_id, datetime.now(UTC), days, program)


def _without_names(finding: Finding) -> str:
    return f"{finding.kind}: {finding.place or finding.entity}"


def _show(sentence: Callable[[Finding], str], verdict: Verdict, missed: list[Finding], limit: int) -> None:
    if not verdict.full:
        text = _("Verified: what was added since entry {entry}. Everything: ledger verify --all")
        typer.echo(text.format(entry=verdict.since))
    findings = [*missed, *verdict.findings]
    typer.echo(
        _(
            "Entries checked: {entries}; versions checked: {versions}; answers of the platform: {answers}; "
            "findings: {findings}."
        ).format(
            entries=verdict.entries,
            versions=verdict.versions,
            answers=verdict.answers,
            findings=len(findings),
        )
    )
    for finding in findings[:limit]:
        typer.echo(sentence(finding))


def _as_pdf(connection: sa.Connection, session: Session, one: anchors.Anchor) -> bytes:
    from archive_store.render.anchor_form import anchor_form

    now = datetime.now(session.settings.zone)
    record = Record(connection, AsOf(int(one.school_id or 0)), now.year)
    return anchor_form(one, school_name(record), now)


def _send(session: Session, one: anchors.Anchor, at: str) -> None:
    way = alarm.mail_way(session.settings)
    if way is None:
        raise NoMail("")
    subject = _("Archive of the journal, school {school}: head of the ledger").format(school=one.school_id)
    try:
        way.give(alarm.plain_notice(int(one.school_id or 0), subject, anchors.as_text(one, at)))
    except NotTold as error:
        raise NoMail(error.reason) from None
