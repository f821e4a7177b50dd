"""One run: the stages of the plan, each fetched by threads and written by one, slice by slice."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

import sqlalchemy as sa

from archive_store import checkpoints, history, runs, schema, traits
from archive_store.checkpoints import Checkpoint, Place
from archive_store.retention.tombstones import journals_destroyed
from connector.api.errors import ENDS_A_RUN, REFUSALS, ApiError
from connector.sync import diary, learned, plan, special_marks, year_marks
from connector.sync.answer_reading import AnswerReading
from connector.sync.fetching import Fetched, Order, fetched
from connector.sync.files import FileFetching, FileKeeping
from connector.sync.grid import JournalGroup, filed_under, not_destroyed, slices_at
from connector.sync.limits import Limits
from connector.sync.ordering import Ordering
from connector.sync.sections import RECEIVED, sections
from connector.sync.slices import Nearby, Reading, Slice
from connector.sync.source import Source
from connector.sync.subgroups import SUBGROUPS, YEAR_MARKS, class_and_subgroup, compare, known_groups
from connector.sync.summary import Failure, Summary
from connector.sync.window import Window
from connector.sync.writing import SliceWriter
from connector.sync.year_marks import class_and_pupil


class Progress(Protocol):
    """Is told how a run gets on."""

    def stage(self, name: str, slices: int) -> None:
        """A stage of that many slices begins."""

    def finished(self, slice_: Slice) -> None:
        """A slice of the stage is done, or has failed."""


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
    account: str = ""
    stopping: Callable[[], bool] = lambda: False
    summary: Summary = field(default_factory=Summary)
    limits: Limits = field(default_factory=Limits)
    files: FileKeeping | None = None
    _ordering: Ordering = field(init=False)
    _writer: SliceWriter = field(init=False)
    _answers: AnswerReading = field(init=False)
    _traits: dict[str, str] = field(default_factory=dict)
    _returned: deque[Order] = field(default_factory=deque)
    _nearby: Nearby = field(default_factory=dict)
    _destroyed: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        source = self.source
        self._ordering = Ordering(str(source.moments.zone), source.keep_answers, self._reading)
        self._writer = SliceWriter(self.engine, source, self.summary, self._ordering, self._nearby)
        self._answers = AnswerReading(
            self.engine, source.client, source.school_id, source.moments, self.limits
        )

    def nightly(self) -> Summary:
        """All that is due: gaps first seen, months still open, and what is read every time."""
        with self._run("sync"):
            self._stage("school", plan.school_slices(self.source.school_id))
            school_id = self.source.school_id
            rest = plan.rare_school_slices(school_id, self._done, self.window)
            self._stage("school", plan.group_list_slices(school_id) + rest)
            years = sorted({one.group.study_year or 0 for one in self._journal_groups()})
            self._stage("school", plan.past_group_slices(school_id, years, self._done, self.window))
            self._learn_of_subgroups()
            self._stage("groups", plan.group_slices(self._journal_groups(), self._done, self.window))
            self._learn_of_year_marks(self._journal_groups())
            groups = self._journal_groups()  # with the periods, which have just been read
            self._stage("lessons", plan.lesson_slices(groups, self._done, self.window))
            self._load_checkpoints()  # changed lessons have made marks and attendance due
            self._stage("marks", plan.mark_slices(groups, self._done, self.window))
            self._learn_of_special_marks(groups)
            for slices in plan.special_slices(groups, self._traits, self._done, self.window):
                self._stage("special", slices)
            self._stage("averages", plan.average_slices(groups, self._done, self.window))
            with self._reading() as reading:
                homework = diary.months_with_homework(reading)
            self._stage("diary", plan.diary_slices(groups, homework, self._done, self.window))
            if self.files is not None:
                self._fetching_of(self.files).fetch()
            self._write_sections()
        return self.summary

    def repair(self, stages: Iterable[tuple[str, Sequence[Slice]]]) -> Summary:
        """Read these parts of slices again, whatever their digests say, and write what differs."""
        with self._run("resync"):
            for name, slices in stages:
                self._stage(name, slices, repair=True)
        return self.summary

    def accept(self, places: Sequence[Place]) -> Summary:
        """Read these places again and believe what they withdraw."""
        self.trust_withdrawals = True
        with self._run("accept"):
            slices = slices_at(places, self.source.school_id, self._journal_groups())
            filed = filed_under(slices)
            self._stage("repair", [one for one in slices if one not in filed], parse_anyway=True)
            self._stage("repair", filed, parse_anyway=True)
        return self.summary

    @property
    def _done(self) -> dict[Place, Checkpoint]:
        return self._ordering.done

    @contextmanager
    def _reading(self) -> Iterator[Reading]:
        with self.engine.connect() as connection:
            yield Reading(connection, self.source.school_id, self._nearby)

    def _journal_groups(self) -> list[JournalGroup]:
        with self.engine.connect() as connection:
            return known_groups(connection, self.source.school_id, self.window.first_year, self._traits)

    def _fetching_of(self, keeping: FileKeeping) -> FileFetching:
        return FileFetching(self.engine, self.source, keeping, self.summary, self.limits, self.stopping)

    def _write_sections(self) -> None:
        """Say for each section whether the platform gives it: nothing is ever silently missing."""
        with self.engine.begin() as connection:
            school_id, failures = self.source.school_id, self.summary.failures
            found = sections(connection, school_id, self.window, failures, self._traits)
            history.write(connection, schema.SECTION, self.source.school_id, self.summary.run_id, found)

    def _learn_of_subgroups(self) -> None:
        """Find out whether the calls for a class hold its subgroups' records, unless it is known."""
        if SUBGROUPS in self._traits:
            return
        with self._reading() as reading:
            pairs = class_and_subgroup(reading, self.window.today)
        found = compare(self.source.client, pairs, self.limits)
        if found:
            self._traits[SUBGROUPS] = found

    def _learn_of_year_marks(self, groups: Sequence[JournalGroup]) -> None:
        """Find out whether the calls for a class hold its year and exam marks, unless it is known."""
        if YEAR_MARKS in self._traits:
            return
        with self._reading() as reading:
            pairs = class_and_pupil(reading, groups, self.window.today)
        found = year_marks.compare(self.source.client, pairs)
        if found:
            self._traits[YEAR_MARKS] = found

    def _learn_of_special_marks(self, groups: Sequence[JournalGroup]) -> None:
        """Find out whether the school has thematic marks and a criteria journal, unless it is known."""
        client, today = self.source.client, self.window.today
        if any(one.keeps_criteria_journal for one in groups):
            self._traits[special_marks.CRITERIA] = RECEIVED
        for trait, questions_about in (
            (special_marks.THEMATIC, special_marks.about_thematic_marks),
            (special_marks.CRITERIA, special_marks.about_criteria_marks),
        ):
            if trait in self._traits:
                continue
            with self._reading() as reading:
                questions = questions_about(reading, groups, today)
            if found := special_marks.state(client, questions, self.limits):
                self._traits[trait] = found

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
        since = self.source.moment(-learned.LASTS)
        with self.engine.begin() as connection:
            self.source.day_count.load(connection)
            self.summary.run_id = runs.begin(connection, school_id, kind, at, self.program)
            self._traits = traits.load(connection, school_id, since)
            self._destroyed = journals_destroyed(connection, school_id)
        learned.recall(self._traits, self.limits, self._ordering)
        self._load_checkpoints()
        self._writer.archive_was_empty = not self._done
        self._writer.trust_withdrawals = self.trust_withdrawals
        self._writer.account = self.account

    def _load_checkpoints(self) -> None:
        self._ordering.done = {}  # or a big school would have them in memory twice
        with self.engine.connect() as connection:
            self._ordering.done = checkpoints.load(connection, self.source.school_id)

    def _end(self, outcome: runs.Outcome) -> None:
        school_id, at = self.source.school_id, self.source.moment()
        self.summary.calls = self.source.client.hand_over_tally()
        record = self.summary.as_record()
        with self.source.day_count.transaction(self.engine) as connection:
            before = traits.load(connection, school_id, self.source.moment(-learned.LASTS))
            for name, value in learned.to_remember(self._traits, self.limits, self._ordering):
                if before.get(name) != value:  # else it would never be forgotten
                    traits.save(connection, school_id, name, value, at)
            self.summary.head = runs.end(connection, school_id, self.summary.run_id, at, outcome, record)

    def _stage(
        self, name: str, slices: Sequence[Slice], *, repair: bool = False, parse_anyway: bool = False
    ) -> None:
        slices = not_destroyed(slices, self._destroyed)
        if not slices:
            return
        self.progress.stage(name, len(slices))
        self._nearby.clear()
        self._answers.forget()
        self._returned.clear()
        planned = (self._ordering.order(one, parse_anyway=parse_anyway, repair=repair) for one in slices)

        def take() -> Order | None:
            return self._returned.popleft() if self._returned else next(planned, None)

        client, connections = self.source.client, self.source.connections
        try:
            for order, future in fetched(client, take, connections, self.limits, self._answers):
                if self._finish(order, future):
                    self.progress.finished(order.slice)
                if self.stopping():
                    raise KeyboardInterrupt
        finally:
            self._writer.record_confirmed()

    def _finish(self, order: Order, future: Fetched) -> bool:
        """Write an answer; whether the slice is done with, or will be looked at again."""
        try:
            answer = future.result()
            if answer is None:
                self._writer.confirm(order)
            elif self._writer.write(order, answer):
                self._returned.append(self._ordering.second_look(order))
                return False
            if order.way and order.calls:  # no call is no proof that a way is open
                self._ordering.ways[order.slice.kind.name] = order.way
        except ENDS_A_RUN:
            raise
        except ApiError as error:
            if isinstance(error, REFUSALS) and (other := self._ordering.by_another_way(order)):
                self._returned.append(other)
                return False
            if isinstance(error, REFUSALS) and order.slice.kind.optional:
                self._writer.note_refusal(order)
            else:
                self.summary.failures.append(Failure(order.slice, error))
        self.summary.slices += 1
        return True
