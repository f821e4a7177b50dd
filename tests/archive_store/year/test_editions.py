"""A year is closed in two steps and then amended: nothing that was sealed is ever touched."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import schema, texts
from archive_store.asof import AsOf
from archive_store.errors import AlreadySealed
from archive_store.history import Absence, Scope
from archive_store.snapshot.edition import Stage
from archive_store.snapshot.verifier import verify
from archive_store.store import make_store
from archive_store.verification.whole import verify as verify_ledger
from archive_store.year.amending import Amendment, EditionDue, amend_year, editions_due
from archive_store.year.change_words import change_title, field_title
from archive_store.year.changes import Comparison
from archive_store.year.closing import Closing, Gate, Order, close_year
from archive_store.year.errors import (
    EditionBeforeMissing,
    NotClosedForGood,
    NothingChanged,
    OtherSnapshotThere,
    StopsFound,
    TooEarlyForFinal,
)
from archive_store.year.place_names import Names
from archive_store.year.register import editions
from archive_store.year.rules import Facts, Rules
from handling import altered, copied, rehashed
from small_year import (
    ATTENDED,
    CLASS_A,
    CORRECTED,
    FINALS,
    FIRST_NIGHT,
    LESSONS,
    MARKS,
    SCHOOL,
    YEAR,
    Slice,
    fill,
    night,
)

JUNE, AUGUST, OCTOBER = "2025-06-20T09:00:00Z", "2025-08-31T09:00:00Z", "2025-10-16T09:00:00Z"
FOR_GOOD = Order(Stage.FINAL)
WHY = Amendment("ликвидация академической задолженности", "№ 123 от 15.10.2025", "archivist")
CLEARED = FINALS[1]._replace(value="3", text_value="3")  # the year's mark of a pupil of 9А


def _close(store: sa.Engine, root: Path, at: str, order: Order | None = None) -> Closing:
    with store.begin() as connection:
        return close_year(connection, SCHOOL, YEAR, root, at, order)


def _amend(store: sa.Engine, root: Path, why: Amendment = WHY) -> Closing:
    with store.begin() as connection:
        return amend_year(connection, SCHOOL, YEAR, root, OCTOBER, why)


def _debt_cleared(store: sa.Engine) -> None:
    night(store, [Slice(schema.FINAL_MARK, [CLEARED])], "2025-10-15")


def _bags(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def _bytes_of(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def _passport(bag: Path) -> dict[str, Any]:
    return json.loads((bag / "data/passport.json").read_bytes())


def _label(bag: Path) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in (bag / "bag-info.txt").read_text("utf-8").splitlines())


def test_marks_of_every_kind_are_compared_and_named_by_what_they_are(
    archive: sa.Engine, tmp_path: Path
) -> None:
    _close(archive, tmp_path, AUGUST, FOR_GOOD)
    sealed = {one.entity: one.records for one in FIRST_NIGHT if one.entity in (
        schema.THEMATIC_MARK, schema.CRITERIA_MARK, schema.CRITERIA_TOTAL,
    )}  # fmt: skip
    other = [Slice(entity, [records[0]._replace(value=9)]) for entity, records in sealed.items()]
    other[0] = Slice(schema.THEMATIC_MARK, [sealed[schema.THEMATIC_MARK][0]._replace(value="2")])
    other[2] = Slice(schema.CRITERIA_TOTAL, [sealed[schema.CRITERIA_TOTAL][0]._replace(value="9")])
    night(archive, [*other, Slice(schema.FINAL_MARK, [CLEARED])], "2025-10-15")
    with archive.connect() as connection:
        run_id = editions(connection, SCHOOL, YEAR)[-1].run_id
        compared = Comparison(connection, YEAR, run_id, AsOf(SCHOOL))
        names = Names(connection, AsOf(SCHOOL))
        found = [change_title(one, names) for one in compared.changes()]
        assert compared.classes() == {CLASS_A}
    assert found == [
        "year mark", "thematic mark", "mark of the criteria journal, 1 четверть",
        "total of the criteria journal, 1 четверть",
    ]  # fmt: skip
    titles = [field_title(schema.FINAL_MARK, name) for name in ("value", "kind")]
    assert titles == ["Mark as the platform stores it", "period, year, exam, final or unknown"]


# Two steps


def test_the_final_closing_seals_anew_only_what_changed_since_june(
    archive: sa.Engine, tmp_path: Path
) -> None:
    first = _close(archive, tmp_path, JUNE)
    before = _bytes_of(first.sealed.path)
    night(archive, [Slice(schema.MARK, [CORRECTED._replace(value="2", text_value="2")])], "2025-06-25")
    second = _close(archive, tmp_path, AUGUST, FOR_GOOD)
    assert [bag.name for bag, _term in second.sealed.bags] == ["journal-9A-ed02", "summary-ed02"]
    assert before.items() <= _bytes_of(first.sealed.path).items()
    assert verify(first.sealed.path).sound
    with archive.connect() as connection:
        known = editions(connection, SCHOOL, YEAR)
        assert verify_ledger(connection, SCHOOL).findings == ()
    assert [(one.number, one.stage) for one in known] == [(1, Stage.PRELIMINARY), (2, Stage.FINAL)]


def test_a_final_closing_without_changes_brings_nothing_but_a_summary(
    archive: sa.Engine, tmp_path: Path
) -> None:
    _close(archive, tmp_path, JUNE)
    second = _close(archive, tmp_path, AUGUST, FOR_GOOD)
    assert [bag.name for bag, _term in second.sealed.bags] == ["summary-ed02"]
    assert verify(second.sealed.path).sound


def test_a_year_is_not_closed_for_good_before_its_day_and_never_reopened(
    archive: sa.Engine, tmp_path: Path
) -> None:
    with pytest.raises(TooEarlyForFinal) as early:
        _close(archive, tmp_path, "2025-08-30T20:00:00Z", FOR_GOOD)
    assert early.value.first_day == "2025-08-31"
    _close(archive, tmp_path, AUGUST, FOR_GOOD)
    _debt_cleared(archive)
    for order in (FOR_GOOD, Order(Stage.PRELIMINARY)):
        with pytest.raises(AlreadySealed):
            _close(archive, tmp_path, OCTOBER, order)
    assert _bags(tmp_path / "2024-2025") == ["journal-9A-ed01", "journal-9B-ed01", "summary-ed01"]


# The gate


def _gate(accept: str = "", today: str = "2025-08-31", ledger_says: tuple[str, ...] = ()) -> Order:
    facts = Facts(today, f"{today}T09:00:00Z", lambda: ledger_says, None, True)
    return Order(Stage.FINAL, Gate(Rules(), facts, accept))


def test_what_stops_a_closing_is_listed_and_nothing_is_sealed(archive: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(StopsFound) as refused:
        _close(archive, tmp_path, AUGUST, _gate())
    found = {code: count for code, _text, count in refused.value.stops}
    assert found == {"not-read-in-full": 8, "last-sync-old": 1}
    assert set(refused.value.acceptable) == found.keys()
    assert not tmp_path.joinpath("2024-2025").exists()


def test_a_reason_passes_over_stops_and_stands_in_passport_and_ledger(
    archive: sa.Engine, tmp_path: Path
) -> None:
    closed = _close(archive, tmp_path, AUGUST, _gate("платформа закрыта"))
    stated = _passport(closed.sealed.path / "summary-ed01")["edition"]
    assert (stated["reason"], stated["accepted"]["not-read-in-full"]) == ("платформа закрыта", 8)
    assert "платформа закрыта" in (closed.sealed.path / "summary-ed01/data/passport.txt").read_text("utf-8")
    with archive.connect() as connection:
        about = connection.execute(
            sa.select(schema.LEDGER.c.about).where(schema.LEDGER.c.entry == closed.head.entry)
        ).scalar()
    assert json.loads(str(about))["accepted"] == stated["accepted"]


def test_no_reason_passes_over_a_ledger_that_does_not_agree(archive: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(StopsFound) as refused:
        _close(archive, tmp_path, AUGUST, _gate("всё равно", ledger_says=("mark 1",)))
    assert "ledger-not-verified" not in refused.value.acceptable
    assert not tmp_path.joinpath("2024-2025").exists()


def test_a_ledger_that_nobody_verified_is_not_taken_for_good(archive: sa.Engine, tmp_path: Path) -> None:
    unseen = Order(Stage.FINAL, Gate(Rules(), Facts("2025-08-31", AUGUST), "всё равно"))
    with pytest.raises(StopsFound) as refused:
        _close(archive, tmp_path, AUGUST, unseen)
    assert ("ledger-not-verified", None) in [(code, count) for code, _text, count in refused.value.stops]


# Editions


def test_an_edition_holds_what_changed_with_both_values_and_names_what_it_follows(
    store: sa.Engine, tmp_path: Path
) -> None:
    first = _close(fill(store), tmp_path, AUGUST, FOR_GOOD)
    roots = {bag.name: bag.root.hex() for bag, _term in first.sealed.bags}
    _debt_cleared(store)
    with store.connect() as connection:
        assert editions_due(connection, SCHOOL) == [EditionDue(YEAR, 1)]
    amended = _amend(store, tmp_path)
    place = first.sealed.path
    assert [bag.name for bag, _term in amended.sealed.bags] == ["journal-9A-ed02", "summary-ed02"]
    label = _label(place / "journal-9A-ed02")
    assert (label["Edition"], label["Previous-Edition"]) == ("2", "journal-9A-ed01")
    assert label["Previous-Edition-Root"] == roots["journal-9A-ed01"]
    assert (label["Reason"], label["Order-Number"]) == (WHY.reason, WHY.order_number)
    summary = _passport(place / "summary-ed02")
    assert summary["previous"] == {name: roots[name] for name in ("journal-9A-ed01", "summary-ed01")}
    assert summary["bags"] == {
        "journal-9A-ed02": amended.sealed.bags[0][0].root.hex(), "journal-9B-ed01": roots["journal-9B-ed01"],
    }  # fmt: skip
    rows = (place / "journal-9A-ed02/data/changes.csv").read_text("utf-8").splitlines()
    assert [row.split(",")[6:9] for row in rows[1:]] == [["value", "5", "3"], ["text_value", "5", "3"]]
    assert rows[1].endswith("2025-10-15T20:00:00Z")
    report = verify(place)
    assert (report.sound, report.bags) == (True, 5)
    with store.connect() as connection:
        assert verify_ledger(connection, SCHOOL).findings == ()
        assert editions_due(connection, SCHOOL) == []


def test_an_edition_needs_a_year_closed_for_good_and_a_change(archive: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(NotClosedForGood):
        _amend(archive, tmp_path)
    _close(archive, tmp_path, JUNE)
    with pytest.raises(NotClosedForGood):
        _amend(archive, tmp_path)
    _close(archive, tmp_path, AUGUST, FOR_GOOD)
    with pytest.raises(NothingChanged):
        _amend(archive, tmp_path)


def test_an_edition_is_not_built_upon_a_bag_that_is_missing_or_another(
    archive: sa.Engine, tmp_path: Path
) -> None:
    place = _close(archive, tmp_path, AUGUST, FOR_GOOD).sealed.path
    _debt_cleared(archive)
    place.chmod(0o700)
    manifest = place / "journal-9B-ed01/tagmanifest-sha256.txt"
    manifest.chmod(0o600)
    manifest.write_bytes(b"another")
    with pytest.raises(EditionBeforeMissing) as refused:
        _amend(archive, tmp_path)
    assert refused.value.path.name == "journal-9B-ed01"
    assert not (place / "summary-ed02").exists()


def test_what_a_broken_publishing_left_is_removed_by_the_next(
    archive: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = _close(archive, tmp_path, AUGUST, FOR_GOOD).sealed.path
    _debt_cleared(archive)
    real = Path.rename

    def broken(path: Path, to: Path) -> Path:
        if path.name.startswith("summary"):
            raise KeyboardInterrupt
        return real(path, to)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", broken)
        with pytest.raises(KeyboardInterrupt):
            _amend(archive, tmp_path)
    assert "journal-9A-ed02" in _bags(place)
    assert not verify(place).sound  # nobody vouches for it
    _amend(archive, tmp_path)
    assert verify(place).sound


def test_an_edition_that_was_published_and_not_registered_is_recognised(
    archive: sa.Engine, tmp_path: Path
) -> None:
    _close(archive, tmp_path, AUGUST, FOR_GOOD)
    _debt_cleared(archive)
    with archive.connect() as connection:  # never committed
        lost = amend_year(connection, SCHOOL, YEAR, tmp_path, OCTOBER, WHY)
    with pytest.raises(OtherSnapshotThere):
        _amend(archive, tmp_path, Amendment("другое", "№ 1"))
    kept = _amend(archive, tmp_path)
    assert kept.sealed.bags == lost.sealed.bags
    assert verify(kept.sealed.path).sound


# What changed


def test_changes_are_net_and_of_the_year_alone(store: sa.Engine) -> None:
    fill(store)
    entry = ATTENDED[0]
    night(
        store,
        [
            Slice(schema.MARK, [MARKS[5]._replace(value="1"), MARKS[6]._replace(value="1")]),
            Slice(schema.LESSON, [LESSONS[0]._replace(topic="Другая")]),
            Slice(
                schema.ATTENDANCE, [], Scope((("group_id", (entry.group_id,)),), entry.day, entry.day),
                Absence.WITHDRAWN,
            ),
        ],
        "2025-10-01",
    )  # fmt: skip
    night(store, [Slice(schema.LESSON, [LESSONS[0]])], "2025-10-02")  # changed back
    with store.connect() as connection:
        compared = Comparison(connection, YEAR, 3, AsOf(SCHOOL, 5))
        found = list(compared.changes())
        assert (compared.count(), compared.classes()) == (2, {MARKS[5].group_id, entry.group_id})
    mark, gone = found
    assert (mark.before.value, mark.after.value, mark.since) == ("4", "1", "2025-10-01T20:00:00Z")
    assert (gone.before, gone.after) == (entry, None)


def test_a_change_in_a_shared_subgroup_concerns_each_of_its_classes(store: sa.Engine) -> None:
    fill(store)
    night(store, [Slice(schema.MARK, [MARKS[3]._replace(value="1")])], "2025-10-01")
    with store.connect() as connection:
        assert len(Comparison(connection, YEAR, 3, AsOf(SCHOOL, 4)).classes()) == 2


# Damage


@pytest.fixture(scope="module")
def amended_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """A record whose year has a second edition; the sealed year lies beside it. Read only."""
    texts.activate("en")
    root = tmp_path_factory.mktemp("amended")
    store = fill(make_store(f"sqlite:///{root / 'archive.sqlite'}"))
    _close(store, root, AUGUST, FOR_GOOD)
    _debt_cleared(store)
    _amend(store, root)
    yield store
    store.dispose()


@pytest.fixture(scope="module")
def amended(amended_store: sa.Engine) -> Path:
    """The folder of the year with two editions. Read only."""
    return Path(str(amended_store.url.database)).parent / "2024-2025"


def _removed(name: str) -> Callable[[Path], None]:
    return lambda year: shutil.rmtree(year / name)


def _first_edition_rewritten(year: Path) -> None:
    altered(year / "journal-9A-ed01/data/passport.txt", lambda text: text.replace(b"9", b"8", 1))
    altered(year / "journal-9A-ed01/manifest-sha256.txt", lambda text: text)
    rehashed(year / "journal-9A-ed01")


def _a_later_summary_that_follows_nothing(year: Path) -> None:
    copied(year / "summary-ed01", year / "made").rename(year / "summary-ed03")
    (year / "made").rmdir()


@pytest.mark.parametrize(
    ("damage", "codes"),
    [
        (_removed("journal-9A-ed01"), {"bag-missing"}),
        (_removed("journal-9A-ed02"), {"bag-missing"}),
        (_removed("summary-ed01"), {"bag-missing"}),
        (_removed("summary-ed02"), {"bag-extra"}),  # of the journal that it vouched for
        (_first_edition_rewritten, {"bag-other"}),
        (_a_later_summary_that_follows_nothing, {"bag-extra"}),
    ],
)
def test_an_edition_that_is_missing_or_replaced_is_found(
    amended: Path, tmp_path: Path, damage: Callable[[Path], None], codes: set[str]
) -> None:
    year = copied(amended, tmp_path)
    damage(year)
    report = verify(year)
    assert not report.sound
    assert {one.code for one in report.findings} == codes


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE closing SET reason = 'other' WHERE edition = 2",
        "UPDATE closing SET stage = 'preliminary' WHERE edition = 1",
        "UPDATE closing SET checks = '[]' WHERE edition = 1",
        "DELETE FROM closing WHERE edition = 2",
        "DELETE FROM snapshot WHERE edition = 2",
        "UPDATE snapshot SET edition = 1 WHERE bag = 'summary-ed02'",
        (
            "INSERT INTO closing SELECT school_id, 2023, 1, stage, at, run_id, by, reason, order_number, "
            "accepted, checks FROM closing WHERE edition = 1"
        ),
    ],
)
def test_the_register_of_closings_is_held_against_the_ledger(
    amended_store: sa.Engine, statement: str
) -> None:
    with amended_store.connect() as connection:
        assert verify_ledger(connection, SCHOOL).findings == ()
        connection.execute(sa.text(statement))
        assert {one.kind for one in verify_ledger(connection, SCHOOL).findings} == {"register"}
        connection.rollback()
