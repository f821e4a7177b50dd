"""What a package says of itself: a text, a page for the browser, and data for programs."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

import orjson

from archive_store.export.contents import CHECKSUMS
from archive_store.export.profiles import Profile
from archive_store.render.letter import Item, Letter, size_text
from archive_store.render.source import Source
from archive_store.texts import _, active

_FORMAT: Final = "dnevnik-archive package 1"
STYLE: Final = (
    "body{font:16px/1.45 'Segoe UI',Arial,sans-serif;max-width:70rem;margin:1.5rem auto;padding:0 1rem;"
    "color:#111;background:#fff}table{border-collapse:collapse;width:100%;font-size:.9rem}"
    "th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top}"
    "td.n{text-align:right;white-space:nowrap}code{font-size:.75rem;overflow-wrap:anywhere}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:#555}dd{margin:0}"
    "@media print{a{color:inherit}}"
)


def facts(profile: Profile, letter: Letter, source: Source) -> list[tuple[str, str]]:
    """For whom and from what the package was made, what is in it, and what is not."""
    found = [
        (_("Package"), _(profile.title)),
        (_("Addressee"), letter.addressee),
        (_("Request"), letter.request),
        (_("Purpose"), letter.purpose),
        (_("Legal basis"), letter.basis),
        (_("Outgoing number"), letter.outgoing),
        *letter.subject,
        (_("Not included"), "; ".join(letter.kept_out)),
        *source.facts(),
    ]
    return [(name, value) for name, value in found if value]


def manifest(profile: Profile, letter: Letter, items: Sequence[Item], source: Source) -> bytes:
    """``manifest.json``: the package for programs, with the digest of each file."""
    sealed = source.sealed and {"name": source.sealed.name, "root": source.sealed.root}
    tree = {
        "format": _FORMAT,
        "profile": profile.name,
        "about": profile.about.value,
        "addressee": letter.addressee,
        "request": letter.request or None,
        "purpose": letter.purpose,
        "legal_basis": letter.basis or None,
        "outgoing": letter.outgoing or None,
        "subject": [{"name": name, "value": value} for name, value in letter.subject],
        "kept_out": list(letter.kept_out),
        "remarks": list(letter.remarks),
        "source": {
            "school": source.school_name,
            "as_of": source.as_of.isoformat(),
            "ledger_head": None if sealed else source.ledger_head,
            "sealed": sealed,
            "made_at": source.made_at.isoformat(),
        },
        "files": [
            {"path": one.path, "what": one.meaning, "extent": one.extent, "bytes": one.size,
             "sha256": one.digest}
            for one in items
        ],
    }  # fmt: skip
    return orjson.dumps(tree, option=orjson.OPT_INDENT_2) + b"\n"


def contents_text(profile: Profile, letter: Letter, items: Sequence[Item], source: Source) -> bytes:
    """``00-contents.txt``: UTF-8 with a mark and CRLF, so that Notepad of any Windows shows it."""
    width = max((len(one.path) for one in items), default=0)
    lines = [
        source.school_name,
        "",
        *(f"{name}: {value}" for name, value in facts(profile, letter, source)),
        *letter.remarks,
        "",
        _("In this folder"),
        *(f"  {one.path:<{width}}  {_with_extent(one)}" for one in items),
        "",
        *(line for title, text in _advice(letter) for line in (title, *text, "")),
    ]
    return BOM_UTF8 + "\r\n".join(lines).encode()


def index_page(profile: Profile, letter: Letter, items: Sequence[Item], source: Source) -> bytes:
    """``index.html``: the same with links; without a script, so that any browser shows it from a disk."""
    title = _("Package of documents: {title}").format(title=_(profile.title))
    letter_name, files = escape(_("Covering letter with the inventory")), escape(_("Files"))
    heads = (_("Name of the file"), _("What it is"), _("Extent"), _("Bytes"), "SHA-256")
    parts = [
        f'<!DOCTYPE html><html lang="{active()}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="robots" content="noindex">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
        f"<p>{escape(source.school_name)}</p><h1>{escape(title)}</h1><dl>",
        *(
            f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
            for name, value in facts(profile, letter, source)
        ),
        "</dl>",
        *(f"<p>{escape(remark)}</p>" for remark in letter.remarks),
        f'<p><a href="00-letter.pdf">{letter_name}</a></p>',
        f"<h2>{files}</h2><table><thead><tr>",
        *(f'<th scope="col">{escape(head)}</th>' for head in heads),
        "</tr></thead><tbody>",
        *(_row(one) for one in items),
        "</tbody></table>",
        *(
            f"<h2>{escape(head)}</h2>" + "".join(f"<p>{escape(line.strip())}</p>" for line in text)
            for head, text in _advice(letter)
        ),
        "</body></html>\n",
    ]
    return "\n".join(parts).encode()


def _row(one: Item) -> str:
    link = f'<a href="{escape(one.path)}">{escape(one.path)}</a>'  # ASCII without signs of a URL
    return (
        f"<tr><td>{link}</td><td>{escape(one.meaning)}</td><td>{escape(one.extent)}</td>"
        f'<td class="n">{size_text(one.size)}</td><td><code>{one.digest}</code></td></tr>'
    )


def _with_extent(one: Item) -> str:
    return f"{one.meaning} ({one.extent})" if one.extent else one.meaning


def _advice(letter: Letter) -> Iterator[tuple[str, list[str]]]:
    """How to read and check what lies there."""
    yield (
        _("How to read"),
        [
            _("PDF: any viewer. XLSX: Excel, LibreOffice. CSV: Excel; UTF-8, columns divided by semicolons."),
            _(
                "In CSV an apostrophe before a text keeps a spreadsheet from computing it or rounding a long "
                "id; it is not part of the text."
            ),
        ],
    )
    yield (
        _("How to check that nothing was changed"),
        [
            _("{file} lists the SHA-256 of every file.").format(file=CHECKSUMS),
            f"  Linux, macOS: sha256sum -c {CHECKSUMS}",
            "  Windows: certutil -hashfile 00-letter.pdf SHA256",
        ],
    )
    if letter.personal:
        text = _(
            "This folder holds personal data of pupils: keep it safe, delete it when it is no longer needed."
        )
        yield _("Personal data"), [text]
