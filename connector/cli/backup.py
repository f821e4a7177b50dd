"""The command ``backup``: copy the live database, verified; and restore a copy into a fresh place."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from archive_store.access.giving import Given
from archive_store.access.log import About, Kind
from archive_store.backup import making, restoring
from archive_store.lock import one_run
from archive_store.on_disk import part_of, publish
from archive_store.schema import LEDGER
from archive_store.store import open_store
from archive_store.texts import _
from archive_store.verification.whole import schools_in
from config.file import FILE_NAME
from config.settings import Settings, load
from connector.cli.attempts import apart, noted
from connector.cli.backup_words import PgDumpFailed
from connector.cli.destroyed_again import destroy_what_came_back
from connector.cli.exit_codes import ExitCode
from connector.cli.giving import giving, lets_out
from connector.cli.session import Session, utc_text


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = typer.Typer(
        invoke_without_command=True,
        help=_("Copy the archive's database, also while a sync runs, and verify the copy."),
    )
    commands.callback()(backup)
    commands.command("restore", help=_("Restore a copy into a fresh place, never over an archive."))(restore)
    app.add_typer(commands, name="backup")


@lets_out(Kind.BACKUP)
def backup(
    context: typer.Context,
    to: Annotated[
        Path | None, typer.Option(help=_("Folder of the copies; by default the setting backup_dir."))
    ] = None,
    pg_dump: Annotated[
        bool, typer.Option("--pg-dump", help=_("Beside it a dump by pg_dump, for PostgreSQL alone."))
    ] = False,
) -> None:
    """Make a backup, unless another command of the group is meant."""
    if context.invoked_subcommand is None:
        _make(context.obj, to, pg_dump=pg_dump)


def restore(
    context: typer.Context,  # noqa: ARG001 - every command gets it; the settings of the old place do not count
    file: Annotated[Path, typer.Argument(help=_("The copy: archive-DATE.sqlite."))],
    to: Annotated[
        Path, typer.Option(help=_("Folder of the restored archive, with its settings or without."))
    ],
) -> int:
    """Restore a backup where the settings in a folder say that the archive lies."""
    settings = _settings_in(to)
    verdicts = restoring.restore(file, settings.absolute_store_url, settings.files)
    _destroy_again(settings, to, file.absolute().parent, list(verdicts))
    for school, verdict in verdicts.items():
        typer.echo(
            _(
                "School {school}: {entries} entries of the ledger and {versions} versions, all verified."
            ).format(school=school, entries=verdict.entries, versions=verdict.versions)
        )
    typer.echo(_("Restored: {path}. The next sync goes on from there.").format(path=to))
    return ExitCode.OK


def _destroy_again(settings: Settings, folder: Path, beside: Path, schools: list[int]) -> None:
    """What acts have destroyed since the copy was made goes from what was restored, at once."""
    engine = open_store(settings.absolute_store_url)
    try:
        with one_run(engine):
            for school in schools:
                own = Session(folder / FILE_NAME, school, _of_school(settings, school))
                destroy_what_came_back(own, engine, school, (beside,))
    finally:
        engine.dispose()


def _of_school(settings: Settings, school: int) -> Settings:
    """The settings of one of the archive's schools."""
    named = (one for one in settings.of_each_school() if one.school_id == school)
    return next(named, settings)


def weekly(session: Session) -> ExitCode:
    """The weekly job. The copy is of all schools: it is made with the first of them."""
    first = Session(session.config).of_each_school()[0]
    if not session.settings.backup_weekly or session.school not in (None, first.school):
        return ExitCode.OK
    return apart(session, lambda one: noted(one, "backup", lambda _: _make(one, None, pg_dump=False)))


def _make(session: Session, to: Path | None, *, pg_dump: bool) -> ExitCode:
    settings = session.settings
    folder = to.absolute() if to else settings.backups
    # The files of all schools lie in one folder, each school's in one of its own.
    files = load(session.config).files
    engine = session.engine()
    try:
        with _logged(session, engine, folder) as given:
            made = making.make(engine, folder, files, utc_text(), settings.backup_keep)
            if pg_dump:
                _dump(engine.url, made.file.with_suffix(making.DUMP))
            for one in given:
                one.digest = bytes.fromhex(made.sha256)
    finally:
        engine.dispose()
    versions = sum(verdict.versions for verdict in made.verdicts.values())
    typer.echo(
        _("Copied: {path}, {size:.1f} MB, {versions} versions, all verified; new files: {files}.").format(
            path=made.file, size=made.size / 1e6, versions=versions, files=made.new_files
        )
    )
    for name in made.dropped:
        typer.echo(_("Removed, being the oldest: {name}").format(name=name))
    return ExitCode.OK


@contextmanager
def _logged(session: Session, engine: sa.Engine, folder: Path) -> Iterator[list[Given]]:
    """Log the copy for each school that is in it: it holds all that the archive does."""
    with engine.connect() as connection:
        schools = schools_in(connection, LEDGER)
    with ExitStack() as all_schools:
        yield [
            all_schools.enter_context(giving(session, engine, school, Kind.BACKUP, About("database"), folder))
            for school in schools
        ]


def _dump(url: sa.URL, file: Path) -> None:
    """A dump in pg_dump's own form. The password goes through the environment, not the command line."""
    program = shutil.which("pg_dump")
    if program is None or url.get_backend_name() != "postgresql":
        raise PgDumpFailed(_("it is not there, or the database is not PostgreSQL"))
    # Not by set(): it takes None for "as it is".
    plain = url.set(drivername="postgresql")._replace(password=None).render_as_string(hide_password=False)
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    part = part_of(file)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        command = [program, "--format=custom", "--no-password", f"--file={part}", plain]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if ended.returncode:
            raise PgDumpFailed((ended.stderr.strip().splitlines() or [str(ended.returncode)])[0])
        with part.open("rb+") as dumped:
            os.fsync(dumped.fileno())
        publish(part, file)
    finally:  # also after Ctrl-C: half a dump looks like one
        part.unlink(missing_ok=True)
    typer.echo(_("Dumped: {path}").format(path=file))


def _settings_in(folder: Path) -> Settings:
    """The settings in a folder; without a file, the defaults there."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE_NAME
    if file.is_file():
        return load(file)
    return Settings().model_copy(update={"folder": folder.absolute()})
