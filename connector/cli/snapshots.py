"""Commands of sealed years: ``snapshot verify``, ``copy``, ``repair``, ``diff``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer

from archive_store import texts
from archive_store.access.log import About, Kind
from archive_store.carriers import copying, repairing
from archive_store.carriers.copies import Level, copies, own_place, place_of, sealed_bags
from archive_store.carriers.encrypting import travels
from archive_store.carriers.errors import PlainOnTravelling
from archive_store.carriers.register import find
from archive_store.carriers.repairing import Repair
from archive_store.carriers.rounds import expected_at, the_place
from archive_store.catalogue import the_school
from archive_store.errors import NotASnapshot, StoreNotMade, UnknownSchool
from archive_store.lock import one_at_the_carriers
from archive_store.restore.difference import Change, Comparison, compare
from archive_store.restore.wording import Names, change_text, names_of
from archive_store.snapshot import verifier
from archive_store.texts import N_, _
from connector.cli import checks, siard, signatures, travelling
from connector.cli.carriers import scribe_of
from connector.cli.destroyed import bags_by_act
from connector.cli.exit_codes import ExitCode
from connector.cli.giving import about_bags, digest_of, giving, lets_out
from connector.cli.locking import Wanted, encryptable
from connector.cli.session import Session

_COPIED: Final = {
    copying.Outcome.COPIED: N_("copied, read back and verified"),
    copying.Outcome.FOUND: N_("lay there already, whole; entered in the book"),
    copying.Outcome.THERE: N_("there already"),
    copying.Outcome.OTHER: N_("NOT COPIED: a different bag of this name lies there, and is left alone"),
    copying.Outcome.DAMAGED: N_("NOT COPIED: it lies there, but does not verify; see snapshot repair"),
}
_REPAIRED: Final = {
    repairing.Outcome.SOUND: N_("sound, left as it is"),
    repairing.Outcome.REPAIRED: N_("replaced by a sound copy and verified"),
    repairing.Outcome.NO_SOURCE: N_("NOT MENDED: the other copy does not verify either"),
}
YearArgument = Annotated[
    int | None,
    typer.Argument(
        metavar=_("YEAR"), help=_("Calendar year in which the academic year begins; all, if left out.")
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help=_("Sealed years: check, copy, mend and compare them."))
    group.command(help=_("Check a folder of sealed years, or all copies on all carriers."))(verify)
    group.command(help=_("Copy sealed years to a carrier; every copy is read back and verified."))(copy)
    group.command(help=_("Replace damaged copies by sound ones of another carrier."))(repair)
    group.command(help=_("Say what differs between two bags, editions or years."))(diff)
    siard.register(group)
    signatures.add_to(group)
    app.add_typer(group, name="snapshot")


def verify(
    context: typer.Context,
    path: Annotated[
        Path | None,
        typer.Argument(metavar=_("FOLDER"), help=_("Folder of a bag, of a year, or of sealed years.")),
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help=_("All carriers and the archive's own folder."))
    ] = False,
    carrier: Annotated[str | None, typer.Option(help=_("Only this carrier."))] = None,
    level: Annotated[
        Level, typer.Option(help=_("quick, full, deep, cross or drill; see the user guide."))
    ] = Level.FULL,
    protocol: Annotated[
        Path | None, typer.Option(metavar=_("FOLDER"), help=_("Write the protocol there: PDF/A and JSON."))
    ] = None,
) -> int:
    """Check what is sealed, and say what was counted."""
    if path is not None:
        if all_ or carrier or protocol:
            raise typer.BadParameter(_("Name a folder, or carriers, not both."), param_hint=_("PATH"))
        return verify_path(path)
    if not all_ and carrier is None:
        raise typer.BadParameter(_("Name a folder, --all or --carrier NAME."), param_hint=_("PATH"))
    session: Session = context.obj
    if carrier is not None:
        engine = session.engine()
        with engine.connect() as connection:
            scribe = scribe_of(session, connection)
            place = the_place(connection, scribe.school_id, session.settings.snapshots, carrier)
        if travels(place):
            travelling.refuse_what_needs_plain_copies(place, level, protocol)
            return travelling.check(engine, scribe, place)
    return checks.check(session, carrier, level, protocol)


def verify_path(path: Path) -> int:
    """Check a folder by itself: no register is asked."""
    report = verifier.verify(path)
    if not report.bags:
        raise NotASnapshot(path)
    typer.echo(
        _("Bags: {bags}. Expected: {expected}, checked: {checked}, sound: {ok}.").format(
            bags=report.bags, expected=report.expected, checked=report.checked, ok=report.ok
        )
    )
    typer.echo(
        _("Damaged: {bad}, missing: {missing}, extra: {extra}, not checked: {not_checked}.").format(
            bad=report.bad, missing=report.missing, extra=report.extra, not_checked=report.not_checked
        )
    )
    typer.echo(
        _("Signatures of the program checked: {checked}; others, not checked here: {others}.").format(
            checked=report.signatures_checked, others=report.signatures_not_checked
        )
    )
    if report.destroyed:
        text = _("Not missing, but destroyed by acts, as a note beside them says: {bags}.")
        typer.echo(text.format(bags=bags_by_act(report.destroyed)))
    for finding in report.findings:
        typer.echo(finding.text(russian=texts.active() == "ru"))
    typer.echo(_("The archive is sound.") if report.sound else _("THE ARCHIVE IS NOT SOUND."))
    return ExitCode.OK if report.sound else ExitCode.NOT_VERIFIED


@lets_out(Kind.COPY)
@encryptable
def copy(
    context: typer.Context,
    to: Annotated[str, typer.Option(metavar=_("NAME"), help=_("Carrier, by name or inventory number."))],
    year: YearArgument = None,
    *,
    locking: Wanted | None = None,
) -> int:
    """Copy what is not on the carrier yet."""
    session: Session = context.obj
    engine = session.engine()
    with one_at_the_carriers(engine):
        with engine.connect() as connection:
            scribe = scribe_of(session, connection)
            place = place_of(find(connection, scribe.school_id, to))
            wanted = copying.sources(
                sealed_bags(connection, scribe.school_id, year), own_place(session.settings.snapshots)
            )
        if locking:
            return travelling.copy(session, engine, scribe, wanted, place, locking)
        if travels(place):
            raise PlainOnTravelling(place.name)
        refused = 0
        with giving(session, engine, scribe.school_id, Kind.COPY, about_bags(wanted), place.name) as given:
            for one in copying.copy(engine, scribe, wanted, place):
                typer.echo(f"{one.sealed.place}: {_(_COPIED[one.outcome])}")
                refused += one.outcome in (copying.Outcome.OTHER, copying.Outcome.DAMAGED)
            given.digest = digest_of(wanted)
            given.counts |= {"bags": len(wanted) - refused, "carrier": place.key}
    typer.echo(
        _("Bags on «{name}» as they should be: {there} of {all}.").format(
            name=place.name, there=len(wanted) - refused, all=len(wanted)
        )
    )
    return ExitCode.FILES if refused else ExitCode.OK


@lets_out(Kind.REPAIR)
def repair(
    context: typer.Context,
    carrier: Annotated[
        str, typer.Option(help=_("Carrier to be mended; archive: the archive's own folder of sealed years."))
    ],
    source: Annotated[str, typer.Option("--from", help=_("Carrier with sound copies; archive: as above."))],
    year: YearArgument = None,
    by_file: Annotated[
        bool,
        typer.Option("--by-file", help=_("If both are damaged, put the bag together from the sound files.")),
    ] = False,
) -> int:
    """Replace damaged copies, never from a copy that does not verify."""
    session: Session = context.obj
    own = session.settings.snapshots
    engine = session.engine()
    with one_at_the_carriers(engine):
        with engine.connect() as connection:
            scribe = scribe_of(session, connection)
            damaged = the_place(connection, scribe.school_id, own, carrier)
            sound = the_place(connection, scribe.school_id, own, source)
            sealed = sealed_bags(connection, scribe.school_id, year)
            known = copies(connection, scribe.school_id)
        if damaged.key == sound.key:
            raise typer.BadParameter(_("A copy cannot mend itself."), param_hint="--from")
        expected = [one for one in expected_at(damaged, sealed, known) if year in (None, one.study_year)]
        left = 0
        about = about_bags(expected)
        with giving(session, engine, scribe.school_id, Kind.REPAIR, about, damaged.name) as given:
            for one in Repair(engine, scribe, damaged, sound, by_file).run(expected):
                typer.echo(f"{one.sealed.place}: {_(_REPAIRED[one.outcome])}")
                for finding in one.findings:
                    typer.echo(f"  {finding}")
                left += one.outcome is repairing.Outcome.NO_SOURCE
            given.digest = digest_of(expected)
            given.counts |= {"bags": len(expected) - left, "carrier": damaged.key}
    if left:
        typer.echo(_("Not mended: {count}. Try another carrier, or --by-file.").format(count=left))
    return ExitCode.NOT_VERIFIED if left else ExitCode.OK


@lets_out(Kind.DIFFERENCE)
def diff(
    context: typer.Context,
    first: Annotated[Path, typer.Argument(metavar=_("FOLDER"), help=_("Folder of a bag or of a year."))],
    second: Annotated[Path, typer.Argument(metavar=_("FOLDER"), help=_("The other one."))],
    json: Annotated[
        bool, typer.Option("--json", help=_("For programs: a line of JSON per difference."))
    ] = False,
    limit: Annotated[int, typer.Option(help=_("How many differences of each table to print."))] = 20,
) -> int:
    """Print the differences as they are found, then what was counted."""
    comparison = compare(first, second)
    if comparison is None:
        raise NotASnapshot(first if not verifier.bags_in(first.resolve()) else second)
    with _logged(context.obj, first, second):
        _show(comparison, limit, json=json)
    differs = any(tally.differs for tally in comparison.tallies)
    if not json and not differs:
        typer.echo(
            _("No record differs; records compared: {count}.").format(
                count=sum(tally.same for tally in comparison.tallies)
            )
        )
    return ExitCode.NOT_VERIFIED if differs else ExitCode.OK


@contextmanager
def _logged(session: Session, first: Path, second: Path) -> Iterator[None]:
    """Log what is shown of bags, where there is an archive of theirs; a carrier is read without one too."""
    try:
        engine = session.engine()
        with engine.connect() as connection:
            school_id = the_school(connection, session.settings.school_id)
    except (StoreNotMade, UnknownSchool) as error:
        if isinstance(error, UnknownSchool) and error.known:
            raise  # several: in whose log it belongs must be said
        yield
        return
    about = About("bags", details={"first": first.resolve().name, "second": second.resolve().name})
    with giving(session, engine, school_id, Kind.DIFFERENCE, about):
        yield


def _show(comparison: Comparison, limit: int, *, json: bool) -> None:
    if json:
        for change in comparison.changes():
            typer.echo(_as_json(change))
    else:
        _print_changes(comparison, names_of(comparison), limit)
        for tally in comparison.tallies:
            if tally.differs:
                text = _(
                    "{bag}, {table}: only in the first {a}, only in the second {b}, changed {c}, same {d}."
                )
                typer.echo(
                    text.format(
                        bag=tally.bag, table=tally.table, a=tally.only_in_first, b=tally.only_in_second,
                        c=tally.changed, d=tally.same,
                    )
                )  # fmt: skip


def _print_changes(comparison: Comparison, names: Names, limit: int) -> None:
    shown: dict[tuple[str, str], int] = {}
    for change in comparison.changes():
        place = change.bag, change.table
        shown[place] = shown.get(place, 0) + 1
        if shown[place] <= limit:
            typer.echo(f"{change.bag}, {change.table}: {change_text(change, names)}")


def _as_json(change: Change) -> str:
    value = {
        "bag": change.bag,
        "table": change.table,
        "kind": change.kind,
        "key": change.key,
        "first": change.first,
        "second": change.second,
        "fields": change.fields if change.kind == "changed" else {},
    }
    return orjson.dumps(value).decode()
