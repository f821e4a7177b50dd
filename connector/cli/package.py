"""What ``export`` writes for an addressee: the package, from the archive or from a sealed one alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
import typer

from archive_store.access.giving import Given
from archive_store.access.log import About as Whom
from archive_store.access.log import Kind
from archive_store.asof import AsOf
from archive_store.catalogue import classes, families, find_class, require_year, the_school
from archive_store.errors import StoreNotMade, StoreTooNew, StoreUnreachable, UnknownSchool
from archive_store.export.errors import ZipThere
from archive_store.export.profiles import PROFILES, About, Profile
from archive_store.export.request import EXAMPLE, read_request
from archive_store.forms.of_pupils import classes_of
from archive_store.forms.span import Span
from archive_store.render.letter import Letter
from archive_store.render.source import Source
from archive_store.restore.reading import Bag
from archive_store.restore.scratch import SealedRecord, sealed_record
from archive_store.texts import _
from connector.cli.destination import destination, plain_folder
from connector.cli.destroyed import note_destroyed
from connector.cli.form_rules import form_rules
from connector.cli.giving import giving, occasion_of
from connector.cli.locking import Wanted as Locking
from connector.cli.paper import sealed_source, source_of
from connector.cli.people import find_person, known_name
from connector.cli.session import Session, When

if TYPE_CHECKING:
    from archive_store.export.package import Order, Package


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person has typed."""

    profile: Profile
    year: int
    out: Path
    groups: tuple[str, ...] = ()
    pupils: tuple[str, ...] = ()
    span: Span | None = None
    request: str = ""
    addressee: str = ""
    purpose: str = ""
    basis: str = ""
    outgoing: str = ""
    enclosed: tuple[Path, ...] = ()
    as_of: When | None = None
    snapshot: Path | None = None
    password: str | None = field(default=None, repr=False)
    locking: Locking | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A record that a package is made from, and what its papers say of it."""

    connection: sa.Connection
    at: AsOf
    source: Source
    sealed: SealedRecord | None = None


def known_profile(name: str) -> Profile:
    """The profile of that name. Raises BadParameter."""
    if name not in PROFILES:
        raise typer.BadParameter(
            _("There is no {name!r}; there are: {known}.").format(name=name, known=", ".join(PROFILES)),
            param_hint="--profile",
        )
    return PROFILES[name]


def export_package(session: Session, wanted: Wanted) -> tuple[Package, int | None]:
    """Write the package, with an entry in the log of access before and after; returns the first one's number.

    The number is None if there is no archive to hold the log: a sealed one alone was at hand.
    """
    _demand(wanted)
    read_request_of(session, wanted)  # a wrong number is told before anything is read
    write = _writer(session, wanted)
    with _reading(session, wanted) as reading:
        order = _order(session, wanted, reading)
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


def _demand(wanted: Wanted) -> None:
    """What the profile needs is there, and nothing that it has no use for. Raises BadParameter."""
    profile = wanted.profile
    of_pupils = profile.about in (About.PUPILS, About.PUPILS_IN_CLASSES)
    if profile.needs_request and not wanted.request:
        text = _("This package is given on a written request alone: name it, '{example}'.")
        raise typer.BadParameter(text.format(example=EXAMPLE), param_hint="--request")
    if of_pupils and not wanted.pupils:
        text = _("This package is about named pupils: name one or several.")
        raise typer.BadParameter(text, param_hint="--pupil")
    if of_pupils and wanted.groups:
        text = _("This package is about pupils; their classes are found by their names.")
        raise typer.BadParameter(text, param_hint="--group")
    if not of_pupils and wanted.pupils:
        text = _("This package is not about single pupils.")
        raise typer.BadParameter(text, param_hint="--pupil")
    if profile.about is About.SEALED and wanted.snapshot is None:
        text = _("This package is made of sealed bags: name the folder of the sealed year.")
        raise typer.BadParameter(text, param_hint="--from-snapshot")
    if wanted.snapshot is not None and wanted.as_of is not None:
        text = _("A sealed archive holds one record alone.")
        raise typer.BadParameter(text, param_hint="--as-of")


@contextmanager
def _reading(session: Session, wanted: Wanted) -> Iterator[Reading]:
    if wanted.snapshot is not None:
        with sealed_record(wanted.snapshot, version("dnevnik-archive")) as sealed:
            source = sealed_source(sealed, session, wanted.year)
            yield Reading(sealed.connection, sealed.at, source, sealed)
        return
    engine = session.engine()
    with engine.connect() as connection:
        at = session.as_of(connection, wanted.as_of)
        require_year(connection, at, wanted.year)
        yield Reading(connection, at, source_of(connection, session, at, wanted.year))


def _order(session: Session, wanted: Wanted, reading: Reading) -> Order:
    from archive_store.export.forms import Asked
    from archive_store.export.package import Order

    connection, at = reading.connection, reading.at
    groups = [find_class(connection, at, wanted.year, name) for name in wanted.groups]
    pupils = dict.fromkeys(find_person(connection, at, who, staff=False) for who in wanted.pupils)
    if not groups and not pupils:
        groups = classes(connection, at, wanted.year)
    about = ", ".join(one.name for one in groups) or "; ".join(
        known_name(connection, at, one) for one in pupils
    )
    return Order(
        wanted.profile,
        Asked(
            connection,
            at,
            wanted.year,
            form_rules(session.settings),
            wanted.span,
            zone=session.settings.zone,
        ),
        _letter(session, wanted, about),
        tuple(groups),
        tuple(pupils),
        _bags(wanted, reading.sealed),
        wanted.enclosed,
    )


def _letter(session: Session, wanted: Wanted, about: str) -> Letter:
    profile = wanted.profile
    of_pupils = bool(wanted.pupils)
    days = (wanted.span.first, wanted.span.last) if wanted.span else None
    subject = [
        (_("Pupils") if of_pupils else _("Classes"), about),
        (_("Academic year"), f"{wanted.year}/{wanted.year + 1}"),
    ]
    if days:
        shown = " – ".join(".".join(reversed(day.split("-"))) for day in days)
        subject.append((_("Days"), shown))
    request = read_request_of(session, wanted)
    return Letter(
        addressee=wanted.addressee or _(profile.addressee),
        purpose=wanted.purpose or _(profile.purpose),
        request=request,
        outgoing=wanted.outgoing,
        basis=wanted.basis,
        subject=tuple(subject),
        kept_out=tuple(_(one) for one in profile.kept_out),
        personal=profile.about is not About.TOTALS,
    )


def read_request_of(session: Session, wanted: Wanted) -> str:
    """Number and date of the request as one writes them; empty without one. Raises RequestNotRead."""
    if not wanted.request:
        return ""
    return str(read_request(wanted.request, datetime.now(session.settings.zone).date()))


def _bags(wanted: Wanted, sealed: SealedRecord | None) -> tuple[Bag, ...]:
    """The bags of the year whose term is long enough."""
    if sealed is None or wanted.profile.about is not About.SEALED:
        return ()
    return tuple(
        bag
        for bag in sealed.source.bags
        if bag.study_year == wanted.year
        and int(bag.passport["retention"]["years"]) >= wanted.profile.from_years
    )
