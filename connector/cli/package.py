"""What ``export`` writes for an addressee: the package, from the archive or from a sealed one alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
import typer

from archive_store.asof import AsOf
from archive_store.catalogue import classes, find_class, require_year
from archive_store.export.profiles import PROFILES, About, Profile
from archive_store.export.request import EXAMPLE, read_request
from archive_store.forms.span import Span
from archive_store.render.dates import days_text
from archive_store.render.letter import Letter
from archive_store.render.source import Source
from archive_store.restore.reading import Bag
from archive_store.restore.scratch import SealedRecord, sealed_record
from archive_store.retention.tombstones import require_journal
from archive_store.texts import _
from connector.cli.form_rules import form_rules
from connector.cli.locking import Wanted as Locking
from connector.cli.paper import sealed_source, source_of
from connector.cli.people import find_person, known_name
from connector.cli.session import Session, When

if TYPE_CHECKING:
    from archive_store.export.package import Order


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


def demand(wanted: Wanted) -> None:
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
def reading_of(session: Session, wanted: Wanted) -> Iterator[Reading]:
    """Open the record: the archive, or sealed bags that are checked first.

    Raises UnknownYear, UnknownRun and what the archive or :func:`sealed_record` raises.
    """
    if wanted.snapshot is not None:
        with sealed_record(wanted.snapshot, version("dnevnik-archive")) as sealed:
            source = sealed_source(sealed, session, wanted.year)
            at = replace(sealed.at, zone=session.settings.zone)
            yield Reading(sealed.connection, at, source, sealed)
        return
    engine = session.engine()
    with engine.connect() as connection:
        at = session.as_of(connection, wanted.as_of)
        require_year(connection, at, wanted.year)
        yield Reading(connection, at, source_of(connection, session, at, wanted.year))


def order_of(session: Session, wanted: Wanted, reading: Reading) -> Order:
    """What is to be written, found in the record.

    Raises UnknownGroup, NoSuchPupil, RecordsDestroyed of a class whose journal an act has destroyed.
    """
    from archive_store.export.forms import Asked
    from archive_store.export.package import Order

    connection, at = reading.connection, reading.at
    groups = [find_class(connection, at, wanted.year, name) for name in wanted.groups]
    if reading.sealed is None:
        for one in groups:
            require_journal(connection, at.school_id, wanted.year, one.group_id, one.name)
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
            rules=form_rules(session.settings),
            span=wanted.span,
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
    subject = [
        (_("Pupils") if of_pupils else _("Classes"), about),
        (_("Academic year"), f"{wanted.year}/{wanted.year + 1}"),
    ]
    if wanted.span:
        subject.append((_("Days"), days_text(wanted.span.first, wanted.span.last)))
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
