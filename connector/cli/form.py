"""The command ``form``: one form, or several, of a class, a pupil or the school."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import sqlalchemy as sa
import typer
from rich.console import Console
from rich.table import Table

from archive_store.access.log import About, Kind
from archive_store.asof import AsOf
from archive_store.catalogue import families, find_class, require_year, year_span
from archive_store.forms.rules import JournalMark
from archive_store.imports.errors import TableNeeded
from archive_store.texts import N_, _
from connector.cli.destroyed import note_destroyed
from connector.cli.form_rules import form_rules
from connector.cli.giving import giving, lets_out
from connector.cli.paper import source_of
from connector.cli.people import find_person
from connector.cli.session import AsOfOption, Session

if TYPE_CHECKING:
    from archive_store.export.forms import Asked, Form

T = TypeVar("T")
_DAY = ["%Y-%m-%d"]
_SCOPES = {"class": N_("class"), "pupil": N_("pupil"), "school": N_("school")}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(help=_("Write forms by name into a new folder, as PDF/A, XLSX, CSV and JSON."))(form)
    app.command(help=_("List the forms, their names and what each is about."))(forms)


def forms() -> None:
    """List the forms."""
    from archive_store.export.forms import FORMS

    table = Table(box=None, pad_edge=False)
    for heading in (_("Name"), _("About"), _("Form")):
        table.add_column(heading)
    for one in FORMS.values():
        table.add_row(one.name, _(_SCOPES[one.scope.value]), _(one.title))
    Console(soft_wrap=True, highlight=False, markup=False).print(table)


@lets_out(Kind.FORM, Kind.TEMPLATE)
def form(
    context: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar=_("NAME..."), help=_("Names of forms; see: forms"))],
    year: Annotated[int, typer.Option(help=_("Calendar year in which the academic year begins."))],
    out: Annotated[Path, typer.Option(help=_("Folder to be made."))],
    group: Annotated[str | None, typer.Option(help=_("Only this class, such as 9А."))] = None,
    pupil: Annotated[str | None, typer.Option(help=_("The pupil, by id or by name."))] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, metavar=_("YYYY-MM-DD"), help=_("First day."))
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=_DAY, metavar=_("YYYY-MM-DD"), help=_("Last day, inclusive.")),
    ] = None,
    table: Annotated[
        Path | None, typer.Option(help=_("Table to compare with, CSV or XLSX: a plan, results of ВПР."))
    ] = None,
    journal_mark: Annotated[
        JournalMark, typer.Option(help=_("Mark of the journal with which ВПР is compared."))
    ] = JournalMark.LAST_PERIOD,
    formats: Annotated[str, typer.Option("--format", help=_("Of these: pdf,xlsx,csv,json."))] = (
        "pdf,xlsx,csv,json"
    ),
    template: Annotated[
        bool,
        typer.Option("--template", help=_("Write the empty table of the form instead, to be filled in.")),
    ] = False,
    as_of: AsOfOption = None,
) -> None:
    """Write forms."""
    from archive_store.export.blank_tables import write_blank
    from archive_store.export.form_folder import Format, Written, write_forms
    from archive_store.export.forms import FORMS, Asked, Scope
    from archive_store.forms.span import Span

    chosen = [_known(name, FORMS) for name in names]
    written_as = [_known(name.strip(), {one.value: one for one in Format}) for name in formats.split(",")]
    if template:
        _require_template(chosen)
    else:
        _require_table(chosen, table)
    if any(one.scope is Scope.PUPIL for one in chosen) and pupil is None:
        raise typer.BadParameter(_("A form of a pupil needs the pupil."), param_hint="--pupil")
    session: Session = context.obj
    engine = session.engine()
    rules = form_rules(session.settings)
    with engine.connect() as connection:
        at = session.as_of(connection, as_of)
        require_year(connection, at, year)
        span = span_of(first, last, year)
        asked = Asked(
            connection,
            at,
            year,
            span=Span(*span) if span else None,
            group=find_class(connection, at, year, group) if group else None,
            person_id=find_person(connection, at, pupil, staff=False) if pupil else None,
            table=table,
            rules=rules,
            journal_mark=journal_mark,
            zone=session.settings.zone,
        )
        source = source_of(connection, session, at, year)
        about = _about(connection, at, chosen, asked)
        kind = Kind.TEMPLATE if template else Kind.FORM
        with giving(session, engine, at.school_id, kind, about, out) as given:
            if template:
                blank = write_blank(chosen[0], asked, out)
                written = Written(out, (blank,), bytes.fromhex(blank.digest))
            else:
                written = write_forms(chosen, asked, out, source, written_as)
            given.digest = written.digest
            given.counts["files"] = len(written.files)
        note_destroyed(connection, at.school_id, year)
    typer.echo(_("Written: {path}").format(path=written.path))
    for file in written.files:
        typer.echo(f"  {file.path}  {file.size}")


def _require_table(chosen: list[Form], table: Path | None) -> None:
    for one in chosen:
        if one.needs_table and table is None:
            raise TableNeeded(one.name)


def _require_template(chosen: list[Form]) -> None:
    """A template is of one form that takes a table."""
    if len(chosen) != 1 or chosen[0].blank is None:
        raise typer.BadParameter(
            _("One form that takes a table has a template: programme-coverage or vpr."),
            param_hint="--template",
        )


def _about(connection: sa.Connection, at: AsOf, chosen: list[Form], asked: Asked) -> About:
    """The pupil if all of it is about the pupil alone; else the class, or everybody of the year."""
    alone = all(one.scope.value == "pupil" or one.also_of_pupil for one in chosen)
    people = (asked.person_id,) if alone and asked.person_id is not None else ()
    ids = () if asked.group is None or people else families(connection, at, [asked.group])
    days = {"from": asked.span.first, "to": asked.span.last} if asked.span else {}
    names = ", ".join(one.name for one in chosen)
    return About(names, (asked.study_year,), ids, people, at.run_id, days)


def _known(name: str, known: dict[str, T]) -> T:
    if name not in known:
        raise typer.BadParameter(
            _("There is no {name!r}; there are: {known}.").format(name=name, known=", ".join(known))
        )
    return known[name]


def span_of(first: datetime | None, last: datetime | None, year: int) -> tuple[str, str] | None:
    """The days asked for, None for the whole year. One end alone is taken to the year's other end."""
    if first is None and last is None:
        return None
    begins, ends = year_span(year)
    span = (
        first.date().isoformat() if first else begins,
        last.date().isoformat() if last else ends,
    )
    if span[1] < span[0]:
        raise typer.BadParameter(_("The last day is before the first."), param_hint="--to")
    return span
