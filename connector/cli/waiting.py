"""What waits for a person, each thing with its remedy. A new kind is one more function in ``_COLLECTORS``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive_store.carriers.book import OWN
from archive_store.carriers.duties import Damaged, Duty, FewCopies, OldCheck, WrongClock
from archive_store.retention.duties import Duty as RetentionDuty
from archive_store.retention.duties import TermOver, Unfinished
from archive_store.texts import _
from connector.api.errors import AccessRefused, TokenRefused
from connector.api.tokens import ExpiryNotice, expiry_notice
from connector.cli.errors import explain
from connector.cli.exit_codes import ExitCode
from connector.cli.session import Session
from connector.cli.signed_in import require_token
from connector.schedule.memory import Attempt
from connector.sync.health import Health


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thing that waits for a person. ``kind`` is for programs; it never changes its meaning."""

    kind: str
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a school: its session, its health if there was a run, its last attempt, and now."""

    session: Session
    health: Health | None
    last_attempt: Attempt | None
    first_attempt: datetime | None
    now: datetime
    duties: tuple[Duty, ...] = ()
    log_faults: int = 0
    retention: tuple[RetentionDuty, ...] = ()


def waiting(facts: Facts) -> list[Waiting]:
    """All that waits for a person, the most urgent first."""
    return [one for collect in _COLLECTORS for one in collect(facts)]


def _sign_in(facts: Facts) -> Iterator[Waiting]:
    """No token, or one that the platform refused when it was tried last."""
    try:
        require_token(facts.session.settings)
    except Exception as error:
        explanation = explain(error)
        if explanation is None:
            raise
        yield Waiting("sign-in", explanation.wrong, explanation.remedy)
        return
    if _was_refused(facts):
        text = _("The platform did not let the archive in when it was tried last.")
        yield Waiting("sign-in", text, _("Sign in again, with the account of the school's administrator."))


def _was_refused(facts: Facts) -> bool:
    if facts.last_attempt is not None:
        return facts.last_attempt.exit_code == ExitCode.SIGN_IN
    last = facts.health.last_run if facts.health else None
    refused = (TokenRefused.__name__, AccessRefused.__name__)
    return last is not None and last.summary.get("stopped_by") in refused


def _silence(facts: Facts) -> Iterator[Waiting]:
    hours = facts.session.settings.silence_hours
    if facts.health is None or facts.health.last_good is None:
        yield Waiting("silence", _("No run has been good yet."), _("Run: dnevnik-archive sync"))
    elif facts.health.is_silent(hours, facts.now, facts.first_attempt):
        yield Waiting(
            "silence",
            _("No run has been good for more than {hours} h.").format(hours=hours),
            _("See below what failed; then run: dnevnik-archive sync"),
        )


def _held_back(facts: Facts) -> Iterator[Waiting]:
    held_back = facts.health.held_back if facts.health else ()
    if held_back:
        yield Waiting(
            "held-back",
            _("Withdrawals are held back in {count} parts: too many records vanished at once.").format(
                count=len(held_back)
            ),
            _("Decide with: dnevnik-archive quarantine list"),
        )


def _token_ends(facts: Facts) -> Iterator[Waiting]:
    """The token's end two weeks, a week and a day before; a token of unknown life by assumption."""
    try:
        record = require_token(facts.session.settings)
    except Exception as error:
        if explain(error) is None:
            raise
        return  # said by another collector
    notice = expiry_notice(record, facts.now)
    if notice is ExpiryNotice.NONE or record.expires_at is None:
        return
    day = record.expires_at.astimezone(facts.session.settings.zone).strftime("%d.%m.%Y")
    text = _("The token ends on {day} (assumed: {days} days after it was obtained).")
    if not record.expiry_assumed:
        text = _("The token ends on {day}.")
    wording = text.format(day=day, days=facts.session.settings.token_days)
    yield Waiting(f"token: {notice.value}", wording, _("Sign in again with: dnevnik-archive login"))


def _unexplained(facts: Facts) -> Iterator[Waiting]:
    """Differences from the platform that nothing explains."""
    unexplained = facts.health.unexplained if facts.health else 0
    if unexplained:
        yield Waiting(
            "reconcile",
            _(
                "The last comparison with the platform found {count} differences that nothing explains."
            ).format(count=unexplained),
            _("Show them with: dnevnik-archive reconcile"),
        )


def _editions_due(facts: Facts) -> Iterator[Waiting]:
    """Years closed for good of which the nights have brought changes since."""
    for one in facts.health.editions_due if facts.health else ():
        yield Waiting(
            "edition-due",
            _(
                "The academic year {year}/{next} is closed, but {count} of its records have changed since: "
                "an edition is due."
            ).format(year=one.study_year, next=one.study_year + 1, count=one.differing),
            _("Look: dnevnik-archive year changes {year}; then: dnevnik-archive year amend {year}").format(
                year=one.study_year
            ),
        )


def _access(facts: Facts) -> Iterator[Waiting]:
    """Entries of the log of access that are not as they were written."""
    if facts.log_faults:
        yield Waiting(
            "access-log",
            _("Entries of the log of access that were altered, deleted or put in: {count}.").format(
                count=facts.log_faults
            ),
            _("See which: dnevnik-archive access verify"),
        )


def _carriers(facts: Facts) -> Iterator[Waiting]:
    """Copies of sealed years: too few, damaged, or not checked for long."""
    yield from map(_of_duty, facts.duties)


def _of_duty(duty: Duty) -> Waiting:
    match duty:
        case FewCopies(study_year=year):
            text = _("The sealed year {year}/{next} has fewer than two verified copies in different rooms.")
            remedy = _("Copy it: dnevnik-archive carrier add, then snapshot copy {year} --to CARRIER")
            return Waiting("few-copies", text.format(year=year, next=year + 1), remedy.format(year=year))
        case Damaged(carrier=name, bags=count):
            text = _("On the carrier «{name}» {count} copies were found not sound.")
            if name == OWN:
                text = _("In the archive's own folder {count} sealed bags were found not sound.")
            remedy = _("See how to mend them: dnevnik-archive snapshot verify --all")
            return Waiting("damaged-copies", text.format(name=name, count=count), remedy)
        case OldCheck(carrier=name, months=months):
            text = _("The carrier «{name}» was not checked in full for {months} months.")
            if duty.is_hard:
                text = _("LONG OVERDUE: the carrier «{name}» was not checked in full for {months} months.")
            kind = "check-overdue" if duty.is_hard else "check-due"
            remedy = _("Check it with: dnevnik-archive snapshot verify --all")
            return Waiting(kind, text.format(name=name, months=months), remedy)
        case WrongClock(carrier=name, at=at):
            text = _("The last check of the carrier «{name}» lies in the future ({day}): a clock is wrong.")
            remedy = _("Set the clock right, then check again: dnevnik-archive snapshot verify --all")
            return Waiting("check-in-future", text.format(name=name, day=at[:10]), remedy)


def _retention(facts: Facts) -> Iterator[Waiting]:
    """Destructions that are not finished, and files whose term is over."""
    for duty in facts.retention:
        match duty:
            case Unfinished(act=number):
                names = ", ".join(sorted({name for name, _bag in duty.outstanding})) or _("the live record")
                yield Waiting(
                    "destruction-unfinished",
                    _("The destruction by act № {number} is not finished; outstanding: {names}.").format(
                        number=number, names=names
                    ),
                    _("Go on: dnevnik-archive retention destroy {number}").format(number=number),
                )
            case TermOver(study_year=year, bags=count):
                text = _("Of the academic year {year}/{next} the term of {count} bags is over.")
                if not duty.sheets_verified:
                    text = _(
                        "Of the academic year {year}/{next} the term of {count} bags is over, but its "
                        "summary sheets are not verified on two carriers: nothing may be destroyed."
                    )
                yield Waiting(
                    "term-over",
                    text.format(year=year, next=year + 1, count=count),
                    _("Look: dnevnik-archive retention due {year}").format(year=year),
                )


_COLLECTORS: Final[tuple[Callable[[Facts], Iterator[Waiting]], ...]] = (
    _sign_in,
    _token_ends,
    _silence,
    _held_back,
    _unexplained,
    _editions_due,
    _access,
    _carriers,
    _retention,
)
