"""What is said when something may not be destroyed, held or shown any more."""

from __future__ import annotations

from datetime import date
from typing import Final

from archive_store.restore.errors import AllDestroyed
from archive_store.retention import errors as retention
from archive_store.retention.holds import Subject
from archive_store.texts import _
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation, listed
from connector.cli.retention_subject import covered


def _destroyed(error: retention.RecordsDestroyed) -> Explanation:
    return Explanation(
        _("This was destroyed when its term was over: {what}, by the act № {acts}.").format(
            what=error.what, acts=_numbers(error.acts)
        ),
        _(
            "What is left of the year is in its summary sheets; the act: dnevnik-archive retention act {act}"
        ).format(act=error.acts[0]),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _nothing_left(error: retention.NothingLeft) -> Explanation:
    return Explanation(
        _("Nothing is left to hold: {what} - destroyed by the acts № {acts}. No hold was put.").format(
            what=covered(Subject(error.study_year, error.stem)), acts=_numbers(error.acts)
        ),
        _("What is left, bag by bag: dnevnik-archive retention due"),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _not_confirmed(_error: retention.TermsNotConfirmed) -> Explanation:
    return Explanation(
        _("The school has not confirmed the terms of keeping: nothing may be selected by them."),
        _(
            "Compare them with the school's list of files (dnevnik-archive terms show), then: "
            "dnevnik-archive terms confirm"
        ),
        ExitCode.NOT_READY,
    )


def _nothing_due(error: retention.NothingDue) -> Explanation:
    wrong = _("Nothing may be selected for destruction.")
    if error.held:
        wrong += " " + _("Held: {bags}.").format(bags=listed(error.held))
    if error.next_day:
        day = f"{date.fromisoformat(error.next_day):%d.%m.%Y}"
        wrong += " " + _("The next term is over on {day}.").format(day=day)
    return Explanation(wrong, _("Why, bag by bag: dnevnik-archive retention due"), ExitCode.NOT_READY)


def _unknown_act(error: retention.UnknownAct) -> Explanation:
    return Explanation(
        _("There is no act № {number}.").format(number=error.number),
        _("Acts: {acts}. A new one is made by: dnevnik-archive retention propose").format(
            acts=_numbers(error.known)
        ),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _unknown_hold(error: retention.UnknownHold) -> Explanation:
    return Explanation(
        _("No hold № {number} stands.").format(number=error.number),
        _("These stand: {holds}.").format(holds=_numbers(error.known)),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _unknown_bag(error: retention.UnknownBag) -> Explanation:
    if not error.name:
        return Explanation(
            _("Nothing of this academic year is sealed: {year}.").format(year=error.study_year),
            _("Sealed years: {years}.").format(years=listed(error.known)),
            ExitCode.NOT_IN_ARCHIVE,
        )
    if error.study_year is None:
        return Explanation(
            _("{name} is found in several academic years, or in none.").format(name=error.name),
            _("Name the year too; known: {known}.").format(known=listed(error.known)),
            ExitCode.NOT_IN_ARCHIVE,
        )
    return Explanation(
        _("The academic year {year} has no sealed class or bag called {name}.").format(
            year=error.study_year, name=error.name
        ),
        _("It has: {known}.").format(known=listed(error.known)),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _not_approved(error: retention.NotApproved) -> Explanation:
    return Explanation(
        _("The act № {number} is not approved.").format(number=error.number),
        _(
            "Give the number and day of the expert commission's minutes and who approved it and when: "
            "--minutes --minutes-day --approved-by --approved-on"
        ),
        ExitCode.NOT_READY,
    )


def _superseded(error: retention.Superseded) -> Explanation:
    return Explanation(
        _("The act № {number} counts no more: the later act № {by} names the same bags.").format(
            number=error.number, by=error.by
        ),
        _("Carry out that one."),
        ExitCode.NOT_READY,
    )


def _not_due(error: retention.NotDue) -> Explanation:
    return Explanation(
        _(
            "The act cannot be carried out: the term is not over, or an edition was added since: {bags}."
        ).format(bags=listed(error.bags)),
        _("Look at dnevnik-archive retention due and make a new act: dnevnik-archive retention propose"),
        ExitCode.NOT_READY,
    )


def _held(error: retention.Held) -> Explanation:
    return Explanation(
        _("A legal hold forbids it (№ {holds}): {bags}. Nothing was destroyed.").format(
            holds=_numbers(error.holds), bags=listed(error.bags)
        ),
        _(
            "When its reason is gone: dnevnik-archive retention release NUMBER; or make a new act without "
            "what is held: dnevnik-archive retention propose"
        ),
        ExitCode.NOT_READY,
    )


def _sheets(error: retention.SheetsNotVerified) -> Explanation:
    return Explanation(
        _(
            "The summary sheets of {year}/{next} were found sound on carriers in {rooms} rooms just now; "
            "two are needed before their journals may go. Nothing was destroyed."
        ).format(year=error.study_year, next=error.study_year + 1, rooms=error.rooms),
        _(
            "Connect two carriers of different rooms; copy what they lack: "
            "dnevnik-archive snapshot copy {year}"
        ).format(year=error.study_year),
        ExitCode.NOT_READY,
    )


def _journals(error: retention.JournalsRemain) -> Explanation:
    return Explanation(
        _("The summary sheets of {year}/{next} vouch for bags that are not destroyed yet: {bags}.").format(
            year=error.study_year, next=error.study_year + 1, bags=listed(error.bags)
        ),
        _("Destroy those first, by an act of their own."),
        ExitCode.NOT_READY,
    )


def _absent(error: retention.CarriersAbsent) -> Explanation:
    return Explanation(
        _("Carriers with copies are not there: {names}. Nothing was destroyed.").format(
            names=listed(error.names)
        ),
        _("Connect them and run the command again; or leave them outstanding: --leave-absent"),
        ExitCode.FILES,
    )


def _other_bag(error: retention.OtherBagThere) -> Explanation:
    return Explanation(
        _("On «{place}» another bag lies in the place of {bag}: it was left alone.").format(
            place=error.place, bag=error.bag
        ),
        _("Find out what it is and take it away, then: dnevnik-archive retention destroy"),
        ExitCode.FILES,
    )


def _not_vouched(error: retention.RecordNotVouched) -> Explanation:
    return Explanation(
        _("The live record is not what the ledger says ({places}): nothing of it was removed.").format(
            places=listed(error.places[:5])
        ),
        _("Find out why: dnevnik-archive ledger verify; then: dnevnik-archive retention destroy"),
        ExitCode.NOT_VERIFIED,
    )


def _all_destroyed(error: AllDestroyed) -> Explanation:
    return Explanation(
        _("All that lies in {path} was destroyed by the act № {acts}: it is not restored.").format(
            path=error.path, acts=_numbers(error.acts)
        ),
        _("A copy that has turned up must be destroyed too, and an act made of it."),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _numbers(known: list[int]) -> str:
    return listed([str(one) for one in known])


RETENTION: Final[dict[type[BaseException], Explain]] = {
    retention.RecordsDestroyed: _destroyed,
    retention.NothingLeft: _nothing_left,
    retention.TermsNotConfirmed: _not_confirmed,
    retention.NothingDue: _nothing_due,
    retention.UnknownAct: _unknown_act,
    retention.UnknownHold: _unknown_hold,
    retention.UnknownBag: _unknown_bag,
    retention.NotApproved: _not_approved,
    retention.Superseded: _superseded,
    retention.NotDue: _not_due,
    retention.Held: _held,
    retention.SheetsNotVerified: _sheets,
    retention.JournalsRemain: _journals,
    retention.CarriersAbsent: _absent,
    retention.OtherBagThere: _other_bag,
    retention.RecordNotVouched: _not_vouched,
    AllDestroyed: _all_destroyed,
}
