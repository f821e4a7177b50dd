"""The canonical form can be made without this program's libraries."""

from __future__ import annotations

import json
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from archive_store.canonical import version_digest

_value = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(blacklist_categories=("Cs",))),
)


@given(record=st.lists(_value, max_size=8))
def test_the_standard_librarys_json_gives_the_same_digest(record: list[object]) -> None:
    form = json.dumps(["mark", 1000, *record], ensure_ascii=False, separators=(",", ":"))
    assert version_digest("mark", 1000, record) == sha256(form.encode()).digest()


def test_entity_school_and_contents_all_count() -> None:
    digests = {
        version_digest("mark", 1, ["5"]),
        version_digest("work", 1, ["5"]),
        version_digest("mark", 2, ["5"]),
        version_digest("mark", 1, [5]),
        version_digest("mark", 1, [None]),
        version_digest("mark", 1, [""]),
    }
    assert len(digests) == 6
