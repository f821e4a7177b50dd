"""How much the platform lets one call ask for at once: not documented, so it is learned and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

from connector.api.calls import Call
from connector.api.client import Client
from connector.api.errors import CallRefused


class Limits:
    """The largest size (days or ids, :attr:`Call.size`) that each endpoint accepts, as far as is known."""

    def __init__(self, known: Mapping[str, int] | None = None) -> None:
        self._sizes = dict(known or {})
        self._lock = Lock()

    @property
    def learned(self) -> dict[str, int]:
        """The sizes by endpoint."""
        with self._lock:
            return dict(self._sizes)

    def fit(self, call: Call) -> list[Call]:
        """The call, cut to what its endpoint accepts."""
        with self._lock:
            size = self._sizes.get(call.endpoint)
        return call.cut_to(size) if size else [call]

    def learn(self, endpoint: str, size: int) -> None:
        """Remember that the endpoint accepts this size and not twice as much."""
        with self._lock:
            self._sizes[endpoint] = min(size, self._sizes.get(endpoint, size))


def fetch_whole(client: Client, call: Call, limits: Limits) -> list[tuple[Call, bytes]]:
    """The answer to a call, in parts if the platform refuses to give so much at once.

    Raises the ApiError of the smallest part that was refused, or any other.
    """
    found: list[tuple[Call, bytes]] = []
    for part in limits.fit(call):
        try:
            found.append((part, client.fetch(part)))
        except CallRefused:
            if part.size < 2:
                raise
            half = -(-part.size // 2)
            found += [one for smaller in part.cut_to(half) for one in fetch_whole(client, smaller, limits)]
            limits.learn(part.endpoint, half)
    return found
