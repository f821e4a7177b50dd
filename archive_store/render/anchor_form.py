"""The head of the ledger as a small form that a person signs: paper is not altered by a database."""

from __future__ import annotations

from datetime import datetime

from archive_store.anchors import Anchor
from archive_store.render.glyphs import showable
from archive_store.render.source import moment
from archive_store.render.title import common_words
from archive_store.render.typesetting import set_pdf
from archive_store.texts import _


def anchor_form(anchor: Anchor, school: str, made_at: datetime) -> bytes:
    """One page, PDF/A-2u: school, moment, number of the entry, the head in groups of four, a signature."""
    data = {
        "words": common_words() | {"responsible": _("Responsible for the archive"), "day": _("Date")},
        "school": showable(school),
        "source": showable(_("{school}. Archive of the electronic journal").format(school=school)),
        "heading": _("Head of the ledger"),
        "explanation": _(
            "The ledger is a chain of digests over every run of the archive. Whoever keeps this sheet can "
            "prove later that nothing recorded up to this entry was altered, added or deleted since."
        ),
        "facts": [
            (_("Number of the school"), str(anchor.school_id)),
            (_("Document made"), moment(made_at)),
            (_("Entry of the ledger"), str(anchor.entry)),
        ],
        "head_caption": _("Head (SHA-256, hexadecimal, in groups of four)"),
        "head": anchor.groups.split(" "),
        "check_caption": _("To check it later, on the archive's PC"),
        "check": f"dnevnik-archive ledger verify --anchor {anchor.entry}:{anchor.digits[:16]}",
        "check_note": _("Sixteen digits are enough to begin with; compare the others by eye: ledger head."),
    }
    return set_pdf("anchor.typ", data, made_at)
