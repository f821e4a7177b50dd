"""A small served school, the default school, and the check of an answer's shape."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from connector.sandbox import RunningSchool, School, SchoolParameters, running

NOW = datetime(2026, 3, 20, 15, 0)  # noqa: DTZ001 - school time
TOKEN = "token-of-the-tests"
SHAPES: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("shapes.json").read_text(encoding="utf-8")
)
_TEXTS = {
    "day": r"\d{4}-\d\d-\d\dT00:00:00",
    "moment": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,3}",
    "clock": r"0001-01-01T\d\d:\d\d:00",
    "comma": r"\d,\d\d",
    "hours": r"\d\d:\d\d - \d\d:\d\d",
    "str": r"(?s).*",
}
_TYPES = {"int": int, "big": int, "bool": bool, "float": float}
_FIRST_UNSAFE = 2**53


def check_shape(model: str, value: object) -> None:
    """Assert that a value has exactly the model's keys, types and text twins."""
    shape = SHAPES[model]
    assert isinstance(value, dict), model
    assert set(value) == set(shape), (model, set(value) ^ set(shape))
    for key, kind in shape.items():
        _check_value(f"{model}.{key}", kind, value[key])
    for key, item in value.items():
        base = key.removesuffix("_str")
        if base != key:
            _check_twin(f"{model}.{key}", value[base], item)


def _check_twin(where: str, value: object, twin: object) -> None:
    if isinstance(value, list):
        assert twin == [str(item) for item in value], where
    else:
        assert twin == (None if value is None else str(value)), where


def _check_value(where: str, kind: str | list[str], value: object) -> None:
    if isinstance(kind, list):
        if value is None:
            assert kind[1:] == ["?"], where
            return
        assert isinstance(value, list), where
        for item in value:
            _check_value(where, kind[0], item)
    elif kind.endswith("?"):
        if value is not None:
            _check_value(where, kind[:-1], value)
    elif kind in _TEXTS:
        assert isinstance(value, str), where
        assert re.fullmatch(_TEXTS[kind], value), (where, value)
    elif kind in _TYPES:
        assert type(value) is _TYPES[kind], (where, value)
        if kind == "big" and isinstance(value, int):
            assert value > _FIRST_UNSAFE, where
            assert int(float(value)) != value, (where, "would survive a double")
    else:
        check_shape(kind, value)


class Client:
    """Asks a served school; every answer must be a success unless `error` is used."""

    def __init__(self, served: RunningSchool) -> None:
        self.served = served
        self.http = httpx.Client(
            base_url=served.url, headers={"Access-Token": served.token}, trust_env=False, timeout=60
        )

    def get(self, path: str, **query: str | list[int]) -> Any:
        answer = self.http.get(path, params=query or None)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    def post(self, path: str, ids: list[int]) -> Any:
        answer = self.http.post(path, json=ids)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    def school(self) -> int:
        return int(self.get("users/me/context")["schools"][0]["id"])

    def groups(self, *, year: int = 2025, kind: str = "Group") -> list[dict[str, Any]]:
        found = self.get(f"schools/{self.school()}/edu-groups")
        return [g for g in found if g["studyyear"] == year and g["type"] == kind]


def _client(school: School) -> Iterator[Client]:
    with running(school, TOKEN) as served:
        client = Client(served)
        with client.http:
            yield client


@pytest.fixture(scope="session")
def shape() -> Callable[[str, Any], None]:
    return check_shape


@pytest.fixture(scope="session")
def small() -> Iterator[Client]:
    """A school of 40 pupils on 20 March 2026; tests leave it as it is."""
    yield from _client(School(SchoolParameters(pupils=40, seed=3, now=NOW)))


@pytest.fixture
def fresh() -> Iterator[Client]:
    """A school of 24 pupils that a test may change."""
    yield from _client(School(SchoolParameters(pupils=24, seed=5, now=NOW)))


@pytest.fixture
def two_parallel() -> Iterator[Client]:
    """A school of 320 pupils that a test may change: two classes in the eleventh year of study."""
    yield from _client(School(SchoolParameters(pupils=320, seed=5, now=NOW, years=(2025,))))


@pytest.fixture(scope="session")
def default_school() -> School:
    """The default school of 1000 pupils on 20 March 2026, not served."""
    school = School(SchoolParameters(now=NOW))
    school.build_all()
    return school
