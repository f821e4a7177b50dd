"""The recorded requests of a sync by dlt's REST source into SQLite: run by against_dlt.py in its own venv.

    python dlt_pull.py FOLDER WHAT.json

``WHAT.json`` (see recorded.py) holds the requests; FOLDER keeps the database and dlt's state from one pull to
the next. There is a resource for each kind of request. Records with a key of their own are merged by it; the
others replace those of the pull before (averages, final marks, rosters, homeworks and what comes once:
an id stands deeper in them, or nowhere). Files of homework are fetched by dlt's own client for
requests, in a plain resource, and written to the folder.

The settings are those that suit dlt best: primary keys made (without them a merge deletes by scanning the
table), requests in parallel, as many at once as the sync makes, whole answers instead of a search for the
list in each, no pages looked for, no telemetry, nested lists of objects one level deep, and files in its
default format, one load at a time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import dlt
from dlt.sources.helpers import requests
from dlt.sources.rest_api import rest_api_resources

FILES: Final = "files"
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "edu_groups_classteacher": ("id",),
    "edu_groups_lessons": ("id",),
    "edu_groups_marks": ("id",),
    "edu_groups_persons": ("id",),
    "edu_groups_reporting_periods": ("id",),
    "lesson_log_entries_group": ("lesson", "person"),
    "schools": ("id",),
    "schools_edu_groups": ("id",),
    "schools_membership": ("id",),
    "schools_subjects": ("id",),
    "schools_teachers": ("Id",),
    "work_types": ("id",),
    "works_many": ("id",),
}
# Lists of plain values stay in the row: tables of them would cost dlt more than they tell.
HINTS: Final[dict[str, dict[str, Any]]] = {
    "edu_groups_lessons": {"columns": {name: {"data_type": "json"} for name in ("teachers", "teachers_str")}},
    "marks_values": {"max_table_nesting": 0},
}


def main() -> None:
    """Extract, normalize and load once; the second time it is a re-sync."""
    folder = Path(sys.argv[1])
    what = json.loads(Path(sys.argv[2]).read_bytes())
    pipeline = dlt.pipeline(
        "journal",
        pipelines_dir=str(folder / "pipelines"),
        dataset_name="journal",
        destination=dlt.destinations.sqlalchemy(
            f"sqlite:///{folder / 'dlt.sqlite'}", create_primary_keys=True
        ),
    )
    pipeline.run(_resources(what, folder))


def _resources(what: dict[str, Any], folder: Path) -> list[Any]:
    of_kind: dict[str, list[dict[str, str]]] = {}
    for request in what["requests"]:
        of_kind.setdefault(request["kind"], []).append(request)
    files = of_kind.pop(FILES, [])
    headers = {"Access-Token": what["token"]}
    resources: list[Any] = []
    for kind, asked in of_kind.items():
        resources += [_asked(kind, asked), _resource(kind, asked[0]["method"])]
    config = {
        "client": {"base_url": what["url"], "headers": headers, "paginator": "single_page"},
        "resource_defaults": {"parallelized": True, "max_table_nesting": 1},
        "resources": resources,
    }
    made = rest_api_resources(config)
    return [*made, _files(what["url"], headers, files, folder)] if files else made


def _asked(kind: str, asked: list[dict[str, str]]) -> Any:
    pages = [[one] for one in asked]  # a page each, so that they are fetched in parallel
    return dlt.resource(pages, name=f"asked_{kind}", selected=False)


def _resource(kind: str, method: str) -> dict[str, Any]:
    endpoint = {"path": f"{{resources.asked_{kind}.address}}", "method": method, "data_selector": "$"}
    if method == "POST":
        endpoint["data"] = f"{{resources.asked_{kind}.body}}"
    key = KEYS.get(kind)
    if key is None:
        filing = {"write_disposition": "replace", "processing_steps": [{"map": _object}]}
    else:
        steps = [{"filter": _first_time(key)}]
        filing = {"write_disposition": "merge", "primary_key": list(key), "processing_steps": steps}
    return {"name": kind, "endpoint": endpoint, **filing, **HINTS.get(kind, {})}


def _object(record: Any) -> dict[str, Any]:
    """A record as it is, or a bare value as one: dlt takes objects only."""
    return record if isinstance(record, dict) else {"value": record}


def _first_time(key: tuple[str, ...]) -> Callable[[dict[str, Any]], bool]:
    """Whether a record comes for the first time: answers overlap, and with primary keys dlt fails."""
    seen: set[tuple[Any, ...]] = set()

    def is_new(record: dict[str, Any]) -> bool:
        before = len(seen)
        seen.add(tuple(record[name] for name in key))
        return len(seen) > before

    return is_new


def _files(url: str, headers: dict[str, str], files: list[dict[str, str]], folder: Path) -> Any:
    kept = folder / FILES
    kept.mkdir(exist_ok=True)

    @dlt.defer
    def fetch(address: str) -> dict[str, Any]:
        name = address.rpartition("/")[2]
        content = requests.get(url + address, headers=headers).content
        (kept / name).write_bytes(content)
        return {"name": name, "size": len(content)}

    @dlt.resource(name=FILES, primary_key="name", write_disposition="merge")
    def fetched() -> Iterator[Any]:
        for one in files:
            yield fetch(one["address"])

    return fetched


if __name__ == "__main__":
    main()
