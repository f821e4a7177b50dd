"""Kill -9 at random moments of a sync: each is gone on with to the same content (bench/kill_battery.py)."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "bench" / "kill_battery.py"
POINTS = 6


@pytest.fixture(scope="module")
def battery_module() -> Any:
    spec = importlib.util.spec_from_file_location("kill_battery", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["kill_battery"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_sync_killed_anywhere_is_gone_on_with_to_the_same_content(
    battery_module: Any, tmp_path: Path
) -> None:
    with battery_module.running(battery_module.a_small_school(pupils=12), battery_module.TOKEN) as school:
        battery = battery_module.Battery(school, tmp_path)
        battery.undisturbed()
        points = [
            battery.point(number, after)
            for number, after in enumerate(battery_module.moments(POINTS, battery.requests, seed=3))
        ]
    assert [one.wrong for one in points] == [()] * POINTS
    # Read again is what a run always reads, and what was under way: never most of what had been read.
    again = [one.requests - battery.requests for one in points]
    assert all(one <= battery.requests // 3 for one in again), again
