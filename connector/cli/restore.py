"""The command ``restore``: sealed years become the record of a fresh archive."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import sqlalchemy as sa
import typer

from archive_store.errors import (
    FolderNotWritable,
    NotASnapshot,
    StoreNotMade,
    StoreTooNew,
    StoreUnreachable,
)
from archive_store.lock import one_run
from archive_store.restore.records import Left
from archive_store.restore.restoring import Restored, Source, read_source
from archive_store.restore.restoring import restore as write
from archive_store.retention.notes import around, lying_in
from archive_store.retention.tombstones import Tombstone, tombstones
from archive_store.schema import RUN
from archive_store.store import address, make_store, shown
from archive_store.texts import N_, _
from archive_store.verification.whole import schools_in
from connector.cli.exit_codes import ExitCode
from connector.cli.progress import entity_title
from connector.cli.session import Session, account, utc_text

_LEFT: Final = {
    "history": N_("earlier versions, which stay in the bag: {table} of {bag}, rows: {rows}"),
    "table": N_("a table that this program does not know: {table} of {bag}, rows: {rows}"),
    "columns": N_("columns that this program does not know: {columns}, {table} of {bag}"),
    "absent": N_("not in the bag, hence empty: {columns}, {table} of {bag}"),
    "key": N_(
        "a table without the columns by which its records are told apart: {table} of {bag}, rows: {rows}"
    ),
    "files": N_("files of homework, which stay in the bag, in data/files: {bag}, files: {rows}"),
    "destroyed": N_("DESTROYED BY AN ACT, hence not restored: {bag}"),
    "superseded": N_("an edition that a later one supersedes: {bag}"),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_("Make the record of a sealed year that of a fresh archive."))(restore)


def restore(
    context: typer.Context,
    snapshot: Annotated[
        Path, typer.Argument(metavar=_("FOLDER"), help=_("Folder of a bag, of a year, or of sealed years."))
    ],
    into: Annotated[
        str | None,
        typer.Option(metavar="URL", help=_("Database to be made; by default that of the settings.")),
    ] = None,
    unverified: Annotated[
        bool,
        typer.Option("--unverified", help=_("Also from what does not verify, as far as it can be read.")),
    ] = False,
) -> int:
    """Restore a bag, a year or several years."""
    session: Session = context.obj
    source = read_source(snapshot, _tombstones(session, snapshot), utc_text()[:10], unverified=unverified)
    if source is None:
        raise NotASnapshot(snapshot)
    url = _absolute(into) if into else session.settings.absolute_store_url
    engine = make_store(url)
    try:
        with one_run(engine), engine.begin() as connection:
            restored = _write(connection, source, _files_of(session, url))
    finally:
        engine.dispose()
    _tell(source, restored)
    typer.echo(_("Archive: {url}").format(url=shown(url)))
    if source.findings:
        typer.echo(_("IT WAS RESTORED FROM WHAT DOES NOT VERIFY:"))
        for finding in source.findings:
            typer.echo(f"  {finding}")
        return ExitCode.NOT_VERIFIED
    return ExitCode.OK


def _tombstones(session: Session, snapshot: Path) -> list[tuple[int, Tombstone]]:
    """The tombstones that lie with the bags, with the sealed years or the copies, or stand in the archive."""
    settings = session.settings
    found = list(lying_in([*around(snapshot), settings.snapshots, settings.backups]))
    try:
        engine = session.engine()
    except (StoreNotMade, StoreUnreachable, StoreTooNew):
        return found  # as after a loss, when a fresh archive is to be made
    with engine.connect() as connection:
        found += [
            (school, one) for school in schools_in(connection, RUN) for one in tombstones(connection, school)
        ]
    engine.dispose()
    return list(dict.fromkeys(found))


def _write(connection: sa.Connection, source: Source, files: Path) -> Restored:
    try:
        return write(connection, source, utc_text(), version("dnevnik-archive"), files, account())
    except OSError as error:
        raise FolderNotWritable(files, error.strerror or str(error)) from error


def _files_of(session: Session, url: str) -> Path:
    """Where an archive has its files of homework: by the settings, or beside a database of its own."""
    database = address(url)
    settings = session.settings
    if url == settings.absolute_store_url or database.get_backend_name() != "sqlite":
        return settings.files
    return Path(str(database.database)).absolute().parent / settings.files_dir


def _tell(source: Source, restored: Restored) -> None:
    typer.echo(
        _("Restored: bags {bags}, records {records}.").format(
            bags=len(source.bags), records=sum(restored.records.values())
        )
    )
    for name, count in restored.records.items():
        typer.echo(f"  {entity_title(name)}: {count}")
    if restored.files:
        typer.echo(_("Files of homework restored: {count}").format(count=restored.files))
    if restored.left:
        typer.echo(_("Not taken over:"))
        for left in restored.left:
            typer.echo(f"  {_left_text(left)}")
    for name, root in sorted(source.roots.items()):
        typer.echo(_("Origin: {bag}, root {root}").format(bag=name, root=root))
    typer.echo(
        _("Ledger: entry {entry}, head {head}.").format(
            entry=restored.head.entry, head=restored.head.digest.hex()[:16]
        )
    )


def _left_text(left: Left) -> str:
    return _(_LEFT[left.code]).format(
        table=left.table, bag=left.bag, rows=left.rows, columns=", ".join(left.columns)
    )


def _absolute(url: str) -> str:
    """A path alone is taken for an SQLite file."""
    return url if "://" in url else f"sqlite:///{Path(url).absolute()}"
