"""The words of what can go wrong with the ledger, its anchors and the history of records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from archive_store import errors as archive
from archive_store.texts import _
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation, listed


@dataclass
class NoSuchRecord(Exception):
    """The archive never held a record of this kind and these ids, or an act of these destroyed it."""

    kind: str
    ids: str
    acts: list[int] = field(default_factory=list)


@dataclass
class NoSuchPupil(Exception):
    """No pupil of that name, or several."""

    name: str
    known: list[str]


@dataclass
class NoMail(Exception):
    """No mail is set (``reason`` is empty), or it could not be sent."""

    reason: str


def _no_such_record(error: NoSuchRecord) -> Explanation:
    if error.acts:
        return Explanation(
            _("The archive does not hold this record: {kind} {ids}.").format(kind=error.kind, ids=error.ids),
            _(
                "It never did, or the record was destroyed by an act: № {acts}. Nothing tells which it is."
            ).format(acts=", ".join(map(str, error.acts))),
            ExitCode.NOT_IN_ARCHIVE,
        )
    return Explanation(
        _("The archive has never held this record: {kind} {ids}.").format(kind=error.kind, ids=error.ids),
        _("Ids are shown by: dnevnik-archive data, history pupil."),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _no_such_pupil(error: NoSuchPupil) -> Explanation:
    if error.known:
        return Explanation(
            _("Several pupils are called {name}.").format(name=error.name),
            _("Name one by the id: {pupils}.").format(pupils=listed(error.known)),
            ExitCode.NOT_IN_ARCHIVE,
        )
    return Explanation(
        _("The archive knows no pupil called {name}.").format(name=error.name),
        _("Give the surname first, then the name; or the id, as data persons shows it."),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _unknown_run(error: archive.UnknownRun) -> Explanation:
    return Explanation(
        _("The archive knows no run {run} of this school that has ended.").format(run=error.run_id),
        _("The last one is {last}.").format(last=error.last),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _no_mail(error: NoMail) -> Explanation:
    wrong = _("The mail could not be sent ({reason}).") if error.reason else _("No mail is set.")
    return Explanation(
        wrong.format(reason=error.reason),
        _("Set mail_to, mail_from and mail_server in the file of settings; alarm test tries them."),
        ExitCode.SETTINGS,
    )


def _not_an_anchor(error: archive.NotAnAnchor) -> Explanation:
    return Explanation(
        _("This is no anchor of a ledger: {text}.").format(text=error.text),
        _("Name a file that ledger anchor wrote, or ENTRY:HEAD with at least 16 digits of the head."),
        ExitCode.USAGE,
    )


LEDGER: Final[dict[type[BaseException], Explain]] = {
    NoSuchRecord: _no_such_record,
    NoSuchPupil: _no_such_pupil,
    archive.UnknownRun: _unknown_run,
    NoMail: _no_mail,
    archive.NotAnAnchor: _not_an_anchor,
}
