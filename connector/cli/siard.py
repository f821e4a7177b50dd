"""A sealed bag in the form in which archives exchange databases: SIARD 2.2."""

from __future__ import annotations

from hashlib import file_digest
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from archive_store import texts
from archive_store.access.log import About, Kind
from archive_store.catalogue import the_school
from archive_store.errors import FolderNotWritable, NotASnapshot, UnknownSchool
from archive_store.restore.reading import open_bag
from archive_store.schema import SNAPSHOT
from archive_store.snapshot import siard, verifier
from archive_store.texts import _
from connector.cli.exit_codes import ExitCode
from connector.cli.giving import giving, lets_out
from connector.cli.session import Session


def register(snapshot: typer.Typer) -> None:
    """Add the command."""
    snapshot.command("siard", help=_("Write a sealed bag as SIARD 2.2, for a state archive."))(write)


def _school(session: Session, connection: sa.Connection, bag: Path) -> int:
    """Under which school it is noted: that of the archive, or of the bag where the archive has none yet."""
    try:
        return the_school(connection, session.settings.school_id)
    except UnknownSchool as error:
        if error.known:
            raise
        return open_bag(bag.resolve()).school_id


@lets_out(Kind.SIARD)
def write(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar=_("FOLDER"), help=_("Folder of a bag."))],
    out: Annotated[Path, typer.Option(metavar=_("FILE"), help=_("File to be made."))],
) -> int:
    """Verify a bag, write it as SIARD, and note that it was given out."""
    bags = verifier.bags_in(path.resolve())
    if bags != [path.resolve()]:
        raise NotASnapshot(path)
    report = verifier.verify(path)
    if not report.sound:
        for finding in report.findings:
            typer.echo(finding.text(russian=texts.active() == "ru"))
        typer.echo(_("THE ARCHIVE IS NOT SOUND."))
        return ExitCode.NOT_VERIFIED
    session: Session = context.obj
    engine = session.engine()
    with engine.connect() as connection:
        school_id = _school(session, connection, path)
        about = _about(connection, school_id, path.resolve().name, next(iter(report.roots.values())))
    with giving(session, engine, school_id, Kind.SIARD, about, out) as given:
        try:
            rows = siard.write(path.resolve(), out)
        except OSError as error:
            raise FolderNotWritable(out, error.strerror or str(error)) from error
        with out.open("rb") as written:
            given.digest = file_digest(written, "sha256").digest()
        given.counts["rows"] = rows
    typer.echo(_("Written: {path}, rows: {rows}.").format(path=out, rows=rows))
    return ExitCode.OK


def _about(connection: sa.Connection, school_id: int, bag: str, root: str) -> About:
    """The year and the class of a bag, if this archive has sealed it."""
    where = (SNAPSHOT.c.school_id == school_id, SNAPSHOT.c.root == bytes.fromhex(root))
    row = connection.execute(sa.select(SNAPSHOT).where(*where)).first()
    years = () if row is None else (row.study_year,)
    groups = () if row is None or row.group_id is None else (row.group_id,)
    return About("bag", years, groups, details={"bag": bag, "root": root})
