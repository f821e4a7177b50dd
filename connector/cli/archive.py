"""The command ``export``: a class for an inspector, or a record without personal data; plain or encrypted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import sqlalchemy as sa
import typer

from archive_store.access.giving import Given
from archive_store.access.log import About, Kind
from archive_store.asof import AsOf
from archive_store.catalogue import family, find_class
from archive_store.encryption.locks import Lock
from archive_store.encryption.sealing import ENDING, seal
from archive_store.errors import FolderNotWritable
from archive_store.export.class_folder import Export
from archive_store.records import EduGroup
from archive_store.texts import _
from connector.cli.archive_words import FileThere, NotApart
from connector.cli.carriers import live_folders
from connector.cli.giving import giving, lets_out
from connector.cli.locking import (
    EncryptOption,
    IdentityOption,
    PassphraseFileOption,
    RecipientOption,
    RecipientsFileOption,
    Wanted,
    lock_of,
)
from connector.cli.paper import source_of
from connector.cli.session import AsOfOption, Session


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(help=_("Write the class journal and the summary sheet into a folder."))(export)


@lets_out(Kind.EXPORT)
def export(
    context: typer.Context,
    year: Annotated[int, typer.Option(help=_("Calendar year in which the academic year begins."))],
    out: Annotated[Path, typer.Option(help=_("Folder to be made; with --encrypt, the file: NAME.tar.age."))],
    group: Annotated[
        str | None,
        typer.Option(help=_("Class, such as 9А; with --depersonalised it may be left out for all.")),
    ] = None,
    as_of: AsOfOption = None,
    depersonalised: Annotated[
        bool,
        typer.Option(
            "--depersonalised", help=_("For statistics: pseudonyms, no names, no texts, no small groups.")
        ),
    ] = False,
    encrypt: EncryptOption = False,
    recipient: RecipientOption = None,
    recipients_file: RecipientsFileOption = None,
    passphrase_file: PassphraseFileOption = None,
    identity: IdentityOption = None,
) -> None:
    """Export a class, or what tells nobody."""
    if group is None and not depersonalised:
        raise typer.BadParameter(_("Name a class."), param_hint="--group")
    session: Session = context.obj
    locking = Wanted(recipient, recipients_file, passphrase_file, identity)
    lock = _lock(session, out, locking, encrypt=encrypt)
    if depersonalised:
        _demand_apart(session, out)
    engine = session.engine()
    with engine.connect() as connection:
        at = session.as_of(connection, as_of)
        one = None if group is None else find_class(connection, at, year, group)
        groups = () if one is None else tuple(other.group_id for other in family(connection, at, one))
        make = _depersonalised if depersonalised else _class
        kind = Kind.DEPERSONALISED if depersonalised else Kind.EXPORT
        about = About("class" if one else "year", (year,), groups, as_of_run=at.run_id)

        def write(folder: Path) -> Export:
            return make(connection, session, at, year, one, folder)

        with giving(session, engine, at.school_id, kind, about, out) as given:
            exported = _written(session, write, out, lock, given)
    typer.echo(_("Exported: {path}").format(path=out))
    for file in exported.files:
        typer.echo(f"  {file.path}  {file.size}")
    if depersonalised:
        typer.echo(
            _("The key of the pseudonyms: {path}. Keep it apart from what was exported.").format(
                path=session.settings.pseudonym_key
            )
        )


def _lock(session: Session, out: Path, wanted: Wanted, *, encrypt: bool) -> Lock | None:
    if not encrypt:
        if wanted.is_said:
            raise typer.BadParameter(_("These keys are for --encrypt."), param_hint="--encrypt")
        return None
    if not out.name.endswith(ENDING):
        raise typer.BadParameter(
            _("The name of the encrypted file must end with {ending}.").format(ending=ENDING),
            param_hint="--out",
        )
    if out.exists():
        raise FileThere(out)
    return lock_of(session, wanted)


def _written(
    session: Session, write: Callable[[Path], Export], out: Path, lock: Lock | None, given: Given
) -> Export:
    """Write the export, encrypted if it is to be: what is plain never touches where it goes."""
    if lock is None:
        exported = write(out)
        given.digest = exported.digest
    else:
        with TemporaryDirectory(prefix=".export-", dir=session.settings.folder.absolute()) as plain:
            exported = write(Path(plain) / "export")
            given.digest = _encrypted(exported.path, out, lock)
    given.counts |= exported.rows
    return exported


def _encrypted(folder: Path, out: Path, lock: Lock) -> bytes:
    try:
        out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        sealed = seal(folder, out, lock, out.name.removesuffix(ENDING))
        if lock.key_file is not None:
            key = out.with_name(out.name.removesuffix(ENDING) + ".identity.age")
            key.touch(mode=0o600, exist_ok=False)
            key.write_bytes(lock.key_file)
            typer.echo(_("The key that the passphrase opens, to be sent along: {path}").format(path=key))
    except OSError as error:
        raise FolderNotWritable(out.parent, error.strerror or str(error)) from error
    return bytes.fromhex(sealed.sha256)


def _class(
    connection: sa.Connection, session: Session, at: AsOf, year: int, group: EduGroup | None, out: Path
) -> Export:
    from archive_store.export.class_folder import export_class

    assert group is not None  # noqa: S101 - asked for above
    return export_class(connection, at, group, out, source_of(connection, session, at, year))


def _depersonalised(
    connection: sa.Connection, session: Session, at: AsOf, year: int, group: EduGroup | None, out: Path
) -> Export:
    from archive_store.export.depersonalised import export_depersonalised
    from archive_store.export.pseudonyms import pseudonyms_of

    secret = pseudonyms_of(session.settings.pseudonym_key)
    source = source_of(connection, session, at, year)
    return export_depersonalised(connection, at, year, group, out, source, secret)


def _demand_apart(session: Session, out: Path) -> None:
    """What is depersonalised must not lie with the record, nor with the key. Raises NotApart."""
    place = out.absolute().resolve()
    kept = [*live_folders(session), session.settings.pseudonym_key.parent, session.settings.backups]
    for folder in kept:
        if place.is_relative_to(folder.resolve()):
            raise NotApart(out, folder)
