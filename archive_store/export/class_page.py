"""``index.html`` of a class's folder: its files with links, the viewer first; opens in any browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from archive_store.export.contents import INDEX, MEANINGS
from archive_store.export.folder import FileOnRecord
from archive_store.export.package_pages import STYLE
from archive_store.forms.class_journal import ClassJournal
from archive_store.render.letter import size_text
from archive_store.render.source import Source
from archive_store.render.viewer.page import PAGE
from archive_store.render.wording import class_line, year_line
from archive_store.texts import _, active

_HEAD: Final = (
    '<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="robots" content="noindex"><title>{title}</title><style>{style}</style></head><body>'
)


def index_page(
    form: ClassJournal, source: Source, files: Sequence[FileOnRecord], rows: Mapping[str, int]
) -> bytes:
    """The page; ``rows`` counts the rows of each table. It has no script and asks for nothing."""
    title = escape(f"{class_line(form)}, {year_line(form)}")
    files_title, view = escape(_("Files")), escape(_("View the journal in the browser"))
    parts = [
        _HEAD.format(language=active(), title=title, style=STYLE),
        f"<p>{escape(source.school_name)}</p><h1>{title}</h1><dl>",
        *(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in source.facts()),
        "</dl>",
        f'<p><a href="{PAGE}">{view}</a></p>',
        f"<h2>{files_title}</h2><table><thead><tr>",
        *(
            f'<th scope="col">{escape(head)}</th>'
            for head in (_("Name of the file"), _("What it is"), _("Rows"), _("Bytes"), "SHA-256")
        ),
        "</tr></thead><tbody>",
        *(_row(file, rows) for file in files if file.path in MEANINGS and file.path != INDEX),
        "</tbody></table></body></html>\n",
    ]
    return "\n".join(parts).encode()


def _row(file: FileOnRecord, rows: Mapping[str, int]) -> str:
    return (
        f'<tr><td><a href="{file.path}">{file.path}</a></td><td>{escape(_(MEANINGS[file.path]))}</td>'
        f'<td class="n">{rows.get(file.path, "")}</td><td class="n">{size_text(file.size)}</td>'
        f"<td><code>{file.digest}</code></td></tr>"
    )
