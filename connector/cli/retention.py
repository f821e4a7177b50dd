"""Commands of retention: what is due, legal holds, acts of selection, destruction."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import sqlalchemy as sa
import typer

from archive_store.catalogue import the_school
from archive_store.lock import one_at_the_carriers, one_run
from archive_store.nomenclature import confirmations
from archive_store.retention import acts, holds
from archive_store.retention.acts import Act, Approval
from archive_store.retention.book import Clerk
from archive_store.retention.destroying import Destruction, Outcome
from archive_store.retention.due import SealedFile, sealed_files
from archive_store.retention.errors import NothingLeft, TermsNotConfirmed
from archive_store.store import durable
from archive_store.texts import _
from connector.cli.archive_words import FileThere
from connector.cli.exit_codes import ExitCode
from connector.cli.retention_papers import backups_before, write_destruction_act, write_selection_act
from connector.cli.retention_settings import order_of, today_of
from connector.cli.retention_shown import print_json, show_files
from connector.cli.retention_subject import bags_named, covered, subject_named
from connector.cli.session import Session, account, utc_text
from connector.cli.year_gate import nomenclature_of

_DAY: Final = ["%Y-%m-%d"]
Writer = Callable[[], Path]
YearArgument = Annotated[
    int | None,
    typer.Argument(
        metavar=_("YEAR"), help=_("Calendar year in which the academic year begins; all, if left out.")
    ),
]
BagOption = Annotated[
    list[str] | None,
    typer.Option("--bag", help=_("Only this class, such as 9А, or this bag; may be repeated.")),
]
ReasonOption = Annotated[str, typer.Option(help=_("Why: a court case, a complaint, an inquiry ..."))]
DocumentOption = Annotated[str, typer.Option(help=_("By which document: its number and date."))]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help=_("Terms that are over: legal holds, acts, destruction."))
    group.command(help=_("List every sealed bag: its term, when it is over, and what forbids it to go."))(due)
    group.command(help=_("Forbid the destruction of a year, of a class, or of everything."))(hold)
    group.command(help=_("Lift a legal hold."))(release)
    group.command(help=_("Select what is due, and print the act for the expert commission."))(propose)
    group.command(help=_("Destroy what an approved act names; goes on where it was cut off."))(destroy)
    group.command(help=_("Print the papers of an act once more."))(act)
    app.add_typer(group, name="retention")


def due(
    context: typer.Context,
    year: YearArgument = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("For programs."))] = False,
) -> int:
    """List the bags; nothing is changed and no carrier is touched."""
    session: Session = context.obj
    with session.engine().connect() as connection:
        school_id = the_school(connection, session.settings.school_id)
        known = _files(session, connection, school_id)
        shown = [one for one in known if year in (None, one.study_year)]
        standing = holds.holds(connection, school_id)
        named = acts.acts(connection, school_id)
        confirmed = confirmations.confirmed(connection, school_id, nomenclature_of(session.settings))
    if as_json:
        print_json(shown, standing, named)
    else:
        show_files(shown, standing, named)
        if confirmed is None:
            typer.echo(_("THE TERMS ARE NOT CONFIRMED by the school: dnevnik-archive terms confirm"))
    return ExitCode.OK


def hold(
    context: typer.Context,
    reason: ReasonOption,
    document: DocumentOption,
    year: YearArgument = None,
    bag: Annotated[str | None, typer.Option(help=_("Only this class, such as 9А, or this bag."))] = None,
) -> int:
    """Put a legal hold."""
    _require_texts(reason, document)
    session: Session = context.obj
    engine = session.engine()
    with one_run(engine), durable(engine) as connection:
        clerk = _clerk(session, connection)
        known = _files(session, connection, clerk.school_id)
        subject = subject_named(known, year, bag)
        gone = {one.act for one in known if one.act and subject.covers(*one.unit)}
        if gone and all(one.act for one in known if subject.covers(*one.unit)):
            raise NothingLeft(subject.study_year, subject.stem, sorted(gone))
        put = holds.hold(connection, clerk, subject, reason.strip(), document.strip())
    typer.echo(
        _("Held from now on: {what}. Number of the hold: {number}.").format(
            what=covered(subject), number=put.number
        )
    )
    return ExitCode.OK


def release(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar=_("NUMBER"), help=_("Number of the hold."))],
    reason: ReasonOption,
    document: DocumentOption,
) -> int:
    """Lift a legal hold."""
    _require_texts(reason, document)
    session: Session = context.obj
    engine = session.engine()
    with one_run(engine), durable(engine) as connection:
        clerk = _clerk(session, connection)
        lifted = holds.release(connection, clerk, number, reason.strip(), document.strip())
    typer.echo(_("The hold {number} is lifted: {what}.").format(number=number, what=covered(lifted.subject)))
    return ExitCode.OK


def propose(context: typer.Context, year: YearArgument = None, bag: BagOption = None) -> int:
    """Select for destruction; nothing is destroyed by it."""
    session: Session = context.obj
    engine = session.engine()
    terms = nomenclature_of(session.settings)
    with one_run(engine), durable(engine) as connection:
        clerk = _clerk(session, connection)
        if confirmations.confirmed(connection, clerk.school_id, terms) is None:
            raise TermsNotConfirmed
        known = bags_named(_files(session, connection, clerk.school_id), year, bag or [])
        made = acts.propose(connection, clerk, known, session.settings.snapshots)
    for line in made.lines:
        typer.echo(f"  {line.place}")
    path = _once(lambda: write_selection_act(session, made))
    typer.echo(_("Act of selection № {number}: {path}").format(number=made.number, path=path))
    typer.echo(
        _(
            "When the expert commission has agreed and the head has approved it: "
            "dnevnik-archive retention destroy {number} --minutes ... --minutes-day ... --approved-by ... "
            "--approved-on ..."
        ).format(number=made.number)
    )
    return ExitCode.OK


def destroy(
    context: typer.Context,
    number: Annotated[
        int | None,
        typer.Argument(metavar=_("ACT"), help=_("Number of the act; all that are begun, if left out.")),
    ] = None,
    minutes: Annotated[str, typer.Option(help=_("Number of the expert commission's minutes."))] = "",
    minutes_day: Annotated[
        datetime | None, typer.Option(formats=_DAY, metavar=_("YYYY-MM-DD"), help=_("Their day."))
    ] = None,
    approved_by: Annotated[str, typer.Option(help=_("Who approved the act: post and name."))] = "",
    approved_on: Annotated[
        datetime | None, typer.Option(formats=_DAY, metavar=_("YYYY-MM-DD"), help=_("When."))
    ] = None,
    leave_absent: Annotated[
        bool,
        typer.Option("--leave-absent", help=_("Carriers that are not there stay outstanding, by name.")),
    ] = False,
) -> int:
    """Destroy, or go on with it."""
    session: Session = context.obj
    approval = _approval(minutes, minutes_day, approved_by, approved_on)
    engine = session.engine()
    worst = ExitCode.OK
    with one_run(engine), one_at_the_carriers(engine):
        with engine.connect() as connection:
            clerk = _clerk(session, connection)
            known = acts.acts(connection, clerk.school_id)
        numbers = [number] if number is not None else [one.number for one in known if one.is_under_way]
        if not numbers:
            typer.echo(_("No destruction is under way."))
        for one in numbers:
            _confirm(one, known)
            order = order_of(session, leave_absent=leave_absent)
            outcome = Destruction(engine, clerk, order, _tell).run(one, approval)
            worst = max(worst, _report(session, outcome))
    return worst


def act(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar=_("ACT"), help=_("Number of the act."))],
    out: Annotated[
        Path | None, typer.Option(metavar=_("FOLDER"), help=_("Folder; by default that of acts."))
    ] = None,
) -> int:
    """Print the act of selection; and that of destruction, if the act is carried out."""
    session: Session = context.obj
    with session.engine().connect() as connection:
        found = acts.find(connection, the_school(connection, session.settings.school_id), number)
    typer.echo(_("Act of selection: {path}").format(path=write_selection_act(session, found, out)))
    if found.completed_at is not None:
        typer.echo(_("Act of destruction: {path}").format(path=write_destruction_act(session, found, out)))
    return ExitCode.OK


def _confirm(number: int, known: list[Act]) -> None:
    """Ask a person once more; a program has said all by the minutes and the approval."""
    act = next((one for one in known if one.number == number), None)
    if act is None or act.begun_at is not None or not sys.stdin.isatty():
        return
    text = _("{count} bags will be destroyed for ever, on every carrier and in the archive. Go on?")
    typer.confirm(text.format(count=len(act.lines)), abort=True)


def _tell(place: str, bag: str, was_there: bool) -> None:
    name = _("the archive's own folder") if place == "archive" else f"«{place}»"
    text = _("{place}: {bag} destroyed") if was_there else _("{place}: {bag} is not there any more")
    typer.echo(text.format(place=name, bag=bag))


def _report(session: Session, outcome: Outcome) -> ExitCode:
    act = outcome.act
    for event in act.cleared:
        removed = sum(event.details["removed"].values())
        typer.echo(_("Removed from the live record: {count} versions.").format(count=removed))
    backups = backups_before(session, act)
    if backups:
        typer.echo(
            _(
                "These copies of the database still hold it, until newer ones take their place: {names}. "
                "Remove them by hand if they must not. A copy that is restored loses it again at once."
            ).format(names=", ".join(backups))
        )
    if not outcome.is_complete:
        for place, bag in outcome.outstanding:
            typer.echo(_("OUTSTANDING on «{place}»: {bag}").format(place=place, bag=bag))
        typer.echo(
            _("Connect what is missing, then: dnevnik-archive retention destroy {number}").format(
                number=act.number
            )
        )
        return ExitCode.PARTIAL
    path = _once(lambda: write_destruction_act(session, act))
    typer.echo(_("Act of destruction № {number}: {path}").format(number=act.number, path=path))
    return ExitCode.OK


def _once(write: Writer) -> Path:
    """The paper; one that lies there from a try before is left as it is."""
    try:
        return write()
    except FileThere as there:
        return there.path


def _approval(
    minutes: str, minutes_day: datetime | None, head: str, head_day: datetime | None
) -> Approval | None:
    """What the commission and the head said: all of it, or nothing if it is on record already."""
    given = (minutes.strip(), minutes_day, head.strip(), head_day)
    if not any(given):
        return None
    if minutes_day is None or head_day is None or not all(given):
        raise typer.BadParameter(
            _("the minutes and the approval are given together, each with its day"),
            param_hint="--minutes, --minutes-day, --approved-by, --approved-on",
        )
    return Approval(minutes.strip(), f"{minutes_day:%Y-%m-%d}", head.strip(), f"{head_day:%Y-%m-%d}")


def _require_texts(reason: str, document: str) -> None:
    if not reason.strip() or not document.strip():
        raise typer.BadParameter(
            _("a reason and a document must be given"), param_hint="--reason, --document"
        )


def _clerk(session: Session, connection: sa.Connection) -> Clerk:
    return Clerk(the_school(connection, session.settings.school_id), account(), utc_text())


def _files(session: Session, connection: sa.Connection, school_id: int) -> list[SealedFile]:
    return sealed_files(connection, school_id, nomenclature_of(session.settings), today_of(session))
