"""All class journals of a school for a year as PDF/A and XLSX, and pages a second against the bare renderer.

    python bench/render.py [--pupils 1000] [--sample 6]

An invented school is synced into an archive; then the command writes the journal of one class, and of all of
them. For a sample of classes one process makes each PDF twice: as the program does, from the record to
bytes, and by typst alone with the data built already, which is the **floor**. Both are in seconds of the
processor, so that pages are those of one core. The peak is that of the biggest process: it must not grow with
the number of classes. Fails when a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.serve import running_process
from measuring import TOKEN, Archive, Cost, judged, last_whole_year, new_archive, process_cost

PAGES_A_SECOND: Final = 50
CLASS_SECONDS: Final = 10
SCHOOL_MINUTES: Final = 10
GROWTH: Final = 1.3
_PAGE: Final = re.compile(rb"/Type\s*/Page\b")
_WAIT_SECONDS: Final = 1800.0


def main() -> int:
    """Make the school, then measure one class, all classes and the sample."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pupils", type=int, default=1_000)
    parser.add_argument("--sample", type=int, default=6)
    options = parser.parse_args()
    year = last_whole_year()
    parameters = SchoolParameters(pupils=options.pupils, years=(year,))
    with new_archive("http://127.0.0.1:0", year) as archive:
        with running_process(parameters, TOKEN, wait_seconds=_WAIT_SECONDS) as school:
            served = Archive(archive.folder, {**archive.environment, "DNEVNIK_ARCHIVE_API_URL": school.url})
            print(f"synced: {served.sync()}", flush=True)
        return _measured(archive, year, options.sample)


def _measured(archive: Archive, year: int, sample: int) -> int:
    whole, files = _written(archive, year, "all")
    pages = {path.stem: _pages(path.read_bytes()) for path in files}
    longest = max(pages, key=lambda stem: pages[stem])
    print(
        f"all journals: {len(pages)} classes, {sum(pages.values())} pages as PDF and XLSX, "
        f"{whole.seconds:.0f} s on {os.cpu_count()} cores, processor {whole.cpu:.0f} s, "
        f"{sum(pages.values()) / whole.seconds:.0f} pages a second",
        flush=True,
    )
    group = _groups(archive, year)[longest.removeprefix("class-journal-")]
    one, _files = _written(archive, year, "one", "--group", group)
    print(
        f"longest journal, {group}: {pages[longest]} pages, {one.seconds:.1f} s with the program's start, "
        f"processor {one.cpu:.1f} s",
        flush=True,
    )
    ours, floor, count = _of_one_core(archive, year, sample)
    print(f"one core, {sample} classes, {count} pages: {count / ours:.0f} pages a second, bare "
          f"renderer {count / floor:.0f}: {ours / floor:.2f} times the floor")  # fmt: skip
    met = [
        judged("all journals, minutes", whole.seconds / 60, SCHOOL_MINUTES),
        judged("one class, seconds", one.seconds, CLASS_SECONDS),
        judged("PDF pages a second and core", count / ours, PAGES_A_SECOND, at_least=True),
        judged("peak of all classes / of one", whole.peak_mib / one.peak_mib, GROWTH),
    ]
    print(f"peaks: all {whole.peak_mib:.0f}, one class {one.peak_mib:.0f} MiB")
    return 0 if all(met) else 1


def _written(archive: Archive, year: int, name: str, *options: str) -> tuple[Cost, list[Path]]:
    """Class journals by the command as it is installed; the PDF files."""
    out = archive.folder / name
    command = [str(Path(sys.executable).with_name("dnevnik-archive")), "form", "class-journal"]
    settings = ["--year", str(year), "--format", "pdf,xlsx", "--out", str(out), *options]
    here = {**archive.environment, "DNEVNIK_ARCHIVE_CONFIG": str(archive.folder / "dnevnik-archive.toml")}
    cost = process_cost([*command, *settings], here)
    listed = (out / "CHECKSUMS.sha256").read_text("utf-8").splitlines()
    return cost, [out / line.split()[-1] for line in listed if line.endswith(".pdf")]


def _pages(pdf: bytes) -> int:
    return len(_PAGE.findall(pdf))


def _reading(archive: Archive, year: int) -> tuple[Any, Any, Any]:
    """A connection to the record, its newest state, the classes of the year."""
    from archive_store.asof import AsOf
    from archive_store.catalogue import classes, the_school
    from archive_store.store import open_store

    connection = open_store(archive.environment["DNEVNIK_ARCHIVE_STORE_URL"]).connect()
    at = AsOf(the_school(connection, None))
    return connection, at, classes(connection, at, year)


def _groups(archive: Archive, year: int) -> dict[str, str]:
    """The names of the classes by the stems of their files."""
    from archive_store.snapshot.naming import class_stems

    connection, _at, groups = _reading(archive, year)
    with connection:
        return {stem: one.name for stem, one in zip(class_stems(groups), groups, strict=True)}


def _of_one_core(archive: Archive, year: int, sample: int) -> tuple[float, float, int]:
    """Seconds of the processor of ours and of the bare renderer, and the pages that each made."""
    import orjson
    import typst

    from archive_store.forms import class_journal
    from archive_store.render import pdf, typesetting
    from archive_store.render.glyphs import FONTS, showable
    from archive_store.render.journal_data import journal_data
    from archive_store.render.source import Source

    showable("Ё")  # what is made once in a process is no part of a page
    now = datetime.now(UTC)
    source = Source("Школа", now, "0" * 64, now)
    templates = Path(typesetting.__file__).with_name("templates")
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    connection, at, groups = _reading(archive, year)
    ours = floor = 0.0
    pages = 0
    with connection:
        for group in groups[:: max(len(groups) // sample, 1)][:sample]:
            seconds, made = _busy(
                lambda: pdf.journal(class_journal.build(connection, at, group), source)  # noqa: B023
            )
            ours += seconds
            pages += _pages(made)
            data = orjson.dumps(journal_data(class_journal.build(connection, at, group), source)).decode()
            seconds, _bare = _busy(
                lambda: typst.compile(
                    templates / "journal.typ",
                    root=templates,
                    font_paths=fonts,
                    ignore_system_fonts=True,
                    sys_inputs={"data": data},  # noqa: B023
                    pdf_standards=["a-2u"],
                    pdf_tags=False,
                )
            )
            floor += seconds
            typesetting.set_pdf("journal.typ", orjson.loads(data), now)  # forgets what typst remembers
    return ours, floor, pages


def _busy(work: Callable[[], bytes]) -> tuple[float, bytes]:
    """Seconds of the processor, all threads of this process together, and the result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


if __name__ == "__main__":
    sys.exit(main())
