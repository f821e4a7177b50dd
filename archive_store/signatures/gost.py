"""GOST R 34.10-2012 and its digest, Streebog, in pure Python: for small files (100 KB/s).

The order of bytes differs from place to place: the digest is signed as a little-endian number; a CMS
signature is s, r, a library's r, s; a key in a certificate is x, y, each little-endian.
"""

from __future__ import annotations

from typing import Any, Final

_TC26_256: Final = "id-tc26-gost-3410-2012-256-paramSet"
_TC26_512: Final = "id-tc26-gost-3410-12-512-paramSet"

# The old names of CryptoPro are those of the same curves.
_CURVES: Final = {
    "1.2.643.7.1.2.1.1.1": _TC26_256 + "A",
    "1.2.643.7.1.2.1.1.2": _TC26_256 + "B",
    "1.2.643.7.1.2.1.1.3": _TC26_256 + "C",
    "1.2.643.7.1.2.1.1.4": _TC26_256 + "D",
    "1.2.643.2.2.35.1": _TC26_256 + "B",
    "1.2.643.2.2.35.2": _TC26_256 + "C",
    "1.2.643.2.2.35.3": _TC26_256 + "D",
    "1.2.643.2.2.36.0": _TC26_256 + "B",
    "1.2.643.2.2.36.1": _TC26_256 + "D",
    "1.2.643.7.1.2.1.2.1": _TC26_512 + "A",
    "1.2.643.7.1.2.1.2.2": _TC26_512 + "B",
    "1.2.643.7.1.2.1.2.3": "id-tc26-gost-3410-2012-512-paramSetC",
}


def streebog(bits: int, content: bytes) -> bytes:
    """The digest of 256 or 512 bits."""
    from gostcrypto import gosthash  # takes a while, and seldom a signature is of this kind

    return bytes(gosthash.new(f"streebog{bits}", data=bytearray(content)).digest())


def is_known(curve: str, size: int) -> bool:
    """Whether the parameter set is known and for keys of so many bytes."""
    return curve in _CURVES and f"-{size * 8}-" in _CURVES[curve]


def verify(curve: str, size: int, key: bytes, digest: bytes, signature: bytes) -> bool:
    """Whether a signature as in CMS is that of a digest by a key as in a certificate.

    ``size`` is 32 or 64 bytes, ``curve`` the identifier of a known parameter set.
    """
    from gostcrypto import gostsignature

    parameters: dict[str, Any] = gostsignature.CURVES_R_1323565_1_024_2019[_CURVES[curve]]
    x, y = key[:size][::-1], key[size:][::-1]
    if len(key) != 2 * size or len(signature) != 2 * size or not _lies_on(parameters, x, y):
        return False
    mode = gostsignature.MODE_256 if size == 32 else gostsignature.MODE_512  # bytes
    checker = gostsignature.new(mode, parameters)
    s, r = signature[:size], signature[size:]
    return bool(checker.verify(bytearray(x + y), bytearray(digest[::-1]), bytearray(r + s)))


def _lies_on(curve: dict[str, Any], x: bytes, y: bytes) -> bool:
    """Whether a key is a point of the curve; the library does not ask."""
    prime, abscissa, ordinate = curve["p"], int.from_bytes(x, "big"), int.from_bytes(y, "big")
    if abscissa >= prime or ordinate >= prime:
        return False
    return bool((ordinate**2 - abscissa**3 - curve["a"] * abscissa - curve["b"]) % prime == 0)
