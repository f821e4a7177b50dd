"""The words of what can be wrong with the settings, and with what they leave open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from archive_store.texts import _
from config.errors import SettingsError
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation, listed


@dataclass
class SchoolNotNamed(Exception):
    """The token opens no school, or several."""

    known: list[str]


@dataclass
class NoSuchSchool(Exception):
    """The settings know no school of this number."""

    school_id: int
    known: list[str]


@dataclass
class OtherSchool(Exception):
    """The token's owner belongs to other schools than the one that the settings name."""

    school_id: int
    known: list[str]


@dataclass
class NoAlarm(Exception):
    """No way to give an alarm is set."""


def _settings(error: SettingsError) -> Explanation:
    if error.problem == "not TOML":
        wrong = _not_toml(error)
    elif error.problem == "wrong value":
        wrong = _("The setting {setting} has a wrong value; wanted: {wish}.").format(
            setting=error.setting,
            wish=_(error.detail).format(**error.values) if error.values else _(error.detail),
        )
    else:
        wrong = _wrong(error)
    remedy = {
        "not found": _("Make it with: dnevnik-archive init"),
        "not private": _("Close it with: chmod 600 {detail}"),
        "one token": _("Put each school's token in its token_file and take the variable away."),
        "secret in file": _("Move it to a file of its own beside the settings, for its owner alone."),
    }.get(error.problem, _("Correct it in the file or in the environment and run the command again."))
    return Explanation(wrong, remedy.format(detail=error.detail), ExitCode.SETTINGS)


def _not_toml(error: SettingsError) -> str:
    text = _("The file of settings {file} is not valid TOML: {reason}.")
    if "line" in error.values:
        text = _("The file of settings {file} is not valid TOML (line {line}, column {column}): {reason}.")
    reason = error.values["reason"]
    return text.format(**error.values | {"file": error.detail, "reason": _(reason)})


def _wrong(error: SettingsError) -> str:
    return {
        "not found": _("The file of settings {detail} is not there or cannot be read."),
        "unknown": _("There is no setting called {setting}."),
        "missing": _("The setting {setting} is missing."),
        "secret in file": _("The file of settings {detail} holds {setting}, which must not stand there."),
        "not private": _("The file {detail} can be read by others."),
        "unreadable": _("The file {detail} cannot be read."),
        "one token": _("The variable {detail} holds one token, but the settings name several schools."),
    }[error.problem].format(setting=error.setting, detail=error.detail)


def _school_not_named(error: SchoolNotNamed) -> Explanation:
    if not error.known:
        wrong = _("The token's owner belongs to no school.")
        return Explanation(wrong, _("Use the token of an employee of the school."), ExitCode.SIGN_IN)
    return Explanation(
        _("It is not clear which of these schools is meant: {schools}.").format(schools=listed(error.known)),
        _("Name one by the option --school or the setting school_id."),
        ExitCode.SETTINGS,
    )


def _no_such_school(error: NoSuchSchool) -> Explanation:
    return Explanation(
        _("The settings know no school {school}.").format(school=error.school_id),
        _("They know these: {schools}.").format(schools=listed(error.known)),
        ExitCode.SETTINGS,
    )


def _other_school(error: OtherSchool) -> Explanation:
    return Explanation(
        _("The token does not open the school {school}. It opens: {schools}.").format(
            school=error.school_id, schools=listed(error.known)
        ),
        _("Correct the setting school_id, or sign in as an employee of that school."),
        ExitCode.SETTINGS,
    )


def _no_alarm(_error: NoAlarm) -> Explanation:
    return Explanation(
        _("No alarm is set."),
        _("Set heartbeat_url, webhook_url or mail_to in the file of settings."),
        ExitCode.SETTINGS,
    )


SETTINGS: Final[dict[type[BaseException], Explain]] = {
    SettingsError: _settings,
    SchoolNotNamed: _school_not_named,
    NoSuchSchool: _no_such_school,
    OtherSchool: _other_school,
    NoAlarm: _no_alarm,
}
