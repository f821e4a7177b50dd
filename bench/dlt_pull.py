"""Lessons, marks and attendance by dlt's REST source into SQLite: run by against_dlt.py in its own venv.

    python dlt_pull.py FOLDER WHAT.json

``WHAT.json``: the address, the token and the class-months to ask for. The settings are those that suit dlt
best: primary keys made (without them a merge deletes by scanning the table), resources in parallel,
as many calls at once as the sync makes, no telemetry, nested lists one level deep, and files in its
default format.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import dlt
from dlt.sources.rest_api import rest_api_resources

DAYS: Final = "{resources.class_months.first}/{resources.class_months.end}"
GROUP: Final = "{resources.class_months.group}"


def main() -> None:
    """Extract, normalize and load once; the second time it is a re-sync."""
    folder = Path(sys.argv[1])
    asked = json.loads(Path(sys.argv[2]).read_text())
    pipeline = dlt.pipeline(
        "journal",
        pipelines_dir=str(folder / "pipelines"),
        dataset_name="journal",
        destination=dlt.destinations.sqlalchemy(
            f"sqlite:///{folder / 'dlt.sqlite'}", create_primary_keys=True
        ),
    )
    pipeline.run(_resources(asked))


def _resources(asked: dict[str, Any]) -> list[Any]:
    pages = [[one] for one in asked["class_months"]]  # a page each, so that they are fetched in parallel
    class_months = dlt.resource(pages, name="class_months", selected=False)
    config = {
        "client": {
            "base_url": asked["url"],
            "headers": {"Access-Token": asked["token"]},
            "paginator": "single_page",
        },
        "resource_defaults": {
            "write_disposition": "merge",
            "parallelized": True,
            "max_table_nesting": 1,
        },
        "resources": [
            class_months,
            _resource("lessons", "id", f"edu-groups/{GROUP}/lessons/{DAYS}"),
            _resource("marks", "id", f"edu-groups/{GROUP}/marks/{DAYS}"),
            {
                "name": "attendance",
                "primary_key": ["lesson", "person"],
                "processing_steps": [{"filter": _first_time("lesson", "person")}],
                "endpoint": {
                    "path": f"lesson-log-entries/group/{GROUP}",
                    "params": {
                        "from": "{resources.class_months.first}",
                        "to": "{resources.class_months.end}",
                    },
                },
            },
        ],
    }
    return rest_api_resources(config)


def _resource(name: str, key: str, path: str) -> dict[str, Any]:
    steps = [{"filter": _first_time(key)}]
    return {"name": name, "primary_key": key, "processing_steps": steps, "endpoint": {"path": path}}


def _first_time(*key: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a record comes for the first time: ranges overlap by a day, and with primary keys dlt fails."""
    seen: set[tuple[Any, ...]] = set()

    def is_new(record: dict[str, Any]) -> bool:
        before = len(seen)
        seen.add(tuple(record[name] for name in key))
        return len(seen) > before

    return is_new


if __name__ == "__main__":
    main()
