"""The contents of homework's files: fetched once, kept beside the archive under their SHA-256."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from archive_store import history, schema
from archive_store.asof import AsOf, read
from archive_store.checkpoints import Place
from archive_store.history import Absence
from archive_store.records import HomeworkFile
from connector.api import calls
from connector.api import models as wire
from connector.api.errors import (
    ENDS_A_RUN,
    AccessRefused,
    ApiError,
    FileTooLarge,
    ForeignHost,
    NotThere,
)
from connector.api.parsing import parse
from connector.sync.diary import HOMEWORK_FILES
from connector.sync.journal import IDS_PER_QUERY, chunks
from connector.sync.limits import Limits, fetch_whole
from connector.sync.slices import Slice
from connector.sync.source import Source
from connector.sync.summary import Failure, Summary
from connector.sync.threads import by_threads

NOT_FETCHED: Final = "not fetched"
_KEPT: Final = "kept"
# A transaction for each costs more than fetching a small file.
_NOTED_AT_ONCE: Final = 10


@dataclass(frozen=True, slots=True)
class FileKeeping:
    """Where contents are kept, how large one may be in bytes, and how many are fetched in a run."""

    folder: Path
    largest: int
    most_per_run: int

    def path_of(self, digest: str) -> Path:
        """Where contents of this SHA-256 lie."""
        return self.folder / digest[:2] / digest


@dataclass(slots=True)
class FileFetching:
    """Fetches what is not fetched yet, the newest homework first. ``stopping`` is asked after every file."""

    engine: sa.Engine
    source: Source
    keeping: FileKeeping
    summary: Summary
    limits: Limits
    stopping: Callable[[], bool]

    def fetch(self) -> None:
        """Fetch up to the bound; what fails stays to be fetched by the next run. Raises what ends a run.

        Several at once, like all calls: a file mostly waits for the platform and the disk.
        """
        addresses = self._addresses(self._waiting())
        fetched: list[HomeworkFile] = []
        try:
            for (file, _url), future in by_threads(
                lambda one: self._fetch_one(*one), lambda: next(addresses, None), self.source.connections
            ):
                fetched += self._taken(file, future)
                if len(fetched) == _NOTED_AT_ONCE:
                    self._note(fetched)
                    fetched = []
                if self.stopping():
                    raise KeyboardInterrupt
        finally:
            self._note(fetched)

    def _taken(self, file: HomeworkFile, future: Future[tuple[str, str | None]]) -> list[HomeworkFile]:
        """The file as it is now, or nothing if it could not be fetched. Raises what ends a run."""
        try:
            state, contents = future.result()
        except ENDS_A_RUN:
            raise
        except ApiError as error:
            place = Place(HOMEWORK_FILES.name, file.group_id, file.day, file.day)
            self.summary.failures.append(Failure(Slice(HOMEWORK_FILES, place), error))
            return []
        return [file._replace(state=state, contents=contents)]

    def _waiting(self) -> list[HomeworkFile]:
        with self.engine.connect() as connection:
            at = AsOf(self.source.school_id)
            where = schema.HOMEWORK_FILE.table.c.state == NOT_FETCHED
            found = sorted(read(connection, schema.HOMEWORK_FILE, at, where), key=lambda one: one.day)
        return found[::-1][: self.keeping.most_per_run]

    def _addresses(self, waiting: Sequence[HomeworkFile]) -> Iterator[tuple[HomeworkFile, str | None]]:
        """Each file with its address, which is asked for anew: it may be good for a while only."""
        of_work: dict[int, list[HomeworkFile]] = {}
        for file in waiting:
            of_work.setdefault(file.work_id, []).append(file)
        for some in chunks(list(of_work), IDS_PER_QUERY):
            parts = fetch_whole(self.source.client, calls.homeworks(some), self.limits)
            answers = [parse(wire.Homeworks, body, call.label) for call, body in parts]
            urls = {file.id: file.download_url for answer in answers for file in answer.files}
            for work in some:
                yield from ((file, urls.get(file.file_id)) for file in of_work[work])

    def _fetch_one(self, file: HomeworkFile, url: str | None) -> tuple[str, str | None]:
        """The state of the file and the SHA-256 of its contents."""
        if url is None:
            return "not there", None
        if file.size is not None and file.size > self.keeping.largest:
            return "too large", None
        self.keeping.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self.keeping.folder, prefix=".part-")  # 0600
        part = Path(name)
        try:
            with os.fdopen(descriptor, "w+b") as target:
                found = self.source.client.download(url, target, self.keeping.largest)
                target.flush()
                os.fsync(target.fileno())
            place = self.keeping.path_of(found.digest)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            part.replace(place)
        except FileTooLarge:
            return "too large", None
        except (NotThere, AccessRefused, ForeignHost):
            return "not there", None
        finally:
            part.unlink(missing_ok=True)
        return _KEPT, found.digest

    def _note(self, files: Sequence[HomeworkFile]) -> None:
        """Put on record what has been fetched. A killed process fetches the last few again, and no more."""
        if not files:
            return
        with self.source.day_count.transaction(self.engine) as connection:
            history.write(
                connection,
                schema.HOMEWORK_FILE,
                self.source.school_id,
                self.summary.run_id,
                files,
                absence=Absence.UNKNOWN,
            )
        for file in files:
            self.summary.files[file.state] = self.summary.files.get(file.state, 0) + 1
