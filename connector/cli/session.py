"""What a command works with: the settings, the archive, the school, the signed-in client."""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Final

import sqlalchemy as sa
import typer

from archive_store import runs
from archive_store.asof import AsOf, at_moment, at_run
from archive_store.catalogue import the_school
from archive_store.store import open_store
from archive_store.texts import _
from config.settings import Settings, load
from connector.api.client import Client
from connector.cli.own_school import named, schools_of_owner
from connector.cli.settings_words import NoSuchSchool, SchoolNotNamed
from connector.cli.signed_in import usable_token
from connector.cli.stopping import STOP
from connector.sync.files import FileKeeping
from connector.sync.grid import study_year_of
from connector.sync.moments import MomentReader
from connector.sync.source import Source
from connector.sync.window import Window

_MOST_DIGITS_OF_A_RUN: Final = 7


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says on the command line of a read that leaves the archive."""

    by: str = ""
    purpose: str = ""
    request: str = ""
    addressee: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """What a person asks for by ``--as-of``: a moment, of the school's zone if of none, or a run's number."""

    moment: datetime | int


@dataclass(slots=True)
class Session:
    """One command's settings; everything else is opened when asked for."""

    config: Path | None = None
    school: int | None = None
    loaded: Settings | None = None
    said: Said | None = None

    @property
    def settings(self) -> Settings:
        """The settings, those of the school if one was named. Raises SettingsError, NoSuchSchool."""
        if self.loaded is None:
            self.loaded = _of_school(load(self.config), self.school)
        return self.loaded

    def of_each_school(self) -> list[Session]:
        """A session for each school of the archive. Raises SettingsError."""
        return [Session(self.config, one.school_id, one, self.said) for one in self.settings.of_each_school()]

    def of_one_school(self) -> Session:
        """The session of the only school. Raises SchoolNotNamed if there are several."""
        sessions = self.of_each_school()
        if len(sessions) > 1:
            raise SchoolNotNamed([str(one.school) for one in sessions])
        return sessions[0]

    def engine(self) -> sa.Engine:
        """The archive's database. Raises StoreNotMade, StoreUnreachable, StoreTooNew."""
        return open_store(self.settings.absolute_store_url)

    @contextmanager
    def client(self) -> Iterator[Client]:
        """A client with the token, renewed if need be. Raises WrongProxy and what usable_token raises."""
        made: Counter[date] = Counter()
        with Client(
            self.settings.api_url,
            usable_token(self.settings, made),
            connections=self.settings.connections,
            timeout_seconds=self.settings.timeout_seconds,
            attempts=self.settings.attempts,
            calls_per_second=self.settings.most_calls_per_second,
            calls_per_day=self.settings.calls_per_day,
            file_hosts=self.settings.file_hosts,
            stopping=STOP.is_set,
        ) as client:
            client.made_before(made)
            yield client

    def source(self, client: Client) -> Source:
        """Where a run reads. Asks the platform whose token it is. Raises ApiError, SchoolNotNamed."""
        settings = self.settings
        zone = settings.zone if settings.moments_zone == "school" else None
        return Source(
            client,
            settings.school_id or _only_school(client),
            MomentReader(zone),
            settings.connections,
            settings.keep_answers,
        )

    def file_keeping(self) -> FileKeeping | None:
        """How homework's files are kept; None if they are not to be fetched."""
        settings = self.settings
        if not settings.homework_files:
            return None
        return FileKeeping(settings.files, settings.largest_file_mb * 2**20, settings.files_per_run)

    def window(self) -> Window:
        """What a plan knows of time, now."""
        settings = self.settings
        today = datetime.now(settings.zone).date()
        return Window(
            today,
            settings.first_year or study_year_of(today) - 1,
            settings.days_back,
            settings.days_ahead,
            settings.reference_days,
            settings.deep_days,
            settings.full_days,
            homework_files=settings.homework_files,
            homework_tasks=settings.homework_tasks,
        )

    def as_of(self, connection: sa.Connection, when: When | None) -> AsOf:
        """The school's record: the newest, or as known at a moment (the school's, if of no zone) or by a run.

        Raises UnknownSchool, UnknownRun.
        """
        school_id = the_school(connection, self.settings.school_id)
        if when is None:
            # Not what a run under way is writing: the ledger does not vouch for it yet.
            newest = runs.last(connection, school_id)
            return AsOf(school_id, newest.run_id if newest else 0)
        moment = when.moment
        if isinstance(moment, int):
            return at_run(connection, school_id, moment)
        local = moment if moment.tzinfo else moment.replace(tzinfo=self.settings.zone)
        return at_moment(connection, school_id, utc_text(local))


def _of_school(settings: Settings, school: int | None) -> Settings:
    if school is None:
        return settings
    if not settings.schools:
        return settings.model_copy(update={"school_id": school})
    for one in settings.of_each_school():
        if one.school_id == school:
            return one
    raise NoSuchSchool(school, [str(one.school_id) for one in settings.schools])


def day_moment_or_run(text: str) -> When:
    """What a person types after ``--as-of``: a day, which means its end, a moment, or a run's number."""
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS_OF_A_RUN:
        return When(int(text))
    try:
        day = date.fromisoformat(text)
    except ValueError:
        pass
    else:
        return When(datetime.combine(day, time(23, 59, 59)))
    try:
        return When(datetime.fromisoformat(text))
    except ValueError:
        raise typer.BadParameter(
            _("neither a day, nor a moment, nor the number of a run: {text}").format(text=text)
        ) from None


AsOfOption = Annotated[
    When | None,
    typer.Option(
        parser=day_moment_or_run,
        metavar=_("YYYY-MM-DD[THH:MM]|RUN"),
        help=_("The record as it was known then, or by that run; a day means its end."),
    ),
]


def utc_text(moment: datetime | None = None) -> str:
    """A moment (now, by default) as the archive writes it: ISO 8601, UTC, to the second."""
    return (moment or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def account() -> str:
    """The account of the operating system under which the command runs, for the logs."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a system without a user database
        return "?"


def _only_school(client: Client) -> int:
    schools = schools_of_owner(client)
    if len(schools) != 1:
        raise SchoolNotNamed(named(schools))
    return schools[0].id
