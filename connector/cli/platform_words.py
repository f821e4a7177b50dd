"""The words of what can go wrong with the platform and on the way to it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from archive_store.texts import N_, _
from connector.api import errors as api
from connector.cli import system_words
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation, listed


def _unreachable(error: api.Unreachable) -> Explanation:
    return Explanation(
        _("The platform does not answer: {reason}.").format(reason=system_words.reason(error.reason)),
        _("Check the network and the setting api_url; the next run catches up by itself."),
        ExitCode.PLATFORM,
    )


def _not_json(error: api.NotJson) -> Explanation:
    return Explanation(
        _("Instead of data the address gave a page ({content_type}) for the call {call}.").format(
            content_type=error.content_type, call=error.call
        ),
        _("Check that the setting api_url is the address of the API, and that no proxy stands between."),
        ExitCode.PLATFORM,
    )


def _local(moment: datetime) -> str:
    """A moment by the clock of this machine."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _platform_down(error: api.PlatformDown) -> Explanation:
    kind = type(error.cause)
    return Explanation(
        PLATFORM[kind](error.cause).wrong if kind in PLATFORM else kind.__name__,
        _("The platform is left alone until {moment}; the next run goes on from here.").format(
            moment=_local(error.next_try)
        ),
        ExitCode.PLATFORM,
    )


def _budget_spent(error: api.BudgetSpent) -> Explanation:
    return Explanation(
        _("The calls of the day are spent: {per_day} (setting calls_per_day).").format(per_day=error.per_day),
        _("There will be new ones at {moment}; the next run goes on from here.").format(
            moment=_local(error.goes_on)
        ),
        ExitCode.PARTIAL,
    )


def _wrong_proxy(error: api.WrongProxy) -> Explanation:
    return Explanation(
        _("The proxy that the environment names cannot be used ({variables}).").format(
            variables=listed(error.variables)
        ),
        _("It must be an address such as http://proxy:8080. Correct the variable or take it away."),
        ExitCode.SETTINGS,
    )


def _wrong_certificates(error: api.WrongCertificates) -> Explanation:
    return Explanation(
        _("The certificates that the environment names cannot be read ({variables}).").format(
            variables=listed(error.variables)
        ),
        _("Correct the variable or take it away."),
        ExitCode.SETTINGS,
    )


def _platform(wrong: str) -> Explain:
    def explanation(error: api.ApiError) -> Explanation:
        values = {"reason": "", "where": "", "problem": ""} | vars(error)
        return Explanation(
            _(wrong).format(**values),
            _("Run the command again later; if it stays so, tell the makers of the program."),
            ExitCode.PLATFORM,
        )

    return explanation


def _access_refused(error: api.AccessRefused) -> Explanation:
    return Explanation(
        _("The platform does not let the token's owner see this: {call} ({reason}).").format(
            call=error.call, reason=error.reason
        ),
        _("Use the token of the school's administrator, with the rights that the user guide lists."),
        ExitCode.SIGN_IN,
    )


def _not_there(error: api.NotThere) -> Explanation:
    return Explanation(
        _("The platform does not know {call}.").format(call=error.call),
        _("Check the settings api_url (it ends with the version, /v2/) and school_id."),
        ExitCode.PLATFORM,
    )


PLATFORM: Final[dict[type[BaseException], Explain]] = {
    api.AccessRefused: _access_refused,
    api.Unreachable: _unreachable,
    api.NotJson: _not_json,
    api.NotThere: _not_there,
    api.TooManyCalls: _platform(N_("The platform's limit of calls is reached ({call}).")),
    api.PlatformFault: _platform(N_("The platform reports a fault of its own: {reason} ({call}).")),
    api.CallRefused: _platform(N_("The platform refuses the call {call}: {reason}.")),
    api.CutShort: _platform(N_("The answer to {call} breaks off.")),
    api.PlatformDown: _platform_down,
    api.BudgetSpent: _budget_spent,
    api.WrongProxy: _wrong_proxy,
    api.WrongCertificates: _wrong_certificates,
    api.WrongShape: _platform(N_("The answer to {call} is not as documented, at {where}: {problem}.")),
}
