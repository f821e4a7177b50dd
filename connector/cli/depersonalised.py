"""The command ``export depersonalised``: a year or a class for statistics, without personal data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive_store.access.log import About, Kind
from archive_store.catalogue import families, find_class
from archive_store.retention.tombstones import require_journal
from archive_store.texts import _
from connector.cli.archive import YEAR_HELP, Out, show_exported
from connector.cli.archive_words import NotApart
from connector.cli.carriers import live_folders
from connector.cli.destination import destination
from connector.cli.destroyed import note_destroyed
from connector.cli.giving import giving, lets_out
from connector.cli.locking import Wanted, encryptable
from connector.cli.paper import source_of
from connector.cli.session import AsOfOption, Session


@lets_out(Kind.DEPERSONALISED)
@encryptable
def depersonalised(
    context: typer.Context,
    year: Annotated[int, typer.Option(help=YEAR_HELP)],
    out: Out,
    group: Annotated[str | None, typer.Option(help=_("Only this class, such as 9А."))] = None,
    as_of: AsOfOption = None,
    *,
    locking: Wanted | None = None,
) -> None:
    """Export what tells nobody."""
    from archive_store.export.depersonalised import export_depersonalised
    from archive_store.export.pseudonyms import pseudonyms_of

    session: Session = context.obj
    _demand_apart(session, out)
    where = destination(session, out, locking)
    engine = session.engine()
    with engine.connect() as connection:
        at = session.as_of(connection, as_of)
        one = None if group is None else find_class(connection, at, year, group)
        if one is not None:
            require_journal(connection, at.school_id, year, one.group_id, one.name)
        ids = () if one is None else families(connection, at, [one])
        about = About("year" if one is None else "class", (year,), ids, as_of_run=at.run_id)
        source = source_of(connection, session, at, year)
        with giving(session, engine, at.school_id, Kind.DEPERSONALISED, about, out) as given:
            secret = pseudonyms_of(session.settings.pseudonym_key)
            exported, given.digest = where.fill(
                lambda to: export_depersonalised(connection, at, year, one, to, source, secret)
            )
            given.counts |= exported.rows
        note_destroyed(connection, at.school_id, year)
    show_exported(exported, out)
    typer.echo(
        _("The key of the pseudonyms: {path}. Keep it apart from what was exported.").format(
            path=session.settings.pseudonym_key
        )
    )


def _demand_apart(session: Session, out: Path) -> None:
    """What is depersonalised must not lie with the record, nor with the key. Raises NotApart."""
    place = out.absolute().resolve()
    kept = [*live_folders(session), session.settings.pseudonym_key.parent, session.settings.backups]
    for folder in kept:
        if place.is_relative_to(folder.resolve()):
            raise NotApart(out, folder)
