"""Locks: for whom something is encrypted, by public keys or by a passphrase, and whether it can be tried.

With a passphrase, big files are encrypted to a key of their own, and the passphrase encrypts that key: the
file ``identity.age`` is one that ordinary ``age -d -i identity.age`` takes. So files are streamed, and the
slow derivation of a key from a passphrase is done once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import pyrage

from archive_store.encryption.errors import NotAnIdentity, NotARecipient, WeakPassphrase, WrongPassphrase

FEWEST_CHARACTERS: Final = 12


@dataclass(frozen=True, slots=True)
class Lock:
    """Encrypts to public keys. ``names`` are these keys as text; ``identities`` can open what it locks.

    ``key_file`` is the private key encrypted with a passphrase, to lie beside what is encrypted.
    """

    names: tuple[str, ...]
    recipients: Sequence[Any] = field(repr=False)
    identities: Sequence[Any] = field(default=(), repr=False)
    key_file: bytes | None = field(default=None, repr=False)

    def encrypt(self, source: Any, target: IO[bytes]) -> None:  # noqa: ANN401 - anything that reads
        """Encrypt what ``source`` reads into ``target``, as a stream."""
        pyrage.encrypt_io(source, target, list(self.recipients))

    def decrypt(self, source: IO[bytes], target: Any) -> None:  # noqa: ANN401 - anything that writes
        """The way back, with the identities. Raises pyrage.DecryptError."""
        pyrage.decrypt_io(source, target, list(self.identities))


def for_recipients(lines: Iterable[str], identities: Iterable[Path] = ()) -> Lock:
    """A lock for public keys, one a line; empty lines and comments (#) are passed over.

    ``identities`` are files of private keys by which what is written can be tried. Raises NotARecipient,
    NotAnIdentity.
    """
    texts = [line.strip() for line in lines]
    texts = [line for line in texts if line and not line.startswith("#")]
    if not texts:
        raise NotARecipient("")
    opened = [key for path in identities for key in _identities(path)]
    return Lock(tuple(texts), [_recipient(text) for text in texts], opened)


def for_passphrase(passphrase: str, key_file: Path | None = None) -> Lock:
    """A lock of a new key that the passphrase encrypts, or of the one that ``key_file`` holds.

    Raises WeakPassphrase, WrongPassphrase.
    """
    if len(passphrase) < FEWEST_CHARACTERS:
        raise WeakPassphrase(FEWEST_CHARACTERS)
    if key_file is not None and key_file.is_file():
        return _opened(passphrase, key_file)
    identity = pyrage.x25519.Identity.generate()
    public = identity.to_public()
    text = f"# public key: {public}\n{identity}\n"
    encrypted = pyrage.passphrase.encrypt(text.encode(), passphrase)
    return Lock((str(public),), [public], [identity], encrypted)


def _opened(passphrase: str, key_file: Path) -> Lock:
    content = key_file.read_bytes()
    try:
        text = pyrage.passphrase.decrypt(content, passphrase).decode()
    except (pyrage.DecryptError, UnicodeDecodeError):
        raise WrongPassphrase(key_file) from None
    (secret,) = [line for line in text.splitlines() if line.startswith("AGE-SECRET-KEY-")]
    identity = pyrage.x25519.Identity.from_str(secret)
    public = identity.to_public()
    return Lock((str(public),), [public], [identity], content)


def _recipient(text: str) -> Any:  # noqa: ANN401 - one of pyrage's kinds
    kind = pyrage.ssh if text.startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise NotARecipient(text[:80]) from None


def _identities(path: Path) -> list[Any]:
    try:
        content = path.read_bytes()
        lines = [line.strip() for line in content.decode().splitlines()]
        secrets = [line for line in lines if line.startswith("AGE-SECRET-KEY-")]
        if secrets:
            return [pyrage.x25519.Identity.from_str(line) for line in secrets]
        return [pyrage.ssh.Identity.from_buffer(content)]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        raise NotAnIdentity(path) from None
