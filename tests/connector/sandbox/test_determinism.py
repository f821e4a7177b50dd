"""The same parameters give the same bytes, in this process or another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from connector.sandbox import School, SchoolParameters, running, running_process

if TYPE_CHECKING:
    from tests.connector.sandbox.conftest import Client


def _answers(url: str, token: str) -> list[bytes]:
    with httpx.Client(base_url=url, headers={"Access-Token": token}, trust_env=False, timeout=60) as http:
        school = http.get("users/me/schools").json()[0]
        paths = [f"schools/{school}/edu-groups", f"schools/{school}/teachers"]
        for group in http.get(paths[0]).json():
            ident = group["id"]
            paths += [
                f"edu-groups/{ident}/persons?includeArchive=true",
                f"edu-groups/{ident}/lessons/2025-10-01/2025-10-20",
                f"edu-groups/{ident}/marks/2025-10-01/2025-10-20",
                f"edu-groups/{ident}/final-marks",
                f"lesson-log-entries/group/{ident}?from=2025-10-01&to=2025-10-20",
            ]
        return [http.get(path).content for path in paths]


@pytest.fixture
def parameters(small: Client) -> SchoolParameters:
    now = small.served.school.parameters.now
    return SchoolParameters(pupils=20, seed=11, now=now)


def test_another_process_with_another_hash_seed_answers_the_same_bytes(
    parameters: SchoolParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "4242")
    with running_process(parameters, "t") as other, running(School(parameters), "t") as here:
        assert _answers(here.url, "t") == _answers(other.url, "t")


def test_the_order_of_building_years_does_not_matter(parameters: SchoolParameters) -> None:
    forwards, backwards = School(parameters), School(parameters)
    forwards.build_all()
    for year in reversed(backwards.years):
        backwards.journal(year)
    for year in forwards.years:
        assert forwards.journal(year).marks == backwards.journal(year).marks
        assert forwards.journal(year).lessons == backwards.journal(year).lessons


def test_the_clock_changes_nothing_but_what_is_shown(parameters: SchoolParameters) -> None:
    later = SchoolParameters(pupils=20, seed=11, now=parameters.now.replace(month=5))
    assert School(parameters).journal(2025).marks == School(later).journal(2025).marks


def test_another_seed_makes_other_people_and_ids(parameters: SchoolParameters) -> None:
    one, other = School(parameters), School(SchoolParameters(pupils=20, seed=12, now=parameters.now))
    assert one.ids.school() != other.ids.school()
    assert [p.person.last for p in one.pupils] != [p.person.last for p in other.pupils]
