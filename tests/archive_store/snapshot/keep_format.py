"""Keep the small year, sealed in the format of now, for the tests of all later versions. Run at a release.

    python tests/archive_store/snapshot/keep_format.py

A year that is kept is never made again: what was released must stay readable as it was.
"""

from __future__ import annotations

import gzip
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.append(str(HERE))

from archive_store import texts
from archive_store.snapshot.passport import FORMAT
from archive_store.snapshot.seal import Extras
from archive_store.store import make_store
from archive_store.year.closing import Order, close_year
from small_year import AT, SCHOOL, YEAR, fill, put_files


def keep(place: Path) -> Path:
    """Seal the small year, in Russian, and pack it."""
    texts.activate("ru")
    store = fill(make_store(f"sqlite:///{place / 'archive.sqlite'}"))
    with store.connect() as connection:
        extras = Extras(put_files(place / "files"))
        year = close_year(connection, SCHOOL, YEAR, place / "sealed", AT, Order(extras=extras)).sealed.path
    kept = HERE / "formats" / f"snapshot-{FORMAT.rpartition(' ')[2]}.tar.gz"
    with (
        kept.open("xb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as tar,
    ):
        for path in sorted(year.rglob("*")):
            if path.is_file():
                entry = tarfile.TarInfo(path.relative_to(year.parent).as_posix())
                entry.size = path.stat().st_size
                with path.open("rb") as content:
                    tar.addfile(entry, content)
    return kept


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(keep(Path(folder)))
