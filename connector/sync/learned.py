"""What a run makes of the traits that were found out about the platform: ways to go, sizes to ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from connector.sync.limits import Limits
from connector.sync.ordering import Ordering

# What was learned of the platform is tried anew after so long.
LASTS: Final = timedelta(days=28)


def recall(traits: Mapping[str, str], limits: Limits, ordering: Ordering) -> None:
    """Bring the sizes and the ways that are remembered to where they are used."""
    for name, value in traits.items():
        what, _, about = name.partition(":")
        if what == "limit":
            limits.learn(about, int(value))
        elif what == "way":
            ordering.ways[about] = int(value)


def to_remember(traits: Mapping[str, str], limits: Limits, ordering: Ordering) -> Iterable[tuple[str, str]]:
    """All that is known now, as traits."""
    yield from ((f"limit:{name}", str(size)) for name, size in limits.learned.items())
    yield from ((f"way:{kind}", str(way)) for kind, way in ordering.ways.items())
    yield from ((name, value) for name, value in traits.items() if ":" not in name)
