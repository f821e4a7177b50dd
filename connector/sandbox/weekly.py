"""The weekly timetable: every hour gets a day and a number, nobody is in two places at once."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from random import Random

NUMBERS = 8
_DAYS = 6
SLOTS = _DAYS * NUMBERS
_FREE = -1


@dataclass(frozen=True, slots=True)
class Hour:
    """One weekly hour: the classes it occupies and (group, teacher) for each part of them."""

    classes: tuple[int, ...]
    subject: int
    parts: tuple[tuple[int, int], ...]

    def resources(self) -> tuple[tuple[str, int], ...]:
        """Return what can be at one place at a time: classes and teachers."""
        teachers = tuple(("t", teacher) for _, teacher in self.parts)
        return tuple(("c", index) for index in self.classes) + teachers


def _loads(hours: list[Hour]) -> dict[int, int]:
    load: dict[int, int] = {}
    for hour in hours:
        for index in hour.classes:
            load[index] = load.get(index, 0) + 1
    return load


class WeeklyTimetable:
    """Places hours by least conflict: a placed hour may push others out, which are placed anew.

    An hour that cannot be placed within the limit of tries is dropped: the timetable stays free
    of conflicts at the price of a lesson.
    """

    def __init__(self, hours: list[Hour], days: dict[int, int], rng: Random) -> None:
        self.slot_of: dict[int, int] = {}
        self._hours = hours
        self._resources = [hour.resources() for hour in hours]
        self._busy = {item: [_FREE] * SLOTS for items in self._resources for item in items}
        self._pushed = [0] * len(hours)
        self._rng = rng
        self._days = days
        self._load = _loads(hours)
        self._allowed = [self._slots(hour) for hour in hours]
        self._place_all()
        self._close_gaps()

    def _slots(self, hour: Hour) -> list[int]:
        days = min(self._days[index] for index in hour.classes)
        longest = max(-(-self._load[index] // self._days[index]) for index in hour.classes)
        last = min(NUMBERS, longest + 1)
        return [day * NUMBERS + number for day in range(days) for number in range(last)]

    def _place_all(self) -> None:
        order = sorted(range(len(self._hours)), key=lambda n: -len(self._resources[n]))
        queue = deque(order)
        tries = 40 * len(queue)
        while queue and tries:
            tries -= 1
            queue.extend(sorted(self._place(queue.popleft())))

    def _place(self, hour: int) -> set[int]:
        slot = self._best_slot(hour)
        pushed = self._conflicts(hour, slot)
        for other in pushed:
            self._lift(other)
            self._pushed[other] += 1
        self._put(hour, slot)
        return pushed

    def _best_slot(self, hour: int) -> int:
        best, least = -1, 1e18
        twins = self._twin_days(hour)
        busy = [self._busy[item] for item in self._resources[hour]]
        random = self._rng.random
        for slot in self._allowed[hour]:
            cost = random() * 2 + slot % NUMBERS * 0.4 + twins.get(slot // NUMBERS, 0) * 6
            for calendar in busy:
                other = calendar[slot]
                if other != _FREE:
                    cost += 20 + 4 * self._pushed[other]
                    cost += 15 * (len(self._resources[other]) > 2)
            if cost < least:
                best, least = slot, cost
        return best

    def _twin_days(self, hour: int) -> dict[int, int]:
        """Count how often a day already has the subject in the class."""
        subject = self._hours[hour].subject
        calendar = self._busy["c", self._hours[hour].classes[0]]
        days: dict[int, int] = {}
        for slot, other in enumerate(calendar):
            if other != _FREE and self._hours[other].subject == subject:
                day = slot // NUMBERS
                days[day] = days.get(day, 0) + 1
        return days

    def _conflicts(self, hour: int, slot: int) -> set[int]:
        found = {self._busy[item][slot] for item in self._resources[hour]}
        found.discard(_FREE)
        return found

    def _put(self, hour: int, slot: int) -> None:
        self.slot_of[hour] = slot
        for item in self._resources[hour]:
            self._busy[item][slot] = hour

    def _lift(self, hour: int) -> None:
        slot = self.slot_of.pop(hour)
        for item in self._resources[hour]:
            self._busy[item][slot] = _FREE

    def _close_gaps(self) -> None:
        """Move a day's last lesson into a free number before it where the teachers are free."""
        for item, calendar in self._busy.items():
            if item[0] == "c":
                for day in range(_DAYS):
                    self._close_day(calendar, day * NUMBERS)

    def _close_day(self, calendar: list[int], start: int) -> None:
        for slot in range(start, start + NUMBERS):
            if calendar[slot] != _FREE:
                continue
            for late in range(start + NUMBERS - 1, slot, -1):
                hour = calendar[late]
                if hour != _FREE and not self._conflicts(hour, slot):
                    self._lift(hour)
                    self._put(hour, slot)
                    break
