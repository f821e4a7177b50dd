"""Every paper of a year and of its keeping is PDF/A-2u in the judgement of veraPDF."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from verapdf import NEEDED, verdicts

from archive_store import anchors, schema
from archive_store.asof import AsOf
from archive_store.carriers.checking import Verdict
from archive_store.carriers.copies import Level, own_place
from archive_store.carriers.protocol import protocol
from archive_store.carriers.rounds import Round
from archive_store.render.anchor_form import anchor_form
from archive_store.render.check_protocol import check_protocol
from archive_store.render.source import Source
from archive_store.signatures.keys import KeyRing
from archive_store.snapshot.edition import Stage
from archive_store.snapshot.terms import year_terms
from archive_store.snapshot.verifier import Finding
from archive_store.year.act import act_of
from archive_store.year.amending import Amendment, amend_year
from archive_store.year.closing import Order, close_year
from archive_store.year.papers.act import closing_act
from archive_store.year.papers.report import check_report
from archive_store.year.place_names import Names
from archive_store.year.readiness import check_year
from small_year import FINALS, SCHOOL, YEAR, Slice, night

pytestmark = NEEDED
NOW = datetime(2025, 10, 16, tzinfo=timezone(timedelta(hours=3)))
AWKWARD = "МБОУ «Школа № 901» \U0001f600 \u202e\x07 \u0301 漢字"
SOURCE = Source(AWKWARD, NOW, "ab" * 32, NOW)
ZONE = ZoneInfo("Europe/Moscow")


def _papers(archive: sa.Engine, place: Path) -> dict[str, bytes]:
    order = Order(Stage.FINAL, key=KeyRing(place / "key.pem").ensure("2025-06-02T09:00:00Z"))
    with archive.begin() as connection:
        close_year(connection, SCHOOL, YEAR, place / "sealed", "2025-08-31T09:00:00Z", order)
    night(archive, [Slice(schema.FINAL_MARK, [FINALS[1]._replace(value=AWKWARD)])], "2025-10-15")
    with archive.begin() as connection:
        why = Amendment(AWKWARD, "№ 123", "archivist")
        amend_year(connection, SCHOOL, YEAR, place / "sealed", "2025-10-16T09:00:00Z", why)
    with archive.connect() as connection:
        names = Names(connection, AsOf(SCHOOL))
        acts = [act_of(connection, SCHOOL, YEAR, number) for number in (1, 2)]
        of_closing, of_amending = (closing_act(one, names, SOURCE, ZONE, year_terms()) for one in acts)
        checks = list(check_year(connection, AsOf(SCHOOL), YEAR))
        return {
            "act": of_closing,
            "supplement": of_amending,
            "report": check_report(YEAR, checks, names, SOURCE, 3),
            "protocol": check_protocol(
                protocol(connection, SCHOOL, AWKWARD, "archivist", _round(place)), SOURCE
            ),
            "anchor": anchor_form(anchors.newest(connection, SCHOOL), AWKWARD, NOW),
        }


def _round(root: Path) -> Round:
    """A check with a sound copy and one that is damaged in a file of a hostile name."""
    place, bag = own_place(root), "journal-9A-ed01"
    found = (Finding("extra", f"2024-2025/{bag}/data/{AWKWARD}"),)
    verdicts = (
        Verdict(place.name, place.key, YEAR, bag, "damaged", "0" * 64, "1" * 64, findings=found),
        Verdict(place.name, place.key, YEAR, "summary-ed01", "sound", "2" * 64, "2" * 64),
    )
    return Round(Level.DEEP, "2025-10-16T09:00:00Z", (place,), verdicts)


def test_every_paper_complies_also_with_awkward_names(archive: sa.Engine, tmp_path: Path) -> None:
    papers = _papers(archive, tmp_path)
    files = [tmp_path / f"{name}.pdf" for name in papers]
    for file, content in zip(files, papers.values(), strict=True):
        file.write_bytes(content)
    judged = dict(zip(papers, verdicts(files), strict=True))  # in one start of the validator
    assert judged == dict.fromkeys(papers, "compliant")
