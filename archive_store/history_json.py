"""The life of a record as JSON: all its versions, the moments at which they were seen, ids as text."""

from __future__ import annotations

from typing import Any

from archive_store.history_of import Life, Moments


def life_json(life: Life, moments: Moments) -> dict[str, Any]:
    """Everything that is known of one record."""
    return {
        "entity": life.entity.name,
        "key": {name: _id_text(name, one) for name, one in zip(life.entity.key, life.key, strict=True)},
        "events": [
            {
                "what": event.what,
                "run": event.run_id,
                "at": moments[event.run_id],
                "changes": [
                    {
                        "field": one.field,
                        "was": _id_text(one.field, one.was),
                        "now": _id_text(one.field, one.now),
                    }
                    for one in event.changes
                ],
                "record": None
                if event.record is None
                else {name: _id_text(name, one) for name, one in event.record._asdict().items()},
            }
            for event in life.events
        ],
    }


def _id_text(name: str, value: Any) -> Any:  # noqa: ANN401
    """Ids as text: 19 digits do not survive every reader of JSON."""
    return str(value) if name.endswith("_id") and value is not None else value
