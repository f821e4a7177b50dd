"""The papers of a year show what was counted, and the act shows every root in full."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from archive_store.records import EduGroup
from archive_store.render.source import Source
from archive_store.signatures.keys import KeyRing
from archive_store.snapshot import naming
from archive_store.snapshot.edition import Stage
from archive_store.snapshot.terms import year_terms
from archive_store.year.act import COLUMNS, act_of
from archive_store.year.amending import Amendment, amend_year
from archive_store.year.closing import Order, close_year
from archive_store.year.papers.act import closing_act
from archive_store.year.papers.report import check_report
from archive_store.year.place_names import Names
from archive_store.year.readiness import check_year
from reading import needs_poppler, pdf_text, squeezed
from small_year import FINALS, SCHOOL, YEAR, Slice, night

pytestmark = needs_poppler
MOSCOW = timezone(timedelta(hours=3))
SOURCE = Source(
    "МБОУ «Школа № 901»",
    datetime(2025, 10, 16, tzinfo=MOSCOW),
    "ab" * 32,
    datetime(2025, 10, 16, tzinfo=MOSCOW),
)


def test_the_act_of_an_edition(archive: sa.Engine, tmp_path: Path) -> None:
    with archive.begin() as connection:
        close_year(connection, SCHOOL, YEAR, tmp_path, "2025-08-31T09:00:00Z", Order(Stage.FINAL))
    changed = [FINALS[0]._replace(value="2"), FINALS[1]._replace(value="3")]
    night(archive, [Slice(schema.FINAL_MARK, changed)], "2025-10-15")
    why = Amendment("ликвидация задолженности", "№ 123 от 15.10.2025")
    with archive.begin() as connection:
        amend_year(connection, SCHOOL, YEAR, tmp_path, "2025-10-16T09:00:00Z", why)
    with archive.connect() as connection:
        act = act_of(connection, SCHOOL, YEAR)
        counts = dict(zip(COLUMNS, act.classes[0].counts, strict=True))
        pdf = closing_act(
            act, Names(connection, AsOf(SCHOOL)), SOURCE, ZoneInfo("Europe/Moscow"), year_terms()
        )
        assert act_of(connection, SCHOOL, YEAR, 1).edition.stage is Stage.FINAL
    # By hand: 12 lessons of 9А with its subgroups, one absence through illness, 5 final marks.
    assert counts == {
        "pupils": 4, "subjects": 3, "lessons": 12, "topics": 8, "homework": 4, "marks": 4, "absences": 1,
        "finals": 5, "finals_missing": 0,
    }  # fmt: skip
    text = squeezed(pdf_text(pdf, tmp_path))
    for bag in act.edition.bags:
        assert bag.root in text
    for bag, root in act.follows:
        assert bag in text
        assert root in text
    assert act.head.digest.hex() in text
    assert squeezed("№ 123 от 15.10.2025") in text
    assert squeezed("period mark, 1 четверть") in text
    assert squeezed("year mark") in text


def test_the_act_names_bags_in_the_order_of_classes_and_the_key_that_signed(
    archive: sa.Engine, tmp_path: Path
) -> None:
    more = [
        EduGroup(7_000 + n, name, None, "Group", grade, YEAR, None, "Active", None, None, None, None)
        for n, (name, grade) in enumerate([("10А", 10), ("11Б", 11), ("2Б", 2), ("2В", 2)])
    ]
    night(archive, [Slice(schema.EDU_GROUP, more)], "2025-06-01")
    key = KeyRing(tmp_path / "signing-key.pem").ensure("2025-06-02T09:00:00Z")
    with archive.begin() as connection:
        order = Order(Stage.PRELIMINARY, key=key)
        close_year(connection, SCHOOL, YEAR, tmp_path / "sealed", "2025-06-20T09:00:00Z", order)
    with archive.connect() as connection:
        act = act_of(connection, SCHOOL, YEAR)
        names = Names(connection, AsOf(SCHOOL))
        pdf = closing_act(act, names, SOURCE, ZoneInfo("Europe/Moscow"), year_terms())
    bags = [naming.stem_of(one.name) for one in act.edition.bags]
    classes = ["2B", "2V", "9A", "9B", "10A", "11B"]
    assert bags == [*(f"journal-{one}" for one in classes), "summary"]
    assert act.key == key.public.fingerprint
    assert key.public.fingerprint in squeezed(pdf_text(pdf, tmp_path))


def test_the_report_lists_places_up_to_its_limit(archive: sa.Engine, tmp_path: Path) -> None:
    with archive.connect() as connection:
        names = Names(connection, AsOf(SCHOOL))
        results = list(check_year(connection, AsOf(SCHOOL), YEAR))
        counts = {one.code: one.count for one in results}
        text = squeezed(pdf_text(check_report(YEAR, results, names, SOURCE, 3), tmp_path))
    assert counts["lesson-without-topic"] == 4  # lessons 3, 4, 10 and 11
    assert squeezed("Lessons held without a topic: 4") in text
    assert squeezed("... and 1 more.") in text
    assert squeezed("not checked") in text
