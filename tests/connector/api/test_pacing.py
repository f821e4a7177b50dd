"""The pace: never above its ceilings, down when the platform asks for it, up again when it stops."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.api.budget import Budget
from connector.api.calls import Call
from connector.api.clock import Clock
from connector.api.errors import PlatformDown, TooManyCalls, Unreachable
from connector.api.gate import Gate
from connector.api.pacing import Latency, Pace

CALL = Call("edu-groups/1/marks/2025-09-01/2025-10-01")
ENDINGS = ["good", "good", "good", "slow", "limited", "timed out", "failed"]


class Platform:
    """A platform that ends calls as it is told, and a clock between the calls. Keeps all starts."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.now = 0.0
        self.in_flight: list[float] = []
        self.starts: list[float] = []
        self.paused_until = 0.0

    def start(self) -> bool:
        """Start a call as soon as the pace allows; False if a call in flight has to end first."""
        delay = self.pace.delay(self.now)
        if math.isinf(delay):
            return False
        self.now += delay
        assert len(self.in_flight) < self.pace.permits
        assert self.now >= self.paused_until - 1e-9  # a sum of floats: the gate looks once more
        self.pace.start(self.now)
        self.in_flight.append(self.now)
        self.starts.append(self.now)
        return True

    def end(self, how: str, seconds: float) -> None:
        """End the oldest call."""
        self.now += seconds
        started = self.in_flight.pop(0)
        self.pace.end()
        if how in {"good", "slow"}:
            self.pace.good(self.now, started, "endpoint", 5.0 if how == "slow" else 0.1)
        elif how == "limited":
            self.pace.limited(self.now, started)
        elif how == "timed out":
            self.pace.slowed(self.now, started)
        else:
            self.pace.failed()

    def pause(self, seconds: float) -> None:
        """The platform asks all to wait."""
        self.pace.pause(self.now, seconds)
        self.paused_until = max(self.paused_until, self.now + seconds)


events = st.lists(
    st.one_of(
        st.just(("start",)),
        st.tuples(st.just("end"), st.sampled_from(ENDINGS), st.floats(0, 3)),
        st.tuples(st.just("pause"), st.floats(0, 60)),
    ),
    max_size=200,
)
rates = st.one_of(st.none(), st.floats(0.1, 50))


def play(platform: Platform, played: list[tuple[object, ...]]) -> None:
    for event in played:
        match event:
            case ("start",):
                platform.start()
            case ("end", str(how), float(seconds)) if platform.in_flight:
                platform.end(how, seconds)
            case ("pause", float(seconds)):
                platform.pause(seconds)


@given(st.integers(1, 16), rates, events)
def test_whatever_happens_the_ceilings_hold_and_calls_go_on(
    at_once: int, per_second: float | None, played: list[tuple[object, ...]]
) -> None:
    platform = Platform(Pace(at_once, per_second))
    play(platform, played)
    assert 1 <= platform.pace.permits <= at_once
    if per_second is not None:
        assert platform.pace.rate is not None
        assert per_second / 10 <= platform.pace.rate <= per_second
        least = 1 / per_second
        assert all(later - earlier >= least * 0.999 for earlier, later in pairwise(platform.starts))
    while platform.in_flight:
        platform.end("good", 0.1)
    assert platform.start()


@given(st.integers(1, 16), rates, events)
def test_when_limits_stop_the_full_pace_comes_back(
    at_once: int, per_second: float | None, played: list[tuple[object, ...]]
) -> None:
    platform = Platform(Pace(at_once, per_second))
    play(platform, played)
    while platform.in_flight:
        platform.end("good", 0.1)
    for _call in range(250):
        platform.start()
        platform.end("good", 0.1)
    assert platform.pace.permits == at_once
    assert platform.pace.rate == per_second


def test_a_limit_halves_and_a_run_of_good_answers_gives_a_step_back() -> None:
    platform = Platform(Pace(4, 5.0))
    platform.start()
    platform.end("limited", 0.1)
    assert (platform.pace.permits, platform.pace.rate) == (2, 2.5)
    for _call in range(10):
        platform.start()
        platform.end("good", 0.1)
    assert (platform.pace.permits, platform.pace.rate) == (3, 3.0)


def test_what_was_in_flight_together_counts_as_one_refusal() -> None:
    platform = Platform(Pace(4))
    for _call in range(4):
        platform.start()
    for _call in range(4):
        platform.end("limited", 0.1)
    assert platform.pace.permits == 2


def test_a_sandbox_without_a_ceiling_is_bounded_by_what_was_seen_and_freed_again() -> None:
    platform = Platform(Pace(4))
    for _call in range(50):
        assert platform.start()
        platform.end("good", 0.001)
    platform.start()
    platform.end("limited", 0.001)
    assert platform.pace.rate is not None
    assert 200 <= platform.pace.rate <= 550  # half of a thousand a second


def test_answers_that_become_slow_halve_what_runs_at_once_but_not_the_rate() -> None:
    platform = Platform(Pace(8, 5.0))
    for _call in range(20):
        platform.start()
        platform.end("good", 0.1)
    platform.start()
    platform.end("slow", 5.0)
    assert platform.pace.permits == 8  # one slow answer is bad luck
    platform.start()
    platform.end("slow", 5.0)
    assert platform.pace.permits == 4
    assert platform.pace.rate == 5.0


@pytest.mark.parametrize(
    "seconds",
    [
        [0.01] * 20 + [0.2] * 20,  # ten times as slow, but who would notice
        [2.0] * 40,  # slow, but never anything else
        [0.1, 1.5] * 40,  # empty months and full ones
        [0.1] * 15 + [30.0] + [0.1] * 15,  # one answer
        [0.1] * 3 + [1.5] * 40,  # too few to know what is usual
    ],
)
def test_what_only_looks_like_slowness_is_none(seconds: list[float]) -> None:
    latency = Latency()
    for one in seconds:
        latency.add(one)
        assert not latency.has_grown()


class Threads:
    """Real threads before a gate: each takes a turn, and holds it until it is told to end."""

    def __init__(self, gate: Gate, number: int) -> None:
        self.most = 0
        self._gate = gate
        self._running = 0
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work) for _ in range(number)]

    def run(self) -> None:
        for thread in self._threads:
            thread.start()
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()

    def _work(self) -> None:
        for _call in range(20):
            with self._gate.passing(CALL) as passage:
                with self._lock:
                    self._running += 1
                    self.most = max(self.most, self._running)
                threading.Event().wait(0.001)
                with self._lock:
                    self._running -= 1
                passage.answered = passage.started + 0.001


@pytest.mark.parametrize("permits", [1, 3])
def test_real_threads_never_exceed_the_permits_and_never_starve(permits: int) -> None:
    gate = Gate(Pace(permits), Budget(), Clock())
    threads = Threads(gate, 8)
    threads.run()
    assert threads.most == permits
    assert gate.hand_over().calls == 160


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate(Pace(4), Budget(), Clock())
    yield made
    assert made.at_once >= 1


def test_a_pause_holds_all_threads(gate: Gate) -> None:
    gate.pause(0.3)
    begun = Clock().seconds()
    threads = [threading.Thread(target=_pass, args=(gate,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert Clock().seconds() - begun >= 0.3
    assert gate.hand_over().waited >= 4 * 0.2


def _pass(gate: Gate) -> None:
    with gate.passing(CALL):
        pass


def test_who_rests_is_woken_when_the_platform_turns_out_to_be_down(gate: Gate) -> None:
    begun = Clock().seconds()
    resting = threading.Thread(target=gate.rest, args=(600.0,))
    resting.start()
    with pytest.raises(PlatformDown):
        gate.no_life(CALL, Unreachable(CALL.label, "no route"))
    resting.join(10)
    assert not resting.is_alive()
    assert Clock().seconds() - begun < 10
    with pytest.raises(PlatformDown), gate.passing(CALL):
        pass


def test_a_failed_try_gives_its_permit_back() -> None:
    gate = Gate(Pace(1), Budget(), Clock())
    for error in (TooManyCalls(CALL.label, None), Unreachable(CALL.label, "x"), RuntimeError()):
        with pytest.raises(type(error)), gate.passing(CALL):
            raise error
    _pass(gate)
