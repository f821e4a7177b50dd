"""Write the answer of a slice into the archive: one transaction with its checkpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from sys import intern
from typing import Final

import sqlalchemy as sa

from archive_store import answers, checkpoints, history, quarantine, schema
from archive_store.checkpoints import Checkpoint, Place
from archive_store.history import Changes
from connector.api.errors import WrongShape
from connector.sync import diary, journal
from connector.sync.answer import Answer
from connector.sync.batches import Batch
from connector.sync.fetching import Order, digest_of
from connector.sync.ordering import Ordering
from connector.sync.slices import Nearby, Reading, Slice, mapped
from connector.sync.source import Source
from connector.sync.summary import Failure, Summary

# A transaction for each costs as much as asking.
_CONFIRMED_AT_ONCE: Final = 10


@dataclass(slots=True)
class _Written:
    """What became of an answer: whether it was not whole, and the changes of the record by entity."""

    incomplete: bool
    unfiled: int
    held_back_before: bool
    changes: dict[str, Changes] = field(default_factory=dict)


@dataclass(slots=True)
class SliceWriter:
    """Writes what a run fetches, and counts it in the run's summary."""

    engine: sa.Engine
    source: Source
    summary: Summary
    ordering: Ordering
    nearby: Nearby
    trust_withdrawals: bool = False
    account: str = ""
    archive_was_empty: bool = False
    _confirmed: list[Order] = field(default_factory=list)

    def confirm(self, order: Order) -> None:
        """The answer is the same as last time: nothing is parsed, only the moment is new.

        Several are put on record at once; of a killed process the last few are asked for again.
        """
        self.summary.unchanged += 1
        self._confirmed.append(order)
        if len(self._confirmed) == _CONFIRMED_AT_ONCE:
            self.record_confirmed()

    def record_confirmed(self) -> None:
        """Put on record what has been confirmed."""
        if not self._confirmed:
            return
        with self.source.day_count.transaction(self.engine) as connection:
            for order in self._confirmed:
                self._save_checkpoint(connection, order.slice.place, order.known, None)
        self._confirmed.clear()

    def note_refusal(self, order: Order) -> None:
        """The platform does not offer this: it is asked again when its turn comes, not every night."""
        with self.source.day_count.transaction(self.engine) as connection:
            self._save_checkpoint(connection, order.slice.place, checkpoints.REFUSED, 0)

    def write(self, order: Order, answer: Answer) -> bool:
        """Write an answer; whether it would withdraw so much that a second look is wanted.

        Rows that could not be read are a failure beside those that are written. Raises WrongShape for
        an answer of which nothing can be read, and for values that no record can hold; nothing of the
        slice is written then, but the answer is kept, to be looked into.
        """
        try:
            if answer.useless:
                raise answer.useless
            return self._write(order, answer)
        except WrongShape:
            if order.keep:
                with self.source.day_count.transaction(self.engine) as connection:
                    self._keep(connection, answer)
            raise

    def _write(self, order: Order, answer: Answer) -> bool:
        slice_ = order.slice
        self.summary.parsed += not order.again
        with self.source.day_count.transaction(self.engine) as connection:
            if order.keep:
                self._keep(connection, answer)
            written = self._written(connection, order, answer)
            self._distrust_dependents(connection, slice_, written)
            self._distrust_former_owners(connection, slice_, written)
            if order.repair:
                checkpoints.distrust(connection, self.source.school_id, slice_.place)
            else:
                self._checkpoint_written(connection, order, answer, written)
        look_again = any(one.held_back for one in written.changes.values()) and not order.again
        self._count(written, order, look_again=look_again)
        if answer.unreadable and not look_again:
            self.summary.failures.append(Failure(slice_, answer.unreadable))
        return look_again

    def _keep(self, connection: sa.Connection, answer: Answer) -> None:
        """Keep the answers as they came."""
        answer.pack()
        school_id, run_id = self.source.school_id, self.summary.run_id
        for call, packed in zip(answer.calls, answer.packed, strict=True):
            answers.keep(connection, school_id, run_id, call.label, packed)

    def _written(self, connection: sa.Connection, order: Order, answer: Answer) -> _Written:
        """Bring in what an answer says; it is mapped here if that could not be done without the archive."""
        source, slice_ = self.source, order.slice
        reading = Reading(connection, source.school_id, self.nearby)
        brought = answer.mapped or mapped(reading, slice_, answer, source.moments)
        incomplete = bool(brought.unfiled or answer.unreadable)
        held_back = order.again or self.ordering.held_back(slice_.place)
        written = _Written(incomplete, brought.unfiled, held_back)
        label = answer.calls[0].label if answer.calls else slice_.kind.name
        for batch in brought.batches:
            with _only_what_can_be_held(label):
                changes = self._bring_in(connection, batch, held_back_before=held_back)
            written.changes.setdefault(batch.entity.name, Changes()).add(changes)
        return written

    def _bring_in(self, connection: sa.Connection, batch: Batch, *, held_back_before: bool) -> Changes:
        return history.bring_in(
            connection,
            batch.entity,
            self.source.school_id,
            self.summary.run_id,
            batch.rows,
            batch.scope,
            batch.absence,
            trust_withdrawals=self.trust_withdrawals,
            held_back_before=held_back_before,
        )

    def _distrust_dependents(self, connection: sa.Connection, slice_: Slice, written: _Written) -> None:
        """Make due what the change of a month's lessons bears on, however long ago it was settled."""
        lessons = written.changes.get(schema.LESSON.name)
        if lessons is None or not (lessons.new or lessons.changed or lessons.withdrawn):
            return
        if self.archive_was_empty:
            return
        school_id, place = self.source.school_id, slice_.place
        for kind in journal.BY_DAYS:
            if kind.filed_by == slice_.kind.name:
                checkpoints.distrust(connection, school_id, replace(place, entity=kind.name))
        before = self.ordering.done.get(place)
        if before is not None and not before.answer_digest:
            # Lessons that were left out have come; what is filed under their homework was not asked for.
            for kind in (diary.HOMEWORK_FILES, diary.HOMEWORK_TASKS):
                checkpoints.distrust(connection, school_id, replace(place, entity=kind.name))
        if lessons.withdrawn:
            # It may not be gone, but moved into a month that is no longer read.
            anywhere = replace(place, first_day="0000-01-01", last_day="9999-12-31")
            checkpoints.distrust(connection, school_id, anywhere)

    def _distrust_former_owners(self, connection: sa.Connection, slice_: Slice, written: _Written) -> None:
        """Make due whose records a new slice of these days has changed: a subgroup without its class, say.

        The class's answer may stay the same, and its digest would vouch for what no longer stands.
        """
        if slice_.place in self.ordering.done or not slice_.place.first_day:
            return
        if any(one.changed or one.withdrawn for one in written.changes.values()):
            checkpoints.distrust(connection, self.source.school_id, slice_.place, any_group=True)

    def _checkpoint_written(
        self, connection: sa.Connection, order: Order, answer: Answer, written: _Written
    ) -> None:
        place, answer_digest = order.slice.place, digest_of(answer, order.salt)
        withheld = {name: one.held_back for name, one in written.changes.items() if one.held_back}
        # What was held back, or could not be read or filed, is looked at again by the next run.
        digest = checkpoints.HELD_BACK if withheld else None if written.incomplete else answer_digest
        records = sum(one.new + one.changed + one.unchanged for one in written.changes.values())
        self._save_checkpoint(connection, place, digest, records)
        if withheld and order.again:
            self._hold(connection, order.slice, withheld, answer_digest)
        elif not withheld and written.held_back_before:
            self._settle(connection, place)

    def _hold(
        self, connection: sa.Connection, slice_: Slice, withheld: Mapping[str, int], answer_digest: bytes
    ) -> None:
        school_id, run_id, at = self.source.school_id, self.summary.run_id, self.source.moment()
        quarantine.hold(connection, school_id, slice_.place, slice_.name, withheld, answer_digest, run_id, at)

    def _settle(self, connection: sa.Connection, place: Place) -> None:
        decision: quarantine.Decision = "accepted" if self.trust_withdrawals else "agrees again"
        by = self.account if self.trust_withdrawals else ""
        quarantine.settle(connection, self.source.school_id, place, decision, by, self.source.moment())

    def _save_checkpoint(
        self, connection: sa.Connection, place: Place, digest: bytes | None, records: int | None
    ) -> None:
        at, run_id = self.source.moment(), self.summary.run_id
        checkpoints.save(connection, self.source.school_id, place, digest, records, run_id, at)
        self.ordering.done[place] = Checkpoint(digest, intern(at))  # many are finished within a second

    def _count(self, written: _Written, order: Order, *, look_again: bool) -> None:
        if not look_again:
            self.summary.unfiled += written.unfiled
        for name, changes in written.changes.items():
            if look_again:
                changes.held_back = 0  # the second look tells
            if order.again:
                changes.unchanged = 0  # counted by the first
            self.summary.changes.setdefault(name, Changes()).add(changes)


@contextmanager
def _only_what_can_be_held(label: str) -> Iterator[None]:
    """Raise WrongShape for a value that the database cannot hold: the slice fails alone."""
    try:
        yield
    except sa.exc.DataError as error:
        # PostgreSQL holds no NUL in a text, say. No "from": it shows values.
        refused = str(error.orig).strip().splitlines()[0]
        raise WrongShape(label, "?", refused) from None
    except (TypeError, ValueError, OverflowError) as error:
        raise WrongShape(label, "?", type(error).__name__) from None
