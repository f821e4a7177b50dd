"""The options by which something is encrypted: for whom, or with which passphrase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer

from archive_store.encryption import locks
from archive_store.encryption.errors import NoRecipients, NotAnIdentity
from archive_store.encryption.locks import Lock
from archive_store.texts import _
from connector.cli.options import with_options
from connector.cli.passwords import secret_text
from connector.cli.session import Session

_Command = TypeVar("_Command", bound=Callable[..., Any])
_OPTIONS: Final[dict[str, tuple[Any, Any]]] = {
    "encrypt": (Annotated[bool, typer.Option("--encrypt", help=_("Encrypt it with age."))], False),
    "recipient": (
        Annotated[
            list[str] | None,
            typer.Option(
                metavar=_("KEY"),
                help=_("Public key (age1... or ssh-...) of who may read it; may be repeated."),
            ),
        ],
        None,
    ),
    "recipients_file": (
        Annotated[Path | None, typer.Option(help=_("File of public keys, one a line."))],
        None,
    ),
    "passphrase_file": (
        Annotated[
            Path | None,
            typer.Option(
                help=_(
                    "File with the passphrase, readable by its owner alone; without keys and file it is "
                    "asked for."
                )
            ),
        ],
        None,
    ),
    "identity": (
        Annotated[
            list[Path] | None,
            typer.Option(help=_("File of a private key, to try at once what was written for keys.")),
        ],
        None,
    ),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person says of the encryption."""

    recipients: list[str] | None = None
    recipients_file: Path | None = None
    passphrase_file: Path | None = None
    identities: list[Path] | None = None


def encryptable(command: _Command) -> _Command:
    """Give a command ``--encrypt`` and its keys; it gets them as ``locking``, None if it is to stay plain."""

    @wraps(command)
    def asked(
        *arguments: Any,  # noqa: ANN401
        encrypt: bool = False,
        recipient: list[str] | None = None,
        recipients_file: Path | None = None,
        passphrase_file: Path | None = None,
        identity: list[Path] | None = None,
        **others: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        keys = (recipient, recipients_file, passphrase_file, identity)
        if any(keys) and not encrypt:
            raise typer.BadParameter(_("These keys are for --encrypt."), param_hint="--encrypt")
        return command(*arguments, locking=Wanted(*keys) if encrypt else None, **others)

    return with_options(asked, command, _OPTIONS, frozenset({"locking"}))  # type: ignore[no-any-return]


def lock_of(session: Session, wanted: Wanted, key_file: Path | None = None) -> Lock:
    """The lock for the keys named, those of the settings, or a passphrase from a file or typed twice.

    ``key_file`` is where a key that the passphrase opens may lie already. Raises what the locks raise.
    """
    keys = [*(wanted.recipients or ()), *_keys_in(wanted.recipients_file)]
    if (keys or wanted.identities) and wanted.passphrase_file:
        raise typer.BadParameter(
            _("Name public keys or a passphrase, not both."), param_hint="--passphrase-file"
        )
    if not keys and wanted.passphrase_file is None:
        keys = _keys_in(session.settings.recipients)
    if keys:
        return locks.for_recipients(keys, wanted.identities or ())
    if wanted.passphrase_file is not None:
        return locks.for_passphrase(_from_file(wanted.passphrase_file), key_file)
    is_known = key_file is not None and key_file.is_file()
    typed: str = typer.prompt(_("Passphrase"), hide_input=True, confirmation_prompt=not is_known)
    return locks.for_passphrase(typed, key_file)


def _keys_in(path: Path | None) -> list[str]:
    """The keys in a file, if one is named. Raises NoRecipients: no other keys may be taken in their place."""
    if path is None:
        return []
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError):
        raise NotAnIdentity(path) from None
    keys = [line for line in lines if line and not line.startswith("#")]
    if not keys:
        raise NoRecipients(path)
    return keys


def _from_file(path: Path) -> str:
    text = secret_text(path, "--passphrase-file")
    if text is None:
        raise NotAnIdentity(path)
    return text.strip("\r\n")
