"""The page that lies in every bag as verify.html: it checks a sealed year in any browser, without a network.

It is made of ``verify.html`` beside this file, with the findings' words of the verifier, and with the digests
of its own script and style, so that the browser runs these alone (Content Security Policy).
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from archive_store.snapshot.verifier import WORDS

_PAGE: Final = Path(__file__).with_name("verify.html")
_WORDS_HERE: Final = "{/* of verify.py */}"


@lru_cache(maxsize=1)
def verify_page() -> bytes:
    """The page as it is sealed."""
    words = json.dumps(WORDS, ensure_ascii=False).replace("</", "<\\/")
    page = _PAGE.read_text("utf-8").replace(_WORDS_HERE, words)
    for tag, place in (("script", "SCRIPT"), ("style", "STYLE")):
        found = re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert found is not None  # noqa: S101 - the page is ours
        page = page.replace(f"sha256-{place}", f"sha256-{_digest(found[1])}")
    return page.encode()


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
