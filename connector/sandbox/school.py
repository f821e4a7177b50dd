"""The invented school: people at once, academic years when first asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from random import Random
from threading import RLock

from connector.sandbox.clock import academic_year, in_school_zone, local_moment_text, moment_text, to_ms
from connector.sandbox.cohorts import plan_cohorts
from connector.sandbox.groups import EduGroup
from connector.sandbox.ids import IdSpace, Kind
from connector.sandbox.journal import Journal
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.people import Person, Pupil, PupilRegister, invent_person
from connector.sandbox.staffing import ADMINISTRATOR, StaffMember, hire
from connector.sandbox.variant import PARENT_ROLE, TEACHER_ROLE, PlatformVariant
from connector.sandbox.year import YearBuilder

NAME = "МБОУ «СОШ № 47 г. Светлореченска»"
FULL_NAME = "Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 47»"


def _invent_parent(seed: int, index: int) -> Person:
    """Return the one parent the school knows, who surely has an account."""
    return replace(invent_person(Random(f"parent/{seed}"), index, 1985), account=True)


class School:
    """A school made from parameters; the same parameters make the same school on any machine.

    Whole years are kept in memory; the clock decides what of them is shown. `variant` may be
    replaced while the school is served; `lock` guards everything that may change while requests run.
    """

    def __init__(self, parameters: SchoolParameters | None = None) -> None:
        self.parameters = parameters or SchoolParameters()
        self.lock = RLock()
        self.variant: PlatformVariant = self.parameters.start_variant()
        self.ids = IdSpace.of(self.parameters.seed)
        self.now = self.parameters.start_clock()
        self.years = self.parameters.academic_years()
        seed = self.parameters.seed
        self._cohorts = plan_cohorts(self.parameters.pupils, self.years)
        self.staff: list[StaffMember] = hire(seed, self._cohorts, self.years)
        self.pupils: list[Pupil] = []
        PupilRegister(seed, self.years, len(self.staff), self.pupils).enrol(self._cohorts)
        self._parent = _invent_parent(seed, len(self.staff) + len(self.pupils))
        self._journals: dict[int, Journal] = {}

    @property
    def now(self) -> datetime:
        """Return the school's clock, in the school's zone."""
        return self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        self._now = in_school_zone(moment)
        self.now_ms = to_ms(self._now)
        self.today: date = self._now.date()
        self.today_ordinal = self.today.toordinal()

    @property
    def current_year(self) -> int:
        """Return the academic year of the clock."""
        return academic_year(self.today)

    def shown_years(self) -> list[int]:
        """Return the school's years that have begun by the clock, never none."""
        return [year for year in self.years if year <= self.current_year] or [self.years[0]]

    def open_years(self) -> list[int]:
        """Return the years whose records are shown: without past ones where those are closed."""
        years = self.shown_years()
        return years[-1:] if self.variant.old_years_closed else years

    def journal(self, year: int) -> Journal:
        """Return the journal of a year, building it if need be; KeyError for another year."""
        with self.lock:
            if year not in self._journals:
                if year not in self.years:
                    raise KeyError(year)
                self._journals[year] = self._build(year)
            return self._journals[year]

    def build_all(self) -> None:
        """Build every year now instead of when first asked for."""
        for year in self.years:
            self.journal(year)

    def _build(self, year: int) -> Journal:
        departments: dict[str, list[int]] = {}
        for member in self.staff:
            if member.department:
                departments.setdefault(member.department, []).append(member.person.index)
        six = self.parameters.six_day_seniors
        seed = self.parameters.seed
        builder = YearBuilder(seed, year, self._cohorts, self.pupils, departments, six_day_seniors=six)
        return builder.build()

    def person(self, index: int) -> Person:
        """Return a person by index; IndexError if there is none."""
        if index < 0:
            raise IndexError(index)
        if index < len(self.staff):
            return self.staff[index].person
        if index == self._parent.index:
            return self._parent
        return self.pupils[index - len(self.staff)].person

    def is_pupil(self, index: int) -> bool:
        """Tell whether a person is a pupil."""
        return len(self.staff) <= index < self._parent.index

    def is_parent(self, index: int) -> bool:
        """Tell whether a person is the one parent the school knows."""
        return index == self._parent.index

    @property
    def owner(self) -> int:
        """Return the person whose token the sandbox takes, by the variant's role."""
        if self.variant.role == PARENT_ROLE:
            return self._parent.index
        if self.variant.role == TEACHER_ROLE:
            latest = self.journal(self.shown_years()[-1])
            return latest.class_teacher[latest.classes()[0].index]
        return ADMINISTRATOR

    def parents_child(self) -> tuple[Journal, EduGroup, int]:
        """Return the latest journal, the class and the index of the parent's child."""
        latest = self.journal(self.shown_years()[-1])
        for group in reversed(latest.classes()):
            for member in group.members:
                if member.on(self.today):
                    return latest, group, member.pupil.person.index
        group = latest.classes()[-1]
        return latest, group, group.members[0].pupil.person.index

    def moment_text(self, ms: int) -> str:
        """Return a UTC moment as the served platform writes it: in UTC or in school time."""
        return local_moment_text(ms) if self.variant.moments_local else moment_text(ms)

    def group_id(self, year: int, index: int) -> int:
        """Return the id of a group."""
        return self.ids.big(Kind.GROUP, year, index)

    def locate(self, kind: Kind, ident: int) -> tuple[Journal, int]:
        """Return the journal and serial of an id; KeyError if the school shows no such year."""
        found = self.ids.split(kind, ident)
        if found is None or found[0] not in self.shown_years():
            raise KeyError(ident)
        return self.journal(found[0]), found[1]

    def group(self, ident: int) -> tuple[Journal, EduGroup]:
        """Return a group by id; KeyError if there is none."""
        journal, serial = self.locate(Kind.GROUP, ident)
        if serial >= len(journal.groups):
            raise KeyError(ident)
        return journal, journal.groups[serial]
