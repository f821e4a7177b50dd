"""What a verification found, in the school's words: which record, of whom, of which day and run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.record_names import KINDS, KINDS_OF_MANY, Names
from archive_store.schema import RUN
from archive_store.signatures.der import printable
from archive_store.texts import N_, _
from archive_store.verification.findings import Finding

_REGISTERS: Final = {
    "run": N_("runs"),
    "snapshot": N_("sealed years"),
    "closing": N_("closings of years"),
    "terms": N_("confirmed terms of keeping"),
    "carrier": N_("carriers"),
    "restored": N_("restored years"),
    "retention": N_("holds, acts and destructions"),
    "access": N_("log of access"),
    "disclosure": N_("log of access"),
}
_IN_SHORT: Final = {
    "chain": N_("the ledger was altered"),
    "malformed": N_("an entry of the ledger cannot be read"),
    "checked": N_("the ledger was rewritten"),
    "anchor": N_("the ledger misses its anchor"),
    "unread": N_("a table cannot be read to its end"),
    "version": N_("{what}: a record was altered"),
    "run": N_("{what}: records were added, removed or exchanged"),
    "unvouched": N_("{what}: the ledger knows nothing of some records"),
    "answers": N_("the platform's answers are not those on record"),
    "answer": N_("an answer of the platform was altered, is gone or was added"),
    "register": N_("the register of {what} does not agree with the ledger"),
}


@dataclass(frozen=True, slots=True)
class FindingWords:
    """Words the findings of one school's ledger; moments are told in the school's zone."""

    connection: sa.Connection
    school_id: int
    zone: ZoneInfo

    def sentence(self, finding: Finding) -> str:
        """What is wrong, in one sentence, with the technical place at its end."""
        say = {
            "version": self._version,
            "run": self._run,
            "register": self._register,
            "unvouched": self._unvouched,
            "anchor": self._anchor,
            "answers": self._answers,
            "answer": self._answer,
        }.get(finding.kind)
        if say is not None:
            return say(finding)
        return {
            "chain": _(
                "The ledger was altered: entry {entry} ({place}) does not follow from the one before."
            ),
            "malformed": _(
                "Entry {entry} ({place}) of the ledger, or what it vouches for, is not written "
                "as the program writes it: it cannot be read."
            ),
            "checked": _(
                "The ledger was rewritten: entry {entry}, verified earlier, is another now or is gone."
            ),
            "unread": _("The table {place} cannot be read to its end."),
        }[finding.kind].format(entry=finding.entry, place=finding.place)

    def _version(self, finding: Finding) -> str:
        names = Names(self.connection, AsOf(self.school_id))
        return _("A record was altered: {what} ({place}).").format(
            what=names.of_key(finding.entity, finding.key), place=finding.place
        )

    def _run(self, finding: Finding) -> str:
        text = _(
            "{what}: what the run of {moment} recorded is not what stands in the archive. By the ledger, "
            "opened {opened} and closed {closed}; now {opened_now} and {closed_now} ({place}, entry {entry})."
        )
        if finding.expected == finding.found:
            text = _(
                "{what}: versions that the run of {moment} recorded were exchanged for others "
                "({place}, entry {entry})."
            )
        expected, found = finding.expected or (0, 0), finding.found or (0, 0)
        return text.format(
            what=_(KINDS_OF_MANY.get(finding.entity, finding.entity)),
            moment=self._moment(finding.run),
            opened=expected[0],
            closed=expected[1],
            opened_now=found[0],
            closed_now=found[1],
            place=finding.place,
            entry=finding.entry,
        )

    def _register(self, finding: Finding) -> str:
        what = _(_REGISTERS.get(finding.place, finding.place))
        if finding.expected:
            return _("The register of {what} has {found} rows, by the ledger {expected}.").format(
                what=what, found=finding.found[0], expected=finding.expected[0]
            )
        if finding.entry == 0:
            return _("The register of {what} has a row that the ledger does not know.").format(what=what)
        return _("The register of {what} was altered: it does not agree with entry {entry}.").format(
            what=what, entry=finding.entry
        )

    def _unvouched(self, finding: Finding) -> str:
        return _("{what}: there are versions that the ledger knows nothing of ({place}).").format(
            what=_(KINDS_OF_MANY.get(finding.entity, finding.entity)), place=finding.place
        )

    def _anchor(self, finding: Finding) -> str:
        return {
            "cut": _("The ledger misses the anchor: entry {entry} is gone. It was cut, or begun anew."),
            "rewritten": _("The ledger misses the anchor: entry {entry} was rewritten since."),
            "another school": _("The anchor is of another school's ledger."),
        }[finding.place].format(entry=finding.entry or "?")

    def _answers(self, finding: Finding) -> str:
        who = (
            _("The run of {moment}") if finding.place == "answers" else _("The runs before that of {moment}")
        ).format(moment=self._moment(finding.run))
        text = _(
            "{who}: the platform's answers are not those on record. By the ledger {expected}, "
            "now {found} (entry {entry})."
        )
        if finding.expected == finding.found:
            text = _("{who}: answers of the platform were exchanged for others (entry {entry}).")
        return text.format(who=who, expected=finding.expected[0], found=finding.found[0], entry=finding.entry)

    def _answer(self, finding: Finding) -> str:
        return {
            "altered": _("An answer of the platform was altered: {call}, run of {moment}."),
            "lost": _("An answer of the platform is gone: {call}, run of {moment}."),
            "strange": _("There is an answer of the platform that no run got: {call}."),
        }[finding.place].format(call=printable(str(finding.key[0])), moment=self._moment(finding.run))

    def _moment(self, run_id: int | None) -> str:
        query = sa.select(RUN.c.ended_at).where(RUN.c.school_id == self.school_id, RUN.c.run_id == run_id)
        try:
            at = datetime.fromisoformat(str(self.connection.execute(query).scalar()))
            return f"{at.astimezone(self.zone):%d.%m.%Y %H:%M}"
        except (ValueError, OverflowError):
            return "?"


def in_short(finding: Finding) -> str:
    """What is wrong, where the archive itself cannot be asked for names: of a copy that is gone again."""
    what = _(_REGISTERS.get(finding.place) or KINDS_OF_MANY.get(finding.entity, finding.entity))
    return _(_IN_SHORT[finding.kind]).format(what=what)


def kind_words(entity: str) -> str:
    """What one record of an entity is called."""
    return _(KINDS.get(entity, entity))
