"""The register of carriers: taken into use, moved, retired. Its present state follows from the book."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import orjson
import sqlalchemy as sa

from archive_store.carriers import devices
from archive_store.carriers.book import OWN, Kind, Scribe, events
from archive_store.carriers.devices import Device, Sameness
from archive_store.carriers.errors import (
    CarrierKnown,
    CarrierNotThere,
    DeviceNotKnown,
    OtherCarrierThere,
    SameDevice,
    UnknownCarrier,
)
from archive_store.errors import FolderNotWritable

IDENTITY: Final = "carrier.json"
_FORMAT: Final = "dnevnik-archive carrier 1"
_LARGEST_IDENTITY: Final = 4096
_ID: Final = re.compile("[0-9a-f]{16}")


class Role(StrEnum):
    """Which copy a carrier holds: the main one, the working one, or encrypted ones that leave the school."""

    MAIN = "main"
    WORKING = "working"
    TRAVELLING = "travelling"


class Said(StrEnum):
    """What a person says of a device of which the system cannot tell whether it is another."""

    NOTHING = "nothing"
    OTHER = "other"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on the label of a carrier."""

    name: str
    role: Role
    room: str
    inventory: str


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier as it stands in the register.

    ``apart`` says how it is known that it lies on a device of its own: "other" (the system says so),
    "said" (a person does) or "same" (it does not, and counts as no second copy).
    """

    carrier_id: str
    label: Label
    path: Path
    device: Device
    apart: str
    added_at: str
    added_by: str
    retired_at: str | None = None
    reason: str | None = None

    @property
    def name(self) -> str:
        """The name by which commands call it."""
        return self.label.name


def carriers(connection: sa.Connection, school_id: int) -> list[Carrier]:
    """All carriers, also retired ones, in the order in which they were taken into use."""
    found: dict[str, Carrier] = {}
    for event in events(connection, school_id):
        details = event.details
        if event.kind is Kind.ADDED:
            label = Label(details["name"], Role(details["role"]), details["room"], details["inventory"])
            device = devices.from_json(details["device"])
            path = Path(details["path"])
            found[event.carrier] = Carrier(
                event.carrier, label, path, device, details["apart"], event.at, event.account
            )
        elif event.kind is Kind.MOVED:
            found[event.carrier] = replace(found[event.carrier], path=Path(details["path"]))
        elif event.kind is Kind.RETIRED:
            found[event.carrier] = replace(
                found[event.carrier], retired_at=event.at, reason=details["reason"]
            )
    return list(found.values())


def in_use(connection: sa.Connection, school_id: int) -> list[Carrier]:
    """The carriers that are not retired."""
    return [one for one in carriers(connection, school_id) if one.retired_at is None]


def find(connection: sa.Connection, school_id: int, name: str) -> Carrier:
    """The carrier in use of that name, inventory number or id. Raises UnknownCarrier."""
    known = in_use(connection, school_id)
    for one in known:
        if name.casefold() in (one.name.casefold(), one.label.inventory.casefold(), one.carrier_id):
            return one
    raise UnknownCarrier(name, [one.name for one in known])


def add(
    connection: sa.Connection, scribe: Scribe, label: Label, path: Path, live: Sequence[Path], said: Said
) -> Carrier:
    """Take the folder ``path`` into use as a carrier; ``live`` are the folders of the archive itself.

    A carrier that another installation of this school has marked keeps its id.
    Raises FolderNotWritable, OtherCarrierThere, CarrierKnown, SameDevice, DeviceNotKnown.
    """
    path = path.absolute().resolve()
    if not path.is_dir():
        raise FolderNotWritable(path, os.strerror(2))
    known = in_use(connection, scribe.school_id)
    marked = _marked(path)
    if marked is not None and marked.get("school") != str(scribe.school_id):
        raise OtherCarrierThere(label.name, path)
    carrier_id = str(marked["carrier"]) if marked else secrets.token_hex(8)
    _refuse_known(known, label, carrier_id, path)
    device = devices.device_of(path)
    apart = _apart(device, path, live, known, said)
    if marked is None:
        _mark(path, carrier_id, scribe.school_id, label.role)
    details = {
        "name": label.name,
        "role": label.role.value,
        "room": label.room,
        "inventory": label.inventory,
        "path": str(path),
        "device": device.as_json(),
        "apart": apart,
        "said": said.value,
    }
    event = scribe.enter(connection, Kind.ADDED, carrier_id, details)
    return Carrier(carrier_id, label, path, device, apart, event.at, event.account)


def move(connection: sa.Connection, scribe: Scribe, carrier: Carrier, path: Path) -> Carrier:
    """Note that a carrier is to be found elsewhere now. Raises CarrierNotThere, OtherCarrierThere."""
    moved = replace(carrier, path=path.absolute().resolve())
    require_present(moved, scribe.school_id)
    scribe.enter(connection, Kind.MOVED, carrier.carrier_id, {"path": str(moved.path)})
    return moved


def retire(connection: sa.Connection, scribe: Scribe, carrier: Carrier, reason: str) -> None:
    """Take a carrier out of use; ``reason`` names the act. Its copies count no more."""
    scribe.enter(connection, Kind.RETIRED, carrier.carrier_id, {"reason": reason})


def require_present(carrier: Carrier, school_id: int) -> None:
    """Make sure that the carrier itself is there. Raises CarrierNotThere, OtherCarrierThere."""
    marked = _marked(carrier.path)
    if marked is None:
        raise CarrierNotThere(carrier.name, carrier.path)
    if marked.get("carrier") != carrier.carrier_id or marked.get("school") != str(school_id):
        raise OtherCarrierThere(carrier.name, carrier.path)


def _marked(path: Path) -> Mapping[str, Any] | None:
    """What the identity file says; None if there is none, or one that is not ours."""
    file = path / IDENTITY
    try:
        if file.is_symlink() or file.stat().st_size > _LARGEST_IDENTITY:
            return None
        value = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or value.get("format") != _FORMAT:
        return None
    return value if _ID.fullmatch(str(value.get("carrier"))) else None


def _mark(path: Path, carrier_id: str, school_id: int, role: Role) -> None:
    identity = {"format": _FORMAT, "carrier": carrier_id, "school": str(school_id), "role": role.value}
    try:
        with (path / IDENTITY).open("xb") as file:
            file.write(orjson.dumps(identity, option=orjson.OPT_INDENT_2) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise FolderNotWritable(path, error.strerror or str(error)) from error


def _refuse_known(known: list[Carrier], label: Label, carrier_id: str, path: Path) -> None:
    if label.name.casefold() == OWN:
        raise CarrierKnown(label.name)
    for one in known:
        if one.name.casefold() == label.name.casefold() or one.carrier_id == carrier_id:
            raise CarrierKnown(one.name)
        if label.inventory and one.label.inventory.casefold() == label.inventory.casefold():
            raise CarrierKnown(label.inventory)
        if path.is_relative_to(one.path) or one.path.is_relative_to(path):
            raise CarrierKnown(one.name)


def _apart(device: Device, path: Path, live: Sequence[Path], known: list[Carrier], said: Said) -> str:
    """How it is known that the device is another than all that are in use."""
    unknown: list[str] = []
    for name, other, present in _others(live, known):
        sameness = devices.compared(device, other, both_present=present)
        if sameness is Sameness.SAME and said is not Said.SAME:
            raise SameDevice(path, name)
        if sameness is Sameness.UNKNOWN and name not in unknown:
            unknown.append(name)
    if said is Said.SAME:
        return "same"
    if unknown and said is Said.NOTHING:
        raise DeviceNotKnown(path, unknown)
    return "said" if unknown else "other"


def _others(live: Sequence[Path], known: list[Carrier]) -> list[tuple[str, Device, bool]]:
    """Names and devices of all that is in use, and whether each is there to be compared."""
    found = [(OWN, devices.device_of(path), True) for path in live if path.exists()]
    for one in known:
        present = _marked(one.path) is not None
        found.append((one.name, devices.device_of(one.path) if present else one.device, present))
    return found
