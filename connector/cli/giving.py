"""Commands that let personal data out declare it here, and get the options that say who asks and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
import typer

from archive_store.access import giving as access
from archive_store.access.giving import Given
from archive_store.access.log import About, Kind, Occasion, Read
from archive_store.carriers.copies import SealedBag
from archive_store.export.request import EXAMPLE
from archive_store.texts import _
from connector.cli.options import with_options
from connector.cli.session import Said, Session, account, utc_text

STDOUT = "stdout"
_Command = TypeVar("_Command", bound=Callable[..., Any])


_OPTIONS = {
    "by": _("Who reads: post and name; by default the setting operator."),
    "purpose": _("What it is for; stands in the log of access."),
    "request": _("Number and date of the request, such as '{example}'; stands in the log of access.").format(
        example=EXAMPLE
    ),
    "addressee": _("Who gets it; stands in the log of access."),
}


def lets_out(*kinds: Kind) -> Callable[[_Command], _Command]:
    """Declare what personal data a command lets out, and give it the options of the log of access.

    The command itself must do so within :func:`giving`; a test holds each declared command to it.
    """

    def declare(command: _Command) -> _Command:
        @wraps(command)
        def asked(
            context: typer.Context,
            *arguments: Any,  # noqa: ANN401
            by: str = "",
            purpose: str = "",
            request: str = "",
            addressee: str = "",
            **others: Any,  # noqa: ANN401
        ) -> Any:  # noqa: ANN401
            context.obj.said = Said(by.strip(), purpose.strip(), request.strip(), addressee.strip())
            return command(context, *arguments, **others)

        options = {
            name: (Annotated[str, typer.Option(metavar=_("TEXT"), help=text)], "")
            for name, text in _OPTIONS.items()
        }
        described = with_options(asked, command, options)
        described.lets_out = kinds
        return described  # type: ignore[no-any-return]

    return declare


def occasion_of(session: Session) -> Occasion:
    """Who reads and why, as far as it was said."""
    said = session.said or Said()
    who = said.by or session.settings.operator.strip()
    return Occasion(account(), who, said.purpose, said.request, said.addressee)


@contextmanager
def giving(
    session: Session,
    engine: sa.Engine,
    school_id: int,
    kind: Kind,
    about: About,
    target: str | Path = STDOUT,
    occasion: Occasion | None = None,
) -> Iterator[Given]:
    """The block in which data leave: logged before and after. Raises what :func:`access.giving` raises.

    ``occasion`` is who reads and why, if more of it is known than was said.
    """
    occasion = occasion or occasion_of(session)
    place = str(target.absolute()) if isinstance(target, Path) else target
    with access.giving(engine, school_id, occasion, Read(kind, about, place), utc_text) as given:
        yield given


def about_bags(bags: Sequence[SealedBag]) -> About:
    """Sealed bags as the log names them: by their years, and how many."""
    return About("bags", tuple(sorted({one.study_year for one in bags})), details={"bags": len(bags)})


def digest_of(bags: Sequence[SealedBag]) -> bytes:
    """SHA-256 of the list of bags with their roots, which cover all that is in them."""
    return sha256("".join(f"{one.root}  {one.place}\n" for one in bags).encode()).digest()


class Digesting:
    """A text stream that digests what passes through it on its way out."""

    def __init__(self, out: Any) -> None:  # noqa: ANN401 - any text stream
        self._out = out
        self._digest = sha256()

    def write(self, text: str) -> int:
        """Write on."""
        self._digest.update(text.encode("utf-8", "surrogatepass"))
        return int(self._out.write(text))

    def flush(self) -> None:
        """Flush the stream behind."""
        self._out.flush()

    def digest(self) -> bytes:
        """SHA-256 of what has passed, as UTF-8."""
        return self._digest.digest()
