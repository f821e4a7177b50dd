"""The words of what goes wrong with keys and signatures."""

from __future__ import annotations

from archive_store.signatures import errors
from archive_store.signatures.der import printable
from archive_store.texts import _
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation


def _not_private(error: errors.KeyNotPrivate) -> Explanation:
    return Explanation(
        _("The signing key {path} can be read by others.").format(path=error.path),
        _(
            "Close it with: chmod 600 {path}. If somebody may have copied it: dnevnik-archive key renew"
        ).format(path=error.path),
        ExitCode.SETTINGS,
    )


def _unreadable(error: errors.KeyUnreadable) -> Explanation:
    return Explanation(
        _("The file {path} cannot be read, or holds no signing key.").format(path=error.path),
        _("Restore it from the copy; else move it away, and another key is made at the next need."),
        ExitCode.SETTINGS,
    )


def _not_kept(error: errors.KeyNotKept) -> Explanation:
    return Explanation(
        _("The signing key {path} cannot be written: {reason}.").format(
            path=error.path, reason=error.reason.rstrip(".")
        ),
        _("Make room and give yourself the right to write there, or change the setting signing_key_file."),
        ExitCode.FILES,
    )


def _not_a_signature(error: errors.NotASignature) -> Explanation:
    known = {"empty": _("the file is empty"), "too large": _("the file is too large to be a signature")}
    reason = known.get(error.reason, error.reason)
    return Explanation(
        _("The file {path} cannot be attached: {reason}.").format(path=error.path, reason=reason),
        _("Name the file that the signing program has written, such as tagmanifest-sha256.txt.sig."),
        ExitCode.FILES,
    )


def _refused(error: errors.SignatureRefused) -> Explanation:
    wrong = "; ".join(
        f"{printable(one.file)}: {finding.text()}" for one in error.results for finding in one.findings
    )
    return Explanation(
        _("The signature is not valid, and nothing was attached: {findings}.").format(findings=wrong),
        _("Sign the file tagmanifest-sha256.txt of this very bag (detached, CAdES-BES) and attach that."),
        ExitCode.NOT_VERIFIED,
    )


def _attached_already(error: errors.AttachedAlready) -> Explanation:
    return Explanation(
        _("This signature is attached already: {name}.").format(name=error.name),
        _("Look at it with: dnevnik-archive snapshot signatures"),
        ExitCode.FILES,
    )


SIGNATURES: dict[type[BaseException], Explain] = {
    errors.KeyNotPrivate: _not_private,
    errors.KeyUnreadable: _unreadable,
    errors.KeyNotKept: _not_kept,
    errors.NotASignature: _not_a_signature,
    errors.SignatureRefused: _refused,
    errors.AttachedAlready: _attached_already,
}
