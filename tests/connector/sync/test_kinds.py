"""Whatever a sync asks for has a name that people understand."""

from __future__ import annotations

import importlib
import pkgutil

import connector.sync
from archive_store.snapshot.titles import PARTS
from connector.sync.slices import Kind


def _kinds() -> set[str]:
    """The names of all kinds of slices, wherever they are defined."""
    found: set[str] = set()
    for module in pkgutil.iter_modules(connector.sync.__path__):
        values = vars(importlib.import_module(f"connector.sync.{module.name}")).values()
        listed = [one for value in values if isinstance(value, (tuple, list)) for one in value]
        found |= {one.name for one in (*values, *listed) if isinstance(one, Kind)}
    return found


def test_every_part_that_is_asked_for_has_a_title() -> None:
    kinds = _kinds()
    assert len(kinds) > 20
    assert kinds <= PARTS.keys()
