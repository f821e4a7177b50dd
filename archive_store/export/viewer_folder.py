"""The viewer of a whole school, of a year or of some classes in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.export.class_folder import Export
from archive_store.export.contents import CHECKSUMS, CONTENTS, checksums, viewer_text
from archive_store.export.folder import new_folder
from archive_store.export.viewer_files import ViewerClass, load_forms, write_class, write_page
from archive_store.forms.class_record import load
from archive_store.forms.rules import DEFAULT, Rules
from archive_store.records import EduGroup
from archive_store.render.source import Source


def export_viewer(
    connection: sa.Connection,
    at: AsOf,
    groups: Sequence[EduGroup],
    out: Path,
    source: Source,
    progress: Callable[[str], None] = lambda _class: None,
    rules: Rules = DEFAULT,
) -> Export:
    """Write the folder ``out`` with the viewer of the classes as of ``at``; whole or not at all.

    ``progress`` is told the name of each class when it is written; ``rules`` are what
    the school chose. One class is in memory at a time.
    Raises FolderNotEmpty, FolderNotWritable.
    """
    zone = source.as_of.tzinfo
    with new_folder(out) as folder:
        classes: list[ViewerClass] = []
        town: str | None = None
        for group in groups:
            record = load(connection, at, group, rules.signs)
            town = record.school.city if record.school else None
            classes.append(write_class(folder, load_forms(connection, at, record, zone, rules), zone))
            progress(group.name)
        write_page(folder, classes, source, town, rules.signs)
        years = list(dict.fromkeys(one.line["year"] for one in classes))
        folder.add(CONTENTS, viewer_text(source, years, len(classes)))
        folder.add(CHECKSUMS, checksums(folder.files))
    rows = {name: sum(one.counts[name] for one in classes) for name in (classes[0].counts if classes else {})}
    return Export(out, tuple(folder.files), bytes.fromhex(folder.files[-1].digest), rows)
