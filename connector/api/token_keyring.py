"""The token in the keyring of the operating system: Windows, macOS, or a Linux desktop.

The library is an optional extra: a PC without a desktop has no keyring, and a file serves it well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from connector.api.sign_in_errors import KeyringFails, KeyringMissing
from connector.api.tokens import TokenRecord, read_text, to_text

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE: Final = "dnevnik-archive"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TokenKeyring:
    """One entry of the keyring. ``account`` names it: there is one for each archive and school."""

    account: str
    assumed_life: timedelta

    @property
    def place(self) -> str:
        """The keyring's entry."""
        return f"{_SERVICE}: {self.account}"

    def read(self) -> TokenRecord | None:
        """The token, or None if there is no entry. Raises KeyringMissing, KeyringFails, NotASecret."""
        text = _asked(lambda keyring: keyring.get_password(_SERVICE, self.account))
        return read_text(text, self.place, None, self.assumed_life) if text else None

    def write(self, record: TokenRecord) -> None:
        """Replace the entry. Raises KeyringMissing, KeyringFails."""
        _asked(lambda keyring: keyring.set_password(_SERVICE, self.account, to_text(record)))

    def remove(self) -> bool:
        """Delete the entry. Raises KeyringMissing, KeyringFails."""
        if _asked(lambda keyring: keyring.get_password(_SERVICE, self.account)) is None:
            return False
        _asked(lambda keyring: keyring.delete_password(_SERVICE, self.account))
        return True


def _asked(ask: Callable[[KeyringBackend], T]) -> T:
    try:
        import keyring
    except ImportError:
        raise KeyringMissing from None
    try:
        return ask(keyring.get_keyring())
    except Exception as error:  # noqa: BLE001 - each system's keyring fails in its own way
        # No "from error": what a keyring says of its failure may repeat what it was to keep.
        raise KeyringFails(type(error).__name__) from None
