"""``status --json``: a stable form, documented in docs/status.md. Members are added, never changed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from archive_store.runs import Run
from connector.cli.attempts import UNKNOWN_SCHOOL

if TYPE_CHECKING:
    from connector.cli.status import SchoolStatus, Status

_VERSION: Final = 1


def as_json(status: Status) -> str:
    """The whole status. Moments are ISO 8601 in UTC; ids are text, as wherever JSON is read."""
    value = {
        "version": _VERSION,
        "at": _moment(status.at),
        "ok": status.is_well,
        "schedule": {
            "running": status.schedule_running,
            "next": {name: _moment(at) for name, at in sorted(status.next_runs.items())},
        },
        "archive": {"bytes": status.archive_bytes},
        "schools": [_school(one) for one in status.schools],
    }
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _school(one: SchoolStatus) -> dict[str, Any]:
    known, attempt = one.facts.health, one.facts.last_attempt
    return {
        "school": str(one.number) if one.number != UNKNOWN_SCHOOL else None,
        "ok": not one.waiting,
        "waiting": [asdict(thing) for thing in one.waiting],
        "last_attempt": {"at": _moment(attempt.at), "exit_code": attempt.exit_code} if attempt else None,
        "last_good_run": _run(known.last_good) if known else None,
        "last_run": _run(known.last_run) if known else None,
        "under_way_since": known.under_way.started_at if known and known.under_way else None,
        "freshness": [
            {
                "entity": entity.entity,
                "slices": entity.slices,
                "oldest": entity.oldest or None,
                "newest": entity.newest or None,
                "overdue": entity.overdue,
            }
            for entity in (known.freshness if known else ())
        ],
        "held_back": [
            {
                "case": case.number,
                **asdict(case.place),
                "group_id": str(case.place.group_id),
                "since": case.since,
                "records": dict(case.withheld),
            }
            for case in (known.held_back if known else ())
        ],
        "ledger": {"entry": known.head.entry, "head": known.head.digest.hex()} if known else None,
        "unexplained": known.unexplained if known else None,
        "backup": {"at": one.backup.at, **_of_backup(one.backup.about)} if one.backup else None,
        "sealed_year": known.sealed_year if known else None,
        "editions_due": [asdict(one) for one in (known.editions_due if known else ())],
    }


def _of_backup(about: dict[str, Any]) -> dict[str, Any]:
    return {"file": about["file"], "bytes": about["bytes"], "sha256": about["sha256"]}


def _run(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    summary = run.summary
    return {
        "run": run.run_id,
        "kind": run.kind,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "outcome": run.outcome,
        "stopped_by": summary.get("stopped_by"),
        "slices": summary.get("slices", 0),
        "unfiled": summary.get("unfiled", 0),
        "failed": summary.get("failed", []),
        "changes": summary.get("changes", {}),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
