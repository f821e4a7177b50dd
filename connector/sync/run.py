"""One run: the stages of the plan, each fetched by threads and written by one, slice by slice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, Protocol

import sqlalchemy as sa

from archive_store import checkpoints, runs, schema
from archive_store.asof import AsOf
from archive_store.catalogue import groups as groups_of_year
from archive_store.catalogue import study_years
from archive_store.checkpoints import Checkpoint, Place
from archive_store.history import Changes
from connector.api.client import Client
from connector.api.errors import (
    ENDS_A_RUN,
    AccessRefused,
    ApiError,
    CallRefused,
    NotThere,
    WrongShape,
)
from connector.sync import journal, plan
from connector.sync.fetching import Fetched, Order, digest_of, fetched
from connector.sync.moments import MomentReader
from connector.sync.plan import JournalGroup, Window
from connector.sync.slices import Answer, Nearby, Reading, Slice, Writing
from connector.sync.summary import Failure, Summary

# Raise it when the same answer is mapped differently: digests then no longer match.
_MAPPING: Final = 1


class Progress(Protocol):
    """Is told how a run gets on."""

    def stage(self, name: str, slices: int) -> None:
        """A stage of that many slices begins."""

    def finished(self, slice_: Slice) -> None:
        """A slice of the stage is done, or has failed."""


@dataclass(slots=True)
class Source:
    """Where a run reads and how: the client, the school and the settings that bear on its answers."""

    client: Client
    school_id: int
    moments: MomentReader = field(default_factory=MomentReader)
    connections: int = 4
    keep_answers: bool = True
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def moment(self) -> str:
        """This moment, UTC, to the second."""
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(slots=True)
class Sync:
    """A run under way. The caller holds the archive's lock.

    ``stopping`` is asked after every slice; when it says so, the run ends there with KeyboardInterrupt.
    """

    engine: sa.Engine
    source: Source
    window: Window
    progress: Progress
    program: str
    trust_withdrawals: bool = False
    stopping: Callable[[], bool] = lambda: False
    summary: Summary = field(default_factory=Summary)
    _done: dict[Place, Checkpoint] = field(default_factory=dict)
    _was_empty: bool = False
    _nearby: Nearby = field(default_factory=dict)

    def nightly(self) -> Summary:
        """All that is due: gaps first seen, months still open, and what is read every time."""
        with self._run("sync"):
            self._stage("school", plan.school_slices(self.source.school_id))
            groups = self._journal_groups()
            self._stage("groups", plan.group_slices(groups, self._done, self.window))
            self._stage("lessons", plan.lesson_slices(groups, self._done, self.window))
            self._load_checkpoints()  # changed lessons have made marks and attendance due
            self._stage("marks", plan.mark_slices(groups, self._done, self.window))
        return self.summary

    def repair(self, stages: Iterable[tuple[str, Sequence[Slice]]]) -> Summary:
        """Read these slices again, whatever their digests say, and write what differs."""
        with self._run("resync"):
            for name, slices in stages:
                self._stage(name, slices, repair=True)
        return self.summary

    def _journal_groups(self) -> list[JournalGroup]:
        with self.engine.connect() as connection:
            at = AsOf(self.source.school_id)
            years = [year for year in study_years(connection, at) if year >= self.window.first_year]
            return [
                one for year in years for one in plan.journal_groups(groups_of_year(connection, at, year))
            ]

    @contextmanager
    def _run(self, kind: str) -> Iterator[None]:
        """Open the run's row and end it whatever happens; only a killed process leaves it open."""
        self._begin(kind)
        try:
            yield
        except ApiError as error:
            self.summary.stopped_by = error
            self._end(self.summary.outcome)
        except BaseException:
            # If the database itself is the trouble, the next run closes this one.
            with suppress(sa.exc.SQLAlchemyError):
                self._end("interrupted")
            raise
        else:
            self._end(self.summary.outcome)

    def _begin(self, kind: str) -> None:
        school_id, at = self.source.school_id, self.source.moment()
        client = self.source.client
        today = client.today()
        with self.engine.begin() as connection:
            client.already_spent(today, runs.calls_on(connection, school_id, today))
            self.summary.run_id = runs.begin(connection, school_id, kind, at, self.program)
        self._load_checkpoints()
        self._was_empty = not self._done

    def _load_checkpoints(self) -> None:
        with self.engine.connect() as connection:
            self._done = checkpoints.load(connection, self.source.school_id)

    def _end(self, outcome: runs.Outcome) -> None:
        school_id, at = self.source.school_id, self.source.moment()
        self.summary.calls = self.source.client.hand_over_tally()
        record = self.summary.as_record()
        with self.engine.begin() as connection:
            self.summary.head = runs.end(connection, school_id, self.summary.run_id, at, outcome, record)

    def _stage(self, name: str, slices: Sequence[Slice], *, repair: bool = False) -> None:
        self.progress.stage(name, len(slices))
        self._nearby.clear()
        orders = (self._order(slice_, repair=repair) for slice_ in slices)
        for order, future in fetched(self.source.client, orders, self.source.connections):
            self._finish(order, future, repair=repair)
            self.progress.finished(order.slice)
            if self.stopping():
                raise KeyboardInterrupt

    def _order(self, slice_: Slice, *, repair: bool) -> Order:
        known = None if repair else self._known_digest(slice_.place)
        keep = self.source.keep_answers and not slice_.kind.private
        return Order(slice_, known, self._salt(slice_), keep)

    def _known_digest(self, place: Place) -> bytes | None:
        checkpoint = self._done.get(place)
        return checkpoint.answer_digest or None if checkpoint else None

    def _held_back(self, place: Place) -> bool:
        checkpoint = self._done.get(place)
        return checkpoint is not None and checkpoint.answer_digest == checkpoints.HELD_BACK

    def _salt(self, slice_: Slice) -> bytes:
        """What a record depends on besides its answer: how it is mapped, and the answer that files it."""
        how = f"{_MAPPING} {self.source.moments.zone}".encode()
        if slice_.kind.filed_by is None:
            return how
        place = slice_.place
        filing = Place(slice_.kind.filed_by, place.group_id, place.first_day, place.last_day)
        return how + (self._known_digest(filing) or b"")

    def _finish(self, order: Order, future: Fetched, *, repair: bool) -> None:
        self.summary.slices += 1
        try:
            answer = future.result()
            if answer is None:
                self._confirm(order)
            else:
                self._write(order, answer, repair=repair)
        except ENDS_A_RUN:
            raise
        except ApiError as error:
            self.summary.failures.append(Failure(order.slice, error))

    def _confirm(self, order: Order) -> None:
        """The answer is the same as last time: nothing is parsed, only the moment is new."""
        self.summary.unchanged += 1
        with self.engine.begin() as connection:
            self._save_checkpoint(connection, order.slice.place, order.known, None)

    def _write(self, order: Order, answer: Answer, *, repair: bool) -> None:
        slice_ = order.slice
        self.summary.parsed += 1
        self._look_up(slice_, answer)
        with self.engine.begin() as connection:
            writing = Writing(
                connection,
                self.source.school_id,
                self.summary.run_id,
                self.source.moments,
                self.trust_withdrawals,
                self._held_back(slice_.place),
                self._nearby,
            )
            if order.keep:
                writing.keep(answer)
            try:
                slice_.kind.write(writing, slice_, answer)
            except sa.exc.DataError as error:
                # PostgreSQL holds no NUL in a text, say: the slice fails alone. No "from": it shows values.
                refused = str(error.orig).strip().splitlines()[0]
                raise WrongShape(answer.calls[0].label, "?", refused) from None
            except (TypeError, ValueError, OverflowError) as error:
                # A value that the documented shape allows and no record can hold: no date, a huge number.
                raise WrongShape(answer.calls[0].label, "?", type(error).__name__) from None
            self._distrust_dependents(connection, slice_, writing)
            if repair:
                checkpoints.distrust(connection, self.source.school_id, slice_.place)
            else:
                self._checkpoint_written(connection, order, answer, writing)
        self._count(writing)

    def _look_up(self, slice_: Slice, answer: Answer) -> None:
        """Fetch what the archive does not know and the mapping needs; what cannot be had is left out."""
        if slice_.kind.look_up is None:
            return
        with self.engine.connect() as connection:
            reading = Reading(connection, self.source.school_id, self._nearby)
            wanted = list(slice_.kind.look_up(reading, slice_, answer))
        while wanted:
            call = wanted.pop()
            try:
                body = self.source.client.fetch(call)
            except (NotThere, CallRefused, AccessRefused):
                # One bad id may have refused them all.
                wanted += [replace(call, ids=(one,)) for one in call.ids or () if len(call.ids or ()) > 1]
                continue
            answer.calls.append(call)
            answer.bodies.append(body)

    def _distrust_dependents(self, connection: sa.Connection, slice_: Slice, writing: Writing) -> None:
        """Make due what the change of a month's lessons bears on, however long ago it was settled."""
        lessons = writing.changes.get(schema.LESSON.name)
        if lessons is None or not (lessons.new or lessons.changed or lessons.withdrawn) or self._was_empty:
            return
        school_id, place = self.source.school_id, slice_.place
        for kind in journal.BY_DAYS:
            if kind.filed_by == slice_.kind.name:
                checkpoints.distrust(connection, school_id, replace(place, entity=kind.name))
        if lessons.withdrawn:
            # It may not be gone, but moved into a month that is no longer read.
            anywhere = replace(place, first_day="0000-01-01", last_day="9999-12-31")
            checkpoints.distrust(connection, school_id, anywhere)

    def _checkpoint_written(
        self, connection: sa.Connection, order: Order, answer: Answer, writing: Writing
    ) -> None:
        # What was held back, or could not be filed, is looked at again by the next run.
        digest = None if writing.unfiled else digest_of(answer, order.salt)
        if any(one.held_back for one in writing.changes.values()):
            digest = checkpoints.HELD_BACK
        records = sum(one.new + one.changed + one.unchanged for one in writing.changes.values())
        self._save_checkpoint(connection, order.slice.place, digest, records)

    def _save_checkpoint(
        self, connection: sa.Connection, place: Place, digest: bytes | None, records: int | None
    ) -> None:
        at, run_id = self.source.moment(), self.summary.run_id
        checkpoints.save(connection, self.source.school_id, place, digest, records, run_id, at)
        self._done[place] = Checkpoint(digest, at)

    def _count(self, writing: Writing) -> None:
        self.summary.unfiled += writing.unfiled
        for name, changes in writing.changes.items():
            self.summary.changes.setdefault(name, Changes()).add(changes)
