"""The protocol of the check of bags that are given to an archive, and what certifies their inventory.

Fields: FORMS §14, protocol of presence and state; REGULATION §9, municipal archive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive_store.render.report import Column, Kind, Report, Row, Table
from archive_store.restore.reading import Bag
from archive_store.snapshot.verifier import Report as Verified
from archive_store.texts import _

NAME = "bag-protocol"


@dataclass(frozen=True, slots=True)
class CheckedBag:
    """A bag with what its check, after it was copied, came to."""

    bag: Bag
    files: int
    size: int
    verified: Verified

    @property
    def root(self) -> str:
        """SHA-256 of the tag manifest, which covers all that is sealed."""
        (root,) = self.verified.roots.values()
        return root

    @property
    def title(self) -> str:
        """What the school's list of files calls it."""
        return str(self.bag.passport["retention"]["title"])

    @property
    def years(self) -> int:
        """Its retention term."""
        return int(self.bag.passport["retention"]["years"])


def bag_protocol(bags: Sequence[CheckedBag]) -> Report:
    """A row per bag, sums below."""
    columns = (
        Column("number", _("№"), Kind.NUMBER, 8),
        Column("bag", _("Bag"), width=34),
        Column("title", _("What it is")),
        Column("years", _("Term, years"), Kind.NUMBER, 14),
        Column("files", _("Files"), Kind.NUMBER, 14),
        Column("bytes", _("Bytes"), Kind.NUMBER, 22),
        Column("expected", _("Expected"), Kind.NUMBER, 16),
        Column("checked", _("Checked"), Kind.NUMBER, 16),
        Column("sound", _("Sound"), Kind.NUMBER, 16),
        Column("root", _("Root (SHA-256)"), width=62),
    )
    rows = [
        Row(
            (
                number, f"{one.bag.path.parent.name}/{one.bag.name}", one.title, one.years, one.files,
                one.size, one.verified.expected, one.verified.checked, one.verified.ok, one.root,
            )
        )
        for number, one in enumerate(bags, start=1)
    ]  # fmt: skip
    sums = (
        sum(one.files for one in bags), sum(one.size for one in bags),
        *(sum(getattr(one.verified, name) for one in bags) for name in ("expected", "checked", "ok")),
    )  # fmt: skip
    return Report(
        NAME,
        _("Protocol of the check of sealed bags"),
        (),
        (Table(NAME, columns, (*rows, Row(("", _("In all"), "", "", *sums, ""), total=True))),),
        notes=(
            _(
                "Each bag was checked after it was copied: every file against its SHA-256, every table and "
                "the database against the passport. Nothing was missing, extra or damaged."
            ),
            _("Certifying record: {count} bags are entered here, {words} (in words).").format(
                count=len(bags), words="_" * 40
            ),
        ),
        signers=(_("Deputy head"), _("Head of the school")),
        landscape=True,
    )
