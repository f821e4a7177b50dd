"""When a term is over, and what forbids destruction though it is."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from archive_store.nomenclature import kinds
from archive_store.retention import holds
from archive_store.retention.due import State, sealed_files, term_of
from archive_store.retention.errors import (
    CarriersAbsent,
    Held,
    NotApproved,
    NotDue,
    NothingDue,
    SheetsNotVerified,
    Superseded,
)
from archive_store.retention.holds import Subject
from archive_store.snapshot.terms import may_destroy_from
from retained_year import Archive, filled
from small_year import SCHOOL, YEAR

YEARS = st.integers(1990, 2100)
TERMS = st.integers(1, 100)


@pytest.mark.parametrize(
    ("study_year", "years", "day"),
    [(2024, 5, "2031-01-01"), (2024, 25, "2051-01-01"), (2024, 0, "2026-01-01")],
)
def test_the_examples_of_the_regulation(study_year: int, years: int, day: str) -> None:
    assert may_destroy_from(study_year, years) == day


@given(YEARS, TERMS)
def test_a_term_lasts_so_many_whole_calendar_years_after_the_year_in_which_the_academic_year_ended(
    study_year: int, years: int
) -> None:
    ended = date(study_year + 1, 8, 31)
    day = date.fromisoformat(may_destroy_from(study_year, years))
    assert (day.month, day.day) == (1, 1)
    whole = [year for year in range(ended.year + 1, day.year) if date(year, 1, 1) > ended]
    assert len(whole) == years
    # Never before so many years have passed since the last day of the year.
    assert day >= ended.replace(year=ended.year + years, day=28)


@given(YEARS, TERMS, TERMS)
def test_a_longer_term_is_never_over_earlier(study_year: int, one: int, other: int) -> None:
    first, second = sorted((one, other))
    assert may_destroy_from(study_year, first) <= may_destroy_from(study_year, second)
    assert may_destroy_from(study_year, one) < may_destroy_from(study_year + 1, one)


@given(TERMS, TERMS)
def test_the_longer_of_the_sealed_term_and_the_school_s_counts(sealed: int, own: int) -> None:
    assert term_of("journal-9A-ed01", sealed, with_journals_kept(own)) == max(sealed, own)


def with_journals_kept(years: int) -> kinds.Nomenclature:
    known = kinds.default().kinds
    longer = tuple(dataclasses.replace(one, years=years) if one.kind == "journal" else one for one in known)
    return kinds.Nomenclature(longer)


def states(archive: Any, today: str) -> dict[str, State]:
    return {one.bag: one.state for one in archive.due(today)}


def test_a_year_by_the_day(small: Archive) -> None:
    journals = ("journal-9A-ed01", "journal-9B-ed01")
    before, on, later = (states(small, day) for day in ("2030-12-31", "2031-01-01", "2051-01-01"))
    assert {before[one] for one in journals} == {State.NOT_YET}
    assert {on[one] for one in journals} == {State.DUE}
    assert on["summary-ed01"] == State.NOT_YET
    assert later["summary-ed01"] == State.JOURNALS  # it vouches for them
    with small.engine.connect() as connection:
        longer = sealed_files(connection, SCHOOL, with_journals_kept(10), "2031-01-01")
    assert {one.due_from for one in longer if not one.is_summary} == {"2036-01-01"}


def test_a_hold_forbids_selection_and_also_what_is_selected_already(small: Archive) -> None:
    act = small.propose("journal-9A-ed01")
    with small.engine.begin() as connection:
        put = holds.hold(connection, small.clerk(), Subject(YEAR, "journal-9A"), "суд", "№ 1")
    assert states(small, "2031-01-20")["journal-9A-ed01"] == State.HELD
    assert states(small, "2031-01-20")["journal-9B-ed01"] == State.DUE
    with pytest.raises(Held) as held:
        small.destroy(act.number)
    assert held.value.holds == [put.number]
    with pytest.raises(NothingDue):
        small.propose("journal-9A-ed01")
    with small.engine.begin() as connection:
        holds.release(connection, small.clerk(), put.number, "решено", "№ 2")
    assert small.destroy(act.number).is_complete


def test_what_is_wanting_stops_a_destruction_before_anything_is_touched(small: Archive) -> None:
    act = small.propose("journal-9A-ed01")
    with pytest.raises(NotApproved):
        small.destroy(act.number, None)
    with pytest.raises(NotDue):  # a clock that was set back
        small.destroy(act.number, today="2030-12-31")
    (small.disk("b") / "carrier.json").rename(small.folder / "away")
    with pytest.raises(CarriersAbsent) as absent:
        small.destroy(act.number)
    assert absent.value.names == ["b"]
    (small.folder / "away").rename(small.disk("b") / "carrier.json")
    later = small.propose("journal-9A-ed01", "journal-9B-ed01")
    with pytest.raises(Superseded):
        small.destroy(act.number)
    summary = small.disk("b") / f"{YEAR}-{YEAR + 1}" / "summary-ed01" / "data" / "passport.json"
    summary.chmod(0o600)
    summary.write_bytes(summary.read_bytes() + b" ")
    with pytest.raises(SheetsNotVerified) as sheets:  # by the book it is sound, by the carrier it is not
        small.destroy(later.number)
    assert sheets.value.rooms == 1
    assert (small.own / f"{YEAR}-{YEAR + 1}" / "journal-9A-ed01").is_dir()


def test_without_two_carriers_nothing_is_due(
    sqlite_store: sa.Engine, tmp_path: Path, own_disks: None
) -> None:
    archive = filled(sqlite_store, tmp_path)
    assert states(archive, "2031-01-20")["journal-9A-ed01"] == State.SHEETS
    archive.carry("a", "room 1")
    archive.carry("b", "Room 1")  # the same room
    assert states(archive, "2031-01-20")["journal-9A-ed01"] == State.SHEETS


def test_the_summary_goes_last_and_then_nobody_is_named_any_more(small: Archive) -> None:
    far = "2051-01-20"
    assert {one.bag for one in small.propose(today=far).lines} == {"journal-9A-ed01", "journal-9B-ed01"}
    assert small.destroy(1, today=far).is_complete
    act = small.propose(today=far)
    assert [one.bag for one in act.lines] == ["summary-ed01"]
    assert small.destroy(act.number, today=far).is_complete
    with small.engine.connect() as connection:
        for table in ("person", "membership", "final_mark", "former_member", "class_teacher"):
            left = connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()
            # A pupil who has a mark in the next year is kept with that year.
            assert left == (1 if table == "person" else 0), table
        groups = connection.execute(sa.text("SELECT DISTINCT study_year FROM edu_group")).scalars().all()
    assert groups == [YEAR + 1]


def test_the_summary_alone_is_refused_while_journals_remain(small: Archive) -> None:
    with pytest.raises(NothingDue):
        small.propose("summary-ed01", today="2051-01-20")
