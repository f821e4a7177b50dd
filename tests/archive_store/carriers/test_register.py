"""Carriers are taken into use and out of it; what shares a device is refused; the ledger knows it all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.carriers import devices, register
from archive_store.carriers.devices import Device, Sameness, compared
from archive_store.carriers.errors import (
    CarrierKnown,
    CarrierNotThere,
    DeviceNotKnown,
    OtherCarrierThere,
    SameDevice,
    UnknownCarrier,
)
from archive_store.carriers.register import Label, Role, Said
from archive_store.verification.whole import verify
from small_year import SCHOOL


def _findings(school: Any) -> set[tuple[str, str]]:
    with school.engine.connect() as connection:
        return {(one.kind, one.place) for one in verify(connection, SCHOOL).findings}


def _known(school: Any) -> list[register.Carrier]:
    with school.engine.connect() as connection:
        return register.carriers(connection, SCHOOL)


def test_a_carrier_is_marked_with_its_id_school_and_role_and_nothing_else(school: Any) -> None:
    added = school.add("a")
    assert json.loads((school.disk("a") / "carrier.json").read_text()) == {
        "format": "dnevnik-archive carrier 1",
        "carrier": added.carrier_id,
        "school": str(SCHOOL),
        "role": "main",
    }
    assert _known(school) == [added]
    assert (added.apart, added.added_by) == ("other", "tester")
    assert _findings(school) == set()


def test_moved_and_retired_it_keeps_its_history(school: Any) -> None:
    added = school.add("a")
    shutil.copytree(school.disk("a"), school.disk("b") / "a")
    with school.engine.begin() as connection:
        moved = register.move(connection, school.scribe(), added, school.disk("b") / "a")
        assert register.find(connection, SCHOOL, "NO. A").path == moved.path
        register.retire(connection, school.scribe(), moved, "act 7")
        with pytest.raises(UnknownCarrier):
            register.find(connection, SCHOOL, "a")
    (only,) = _known(school)
    assert (only.retired_at, only.reason) == ("2025-07-01T09:00:00Z", "act 7")
    assert _findings(school) == set()


def test_a_folder_without_the_mark_is_not_taken_for_a_carrier_that_moved(school: Any) -> None:
    added = school.add("a")
    with school.engine.begin() as connection, pytest.raises(CarrierNotThere):
        register.move(connection, school.scribe(), added, school.disk("b"))


def test_the_device_of_the_archive_and_of_another_carrier_is_refused(school: Any) -> None:
    with pytest.raises(SameDevice) as refused:
        school.add("computer")
    assert refused.value.taken_by == "archive"
    school.add("a")
    label = Label("second", Role.WORKING, "room 3", "no. 3")
    (school.disk("a") / "b").mkdir()
    (school.disk("a") / "beside").mkdir()
    for below in ("b", "beside"):
        with school.engine.begin() as connection, pytest.raises((SameDevice, CarrierKnown)):
            register.add(
                connection, school.scribe(), label, school.disk("a") / below, [school.folder], Said.OTHER
            )
    assert len(_known(school)) == 1


def test_where_the_system_does_not_know_a_person_is_asked_and_the_answer_kept(
    school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "device_of", lambda path: Device(path.name))
    with pytest.raises(DeviceNotKnown) as asked:
        school.add("a")
    assert asked.value.compared_with == ["archive"]
    assert not (school.disk("a") / "carrier.json").exists()
    assert school.add("a", said=Said.OTHER).apart == "said"
    with pytest.raises(DeviceNotKnown) as asked:
        school.add("b")
    assert asked.value.compared_with == ["archive", "a"]
    assert school.add("b", said=Said.SAME).apart == "same"
    with school.engine.connect() as connection:
        details = connection.execute(sa.select(schema.CARRIER_EVENT.c.details)).scalars()
        assert [json.loads(one)["said"] for one in details] == ["other", "same"]


@pytest.mark.parametrize("what", ["name", "inventory", "folder", "reserved"])
def test_what_is_in_use_is_not_taken_into_use_again(school: Any, what: str) -> None:
    school.add("a")
    name = {"name": "A", "reserved": "Archive"}.get(what, "c")
    label = Label(name, Role.MAIN, "room", "NO. A" if what == "inventory" else "no. 9")
    path = school.disk("a" if what == "folder" else "b")
    with school.engine.begin() as connection, pytest.raises(CarrierKnown):
        register.add(connection, school.scribe(), label, path, [school.folder], Said.NOTHING)


def test_a_carrier_of_another_school_is_refused_and_one_of_a_lost_computer_keeps_its_id(school: Any) -> None:
    mark = {
        "format": "dnevnik-archive carrier 1",
        "carrier": "0123456789abcdef",
        "school": "7",
        "role": "main",
    }
    (school.disk("a") / "carrier.json").write_text(json.dumps(mark))
    with pytest.raises(OtherCarrierThere):
        school.add("a")
    (school.disk("b") / "carrier.json").write_text(json.dumps({**mark, "school": str(SCHOOL)}))
    assert school.add("b").carrier_id == "0123456789abcdef"


ADDED = """INSERT INTO carrier_event SELECT school_id, 3, at, account, kind, carrier, details
           FROM carrier_event WHERE number = 2"""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE carrier_event SET details = replace(details, 'room a', 'x') WHERE number = 1",
        "UPDATE carrier_event SET at = '2020-01-01T00:00:00Z' WHERE number = 1",
        "UPDATE carrier_event SET carrier = 'other' WHERE number = 2",
        "DELETE FROM carrier_event WHERE number = 2",
        ADDED,
    ],
)
def test_a_line_of_the_book_that_is_altered_removed_or_added_is_found(school: Any, statement: str) -> None:
    school.add("a")
    school.add("b")
    with school.engine.begin() as connection:
        assert connection.execute(sa.text(statement)).rowcount == 1
    assert ("register", "carrier") in _findings(school)


def test_devices_are_compared_by_what_outlives_the_plugging_in() -> None:
    usb = Device("8:17", frozenset(["sdb"]), frozenset(["S1"]))
    other = Device("8:33", frozenset(["sdc"]), frozenset(["S2"]))
    bare = Device("8:17", frozenset(["sdb"]))
    assert compared(usb, Device("8:18", frozenset(["sdb"]))) is Sameness.SAME
    assert compared(usb, other) is Sameness.OTHER
    assert compared(bare, Device("8:33", frozenset(["sdc"]))) is Sameness.OTHER
    assert compared(usb, other, both_present=False) is Sameness.OTHER
    assert (
        compared(usb, Device("8:49", frozenset(["sdd"]), frozenset(["S1"])), both_present=False)
        is Sameness.SAME
    )
    assert compared(bare, bare, both_present=False) is Sameness.UNKNOWN
    assert compared(Device("12ab"), Device("12cd")) is Sameness.UNKNOWN


def test_two_folders_of_one_file_system_lie_on_one_device(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    found = [devices.device_of(tmp_path / name) for name in ("one", "two")]
    assert compared(*found) is Sameness.SAME
