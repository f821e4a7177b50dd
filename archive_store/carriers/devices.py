"""On which physical device a folder lies, as far as the system says.

Linux names the disk below a partition, a volume group or a loop file, and often its serial number. Elsewhere
only the volume is known: two volumes may lie on one disk, so a person is asked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

_SYS: Final = Path("/sys")
_MOUNTS: Final = Path("/proc/self/mountinfo")
_DEEPEST: Final = 8  # a loop in a volume in a volume ...


class Sameness(StrEnum):
    """Whether two folders lie on one physical device."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Device:
    """What the system says of a folder's device: its volume, the disks below it, their serial numbers."""

    volume: str
    disks: frozenset[str] = field(default_factory=frozenset)
    serials: frozenset[str] = field(default_factory=frozenset)

    def as_json(self) -> dict[str, Any]:
        """For the book."""
        return {"volume": self.volume, "disks": sorted(self.disks), "serials": sorted(self.serials)}

    @property
    def shown(self) -> str:
        """For people: the serial numbers, else the disks, else the volume."""
        return ", ".join(sorted(self.serials) or sorted(self.disks)) or self.volume


def from_json(value: dict[str, Any]) -> Device:
    """What the book says of a carrier's device."""
    return Device(value["volume"], frozenset(value["disks"]), frozenset(value["serials"]))


def device_of(path: Path) -> Device:
    """The device of a folder that is there. Raises OSError."""
    number = path.stat().st_dev
    volume = f"{os.major(number)}:{os.minor(number)}" if hasattr(os, "major") else f"{number:x}"
    if not sys.platform.startswith("linux"):
        return Device(volume)
    disks = frozenset(_disks(_block(volume, path), 0))
    serials = frozenset(serial for disk in disks if (serial := _serial(disk)))
    return Device(volume, disks, serials)


def compared(one: Device, other: Device, *, both_present: bool = True) -> Sameness:
    """Whether two devices are one. A name such as ``sdb`` means nothing once the disk was taken out."""
    if both_present and (one.volume == other.volume or one.disks & other.disks):
        return Sameness.SAME
    if one.serials & other.serials:
        return Sameness.SAME
    if both_present and one.disks and other.disks:
        return Sameness.OTHER
    if one.serials and other.serials:
        return Sameness.OTHER
    return Sameness.UNKNOWN


def _block(volume: str, path: Path) -> Path | None:
    """The block device of a volume in /sys; of one that has none (btrfs), the one it is mounted from."""
    found = _SYS / "dev" / "block" / volume
    if found.exists():
        return found.resolve()
    source = _mounted_from(volume, path)
    if source is None or not source.is_block_device():
        return None
    number = source.stat().st_rdev
    found = _SYS / "dev" / "block" / f"{os.major(number)}:{os.minor(number)}"
    return found.resolve() if found.exists() else None


def _mounted_from(volume: str, path: Path) -> Path | None:
    """The source of the innermost mount that holds ``path``, if it is a device."""
    best: tuple[int, str] = (0, "")
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    for line in lines:
        before, _dash, after = line.partition(" - ")
        fields, source = before.split(), after.split()
        if len(fields) > 4 and len(source) > 1 and fields[2] == volume and path.is_relative_to(fields[4]):
            best = max(best, (len(fields[4]), source[1]))
    return Path(best[1]) if best[1].startswith("/") else None


def _disks(block: Path | None, depth: int) -> Iterator[str]:
    """The whole disks below a block device: of a partition, a volume group, a loop file."""
    if block is None or depth > _DEEPEST:
        return
    if (block / "partition").exists():
        block = block.parent
    below = sorted((block / "slaves").glob("*")) if (block / "slaves").is_dir() else []
    if below:
        for one in below:
            yield from _disks(one.resolve(), depth + 1)
        return
    backing = block / "loop" / "backing_file"
    if backing.exists():
        file = Path(backing.read_text(encoding="utf-8", errors="replace").strip())
        if file.exists():
            number = file.stat().st_dev
            volume = f"{os.major(number)}:{os.minor(number)}"
            yield from _disks(_block(volume, file), depth + 1)
            return
    yield block.name


def _serial(disk: str) -> str:
    for name in ("serial", "wwid"):
        try:
            text = (_SYS / "block" / disk / "device" / name).read_text(encoding="ascii", errors="replace")
        except OSError:
            continue
        if text.strip():
            return " ".join(text.split())
    return ""
