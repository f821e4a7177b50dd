"""Ids are unique, exact, of the platform's magnitudes, and lead back to their record."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from connector.sandbox.clock import moment_text, to_ms
from connector.sandbox.ids import IdSpace, Kind

if TYPE_CHECKING:
    from datetime import datetime

SERIALS = st.integers(0, 5_000_000)
YEARS = st.integers(2000, 2099)


@given(st.integers(), st.sampled_from(Kind), YEARS, SERIALS)
def test_a_big_id_leads_back_and_would_not_survive_a_double(
    seed: int, kind: Kind, year: int, serial: int
) -> None:
    ids = IdSpace.of(seed)
    ident = ids.big(kind, year, serial)
    assert ids.split(kind, ident) == (year, serial)
    assert 2 * 10**18 < ident < 2**63
    assert int(float(ident)) != ident
    for other in Kind:
        assert other is kind or ids.split(other, ident) is None


@given(st.integers(), st.integers(0, 20_000))
def test_small_ids_lead_back(seed: int, index: int) -> None:
    ids = IdSpace.of(seed)
    assert ids.person_index(ids.person(index)) == index
    assert ids.user_index(ids.user(index)) == index
    assert ids.subject_index(ids.subject(index)) == index
    assert ids.person_index(ids.person(index) + 1) == -1
    assert 10**12 < ids.person(index) < 10**13
    assert 6 * 10**14 < ids.subject(index) < 7 * 10**14


@given(st.datetimes(timezones=st.just(UTC)))
def test_moments_are_written_in_utc_with_a_fraction_and_without_a_zone(moment: datetime) -> None:
    text = moment_text(to_ms(moment))
    assert text.startswith(moment.isoformat()[:19])
    assert "." in text
    assert text[19:].strip(".0123456789") == ""
