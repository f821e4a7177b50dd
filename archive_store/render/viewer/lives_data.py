"""The lives of values as the viewer's files of data hold them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any, TypeAlias

from archive_store.forms.gathering import Place
from archive_store.forms.spread import Section
from archive_store.forms.value_lives import FinalPlace, ValueLife
from archive_store.render.dates import moment_text
from archive_store.render.viewer.keys import cell_key, final_key

Data: TypeAlias = dict[str, Any]


class Moments:
    """Moments in the school's zone, each written once: many values were first seen by the same run."""

    def __init__(self, zone: tzinfo | None) -> None:
        self.texts: list[str] = []
        self._zone = zone
        self._known: dict[str, int] = {}

    def number(self, moment: str) -> int:
        """The place of a moment in ``texts``."""
        if moment not in self._known:
            self._known[moment] = len(self.texts)
            self.texts.append(moment_text(moment, self._zone))
        return self._known[moment]


def lives_of(places: Iterable[tuple[str, tuple[ValueLife, ...]]], zone: tzinfo | None) -> Data:
    """A file of lives: by the key of a place, and the moments that they name."""
    moments = Moments(zone)
    cells = {key: [_life(one, moments, zone) for one in found] for key, found in places}
    return {"moments": moments.texts, "cells": cells}


def section_lives(
    section: Section, cells: Mapping[Place, tuple[ValueLife, ...]], zone: tzinfo | None
) -> Data:
    """The lives of the cells of a section."""
    places = ((lesson.lesson_id, pupil.person_id) for lesson in section.lessons for pupil in section.pupils)
    return lives_of(((cell_key(*place), cells[place]) for place in places if place in cells), zone)


def final_lives(finals: Mapping[FinalPlace, tuple[ValueLife, ...]], zone: tzinfo | None) -> Data:
    """The lives of the final marks of a class."""
    places = ((final_key(*place), found) for place, found in finals.items())
    return lives_of(places, zone)


def _life(life: ValueLife, moments: Moments, zone: tzinfo | None) -> list[Any]:
    events = [
        [event.what, moments.number(event.at), event.value, event.day if life.was_moved else None]
        for event in life.events
    ]
    set_at = None if life.set_at is None else moment_text(life.set_at, zone)
    return [life.kind, life.record_id, events, set_at, life.work, life.weight, life.note]
