"""What can go wrong with carriers, as data. The commands word it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from archive_store.errors import ArchiveError


@dataclass
class UnknownCarrier(ArchiveError):
    """The book has no carrier of that name in use."""

    name: str
    known: list[str]


@dataclass
class CarrierKnown(ArchiveError):
    """A carrier of that name, inventory number or identity is in use already."""

    what: str


@dataclass
class CarrierNotThere(ArchiveError):
    """The carrier is not connected, or was taken out."""

    name: str
    path: Path


@dataclass
class OtherCarrierThere(ArchiveError):
    """In the carrier's place lies something else: another carrier, or one of another school."""

    name: str
    path: Path


@dataclass
class SameDevice(ArchiveError):
    """The folder lies on a physical device that the archive or another carrier uses already."""

    path: Path
    taken_by: str


@dataclass
class DeviceNotKnown(ArchiveError):
    """The system does not say whether two folders lie on one physical device: a person must."""

    path: Path
    compared_with: list[str] = field(default_factory=list)


@dataclass
class PlainOnTravelling(ArchiveError):
    """A carrier that leaves the school takes only what is encrypted."""

    name: str


@dataclass
class EncryptedAtHome(ArchiveError):
    """A carrier that stays in the school takes no encrypted copies: in 25 years nobody may open them."""

    name: str


@dataclass
class CopyNotSound(ArchiveError):
    """What was read back from the carrier is not what was to be written; nothing was published."""

    bag: str
    findings: list[str]


@dataclass
class SourceNotSound(ArchiveError):
    """The bag to be copied is damaged, or is not the one that the archive has sealed."""

    bag: str
    path: Path
    findings: list[str]


@dataclass
class LinkInTheWay(ArchiveError):
    """A link stands where a folder should: it could lead anywhere, and is not followed."""

    path: Path


@dataclass
class NothingSealed(ArchiveError):
    """The archive has sealed no academic year, or not this one."""

    study_year: int | None
    known: list[int]
