"""The command ``person card``: all that the archive holds on one person, for that person's request."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive_store.access.log import About, Kind
from archive_store.export.contents import CHECKSUMS, checksums
from archive_store.export.folder import new_folder
from archive_store.texts import _
from connector.cli.destroyed import note_destroyed
from connector.cli.form_rules import form_signs
from connector.cli.giving import giving, lets_out, occasion_of
from connector.cli.paper import source_of
from connector.cli.people import find_person
from connector.cli.session import Session
from connector.cli.year_gate import terms_of


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help=_("What the archive holds on one person."))
    group.command(help=_("Write all that is held on a pupil or a member of staff, by the person's request."))(
        card
    )
    app.add_typer(group, name="person")


@lets_out(Kind.CARD)
def card(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar=_("NAME|ID"), help=_("Surname, and name if need be; or id."))],
    out: Annotated[Path, typer.Option(help=_("Folder to be made."))],
) -> None:
    """Write the card of a person as PDF/A and JSON."""
    from archive_store.access.card import person_card
    from archive_store.access.card_paper import card_json, card_pdf, grounds

    session: Session = context.obj
    settings, engine = session.settings, session.engine()
    occasion, signs = occasion_of(session), form_signs(settings)
    with engine.connect() as connection:
        at = session.as_of(connection, None)
        person_id = find_person(connection, at, who)
        about = About("person card", people=(person_id,), as_of_run=at.run_id)
        with giving(session, engine, at.school_id, Kind.CARD, about, out) as given:
            found = person_card(connection, at, person_id, given.number)
            why = grounds(settings.card_purpose.strip(), settings.card_basis.strip())
            source = source_of(connection, session, at, max(found.subject.years, default=0))
            terms = terms_of(connection, at.school_id, settings)
            with new_folder(out) as folder:
                folder.add("card.pdf", card_pdf(found, occasion, why, terms, source, settings.zone, signs))
                folder.add("card.json", card_json(found, occasion, why, source))
                folder.add(CHECKSUMS, checksums(folder.files))
            given.digest = bytes.fromhex(folder.files[-1].digest)
            given.counts["rows"] = sum(len(one.lives) for one in found.holdings)
        note_destroyed(connection, at.school_id)
    typer.echo(_("Card of {name}: {path}").format(name=found.name, path=out))
