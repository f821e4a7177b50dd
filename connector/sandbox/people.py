"""The invented people: staff and pupils, with the pupils' way through the school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from connector.sandbox.cohorts import Cohort
from connector.sandbox.content.names import PLANTED, POOLS, NamePool

MALE, FEMALE = "Male", "Female"
_SHARE = sum(pool.weight for pool in POOLS)
_LEVELS = 7


@dataclass(frozen=True, slots=True)
class Person:
    """A human of the school register; `index` decides the ids. Some have no account."""

    index: int
    last: str
    first: str
    middle: str | None
    sex: str
    born: date
    account: bool


@dataclass(frozen=True, slots=True)
class Stay:
    """A pupil's time in one class letter, both days included; `last` None: to the end of school."""

    letter: int
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil; `level` 0..6 is how well they do, `released` frees them from physical education."""

    person: Person
    start: int
    stays: tuple[Stay, ...]
    level: int
    released: bool


def below(rng: Random, limit: int) -> int:
    """Return a number in 0..limit-1; built on `random()`, which Python promises to keep stable."""
    return int(rng.random() * limit)


def _feminine(surname: str) -> str:
    return "-".join(_feminine_part(part) for part in surname.split("-"))


def _feminine_part(part: str) -> str:
    if part.endswith(("ский", "цкий", "ный", "ной")):
        return part[:-2] + "ая"
    return part + "а" if part.endswith(("ов", "ев", "ёв", "ин", "ын")) else part


def _pool(rng: Random) -> NamePool:
    left = below(rng, _SHARE)
    for pool in POOLS:
        left -= pool.weight
        if left < 0:
            return pool
    return POOLS[0]


def invent_person(rng: Random, index: int, born_year: int, female_share: float = 0.5) -> Person:
    """Return an invented person born in a year."""
    pool = _pool(rng)
    female = rng.random() < female_share
    surname = pool.surnames[below(rng, len(pool.surnames))]
    names = pool.daughters if female else pool.sons
    first = names[below(rng, len(names))]
    middle = pool.fathers[below(rng, len(pool.fathers))][int(female)] if pool.fathers else None
    last = _feminine(surname) if female and pool.declines else surname
    born = date(born_year, 1, 1) + timedelta(days=below(rng, 365))
    account = rng.random() >= 0.02
    return Person(index, last, first, middle, FEMALE if female else MALE, born, account)


@dataclass(slots=True)
class PupilRegister:
    """Invents the pupils of all cohorts, each cohort from its own random stream."""

    seed: int
    years: tuple[int, ...]
    first_index: int
    pupils: list[Pupil]

    def enrol(self, cohorts: tuple[Cohort, ...]) -> None:
        """Add the pupils of the cohorts, oldest cohort first."""
        planted = _planted_cohort(cohorts, self.years[-1])
        for cohort in cohorts:
            self._enrol_cohort(cohort, cohort is planted, oldest=cohort is cohorts[0])

    def _enrol_cohort(self, cohort: Cohort, planted: bool, oldest: bool) -> None:
        rng = Random(f"pupils/{self.seed}/{cohort.start}")
        for letter, size in enumerate(cohort.sizes):
            first = len(self.pupils)
            for seat in range(size):
                names = PLANTED[seat] if planted and letter == 0 and seat < len(PLANTED) else None
                self._add(rng, cohort, letter, names)
            for year in self.years:
                if cohort.present(year):
                    sure = letter == 0 and (oldest or planted)
                    self._move(rng, cohort, letter, year, range(first, first + size), sure)

    def _add(
        self, rng: Random, cohort: Cohort, letter: int, names: tuple[str, str, str | None, str] | None
    ) -> None:
        person = invent_person(rng, self.first_index + len(self.pupils), cohort.start - 7)
        released = rng.random() < 0.015
        level = min(below(rng, _LEVELS), below(rng, _LEVELS) + 2)
        if names is not None:
            last, first, middle, sex = names
            person = Person(person.index, last, first, middle, sex, person.born, person.account)
            released = middle is None
        stay = Stay(letter, date(cohort.start, 9, 1), None)
        self.pupils.append(Pupil(person, cohort.start, (stay,), level, released))

    def _move(self, rng: Random, cohort: Cohort, letter: int, year: int, seats: range, sure: bool) -> None:
        """Let one pupil come, one leave and one change class within a year, by chance or surely."""
        day = date(year, 10, 6) + timedelta(days=below(rng, 200))
        settled = [n for n in seats if len(self.pupils[n].stays) == 1 and not self._moved(n, cohort)]
        if sure or rng.random() < 0.55:
            self._add(rng, cohort, letter, None)
            self._replace(len(self.pupils) - 1, (Stay(letter, date(cohort.start, 9, 1), day),))
        if len(settled) > 3 and (sure or rng.random() < 0.55):
            comer = settled.pop(below(rng, len(settled) - 1))
            self._replace(comer, (Stay(letter, day + timedelta(days=5), None),))
        if len(settled) > 3 and len(cohort.sizes) > 1 and (sure or rng.random() < 0.5):
            changer = settled[-1]
            other = (letter + 1) % len(cohort.sizes)
            start = self.pupils[changer].stays[0].first
            before = Stay(letter, start, day + timedelta(days=8))
            self._replace(changer, (before, Stay(other, day + timedelta(days=9), None)))

    def _moved(self, position: int, cohort: Cohort) -> bool:
        stay = self.pupils[position].stays[0]
        return stay.last is not None or stay.first != date(cohort.start, 9, 1)

    def _replace(self, position: int, stays: tuple[Stay, ...]) -> None:
        old = self.pupils[position]
        self.pupils[position] = Pupil(old.person, old.start, stays, old.level, old.released)


def _planted_cohort(cohorts: tuple[Cohort, ...], latest: int) -> Cohort:
    ninth = [cohort for cohort in cohorts if cohort.grade(latest) == 9]
    return ninth[0] if ninth else cohorts[-1]
