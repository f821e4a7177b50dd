"""Alarms by the settings, in the person's language; and the command ``alarm test``, which tries each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import typer

from archive_store.texts import N_, _
from config.settings import Settings
from connector.api import alerting
from connector.cli.attempts import UNKNOWN_SCHOOL, memory_of, number_of
from connector.cli.exit_codes import ExitCode
from connector.cli.session import Session
from connector.cli.settings_words import NoAlarm
from connector.notices.mail import MailServer
from connector.notices.notice import Event, Mail, Notice, Way, Webhook, give

_WAYS: Final = {"heartbeat": N_("Heartbeat"), "mail": N_("Mail"), "webhook": N_("Webhook")}
_OUTCOMES: Final = {
    ExitCode.BUG: N_("A fault of the program ended the run."),
    ExitCode.SETTINGS: N_("A setting is wrong, or the archive cannot be opened."),
    ExitCode.SIGN_IN: N_("The platform does not let the archive in: sign in again."),
    ExitCode.PLATFORM: N_("The platform did not answer, or was at fault. The run is tried again by itself."),
    ExitCode.PARTIAL: N_("A part could not be read, or was held back."),
    ExitCode.NOT_VERIFIED: N_("The archive does not agree with its ledger, or with the platform."),
    ExitCode.FILES: N_("The archive's database or disk fails."),
}
# No news: a person stopped the run, or another one was at it.
_NO_NEWS: Final = (ExitCode.OK, ExitCode.INTERRUPTED, ExitCode.BUSY)


def register(app: typer.Typer) -> None:
    """Add the command."""
    commands = typer.Typer(no_args_is_help=True, help=_("Alarms: heartbeat, mail, webhook."))
    commands.command("test", help=_("Give a test alarm in each way that is set, and say how it went."))(test)
    commands.callback()(_group)
    app.add_typer(commands, name="alarm")


def _group() -> None:
    """Keep a group of commands a group, even while it has one command."""


def test(context: typer.Context) -> int:
    """Try each way that is set."""
    session: Session = context.obj
    settings = session.settings
    notice = _notice(session, "test", ExitCode.OK, {})
    results = list(_tried_heartbeats(settings)) + list(give(ways(settings), notice))
    if not results:
        raise NoAlarm
    for name, reason in results:
        text = _("{way}: failed ({reason}).") if reason else _("{way}: given.")
        typer.echo(text.format(way=_(_WAYS[name]), reason=reason))
    return ExitCode.ATTENTION if any(reason for _name, reason in results) else ExitCode.OK


def ways(settings: Settings) -> list[Way]:
    """The ways to give an alarm that the settings know; the heartbeat is another matter."""
    mail = mail_way(settings)
    known: list[Way] = [mail] if mail else []
    if settings.webhook_url:
        known.append(Webhook(settings.webhook_url))
    return known


def mail_way(settings: Settings) -> Mail | None:
    """The mail that the settings know."""
    if not settings.mail_to:
        return None
    server = MailServer(settings.mail_server, settings.mail_port, settings.mail_security, settings.mail_user)
    return Mail(server, settings.mail_from, tuple(settings.mail_to), settings.read_mail_password)


def plain_notice(school_id: int, subject: str, text: str) -> Notice:
    """A notice that is no alarm: the head of the ledger, say."""
    return Notice("notice", school_id, "NOTICE", int(ExitCode.OK), datetime.now(UTC), subject, text)


class Heartbeat:
    """The heartbeat of one run of a school. What goes wrong with it is said and passed over."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.heartbeat_url
        self._run = str(uuid4())

    def begins(self) -> None:
        """The run begins."""
        self._beat("start")

    def ended(self, code: ExitCode) -> None:
        """The run has ended. One that a person stopped, or that another one kept out, says nothing."""
        if code == ExitCode.OK:
            self._beat("")
        elif code not in _NO_NEWS:
            self._beat(str(int(code)))

    def _beat(self, ending: str) -> None:
        if not self._url:
            return
        try:
            alerting.beat(self._url, ending, self._run)
        except alerting.NotTold as error:
            _say_not_given("heartbeat", error.reason)


def after_run(session: Session, code: ExitCode, counts: Mapping[str, int]) -> None:
    """Raise the alarm if a run has failed: once a day for each way to fail."""
    if code not in _NO_NEWS:
        _raise_once_a_day(session, f"failed {code.name}", _notice(session, "failed", code, counts))


def silence(session: Session, last_good: str | None) -> None:
    """Raise the alarm that no run has been good for too long: once a day."""
    _raise_once_a_day(session, "silence", _notice(session, "silence", ExitCode.ATTENTION, {}, last_good))


def _raise_once_a_day(session: Session, what: str, notice: Notice) -> None:
    known = ways(session.settings)
    if not known:
        return
    day = notice.when.astimezone(session.settings.zone).date().isoformat()
    # If the note of it cannot be kept, it is better said twice than never.
    with suppress(Exception), memory_of(session.settings) as memory:
        if memory.was_said(notice.school_id, what, day):
            return
    results = list(give(known, notice))
    for name, reason in results:
        if reason:
            _say_not_given(name, reason)
    if all(reason for _name, reason in results):
        return  # the next look at it tries again
    with suppress(Exception), memory_of(session.settings) as memory:
        memory.say(notice.school_id, what, day)


def _notice(
    session: Session,
    event: Event,
    code: ExitCode,
    counts: Mapping[str, int],
    last_good: str | None = None,
) -> Notice:
    number = number_of(session)
    now = datetime.now(UTC)
    school = str(number) if number != UNKNOWN_SCHOOL else "?"
    subject = {
        "failed": _("Archive of the journal, school {school}: the run has failed"),
        "silence": _("Archive of the journal, school {school}: no good run for too long"),
        "test": _("Archive of the journal, school {school}: a test"),
    }[event].format(school=school)
    lines = {
        "failed": [_(_OUTCOMES.get(code, _OUTCOMES[ExitCode.BUG]))],
        "silence": [
            _("The last good run ended: {moment}.").format(
                moment=_local(last_good, session.settings) if last_good else _("never")
            )
        ],
        "test": [_("This is a test: the alarms of the archive reach you.")],
    }[event]
    lines.append(_("More on the archive's PC: dnevnik-archive status"))
    outcome = code.name if event == "failed" else event.upper()
    return Notice(event, number, outcome, int(code), now, subject, "\n".join(lines) + "\n", counts)


def _local(moment: str, settings: Settings) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(settings.zone):%Y-%m-%d %H:%M}"


def _tried_heartbeats(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each address once: a test is a run that begins and ends well."""
    for url in dict.fromkeys(one.heartbeat_url for one in settings.of_each_school() if one.heartbeat_url):
        run = str(uuid4())
        try:
            alerting.beat(url, "start", run)
            alerting.beat(url, "", run)
        except alerting.NotTold as error:
            yield "heartbeat", error.reason
        else:
            yield "heartbeat", ""


def _say_not_given(name: str, reason: str) -> None:
    typer.echo(
        _("An alarm could not be given. {way}: {reason}.").format(way=_(_WAYS[name]), reason=reason), err=True
    )
