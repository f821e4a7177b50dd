"""Before a night and after a restore: what a tombstone names and an old copy brought back goes again."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
import typer

from archive_store.carriers.errors import CarrierNotThere, OtherCarrierThere
from archive_store.carriers.register import in_use, require_present
from archive_store.retention.again import destroy_again
from archive_store.retention.book import Clerk
from archive_store.texts import _
from connector.cli.destroyed import bags_by_act
from connector.cli.retention_settings import files_of, terms_or_default, today_of
from connector.cli.session import Session, account, utc_text


def destroy_what_came_back(
    session: Session, engine: sa.Engine, school_id: int, further: tuple[Path, ...] = ()
) -> None:
    """Believe the tombstones beside the archive and on its carriers; the caller holds the archive's lock.

    Raises RecordNotVouched.
    """
    settings = session.settings
    places = [settings.snapshots, settings.backups, *further, *_carriers(engine, school_id)]
    clerk = Clerk(school_id, account(), utc_text())
    terms = terms_or_default(session)
    again = destroy_again(engine, clerk, places, files_of(session), terms, today_of(session))
    if again.stones:
        typer.echo(
            _("DESTROYED AGAIN, for acts had destroyed it before this copy was restored: {bags}.").format(
                bags=bags_by_act(again.stones)
            ),
            err=True,
        )
    if again.doubtful:
        typer.echo(
            _(
                "Notes of destruction that this archive does not believe, because the term is not over, a "
                "hold stands or the root is another: {bags}. Nothing was removed by them."
            ).format(bags=bags_by_act(again.doubtful)),
            err=True,
        )


def _carriers(engine: sa.Engine, school_id: int) -> list[Path]:
    """Where the carriers are that are there now."""
    found = []
    with engine.connect() as connection:
        for one in in_use(connection, school_id):
            with suppress(CarrierNotThere, OtherCarrierThere, OSError):
                require_present(one, school_id)
                found.append(one.path)
    return found
