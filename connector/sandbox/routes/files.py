"""Files hung on homework: their description (model File) and invented bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from starlette.responses import Response, StreamingResponse

from connector.sandbox.content.homework import FILE_NAMES
from connector.sandbox.errors import forbidden, unknown_id
from connector.sandbox.journal import Journal
from connector.sandbox.records import AttachedFile
from connector.sandbox.school import School
from connector.sandbox.wire.people import user_json

_OFFICE = "application/vnd.openxmlformats-officedocument"
_SIGNATURES = {"pdf": b"%PDF-1.4\n", "png": b"\x89PNG\r\n\x1a\n", "docx": b"PK\x03\x04"}
_MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}
_CHUNK = 65_536
HUGE, MISSING = 0, 1  # serials of the files that the variant may make huge or missing


def file_bytes(school: School, ident: int, extension: str) -> bytes:
    """Return the invented content of a file: a few hundred bytes that depend on seed and id."""
    seed = hashlib.sha256(f"{school.parameters.seed}/{ident}".encode()).digest()
    return _SIGNATURES.get(extension.lower(), b"PK\x03\x04") + seed * (4 + seed[0] % 12)


def file_json(school: School, journal: Journal, file: AttachedFile, base_url: str) -> dict[str, Any]:
    """Return a File; its download lies on the same server as the API."""
    ident = school.ids.file(journal.year, file.serial)
    name, extension, group = FILE_NAMES[file.sort]
    size = _huge(school, file.serial) or len(file_bytes(school, ident, extension))
    return {
        "id": ident,
        "id_str": str(ident),
        "name": name,
        "typeGroup": group,
        "type": extension,
        "pageUrl": f"{base_url}/files/{ident}",
        "downloadUrl": f"{base_url}/files/{ident}",
        "user": user_json(school, file.author),
        "size": size,
        "vote": 0,
        "uploadedDate": school.moment_text(file.moment),
        "storageType": "Dnevnik",
    }


def _huge(school: School, serial: int) -> int:
    """Return the size of the huge file in bytes, 0 for every other."""
    return school.variant.huge_file_bytes if serial == HUGE else 0


def serve_file(school: School, text: str) -> Response:
    """Return a file's bytes; ApiError for an unknown id (404) or where downloads are closed (403)."""
    if school.variant.files_closed:
        raise forbidden()
    if not (text.isascii() and text.isdigit()):
        raise unknown_id("file")
    year, serial = school.ids.file_parts(int(text))
    if year not in school.shown_years() or serial >= len(school.journal(year).files):
        raise unknown_id("file")
    file = school.journal(year).files[serial]
    if file is None or (school.variant.missing_file and serial == MISSING):
        raise unknown_id("file")
    extension = FILE_NAMES[file.sort][1].lower()
    body = file_bytes(school, int(text), extension)
    size = _huge(school, serial)
    if size:
        headers = {"Content-Length": str(size)}
        return StreamingResponse(_stretched(body, size), headers=headers, media_type=_MEDIA_TYPES[extension])
    return Response(body, media_type=_MEDIA_TYPES[extension])


def _stretched(body: bytes, size: int) -> Iterator[bytes]:
    """Yield `size` bytes made of a body said over and over; never more than a chunk in memory."""
    chunk = (body * (_CHUNK // len(body) + 1))[:_CHUNK]
    for start in range(0, size, _CHUNK):
        yield chunk[: size - start]
