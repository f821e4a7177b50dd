"""The words of what can go wrong with encryption. None repeats a passphrase."""

from __future__ import annotations

from typing import Final

from archive_store.encryption import errors as encryption
from archive_store.texts import _
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation


def _not_a_recipient(error: encryption.NotARecipient) -> Explanation:
    return Explanation(
        _("This is no public key of age or SSH: {text}.").format(text=error.text or "—"),
        _("A key begins with age1 (age-keygen makes one), ssh-ed25519 or ssh-rsa."),
        ExitCode.USAGE,
    )


def _no_recipients(error: encryption.NoRecipients) -> Explanation:
    return Explanation(
        _("The file of public keys holds no key: {path}.").format(path=error.path),
        _("Write the keys into it, one a line. Nothing was encrypted for anybody else instead."),
        ExitCode.USAGE,
    )


def _not_an_identity(error: encryption.NotAnIdentity) -> Explanation:
    return Explanation(
        _("The file cannot be read, or holds no key: {path}.").format(path=error.path),
        _("Name a file of keys as age-keygen or ssh-keygen writes it, or a text file of a passphrase."),
        ExitCode.FILES,
    )


def _wrong_passphrase(error: encryption.WrongPassphrase) -> Explanation:
    return Explanation(
        _("The passphrase does not open {path}, with which the carrier is encrypted.").format(
            path=error.path
        ),
        _("Type the passphrase of this carrier; or take an empty carrier for another one."),
        ExitCode.FILES,
    )


def _weak(error: encryption.WeakPassphrase) -> Explanation:
    return Explanation(
        _("The passphrase is too short: at least {count} characters are needed.").format(count=error.fewest),
        _("Five or six words that do not belong together are easy to keep and hard to guess."),
        ExitCode.USAGE,
    )


def _not_sound(error: encryption.EncryptedNotSound) -> Explanation:
    return Explanation(
        _("What was read back is not what was written: {path}.").format(path=error.path),
        _("Nothing was left there under its name. The carrier fails: take another one."),
        ExitCode.NOT_VERIFIED,
    )


ENCRYPTION: Final[dict[type[BaseException], Explain]] = {
    encryption.NotARecipient: _not_a_recipient,
    encryption.NoRecipients: _no_recipients,
    encryption.NotAnIdentity: _not_an_identity,
    encryption.WrongPassphrase: _wrong_passphrase,
    encryption.WeakPassphrase: _weak,
    encryption.EncryptedNotSound: _not_sound,
}
