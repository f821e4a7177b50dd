"""The archive against the platform: an intact one agrees in all, and whatever is tampered with is named."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import reconciliations, schema
from archive_store.asof import AsOf
from archive_store.catalogue import classes, groups
from archive_store.retention import tombstones
from archive_store.retention.book import Clerk
from archive_store.retention.errors import RecordsDestroyed
from archive_store.retention.live import clear
from archive_store.retention.tombstones import Tombstone
from connector.api.errors import AccessRefused, PlatformFault, TokenRefused
from connector.sandbox import edits
from connector.sandbox.content.work_types import WORK_KINDS
from connector.sandbox.errors import ApiError
from connector.sandbox.routes import averages as averages_route
from connector.sandbox.wire import school as school_wire
from connector.sandbox.wire.journal import JournalView
from connector.sync import grid, journal
from connector.sync.moments import MomentReader
from connector.sync.reconcile.run import Wanted, keep, reconcile
from connector.sync.reconcile.verdict import Cause, Difference, Verdict, What
from connector.sync.run import Sync
from connector.sync.source import Source
from connector.sync.summary import Summary

TODAY = date(2026, 3, 18)
AVERAGES = {What.AVERAGE, What.WEIGHTED_AVERAGE}


def compare(
    installation: Any, *, sample: int = 0, group: str | None = None, year: int = 2025, today: date = TODAY
) -> Verdict:
    with installation.client() as client, installation.engine.connect() as connection:
        source = Source(client, installation.school_id, MomentReader(), now=lambda: installation.now)
        run = connection.execute(sa.select(sa.func.max(schema.RUN.c.run_id))).scalar() or 0
        at = AsOf(installation.school_id, run)
        return reconcile(connection, source, at, Wanted(year, today, group, sample))


def execute(installation: Any, statement: str, **values: object) -> None:
    """Meddle with the archive behind its back."""
    with installation.engine.begin() as connection:
        assert connection.execute(sa.text(statement), values).rowcount == 1


def a_mark(installation: Any, **wanted: str) -> dict[str, Any]:
    """A mark that changes the averages of its pupil when it is gone: the lowest among higher ones."""
    marks = [
        row
        for row in installation.rows("marks", study_year=2025)
        if row["type"] == "Mark5" and row["day"] < "2025-12-20"
    ]
    of_cell = Counter((row["person_id"], row["subject_id"]) for row in marks)
    return next(
        row
        for row in marks
        if row["value"] == wanted.get("value", "3") and of_cell[row["person_id"], row["subject_id"]] >= 4
    )


def of_mark(found: list[Difference], mark: dict[str, Any]) -> list[Difference]:
    return [one for one in found if one.record_id == int(mark["mark_id"])]


def assert_cell(verdict: Verdict, mark: dict[str, Any], cause: Cause) -> None:
    """Only the averages of the mark's pupil and subject differ, and for that cause."""
    found = [one for one in verdict.differences if one.what in AVERAGES]
    assert {one.what for one in found} == AVERAGES
    assert {(one.person_id, one.subject_id) for one in found} == {
        (int(mark["person_id"]), int(mark["subject_id"]))
    }
    assert {one.cause for one in found} == {cause}
    assert all(one.archive != one.platform for one in found)


def test_an_intact_archive_agrees_in_every_average_final_and_record(synced: Any) -> None:
    everything = compare(synced, sample=10_000)
    assert everything.differences == []
    assert (everything.not_offered, everything.failures) == ([], [])
    lessons, marks, attendance = (
        [row for row in synced.rows(name, study_year=2025) if row["day"] <= "2026-03-31"]
        for name in ("lessons", "marks", "attendance")
    )
    finals = synced.rows("final-marks", study_year=2025)
    records = sum(len(rows) for rows in (lessons, marks, attendance, finals))
    assert compare(synced).counts.checked == everything.counts.checked - records + len(finals)
    averages = everything.counts.checked - records
    assert averages == averages_on_the_wire(synced) > 500


def averages_on_the_wire(installation: Any) -> int:
    """How many averages the platform gives of the pupils of each class, by a plain crawler."""
    truth, count = installation.truth, 0
    for group in truth.classes(2025):
        pupils = {one["id"] for one in truth._get(f"edu-groups/{group}/persons?includeArchive=true")}
        for period in truth._get(f"edu-groups/{group}/reporting-periods"):
            days = f"{period['start'][:10]}/{min(period['finish'][:10], TODAY.isoformat())}"
            if period["start"][:10] > TODAY.isoformat():
                continue
            for row in truth._get(f"edu-groups/{group}/avg-marks/{days}"):
                count += len(row["per-subject-averages"]) * (row["person"] in pupils)
            for subject in truth._get(f"edu-groups/{group}/wa-marks/{days}")["subjectMarks"]:
                count += sum(one["person"] in pupils for one in subject["marks"])
    return count


def test_a_past_year_is_compared_too(synced: Any) -> None:
    verdict = compare(synced, year=2024, sample=3)
    assert verdict.differences == []
    assert verdict.counts.checked > 1000


@pytest.mark.parametrize(
    "tampering",
    ["DELETE FROM mark WHERE mark_id = :id", "UPDATE mark SET seen_to = seen_from WHERE mark_id = :id"],
)
def test_a_mark_deleted_or_hidden_in_the_archive_is_found_missing(synced: Any, tampering: str) -> None:
    mark = a_mark(synced)
    execute(synced, tampering, id=int(mark["mark_id"]))
    verdict = compare(synced)
    (difference,) = of_mark(verdict.differences, mark)
    assert (difference.archive, difference.platform) == (None, mark["value"])
    assert difference.cause is Cause.MISSING
    assert_cell(verdict, mark, Cause.MISSING)
    assert verdict.counts.unexplained == len(verdict.differences) == 3


def test_a_mark_altered_in_the_archive_is_told_from_one_changed_on_the_platform(synced: Any) -> None:
    mark = a_mark(synced)
    execute(synced, "UPDATE mark SET value = '5' WHERE mark_id = :id", id=int(mark["mark_id"]))
    verdict = compare(synced)
    (difference,) = of_mark(verdict.differences, mark)
    assert difference.cause is Cause.ALTERED
    assert_cell(verdict, mark, Cause.ALTERED)
    assert verdict.counts.unexplained == 3


def test_a_mark_changed_on_the_platform_is_no_fault_of_the_archive(synced: Any) -> None:
    mark = a_mark(synced)
    edits.change_mark(synced.school.school, int(mark["mark_id"]), "5")
    verdict = compare(synced)
    (difference,) = of_mark(verdict.differences, mark)
    assert (difference.archive, difference.platform, difference.cause) == ("3", "5", Cause.CHANGED)
    assert_cell(verdict, mark, Cause.CHANGED)
    assert verdict.counts.unexplained == 0


def test_a_mark_set_after_the_run_is_newer_not_missing(synced: Any) -> None:
    mark = a_mark(synced)
    later = synced.now + timedelta(minutes=5)
    school = synced.school.school
    added = edits.add_mark(school, int(mark["work_id"]), int(mark["person_id"]), "5", later)
    edits.set_clock(school, later + timedelta(minutes=5))
    verdict = compare(synced)
    (difference,) = [one for one in verdict.differences if one.record_id == added]
    assert (difference.archive, difference.platform, difference.cause) == (None, "5", Cause.NEWER)
    assert_cell(verdict, mark, Cause.NEWER)
    assert verdict.counts.unexplained == 0


def test_a_mark_set_before_the_run_but_not_held_is_missing_whenever_it_is_found(synced: Any) -> None:
    mark = a_mark(synced)
    earlier = synced.now - timedelta(minutes=5)
    edits.add_mark(synced.school.school, int(mark["work_id"]), int(mark["person_id"]), "5", earlier)
    assert_cell(compare(synced), mark, Cause.MISSING)


def test_a_mark_withdrawn_on_the_platform_is_named_so(synced: Any) -> None:
    mark = a_mark(synced)
    edits.remove_mark(synced.school.school, int(mark["mark_id"]))
    verdict = compare(synced)
    (difference,) = of_mark(verdict.differences, mark)
    assert (difference.archive, difference.platform, difference.cause) == ("3", None, Cause.WITHDRAWN)
    assert_cell(verdict, mark, Cause.WITHDRAWN)
    assert verdict.counts.unexplained == 0


def test_a_month_that_was_never_read_is_named_so(synced: Any) -> None:
    mark = a_mark(synced)
    execute(synced, "DELETE FROM mark WHERE mark_id = :id", id=int(mark["mark_id"]))
    with synced.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM checkpoint WHERE entity = 'marks'"))
    verdict = compare(synced)
    assert {one.cause for one in verdict.differences} == {Cause.NEVER_READ}
    assert verdict.counts.unexplained == 3


def test_changed_weights_explain_weighted_averages_alone(
    synced: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    heavier = tuple(
        kind if number else kind.__class__(kind.kind, kind.kind_id, kind.title, kind.abbreviation, 4)
        for number, kind in enumerate(WORK_KINDS)
    )
    monkeypatch.setattr(averages_route, "WORK_KINDS", heavier)
    monkeypatch.setattr(school_wire, "WORK_KINDS", heavier)
    verdict = compare(synced)
    assert {(one.what, one.cause) for one in verdict.differences} == {(What.WEIGHTED_AVERAGE, Cause.WEIGHTS)}
    assert len(verdict.differences) > 20
    assert verdict.counts.unexplained == 0


def test_a_weight_altered_in_the_archive_alone_is_explained_by_the_platforms_weights(synced: Any) -> None:
    with synced.engine.begin() as connection:
        connection.execute(sa.text("UPDATE work_type SET weight = 9 WHERE abbr = 'КР'"))
    verdict = compare(synced)
    assert {one.cause for one in verdict.differences} == {Cause.WEIGHTS}


def test_averages_that_nothing_explains_are_not_excused(synced: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    right = averages_route._hundredths
    monkeypatch.setattr(averages_route, "_hundredths", lambda total, weight: right(total, weight) - 70)
    verdict = compare(synced)
    assert {one.cause for one in verdict.differences} == {Cause.UNKNOWN}
    assert verdict.counts.unexplained == len(verdict.differences) > 500


def test_signs_that_the_platform_may_count_explain_a_small_difference(
    synced: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    digits = {"": 0.0, "-": -0.3, "+": 0.3}
    counted = {value: digit + digits[value[1:]] for value, digit in averages_route.DIGITS.items()}
    monkeypatch.setattr(averages_route, "DIGITS", counted)
    monkeypatch.setattr(averages_route, "_hundredths", lambda total, weight: int(100 * total / weight + 0.5))
    verdict = compare(synced)
    assert Cause.SCALE in {one.cause for one in verdict.differences}
    assert verdict.counts.unexplained == 0


def test_a_platform_that_cuts_instead_of_rounding_is_told_apart(
    synced: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(averages_route, "_hundredths", lambda total, weight: 100 * total // weight)
    verdict = compare(synced)
    assert {one.cause for one in verdict.differences} == {Cause.ROUNDING}
    assert verdict.counts.unexplained == 0


def test_marks_that_the_platform_counts_against_its_own_word_explain_a_difference(
    installation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = JournalView.mark
    monkeypatch.setattr(
        JournalView, "mark", lambda view, mark: right(view, mark) | {"use_avg_calc": mark.value != "3"}
    )
    installation.sync()
    verdict = compare(installation)
    assert {one.cause for one in verdict.differences} == {Cause.NOT_COUNTED}
    assert {one.what for one in verdict.differences} == AVERAGES


def of_the_class_alone(call: Any, lessons: Any, *, weighted: bool) -> Any:
    """The sums that a platform would make that leaves the subgroups out of the averages of their class."""
    _, group = call.group()
    sums: dict[tuple[int, int], list[int]] = {}
    for record, lesson in lessons:
        view = JournalView(call.school, record)
        for work in view.works_of(lesson) if lesson.group == group.index else ():
            for mark in view.marks_of(work):
                averages_route._add(sums, work, mark, weighted)
    return sums


def test_averages_without_the_subgroups_explain_a_difference(
    installation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = installation.school.school.journal(2025)
    shared = {group.index: group.parents[0] for group in record.groups if len(group.parents) == 1}
    of_subgroups = [lesson for lesson in record.lessons if lesson.group in shared]
    for lesson in of_subgroups[::2]:  # the class meets as a whole, and in its subgroups
        record.replace_lesson(lesson._replace(group=shared[lesson.group]))
    installation.sync()
    whole = compare(installation)
    assert whole.differences == []
    monkeypatch.setattr(averages_route, "_sums", of_the_class_alone)
    verdict = compare(installation)
    assert {one.cause for one in verdict.differences} == {Cause.SUBGROUPS}
    assert {one.refusal for one in verdict.not_offered} == {None}  # united subgroups have no other lessons
    assert verdict.counts.unexplained == 0


def test_a_mark_that_is_no_number_to_us_explains_a_difference(
    synced: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = a_mark(synced)
    edits.change_mark(synced.school.school, int(mark["mark_id"]), "A")
    day = date.fromisoformat(mark["day"])
    meant = repaired(synced, day)
    assert meant.changes["mark"].changed == 1
    assert compare(synced).differences == []
    monkeypatch.setattr(averages_route, "DIGITS", averages_route.DIGITS | {"A": 5})
    verdict = compare(synced)
    assert {one.cause for one in verdict.differences} == {Cause.SCALE}
    assert {one.what for one in verdict.differences} == AVERAGES


def repaired(installation: Any, day: date) -> Summary:
    """What ``resync`` does for the marks of a day."""

    def work(sync: Sync) -> Summary:
        with installation.engine.connect() as connection:
            meant = grid.journal_groups(groups(connection, AsOf(installation.school_id), 2025))
        return sync.repair([("marks", grid.repair_slices([journal.MARKS], meant, day, day, None))])

    summary: Summary = installation.run(work)
    return summary


def test_it_is_the_same_on_postgresql(
    served_school: Any, postgresql_store: sa.Engine, new_installation: Any
) -> None:
    installation = new_installation(served_school, postgresql_store)
    installation.sync()
    whole = compare(installation, sample=3)
    assert (whole.differences, whole.failures, whole.not_offered) == ([], [], [])
    mark = a_mark(installation)
    execute(installation, "UPDATE mark SET value = '5' WHERE mark_id = :id", id=int(mark["mark_id"]))
    verdict = compare(installation)
    assert_cell(verdict, mark, Cause.ALTERED)
    keep(installation.engine, installation.school_id, "2026-03-19T00:00:00Z", verdict)
    with installation.engine.connect() as connection:
        last = reconciliations.last(connection, installation.school_id)
    assert last is not None
    assert last.counts == verdict.counts


def test_a_lesson_that_moved_within_its_month_names_the_field(synced: Any) -> None:
    lesson = next(row for row in synced.rows("lessons", study_year=2025) if row["day"] == "2025-10-14")
    edits.move_lesson(synced.school.school, int(lesson["lesson_id"]), date(2025, 10, 15))
    found = [one for one in compare(synced, sample=10_000).differences if one.what is What.LESSON]
    assert [(one.archive, one.platform, one.cause) for one in found] == [
        ("day: 2025-10-14", "day: 2025-10-15", Cause.CHANGED)
    ]


def test_a_lesson_that_moved_to_another_month_takes_its_marks_along(synced: Any) -> None:
    mark = a_mark(synced)
    lesson = next(row for row in synced.rows("lessons") if row["lesson_id"] == mark["lesson_id"])
    month = int(mark["day"][5:7])
    day = date(2025, 10, 15) if month != 10 else date(2025, 11, 12)
    edits.move_lesson(synced.school.school, int(lesson["lesson_id"]), day)
    verdict = compare(synced, sample=10_000)
    assert {one.cause for one in verdict.differences} <= {Cause.CHANGED, Cause.WITHDRAWN}
    moved = [(one.day, one.cause) for one in of_mark(verdict.differences, mark)]
    assert sorted(moved) == sorted([(mark["day"], Cause.WITHDRAWN), (day.isoformat(), Cause.CHANGED)])
    assert verdict.counts.unexplained == 0


def a_class(installation: Any) -> Any:
    """A class with marks: the last one."""
    with installation.engine.connect() as connection:
        return classes(connection, AsOf(installation.school_id), 2025)[-1]


def test_a_class_whose_averages_are_refused_is_not_offered_and_the_others_are_compared(
    synced: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = a_class(synced)
    right = averages_route._sums

    def refused(call: Any, *arguments: Any, **options: Any) -> Any:
        if call.number("group") == closed.group_id:
            raise ApiError("authorizationSystemForbidden", 403, "Access is denied")
        return right(call, *arguments, **options)

    whole = compare(synced)
    monkeypatch.setattr(averages_route, "_sums", refused)
    verdict = compare(synced)
    assert (verdict.differences, verdict.failures) == ([], [])
    assert {one.class_id for one in verdict.not_offered} == {closed.group_id}
    assert {one.what for one in verdict.not_offered} == AVERAGES
    assert all(isinstance(one.refusal, AccessRefused) for one in verdict.not_offered)
    assert verdict.counts.not_offered > 20
    assert verdict.counts.checked + verdict.counts.not_offered == whole.counts.checked


def test_where_the_call_by_days_is_refused_that_by_period_is_asked(synced: Any) -> None:
    faults, requests = synced.school.faults, synced.school.requests
    whole = compare(synced)
    requests.clear()
    path = "edu-groups/{group}/reporting-periods/{period}/avg-marks/{date}"
    assert requests.by_pattern[f"GET {path}"] == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("connector.api.calls.averages", lambda *_days: _unknown_call())
        verdict = compare(synced)
    assert requests.by_pattern[f"GET {path}"] > 6
    assert verdict.differences == []
    assert verdict.counts == whole.counts
    assert faults.path == ""


def _unknown_call() -> Any:
    from connector.api.calls import Call

    return Call("edu-groups/no-such-call")


def test_a_web_page_instead_of_averages_fails_its_class_alone(
    synced: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _seconds: None)
    broken = a_class(synced)
    faults = synced.school.faults
    faults.path, faults.html_pages = f"edu-groups/{broken.group_id}/wa-marks", 1_000
    verdict = compare(synced)
    (failed,) = verdict.failures
    assert failed.class_id == broken.group_id
    assert isinstance(failed.error, PlatformFault)
    assert verdict.differences == []
    assert verdict.counts.checked > 500


def test_an_outage_and_a_refused_token_end_it_early(synced: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _seconds: None)
    synced.school.faults.html_pages = 1_000_000
    before = synced.school.requests.total
    with pytest.raises(PlatformFault):
        compare(synced)
    assert synced.school.requests.total - before < 30
    synced.school.faults.html_pages = 0
    synced.school.faults.refuse_tokens_after = 10
    with pytest.raises(TokenRefused):
        compare(synced)


def test_a_final_mark_that_differs_is_found(synced: Any) -> None:
    rows = synced.rows("final-marks", study_year=2025)
    changed, deleted = (row for row in rows[:2])
    edits.change_mark(synced.school.school, int(changed["mark_id"]), "1")
    execute(synced, "DELETE FROM final_mark WHERE mark_id = :id", id=int(deleted["mark_id"]))
    found = {one.record_id: one for one in compare(synced).differences}
    assert {one.what for one in found.values()} == {What.FINAL_MARK}
    assert {ident: one.cause for ident, one in found.items()} == {
        int(changed["mark_id"]): Cause.CHANGED,
        int(deleted["mark_id"]): Cause.MISSING,
    }


def test_a_lesson_and_an_absence_missing_in_the_archive_are_found_by_the_sample(synced: Any) -> None:
    lesson = synced.rows("lessons", study_year=2025)[50]
    entry = next(row for row in synced.rows("attendance", study_year=2025) if row["status"] == "Absent")
    execute(synced, "DELETE FROM lesson WHERE lesson_id = :id", id=int(lesson["lesson_id"]))
    execute(
        synced,
        "DELETE FROM attendance WHERE lesson_id = :id AND person_id = :person",
        id=int(entry["lesson_id"]), person=int(entry["person_id"]),
    )  # fmt: skip
    assert compare(synced).differences == []  # averages do not show it
    found = {one.what: one for one in compare(synced, sample=10_000).differences}
    assert found.keys() == {What.LESSON, What.ATTENDANCE}
    assert {one.cause for one in found.values()} == {Cause.MISSING}
    assert found[What.LESSON].record_id == int(lesson["lesson_id"])
    assert found[What.ATTENDANCE].person_id == int(entry["person_id"])


def test_one_class_alone_can_be_compared(synced: Any) -> None:
    one = a_class(synced)
    verdict = compare(synced, group=one.name.lower(), sample=2)
    assert verdict.differences == []
    assert one.group_id in verdict.checked
    assert len(verdict.sampled) == 2
    assert verdict.counts.checked < compare(synced).counts.checked


def test_what_is_kept_names_nobody_and_turns_the_sample(synced: Any) -> None:
    mark = a_mark(synced)
    execute(synced, "DELETE FROM mark WHERE mark_id = :id", id=int(mark["mark_id"]))
    seen: list[tuple[int, str]] = []
    for week in range(4):
        verdict = compare(synced, sample=5)
        keep(synced.engine, synced.school_id, f"2026-03-{week + 1:02d}T00:00:00Z", verdict)
        seen += verdict.sampled
    assert len(set(seen)) == len(seen) == 20
    with synced.engine.connect() as connection:
        last = reconciliations.last(connection, synced.school_id)
        stored = str(connection.execute(sa.select(schema.RECONCILIATION.c.details)).scalars().all())
    assert last is not None
    assert last.counts == verdict.counts
    assert {(one["what"], one["cause"]) for one in last.details["causes"]} >= {("mark", "missing")}
    assert mark["person_id"] not in stored
    assert mark["mark_id"] not in stored


def test_nothing_is_written_to_the_record(synced: Any) -> None:
    mark = a_mark(synced)
    edits.remove_mark(synced.school.school, int(mark["mark_id"]))
    before = {name: synced.rows(name) for name in ("marks", "lessons", "attendance", "final-marks")}
    runs = sa.select(sa.func.count()).select_from(schema.RUN)
    with synced.engine.connect() as connection:
        count = connection.execute(runs).scalar()
    compare(synced, sample=10)
    assert {name: synced.rows(name) for name in before} == before
    with synced.engine.connect() as connection:
        assert connection.execute(runs).scalar() == count


def test_a_class_whose_journal_was_destroyed_is_left_out_and_told(synced: Any) -> None:
    with synced.engine.begin() as connection:
        (first, *_others) = classes(connection, AsOf(synced.school_id), 2024)
        clerk = Clerk(synced.school_id, "deputy", "2031-01-20T09:00:00Z")
        stone = Tombstone(2024, "journal-x-ed01", "0" * 64, first.group_id, 3, 99, 5, 7, clerk.at)
        tombstones.enter(connection, clerk, [stone])
        clear(connection, clerk, 7, [stone])
    verdict = compare(synced, year=2024, sample=10_000)
    assert verdict.differences == []
    assert verdict.destroyed == {first.group_id: 7}
    assert verdict.counts.checked > 0
    assert first.group_id not in {group for group, _month in verdict.sampled}
    with pytest.raises(RecordsDestroyed):
        compare(synced, year=2024, group=first.name)
