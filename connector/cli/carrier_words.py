"""The words of what can go wrong with carriers and with restoring."""

from __future__ import annotations

from typing import Final

from archive_store.carriers import errors as carriers
from archive_store.carriers.book import OWN
from archive_store.carriers.repairing import RepairNotSound
from archive_store.restore import errors as restoring
from archive_store.restore.wording import reason_text
from archive_store.texts import _
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation, listed

_SHOWN: Final = 5


def _some(findings: list[str]) -> str:
    shown = "; ".join(findings[:_SHOWN])
    more = len(findings) - _SHOWN
    return shown + (" " + _("... and {count} more.").format(count=more) if more > 0 else "")


def _device(name: str) -> str:
    return _("the archive itself") if name == OWN else _("the carrier «{name}»").format(name=name)


def _unknown(error: carriers.UnknownCarrier) -> Explanation:
    return Explanation(
        _("There is no carrier called {name} in use.").format(name=error.name),
        _("These are in use: {names}. Take one into use with: dnevnik-archive carrier add").format(
            names=listed(error.known)
        ),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _known(error: carriers.CarrierKnown) -> Explanation:
    return Explanation(
        _("A carrier «{what}» is in use already, or the name is reserved.").format(what=error.what),
        _("See them with: dnevnik-archive carrier list. One that is found elsewhere: carrier move"),
        ExitCode.FILES,
    )


def _not_there(error: carriers.CarrierNotThere) -> Explanation:
    return Explanation(
        _("The carrier «{name}» is not there ({path}), or was taken out.").format(
            name=error.name, path=error.path
        ),
        _(
            "Connect it and run the command again: it goes on from here. "
            "If it is found elsewhere: dnevnik-archive carrier move"
        ),
        ExitCode.FILES,
    )


def _other_there(error: carriers.OtherCarrierThere) -> Explanation:
    return Explanation(
        _("What lies in {path} is not the carrier «{name}» of this school.").format(
            name=error.name, path=error.path
        ),
        _("Connect the right carrier; or say where it is with: dnevnik-archive carrier move"),
        ExitCode.FILES,
    )


def _same_device(error: carriers.SameDevice) -> Explanation:
    return Explanation(
        _("{path} lies on the same physical device as {other}: if it fails, both are lost.").format(
            path=error.path, other=_device(error.taken_by)
        ),
        _(
            "Choose another disk. To practise all the same: --same-device-confirmed; "
            "such a copy does not count as a second one."
        ),
        ExitCode.FILES,
    )


def _device_unknown(error: carriers.DeviceNotKnown) -> Explanation:
    others = ", ".join(_device(name) for name in error.compared_with)
    return Explanation(
        _("The system does not say whether {path} lies on another physical device than: {others}.").format(
            path=error.path, others=others
        ),
        _("If it does, say so: --other-device-confirmed. If not: --same-device-confirmed"),
        ExitCode.FILES,
    )


def _plain(error: carriers.PlainOnTravelling) -> Explanation:
    return Explanation(
        _("The carrier «{name}» leaves the school: what is copied there must be encrypted.").format(
            name=error.name
        ),
        _("Add --encrypt; the passphrase is asked for, or name keys with --recipient."),
        ExitCode.USAGE,
    )


def _at_home(error: carriers.EncryptedAtHome) -> Explanation:
    return Explanation(
        _("The carrier «{name}» stays in the school: its copies must be readable in 25 years.").format(
            name=error.name
        ),
        _("Leave --encrypt out; encrypted copies go to a carrier added with --role travelling."),
        ExitCode.USAGE,
    )


def _copy_not_sound(error: carriers.CopyNotSound) -> Explanation:
    return Explanation(
        _("What was read back from the carrier is not what was written ({bag}): {findings}.").format(
            bag=error.bag, findings=_some(error.findings)
        ),
        _("Nothing was left there under its name. The carrier fails: take another one."),
        ExitCode.NOT_VERIFIED,
    )


def _source_not_sound(error: carriers.SourceNotSound) -> Explanation:
    return Explanation(
        _("{bag} cannot be copied: the bag in {path} is damaged or not there. {findings}")
        .format(bag=error.bag, path=error.path, findings=_some(error.findings))
        .rstrip(),
        _("Check all copies, which also says how to mend one: dnevnik-archive snapshot verify --all"),
        ExitCode.NOT_VERIFIED,
    )


def _link(error: carriers.LinkInTheWay) -> Explanation:
    return Explanation(
        _("{path} is a link, and links are not followed: it could lead anywhere.").format(path=error.path),
        _("Find out who put it there, take it away and run the command again."),
        ExitCode.FILES,
    )


def _nothing_sealed(error: carriers.NothingSealed) -> Explanation:
    years = listed([f"{year}/{year + 1}" for year in error.known])
    return Explanation(
        _("The archive has not sealed this academic year. It has sealed: {years}.").format(years=years),
        _("Close a year with: dnevnik-archive year close"),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _repair_not_sound(error: RepairNotSound) -> Explanation:
    return Explanation(
        _("{bag} does not verify in its place: {findings}. The copy before lies in {aside}.").format(
            bag=error.bag, findings=_some(error.findings), aside=error.aside
        ),
        _("The carrier fails: take another one."),
        ExitCode.NOT_VERIFIED,
    )


def _bag_not_readable(error: restoring.BagNotReadable) -> Explanation:
    return Explanation(
        _("{place} cannot be read as what it says it is: {reason}.").format(
            place=error.place, reason=reason_text(error.reason)
        ),
        _("Check it with: dnevnik-archive snapshot verify; take another copy, or another edition."),
        ExitCode.NOT_VERIFIED,
    )


def _not_verified(error: restoring.NotVerified) -> Explanation:
    return Explanation(
        _("{path} does not verify, and nothing was restored: {findings}").format(
            path=error.path, findings=_some(error.findings)
        ),
        _("Restore from another copy. What can still be read of this one: --unverified"),
        ExitCode.NOT_VERIFIED,
    )


def _not_empty(error: restoring.ArchiveNotEmpty) -> Explanation:
    return Explanation(
        _(
            "The archive holds records of the school {school} already, and a restore never adds to them."
        ).format(school=error.school_id),
        _("Name a database that is not there yet: --into sqlite:///restored.sqlite"),
        ExitCode.FILES,
    )


def _several_schools(error: restoring.BagsOfSeveralSchools) -> Explanation:
    return Explanation(
        _("The bags are of several schools: {schools}.").format(
            schools=", ".join(str(one) for one in error.schools)
        ),
        _("Restore those of each school by themselves."),
        ExitCode.FILES,
    )


CARRIERS: Final[dict[type[BaseException], Explain]] = {
    carriers.UnknownCarrier: _unknown,
    carriers.CarrierKnown: _known,
    carriers.CarrierNotThere: _not_there,
    carriers.OtherCarrierThere: _other_there,
    carriers.SameDevice: _same_device,
    carriers.DeviceNotKnown: _device_unknown,
    carriers.PlainOnTravelling: _plain,
    carriers.EncryptedAtHome: _at_home,
    carriers.CopyNotSound: _copy_not_sound,
    carriers.SourceNotSound: _source_not_sound,
    carriers.LinkInTheWay: _link,
    carriers.NothingSealed: _nothing_sealed,
    RepairNotSound: _repair_not_sound,
    restoring.BagNotReadable: _bag_not_readable,
    restoring.NotVerified: _not_verified,
    restoring.ArchiveNotEmpty: _not_empty,
    restoring.BagsOfSeveralSchools: _several_schools,
}
