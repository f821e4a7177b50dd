"""Both acts of a destruction: what they say, and that they are PDF/A in the judgement of veraPDF."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import verapdf

from archive_store import texts
from archive_store.nomenclature import kinds
from archive_store.nomenclature.confirmations import Confirmation
from archive_store.render.source import Source
from archive_store.retention.papers.destruction import destruction_act
from archive_store.retention.papers.gathering import done, sheets_that_stay
from archive_store.retention.papers.selection import selection_act
from archive_store.verification.whole import verify
from reading import needs_poppler, pdf_text, squeezed
from retained_year import Archive
from small_year import SCHOOL

MOSCOW = ZoneInfo("Europe/Moscow")
AT = datetime(2031, 1, 20, 12, tzinfo=timezone(timedelta(hours=3)))
SOURCE = Source("МБОУ «Школа № 901»", AT, "ab" * 32, AT)
TERMS = Confirmation("2031-01-01T00:00:00Z", "директор", "номенклатура дел, приказ № 45 от 10.01.2031")


@needs_poppler
@verapdf.NEEDED
def test_both_acts(small: Archive, tmp_path: Path) -> None:
    archive = small
    texts.activate("ru")
    act = archive.propose("journal-9A-ed01")
    stay = sheets_that_stay(act, archive.due())
    files = [tmp_path / name for name in ("selection.pdf", "destroyed.pdf")]
    files[0].write_bytes(selection_act(act, TERMS, stay, SOURCE, MOSCOW))
    finished = archive.destroy(act.number).act
    with archive.engine.connect() as connection:
        told = done(connection, SCHOOL, finished, kinds.default(), ["archive-20310101T000000Z.sqlite"])
        assert verify(connection, SCHOOL).findings == ()
    files[1].write_bytes(destruction_act(told, SOURCE, MOSCOW))
    assert verapdf.verdicts(files) == ["compliant", "compliant"]
    (line,) = act.lines
    selected, destroyed = (squeezed(pdf_text(one.read_bytes(), tmp_path)) for one in files)
    for text in ("приказ№45", "01.09.2024–31.08.2025", "лет:5;истёк01.01.2031", "summary-ed01"):
        assert text in selected
    assert squeezed(line.root[:8]) in selected
    # Every copy with its carrier, every kind of record, every event with its entry of the ledger.
    for text in (line.root, "no. a", "no. b", "room a", "Посещаемость", "№ 3", "archive-20310101"):
        assert squeezed(text) in destroyed
    assert [one.kind.value for _entry, one in told.log] == [
        "proposed", "approved", "destroyed", "cleared", "completed",
    ]  # fmt: skip
    assert len(told.copies) == 3
    for surname in ("Фамилия", "Ковалёва"):  # no person is named
        assert surname not in destroyed
