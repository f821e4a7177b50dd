"""What ``export`` writes for an addressee: the package, from the archive or from a sealed one alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import typer

from archive_store.asof import AsOf
from archive_store.catalogue import classes, find_class, require_year, the_school
from archive_store.errors import StoreNotMade, StoreTooNew, StoreUnreachable, UnknownSchool
from archive_store.export import disclosures
from archive_store.export.errors import ZipThere
from archive_store.export.profiles import PROFILES, About, Profile
from archive_store.export.request import EXAMPLE, read_request
from archive_store.forms.span import Span
from archive_store.render.letter import Letter
from archive_store.render.source import Source
from archive_store.restore.reading import Bag
from archive_store.restore.scratch import SealedRecord, sealed_record
from archive_store.store import durable
from archive_store.texts import _
from connector.cli.form_rules import form_rules
from connector.cli.paper import sealed_source, source_of
from connector.cli.pupils import find_pupil, known_name
from connector.cli.session import Session, When, account, utc_text

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
    """Write the package and log it; returns it with the number of its line in the log of disclosures.

    The number is None if there is no archive to hold the log: a sealed one alone was at hand.
    """
    from archive_store.export.package import write_package

    _demand(wanted)
    read_request_of(session, wanted)  # a wrong number is told before anything is read
    with _reading(session, wanted) as reading:
        order = _order(session, wanted, reading)
        if wanted.password is None:
            package = write_package(order, wanted.out, reading.source)
        else:
            package = _zipped(order, wanted, wanted.password, reading.source)
        try:
            return package, _log(session, wanted, order, reading, package)
        except BaseException:
            _take_back(package.path)  # nothing is given out that the log does not know
            raise


def _zipped(order: Order, wanted: Wanted, password: str, source: Source) -> Package:
    from archive_store.export.encrypted_zip import demand_strong, write_zip
    from archive_store.export.package import write_package

    demand_strong(password)
    out = wanted.out.absolute()
    if out.exists():
        raise ZipThere(out)
    with TemporaryDirectory(prefix="dnevnik-archive-package-") as scratch:
        plain = write_package(order, Path(scratch) / "package", source)
        written = write_zip(plain.path, [one.path for one in plain.files], out, password)
    return replace(plain, path=out, zipped=written.digest)


def _take_back(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _log(session: Session, wanted: Wanted, order: Order, reading: Reading, package: Package) -> int | None:
    """Write the line. Only where the record is a sealed one may there be no archive to write it to."""
    sealed = reading.source.sealed
    scope: dict[str, Any] = {
        "profile": wanted.profile.name,
        "request": order.letter.request,
        "addressee": order.letter.addressee,
        "purpose": order.letter.purpose,
        "basis": wanted.basis,
        "outgoing": wanted.outgoing,
        "year": wanted.year,
        "groups": [str(one.group_id) for one in order.groups],
        "persons": [str(one) for one in order.pupils],
        "from": wanted.span.first if wanted.span else None,
        "to": wanted.span.last if wanted.span else None,
        "as_of_run": None if sealed else reading.at.run_id,
        "sealed": {"name": sealed.name, "root": sealed.root} if sealed else None,
        "files": len(package.files),
        "rows": package.rows,
        "zip_sha256": package.zipped,
    }
    target = str(package.path.absolute())
    try:
        with durable(session.engine()) as connection:
            if sealed:
                the_school(connection, reading.at.school_id)
            return disclosures.log(
                connection, reading.at.school_id, utc_text(), account(), "export", scope, target,
                package.digest,
            )  # fmt: skip
    except (StoreNotMade, StoreUnreachable, StoreTooNew, UnknownSchool, sa.exc.DatabaseError):
        if sealed:
            return None
        raise


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
    pupils = dict.fromkeys(find_pupil(connection, at, who) for who in wanted.pupils)
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
