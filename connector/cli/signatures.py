"""Commands of signatures: who has signed what is sealed; attach what the head has signed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from archive_store.signatures import attaching
from archive_store.signatures.attaching import ToAttach
from archive_store.signatures.der import printable
from archive_store.signatures.keys import KnownKey
from archive_store.signatures.result import LIMITS, Result, Verdict, utc
from archive_store.snapshot import signed
from archive_store.snapshot.signed import SignedBag
from archive_store.texts import N_, _
from connector.cli.exit_codes import ExitCode
from connector.cli.keys import key_ring
from connector.cli.session import Session

_VERDICTS = {
    Verdict.VALID: N_("valid"),
    Verdict.INVALID: N_("NOT VALID"),
    Verdict.NOT_CHECKED: N_("not checked"),
    Verdict.KEPT: N_("kept"),
}


def add_to(snapshot: typer.Typer) -> None:
    """Add the commands to those of sealed years."""
    snapshot.command("signatures", help=_("Who has signed what is sealed, and whether it is valid."))(report)
    snapshot.command("sign-attach", help=_("Attach a signature that was made outside."))(sign_attach)


def report(
    context: typer.Context,
    path: Annotated[
        Path, typer.Argument(metavar=_("FOLDER"), help=_("Folder of a bag, of a year, or of sealed years."))
    ],
    fingerprint: Annotated[
        str,
        typer.Option(help=_("The key that has signed, from the signed act; by default the ones kept here.")),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help=_("As JSON, for programs."))] = False,
) -> int:
    """Check all signatures."""
    session: Session = context.obj
    known = [KnownKey(_plain(fingerprint))] if fingerprint else key_ring(session).known()
    bags = signed.survey(path, known, datetime.now(UTC))
    if as_json:
        typer.echo(orjson.dumps(_as_json(bags), option=orjson.OPT_INDENT_2).decode())
    else:
        for bag in bags:
            typer.echo(printable(bag.name))
            _print(bag.results)
        _print_counts([one for bag in bags for one in bag.results])
    return ExitCode.OK if all(bag.sound for bag in bags) else ExitCode.NOT_VERIFIED


def sign_attach(
    context: typer.Context,
    path: Annotated[
        Path,
        typer.Argument(
            metavar=_("FOLDER"), help=_("Folder of a bag or of a year: then its summary is meant.")
        ),
    ],
    signature: Annotated[
        Path | None,
        typer.Argument(
            metavar=_("FILE"), help=_("Detached signature (CMS, CAdES) of tagmanifest-sha256.txt.")
        ),
    ] = None,
    time_stamp: Annotated[
        Path | None, typer.Option(help=_("Time-stamp (RFC 3161) of the signature."))
    ] = None,
    mchd: Annotated[Path | None, typer.Option(help=_("Power of attorney of who has signed (XML)."))] = None,
) -> int:
    """Check a signature and lay it beside what is sealed."""
    session: Session = context.obj
    if signature is None and time_stamp is None:
        raise typer.BadParameter(_("name the file of a signature, of a time-stamp, or of both"))
    if signature is None and mchd is not None:
        raise typer.BadParameter(_("a power of attorney belongs to a signature: name that too"))
    ring = key_ring(session)
    attached = attaching.attach(
        signed.to_sign(path),
        ToAttach(signature, time_stamp, mchd),
        ring.known(),
        ring.current(),
        datetime.now(UTC),
    )
    typer.echo(_("Attached: {names}").format(names=", ".join(attached.names)))
    _print(attached.results)
    _print_counts(attached.results)
    unsure = any(one.verdict is Verdict.NOT_CHECKED for one in attached.results)
    return ExitCode.NOT_VERIFIED if unsure else ExitCode.OK


def _print(results: Iterable[Result]) -> None:
    for one in results:
        typer.echo(f"  {printable(one.file)}: {_(_VERDICTS[one.verdict])}")
        for line in _about(one):
            typer.echo(f"    {line}")


def _about(one: Result) -> Iterable[str]:
    if one.key:
        yield _("key {fingerprint}").format(fingerprint=one.key)
    if one.by is not None:
        yield one.by.subject
        yield _("certificate {serial} of {issuer}, valid from {begins} to {ends}").format(
            serial=one.by.serial,
            issuer=one.by.issuer,
            begins=utc(one.by.not_before),
            ends=utc(one.by.not_after),
        )
        yield one.by.algorithm
    if one.at is not None:
        yield _("moment: {moment}").format(moment=utc(one.at))
    if one.over:
        yield _("over: {what}").format(what=printable(one.over))
    yield from (f"! {finding.text()}" for finding in one.findings)
    yield from (note.text() for note in one.notes)


def _print_counts(results: list[Result]) -> None:
    counts = Counter(one.verdict for one in results)
    typer.echo(
        _("Valid: {valid}, not valid: {invalid}, not checked: {not_checked}, kept: {kept}.").format(
            valid=counts[Verdict.VALID],
            invalid=counts[Verdict.INVALID],
            not_checked=counts[Verdict.NOT_CHECKED],
            kept=counts[Verdict.KEPT],
        )
    )
    if any(one.by for one in results):
        typer.echo(
            _("Of qualified signatures and time-stamps, mathematics and dates were checked. NOT checked:")
        )
        for limit in LIMITS.values():
            typer.echo(f"  - {_(limit)}")
        typer.echo(_("These the school's certified program checks, or the service on gosuslugi.ru."))


def _as_json(bags: list[SignedBag]) -> dict[str, Any]:
    return {
        "version": 1,
        "sound": all(bag.sound for bag in bags),
        "never_checked": {code: _(text) for code, text in LIMITS.items()},
        "bags": [
            {
                "bag": printable(bag.name),
                "root": bag.root or None,
                "sound": bag.sound,
                "signatures": [one.as_json() for one in bag.results],
            }
            for bag in bags
        ],
    }


def _plain(fingerprint: str) -> str:
    """A fingerprint as typed from a paper: in groups or not, in any case."""
    plain = re.sub(r"[\s:-]", "", fingerprint).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", plain):
        raise typer.BadParameter(_("a fingerprint has 64 digits 0-9 and letters a-f"))
    return plain
