"""Carriers that travel: copies on them are encrypted, and are checked by the sums of the encrypted files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
import typer

from archive_store.access.log import Kind
from archive_store.carriers import encrypting
from archive_store.carriers.book import Scribe
from archive_store.carriers.copies import Level, Place, SealedBag
from archive_store.carriers.copying import Outcome
from archive_store.carriers.encrypting import KEY_FILE, State
from archive_store.carriers.errors import EncryptedAtHome
from archive_store.carriers.register import require_present
from archive_store.texts import N_, _
from connector.cli.exit_codes import ExitCode
from connector.cli.giving import about_bags, digest_of, giving
from connector.cli.locking import Wanted, lock_of
from connector.cli.session import Session

_STATES: Final = {
    State.SOUND: N_("as it was written"),
    State.DAMAGED: N_("DAMAGED: copy it anew with snapshot copy --encrypt"),
    State.MISSING: N_("MISSING: copy it anew with snapshot copy --encrypt"),
}


def copy(
    session: Session,
    engine: sa.Engine,
    scribe: Scribe,
    bags: list[SealedBag],
    place: Place,
    wanted: Wanted,
) -> int:
    """Copy sealed bags to a carrier that travels, encrypted. Raises EncryptedAtHome before it asks."""
    if not encrypting.travels(place):
        raise EncryptedAtHome(place.name)
    if place.carrier is not None:
        require_present(place.carrier, scribe.school_id)
    lock = lock_of(session, wanted, place.root / KEY_FILE)
    with giving(session, engine, scribe.school_id, Kind.COPY, about_bags(bags), place.name) as given:
        for one in encrypting.encrypt(engine, scribe, bags, place, lock):
            said = _("encrypted and read back") if one.outcome is Outcome.COPIED else _("there already")
            typer.echo(f"{one.sealed.place}: {said}")
        given.digest = digest_of(bags)
        given.counts |= {"bags": len(bags), "carrier": place.key, "encrypted": 1}
    typer.echo(_("Bags on «{name}», encrypted: {count}.").format(name=place.name, count=len(bags)))
    if lock.key_file is None:
        if not lock.identities:
            typer.echo(_("They were compared byte by byte; whether they open, --identity FILE tries."))
    else:
        typer.echo(
            _("They were opened again with the passphrase. Keep it in a sealed envelope, not with them.")
        )
    return ExitCode.OK


def refuse_what_needs_plain_copies(place: Place, level: Level, protocol: Path | None) -> None:
    """The sums of encrypted files are all that can be checked without a key. Raises BadParameter."""
    given = [
        name
        for name, is_given in (("--level", level is not Level.FULL), ("--protocol", protocol))
        if is_given
    ]
    if given:
        text = _(
            "the copies on «{name}» are encrypted: they are checked by the sums of their files "
            "(as --level full does), and no protocol is made; leave it out"
        )
        raise typer.BadParameter(text.format(name=place.name), param_hint=", ".join(given))


def check(engine: sa.Engine, scribe: Scribe, place: Place) -> int:
    """Check the encrypted files of a carrier that travels by their sums."""
    if place.carrier is not None:
        require_present(place.carrier, scribe.school_id)
    with engine.connect() as connection:
        known = encrypting.encrypted(connection, scribe.school_id, place)
    bad = 0
    for one in known:
        state = encrypting.state(place, one)
        bad += state is not State.SOUND
        typer.echo(f"{one.file}: {_(_STATES[state])}")
    typer.echo(
        _("Encrypted files on «{name}»: {all}; not as they were written: {bad}.").format(
            name=place.name, all=len(known), bad=bad
        )
    )
    return ExitCode.NOT_VERIFIED if bad else ExitCode.OK
