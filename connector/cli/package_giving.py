"""Give a package out: write it as a folder, an encrypted file or a ZIP, between two entries of the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archive_store.access.giving import Given
from archive_store.access.log import About as Whom
from archive_store.access.log import Kind
from archive_store.catalogue import families, the_school
from archive_store.errors import StoreNotMade, StoreTooNew, StoreUnreachable, UnknownSchool
from archive_store.export.errors import ZipThere
from archive_store.export.profiles import About
from archive_store.forms.of_pupils import classes_of
from archive_store.render.source import Source
from connector.cli.destination import destination, plain_folder
from connector.cli.destroyed import note_destroyed
from connector.cli.giving import giving, occasion_of
from connector.cli.package import Reading, Wanted, demand, order_of, read_request_of, reading_of
from connector.cli.session import Session

if TYPE_CHECKING:
    from archive_store.export.package import Order, Package


def export_package(session: Session, wanted: Wanted) -> tuple[Package, int | None]:
    """Write the package, with an entry in the log of access before and after; returns the first one's number.

    The number is None if there is no archive to hold the log: a sealed one alone was at hand.
    """
    demand(wanted)
    read_request_of(session, wanted)  # a wrong number is told before anything is read
    write = _writer(session, wanted)
    with reading_of(session, wanted) as reading:
        order = order_of(session, wanted, reading)
        with _logged(session, wanted, order, reading) as given:
            package = write(order, reading.source)
            if given is None:
                return package, None
            given.digest = package.given
            given.counts |= {"files": len(package.files), "rows": sum(package.rows.values())}
        if reading.sealed is None:
            note_destroyed(reading.connection, reading.at.school_id, wanted.year)
    return package, given.number


def _writer(session: Session, wanted: Wanted) -> Callable[[Order, Source], Package]:
    """How it is written: as a folder, as an encrypted file or as a ZIP. What is wrong there is told first.

    Raises WeakPassword, ZipThere, and what :func:`destination` raises.
    """
    from archive_store.export.package import write_package

    if wanted.password is None:
        where = destination(session, wanted.out, wanted.locking)

        def plain_or_encrypted(order: Order, source: Source) -> Package:
            package, given = where.fill(lambda to: write_package(order, to, source))
            return replace(package, path=where.out, given=given)

        return plain_or_encrypted
    return _zip_writer(session, wanted.out.absolute(), wanted.password)


def _zip_writer(session: Session, out: Path, password: str) -> Callable[[Order, Source], Package]:
    from archive_store.export.encrypted_zip import demand_strong, write_zip
    from archive_store.export.package import write_package

    demand_strong(password)
    if out.exists():
        raise ZipThere(out)

    def zipped(order: Order, source: Source) -> Package:
        with plain_folder(session.settings.folder.absolute()) as folder:
            package = write_package(order, folder, source)
            written = write_zip(folder, [one.path for one in package.files], out, password)
        return replace(package, path=out, given=bytes.fromhex(written.digest))

    return zipped


@contextmanager
def _logged(session: Session, wanted: Wanted, order: Order, reading: Reading) -> Iterator[Given | None]:
    """The block in which it is given. Only what comes from sealed bags may go without an archive's log."""
    engine = session.engine() if reading.sealed is None else _own_archive(session, reading.at.school_id)
    if engine is None:
        yield None
        return
    letter = order.letter
    occasion = replace(
        occasion_of(session), purpose=letter.purpose, request=letter.request, addressee=letter.addressee
    )
    about = _about(wanted, order, reading)
    school_id = reading.at.school_id
    with giving(session, engine, school_id, Kind.PACKAGE, about, wanted.out, occasion) as given:
        yield given


def _own_archive(session: Session, school_id: int) -> sa.Engine | None:
    """The archive, if there is one that knows the school."""
    try:
        engine = session.engine()
        with engine.connect() as connection:
            the_school(connection, school_id)
    except (StoreNotMade, StoreUnreachable, StoreTooNew, UnknownSchool, sa.exc.DatabaseError):
        return None
    return engine


def _about(wanted: Wanted, order: Order, reading: Reading) -> Whom:
    """Whom it is about: the pupils alone, or all of the classes, also those of the pupils."""
    connection, at, sealed = reading.connection, reading.at, reading.source.sealed
    groups = order.groups
    if wanted.profile.about is About.PUPILS_IN_CLASSES:
        groups = tuple(
            one for pupil in order.pupils for one in classes_of(connection, at, wanted.year, pupil)
        )
    details = {
        "basis": wanted.basis,
        "outgoing": wanted.outgoing,
        "pupils": " ".join(str(one) for one in order.pupils) if groups else "",
        "from": wanted.span.first if wanted.span else "",
        "to": wanted.span.last if wanted.span else "",
        "sealed": f"{sealed.name} {sealed.root}" if sealed else "",
    }
    people = () if groups else order.pupils
    ids = families(connection, at, groups)
    run = None if sealed else at.run_id
    return Whom(wanted.profile.name, (wanted.year,), ids, people, run, details)
