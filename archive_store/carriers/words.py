"""What a bag and its files are in the words of a school: whose journal, of which year, which tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from archive_store.restore.wording import reason_text
from archive_store.snapshot import naming
from archive_store.snapshot.titles import TITLES
from archive_store.snapshot.verifier import Finding
from archive_store.texts import N_, _, active

_TABLE: Final = re.compile(r"data/tables/([a-z_]+)\.csv\.gz$")
_HISTORY: Final = "history_"
_LARGEST_PASSPORT: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class About:
    """Whose bag it is: the class (None: all classes), and the academic year as people write it."""

    group: str | None
    study_year: int
    of_answers: bool = False

    @property
    def title(self) -> str:
        """Such as: journal of class 9А, 2024/2025."""
        year = f"{self.study_year}/{self.study_year + 1}"
        if self.of_answers:
            return _("the platform's answers as they came, {year}").format(year=year)
        if self.group is None:
            return _("summary sheets of all classes, {year}").format(year=year)
        return _("journal of class {group}, {year}").format(group=self.group, year=year)


def table_title(table: str) -> str:
    """What a table holds."""
    plain = table.removeprefix(_HISTORY)
    title = _(TITLES[plain]) if plain in TITLES else plain
    return _("{table}: what was corrected").format(table=title) if table != plain else title


def about(study_year: int, bag: str, found: Iterable[Path]) -> About:
    """Whose bag it is, by the passport of any copy that can still be read; else by its name."""
    if bag.startswith("answers-"):
        return About(None, study_year, of_answers=True)
    for copy in found:
        group = passport(copy).get("group")
        if isinstance(group, dict) and isinstance(group.get("name"), str | None):
            return About(group.get("name"), study_year)
    name = naming.stem_of(bag)
    return About(None if name == naming.SUMMARY else name.removeprefix("journal-"), study_year)


def lost(paths: Iterable[str]) -> list[str]:
    """What damaged files of a bag held, as titles; the tables by name, anything else as one."""
    titles: dict[str, None] = {}
    for path in paths:
        table = _TABLE.search(path)
        if table:
            titles[table_title(table[1])] = None
        elif "data/files/" in path:
            titles[_("Files of homework")] = None
        elif path.endswith("data/archive.sqlite"):
            titles[_("the same record as a database")] = None
        else:
            titles[_("list, passport or instructions of the bag")] = None
    return list(titles)


def passport(bag: Path) -> dict[str, Any]:
    """What the passport of a bag says; nothing if it cannot be read."""
    file = bag / "data" / "passport.json"
    try:
        if file.is_symlink() or file.stat().st_size > _LARGEST_PASSPORT:
            return {}
        value = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


_STATES: Final = {
    "sound": N_("sound"),
    "damaged": N_("DAMAGED"),
    "missing": N_("MISSING"),
    "other": N_("ANOTHER BAG of this name"),
    "extra": N_("does not belong there"),
    "not checked": N_("not checked"),
}
_WHYS: Final = {
    "absent": N_("the carrier is not connected"),
    "other carrier": N_("something else lies in the carrier's place"),
    "not on record there": N_("the book does not say that it was written there"),
    "not of this archive": N_("this archive has not sealed it"),
    "destroyed": N_("DESTROYED BY AN ACT, and to be destroyed here too"),
}
_RESTORE: Final = N_("restored, it is not what was sealed")


def state_title(state: str, why: str = "") -> str:
    """The state of a copy, and why."""
    title = _(_STATES[state])
    return f"{title} ({_(_WHYS[why])})" if why else title


def finding_text(finding: Finding) -> str:
    """A finding in the active language: those of the verifier in its words, and that of a drill."""
    if finding.code == "restore":
        detail = f" ({reason_text(finding.detail)})" if finding.detail else ""
        return f"{finding.path}: {_(_RESTORE)}{detail}"
    return finding.text(russian=active() == "ru")
