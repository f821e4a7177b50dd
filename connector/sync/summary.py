"""What a run did, as counts: for the person who started it and for the record of runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from archive_store import ledger, runs
from archive_store.history import Changes
from connector.api.errors import ApiError
from connector.api.tally import Tally
from connector.sync.slices import Slice


@dataclass(frozen=True, slots=True)
class Failure:
    """A slice that failed, and why. The next run tries it again."""

    slice: Slice
    error: ApiError


@dataclass(slots=True)
class Summary:
    """What a run did: slices, answers parsed and unchanged, per entity what changed, and the calls made."""

    run_id: int = 0
    slices: int = 0
    parsed: int = 0
    unchanged: int = 0
    unfiled: int = 0
    files: dict[str, int] = field(default_factory=dict)
    changes: dict[str, Changes] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    stopped_by: ApiError | None = None
    calls: Tally = field(default_factory=Tally)
    head: ledger.Head | None = None

    @property
    def outcome(self) -> runs.Outcome:
        """In one word, as the run is recorded."""
        if self.stopped_by:
            return "stopped"
        held_back = any(one.held_back for one in self.changes.values())
        return "partial" if self.failures or self.unfiled or held_back else "done"

    def as_record(self) -> dict[str, Any]:
        """The counts, as the run keeps them: no names, no texts of people."""
        counts = {
            name: {
                "new": one.new,
                "changed": one.changed,
                "withdrawn": one.withdrawn,
                "unchanged": one.unchanged,
                "held_back": one.held_back,
            }
            for name, one in self.changes.items()
        }
        failed = [
            {"entity": one.slice.place.entity, "group": str(one.slice.place.group_id), "call": one.error.call}
            for one in self.failures
        ]
        return {
            "slices": self.slices,
            "parsed": self.parsed,
            "unchanged": self.unchanged,
            "unfiled": self.unfiled,
            "files": self.files,
            "changes": counts,
            "failed": failed,
            "calls": self.calls.as_record(),
            "stopped_by": type(self.stopped_by).__name__ if self.stopped_by else None,
        }
