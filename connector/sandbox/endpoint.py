"""Registry of the API's calls: verb, path below the version prefix, the function that answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connector.sandbox.call import Call

Answer = Callable[[Call], object]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A call of the API; `pattern` is its path with names in braces."""

    method: str
    pattern: str
    answer: Answer


class Endpoints:
    """Collects the calls of one family; used as a decorator."""

    def __init__(self) -> None:
        self.all: list[Endpoint] = []

    def get(self, *patterns: str) -> Callable[[Answer], Answer]:
        """Register a function for GET of the patterns."""
        return self._register("GET", patterns)

    def post(self, *patterns: str) -> Callable[[Answer], Answer]:
        """Register a function for POST of the patterns."""
        return self._register("POST", patterns)

    def _register(self, method: str, patterns: tuple[str, ...]) -> Callable[[Answer], Answer]:
        def keep(answer: Answer) -> Answer:
            self.all += [Endpoint(method, pattern, answer) for pattern in patterns]
            return answer

        return keep
