"""Commands of an academic year: check it, close it, amend it, print its act."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from archive_store.access.log import About, Kind
from archive_store.asof import AsOf
from archive_store.catalogue import require_year
from archive_store.lock import one_run
from archive_store.retention.tombstones import require_undestroyed
from archive_store.signatures.keys import SigningKey
from archive_store.snapshot import naming
from archive_store.snapshot.edition import Stage
from archive_store.snapshot.seal import Extras
from archive_store.store import durable
from archive_store.texts import _
from archive_store.year.act import act_of
from archive_store.year.amending import Amendment, amend_year
from archive_store.year.changes import Comparison
from archive_store.year.closing import Closing, Gate, Order, close_year
from archive_store.year.errors import NotClosedForGood
from archive_store.year.place_names import Names
from archive_store.year.readiness import Result, check_year
from archive_store.year.register import editions
from config.settings import Settings
from connector.cli.archive_words import FileThere
from connector.cli.destroyed import note_destroyed
from connector.cli.exit_codes import ExitCode
from connector.cli.giving import STDOUT, giving, lets_out
from connector.cli.keys import key_ring
from connector.cli.paper import source_of, write_new
from connector.cli.session import Session, account, utc_text
from connector.cli.year_gate import facts_of, rules_of, terms_of
from connector.cli.year_shown import print_json, show_changes, show_checks

YearArgument = Annotated[
    int, typer.Argument(help=_("Calendar year in which the academic year begins."), metavar=_("YEAR"))
]
_MOST_IN_A_REPORT = 200


def register(app: typer.Typer) -> None:
    """Add the commands."""
    year = typer.Typer(no_args_is_help=True, help=_("Academic years: check, close and amend them."))
    year.command("check", help=_("Say whether an academic year is ready to be closed, and where it is not."))(
        check
    )
    year.command("close", help=_("Close an academic year: seal it as bags that prove themselves."))(close)
    year.command("amend", help=_("Seal what was corrected in a closed year as a new edition."))(amend)
    year.command("changes", help=_("List what differs from what was sealed: before, after, since when."))(
        changes
    )
    year.command("act", help=_("Print the act of closing, or the supplement of an edition, as PDF."))(act)
    app.add_typer(year, name="year")


@lets_out(Kind.CHECK)
def check(
    context: typer.Context,
    year: YearArgument,
    limit: Annotated[
        int | None, typer.Option(min=0, help=_("How many places of each check to list; 20 on the screen."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("For programs: all places."))] = False,
    report: Annotated[
        Path | None, typer.Option(help=_("Write a report for print into this PDF file."))
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help=_("Do not recompute the ledger."))] = False,
) -> int:
    """Check an academic year; nothing is changed."""
    session: Session = context.obj
    rules = rules_of(session.settings)
    with session.engine().connect() as connection:
        at = session.as_of(connection, None)
        require_year(connection, at, year)
        require_undestroyed(connection, at.school_id, year)
        terms = terms_of(connection, at.school_id, session.settings)
        facts = facts_of(session, connection, at, year, terms, with_ledger=not quick)
        found = list(check_year(connection, at, year, rules, facts))
        names = Names(connection, at)
        engine, about = connection.engine, About("year check", (year,), as_of_run=at.run_id)
        with giving(session, engine, at.school_id, Kind.CHECK, about, report or STDOUT) as given:
            given.counts["places"] = sum(one.count or 0 for one in found)
            if as_json:
                print_json(year, found, names, limit)
            else:
                show_checks(
                    found, names, Console(markup=False, highlight=False), 20 if limit is None else limit
                )
            if report is not None:
                from archive_store.year.papers.report import check_report

                most = _MOST_IN_A_REPORT if limit is None else limit
                write_new(
                    report, check_report(year, found, names, source_of(connection, session, at, year), most)
                )
                if not as_json:
                    typer.echo(_("Report: {path}").format(path=report))
    return _verdict(found, said=not as_json)


def _verdict(found: list[Result], *, said: bool) -> ExitCode:
    """Whether the final closing would be stopped. What was left out by --quick is no finding."""
    stopped = [one for one in found if one.count and one.stops(Stage.FINAL)]
    if said:
        typer.echo()
        typer.echo(
            _("The closing of the year is stopped by: {codes}.").format(
                codes=", ".join(one.code for one in stopped)
            )
            if stopped
            else _("Nothing stops the closing of the year.")
        )
    return ExitCode.NOT_READY if stopped else ExitCode.OK


@lets_out(Kind.ACT)
def close(
    context: typer.Context,
    year: YearArgument,
    preliminary: Annotated[
        bool, typer.Option("--preliminary", help=_("In June, after the pedagogical council."))
    ] = False,
    final: Annotated[
        bool,
        typer.Option("--final", help=_("For good, from the end of August; without either: by the date.")),
    ] = False,
    accept: Annotated[
        str, typer.Option(help=_("Reason for passing over what stops the closing and may be passed over."))
    ] = "",
) -> int:
    """Seal an academic year."""
    if preliminary and final:
        raise typer.BadParameter(_("either --preliminary or --final"), param_hint="--final")
    session: Session = context.obj
    settings = session.settings
    rules, engine = rules_of(settings), session.engine()
    with one_run(engine), durable(engine) as connection:
        at = session.as_of(connection, None)
        require_year(connection, at, year)
        terms = terms_of(connection, at.school_id, settings)
        facts = facts_of(session, connection, at, year, terms, with_ledger=True)
        by_date = facts.today >= f"{year + 1}-{settings.final_closing_from}"
        stage = Stage.FINAL if final or (by_date and not preliminary) else Stage.PRELIMINARY
        key = key_ring(session).ensure(utc_text())
        order = Order(
            stage,
            Gate(rules, facts, accept.strip()),
            terms,
            settings.final_closing_from,
            account(),
            key,
            _extras(settings),
        )
        closing = close_year(connection, at.school_id, year, settings.snapshots, utc_text(), order)
    _tell(closing, key)
    _print_act(session, year)
    typer.echo(
        _(
            "Now copy the year to two carriers that are kept in different rooms: "
            "dnevnik-archive snapshot copy {year} --to CARRIER"
        ).format(year=year)
    )
    return ExitCode.OK


@lets_out(Kind.ACT)
def amend(
    context: typer.Context,
    year: YearArgument,
    reason: Annotated[str, typer.Option(help=_("Why: an academic debt cleared, an error corrected ..."))],
    order: Annotated[str, typer.Option(help=_("Number and date of the order or of the minutes."))],
) -> int:
    """Seal an edition of a closed year."""
    if not reason.strip() or not order.strip():
        raise typer.BadParameter(_("a reason and an order must be given"), param_hint="--reason, --order")
    session: Session = context.obj
    engine = session.engine()
    with one_run(engine), durable(engine) as connection:
        at = session.as_of(connection, None)
        terms = terms_of(connection, at.school_id, session.settings)
        key = key_ring(session).ensure(utc_text())
        why = Amendment(reason.strip(), order.strip(), account(), terms, key, _extras(session.settings))
        closing = amend_year(connection, at.school_id, year, session.settings.snapshots, utc_text(), why)
    _tell(closing, key)
    _print_act(session, year)
    typer.echo(_("Now copy the new bags to both carriers."))
    return ExitCode.OK


@lets_out(Kind.CHANGES)
def changes(
    context: typer.Context,
    year: YearArgument,
    limit: Annotated[int, typer.Option(min=0, help=_("How many records to list."))] = 50,
) -> int:
    """List what differs from the newest edition."""
    session: Session = context.obj
    with session.engine().connect() as connection:
        at = session.as_of(connection, None)
        require_year(connection, at, year)
        known = editions(connection, at.school_id, year)
        if not known:
            raise NotClosedForGood(year)
        note_destroyed(connection, at.school_id, year)
        compared = Comparison(connection, year, known[-1].run_id, at)
        differing = compared.count()
        if differing:
            about = About("changes", (year,), as_of_run=at.run_id)
            with giving(session, connection.engine, at.school_id, Kind.CHANGES, about) as given:
                given.counts["records"] = differing
                console = Console(markup=False, highlight=False)
                show_changes(compared.changes(), Names(connection, at), console, limit)
    typer.echo(
        _("Edition {number}, sealed at {moment}: {count} records differ by now.").format(
            number=known[-1].number, moment=known[-1].at, count=differing
        )
    )
    return ExitCode.OK


@lets_out(Kind.ACT)
def act(
    context: typer.Context,
    year: YearArgument,
    edition: Annotated[
        int | None, typer.Option(help=_("Number of the edition; the newest by default."))
    ] = None,
    out: Annotated[Path | None, typer.Option(help=_("PDF file; by default in the folder of acts."))] = None,
) -> None:
    """Print an act."""
    typer.echo(_("Act: {path}").format(path=_write_act(context.obj, year, edition, out)))


def _extras(settings: Settings) -> Extras:
    """What the settings ask to be sealed besides the record."""
    return Extras(settings.files, settings.seal_parquet, settings.seal_answers)


def _tell(closing: Closing, key: SigningKey) -> None:
    sealed = closing.sealed
    size = sum(bag.size for bag, _term in sealed.bags)
    typer.echo(
        _("Sealed: {path}, bags: {bags}, {size:.1f} MB.").format(
            path=sealed.path, bags=len(sealed.bags), size=size / 1e6
        )
    )
    said = {
        Stage.PRELIMINARY: _("Edition {number}: closed preliminarily."),
        Stage.FINAL: _("Edition {number}: closed for good."),
        Stage.AMENDMENT: _("Edition {number}: a supplement."),
    }[closing.edition.stage]
    typer.echo(said.format(number=closing.edition.number))
    for one in closing.checks:
        if one.count:
            typer.echo(f"  {_(one.text)}: {one.count}")
    summary = sealed.bags[-1][0]
    typer.echo(
        _("Root of the summary sheets, which vouches for all bags: {root}").format(root=summary.root.hex())
    )
    typer.echo(
        _("Ledger: entry {entry}, head {head}.").format(
            entry=closing.head.entry, head=closing.head.digest.hex()[:16]
        )
    )
    typer.echo(
        _("Signed by the key {fingerprint}: write it on the signed act too.").format(
            fingerprint=key.public.fingerprint
        )
    )


def _print_act(session: Session, year: int) -> None:
    """The act of what was sealed just now; one that lies there from a try before is left as it is."""
    try:
        path = _write_act(session, year, None, None)
    except FileThere as there:
        path = there.path
    typer.echo(_("Act, to be printed and signed: {path}").format(path=path))


def _write_act(session: Session, year: int, edition: int | None, out: Path | None) -> Path:
    from archive_store.year.papers.act import closing_act

    settings = session.settings
    with session.engine().connect() as connection:
        at = session.as_of(connection, None)
        found = act_of(connection, at.school_id, year, edition)
        sealed_at = AsOf(at.school_id, found.edition.run_id)
        terms = terms_of(connection, at.school_id, settings)
        source = source_of(connection, session, sealed_at, year)
        content = closing_act(found, Names(connection, at), source, settings.zone, terms)
        name = naming.in_edition(naming.year_folder(year), found.edition.number)
        path = out or settings.acts / f"{name}-{found.edition.stage}.pdf"
        about = About("act", (year,), as_of_run=at.run_id, details={"edition": found.edition.number})
        with giving(session, connection.engine, at.school_id, Kind.ACT, about, path) as given:
            given.digest = sha256(content).digest()
            write_new(path, content)
    return path
