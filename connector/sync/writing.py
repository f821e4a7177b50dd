"""Write the answer of a slice into the archive: one transaction with its checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from sys import intern

import sqlalchemy as sa

from archive_store import checkpoints, quarantine, schema
from archive_store.checkpoints import Checkpoint, Place
from archive_store.history import Changes
from connector.api.errors import REFUSALS, WrongShape
from connector.sync import diary, journal
from connector.sync.fetching import Order, digest_of
from connector.sync.ordering import Ordering
from connector.sync.slices import Answer, Nearby, Reading, Slice, Writing
from connector.sync.source import Source
from connector.sync.summary import Failure, Summary


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

    def confirm(self, order: Order) -> None:
        """The answer is the same as last time: nothing is parsed, only the moment is new."""
        self.summary.unchanged += 1
        with self.source.day_count.transaction(self.engine) as connection:
            self._save_checkpoint(connection, order.slice.place, order.known, None)

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
                    self._writing(connection, order, answer).keep(answer)
            raise

    def _write(self, order: Order, answer: Answer) -> bool:
        slice_ = order.slice
        self.summary.parsed += not order.again
        self._look_up(slice_, answer)
        with self.source.day_count.transaction(self.engine) as connection:
            writing = self._writing(connection, order, answer)
            if order.keep:
                writing.keep(answer)
            _write_records(writing, slice_, answer)
            self._distrust_dependents(connection, slice_, writing)
            self._distrust_former_owners(connection, slice_, writing)
            if order.repair:
                checkpoints.distrust(connection, self.source.school_id, slice_.place)
            else:
                self._checkpoint_written(connection, order, answer, writing)
        held_back = any(one.held_back for one in writing.changes.values())
        look_again = held_back and not order.again
        self._count(writing, order, look_again=look_again)
        if answer.unreadable and not look_again:
            self.summary.failures.append(Failure(slice_, answer.unreadable))
        return look_again

    def _writing(self, connection: sa.Connection, order: Order, answer: Answer) -> Writing:
        return Writing(
            connection,
            self.source.school_id,
            self.summary.run_id,
            self.source.moments,
            self.trust_withdrawals,
            order.again or self.ordering.held_back(order.slice.place),
            self.nearby,
            answer,
        )

    def _look_up(self, slice_: Slice, answer: Answer) -> None:
        """Fetch what the archive does not know and the mapping needs; what cannot be had is left out."""
        if slice_.kind.look_up is None:
            return
        with self.engine.connect() as connection:
            reading = Reading(connection, self.source.school_id, self.nearby)
            wanted = list(slice_.kind.look_up(reading, slice_, answer))
        while wanted:
            call = wanted.pop()
            try:
                answer.add([(call, self.source.client.fetch(call))])
            except REFUSALS:
                # One bad id may have refused them all.
                wanted += call.cut_to(1) if call.size > 1 else []

    def _distrust_dependents(self, connection: sa.Connection, slice_: Slice, writing: Writing) -> None:
        """Make due what the change of a month's lessons bears on, however long ago it was settled."""
        lessons = writing.changes.get(schema.LESSON.name)
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

    def _distrust_former_owners(self, connection: sa.Connection, slice_: Slice, writing: Writing) -> None:
        """Make due whose records a new slice of these days has changed: a subgroup without its class, say.

        The class's answer may stay the same, and its digest would vouch for what no longer stands.
        """
        if slice_.place in self.ordering.done or not slice_.place.first_day:
            return
        if any(one.changed or one.withdrawn for one in writing.changes.values()):
            checkpoints.distrust(connection, self.source.school_id, slice_.place, any_group=True)

    def _checkpoint_written(
        self, connection: sa.Connection, order: Order, answer: Answer, writing: Writing
    ) -> None:
        place, answer_digest = order.slice.place, digest_of(answer, order.salt)
        withheld = {name: one.held_back for name, one in writing.changes.items() if one.held_back}
        # What was held back, or could not be read or filed, is looked at again by the next run.
        digest = checkpoints.HELD_BACK if withheld else None if writing.incomplete else answer_digest
        records = sum(one.new + one.changed + one.unchanged for one in writing.changes.values())
        self._save_checkpoint(connection, place, digest, records)
        if withheld and order.again:
            self._hold(connection, order.slice, withheld, answer_digest)
        elif not withheld and writing.held_back_before:
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

    def _count(self, writing: Writing, order: Order, *, look_again: bool) -> None:
        if not look_again:
            self.summary.unfiled += writing.unfiled
        for name, changes in writing.changes.items():
            if look_again:
                changes.held_back = 0  # the second look tells
            if order.again:
                changes.unchanged = 0  # counted by the first
            self.summary.changes.setdefault(name, Changes()).add(changes)


def _write_records(writing: Writing, slice_: Slice, answer: Answer) -> None:
    label = answer.calls[0].label if answer.calls else slice_.kind.name
    try:
        slice_.kind.write(writing, slice_, answer)
    except sa.exc.DataError as error:
        # PostgreSQL holds no NUL in a text, say: the slice fails alone. No "from": it shows values.
        refused = str(error.orig).strip().splitlines()[0]
        raise WrongShape(label, "?", refused) from None
    except (TypeError, ValueError, OverflowError) as error:
        # A value that the documented shape allows and no record can hold: no date, a huge number.
        raise WrongShape(label, "?", type(error).__name__) from None
