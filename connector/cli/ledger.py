"""Commands of the ledger: verify that nothing was changed behind its back."""

from __future__ import annotations

from typing import Annotated

import typer

from archive_store import ledger
from archive_store.catalogue import the_school
from archive_store.texts import N_, _
from connector.cli.exit_codes import ExitCode
from connector.cli.session import Session

FINDINGS = {
    "chain": N_("the chain is broken at entry {entry} ({place})"),
    "run": N_("entry {entry} does not agree with the record: {place}"),
    "version": N_("a record was altered: {place}"),
    "register": N_("the register of entry {entry} was altered ({place})"),
    "unvouched": N_("the ledger knows nothing of {place}"),
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = typer.Typer(no_args_is_help=True, help=_("The chain of digests over the record."))
    commands.command("verify", help=_("Recompute the whole ledger from the record."))(verify)
    commands.command("head", help=_("Print the head of the ledger, to be kept on paper."))(head)
    app.add_typer(commands, name="ledger")


def verify(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help=_("How many findings to print."))] = 50,
) -> int:
    """Recompute the ledger and every version's digest."""
    session: Session = context.obj
    with session.engine().connect() as connection:
        verdict = ledger.verify(connection, the_school(connection, session.settings.school_id))
    typer.echo(
        _("Entries checked: {entries}; versions checked: {versions}; findings: {findings}.").format(
            entries=verdict.entries, versions=verdict.versions, findings=len(verdict.findings)
        )
    )
    for finding in verdict.findings[:limit]:
        typer.echo(_(FINDINGS[finding.kind]).format(entry=finding.entry, place=finding.place))
    return ExitCode.NOT_VERIFIED if verdict.findings else ExitCode.OK


def head(context: typer.Context) -> None:
    """Print the head of the ledger."""
    session: Session = context.obj
    with session.engine().connect() as connection:
        last = ledger.head(connection, the_school(connection, session.settings.school_id))
    typer.echo(f"{last.entry} {last.digest.hex()}")
