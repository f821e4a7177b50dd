"""Whether a signature is that of some bytes by a public key: RSA, ECDSA, GOST R 34.10-2012."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from archive_store.signatures import cms, gost, oids
from archive_store.signatures.der import whole
from archive_store.signatures.result import Remark

_SHA2: Final[dict[str, hashes.HashAlgorithm]] = {
    oids.SHA256: hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
_STREEBOG: Final = {oids.STREEBOG_256: 256, oids.STREEBOG_512: 512}
_WEAK: Final = {
    oids.SHA1: "SHA-1",
    "1.2.840.113549.2.5": "MD5",
    "1.2.643.2.2.9": "GOST R 34.11-94",
    "1.2.643.2.2.19": "GOST R 34.10-2001",
}
_GOST: Final = {oids.GOST_256: (32, oids.STREEBOG_256), oids.GOST_512: (64, oids.STREEBOG_512)}
_MOST_FOR_STREEBOG: Final = 2**18  # some three seconds
_LEAST_RSA_BITS, _MOST_RSA_BITS, _LEAST_CURVE_BITS = 2048, 16384, 224


@dataclass
class NotCheckable(Exception):  # a state, not a fault
    """It cannot be found out here whether a signature is valid."""

    why: Remark


def digest(oid: str, content: bytes) -> bytes:
    """The digest of some bytes. Raises NotCheckable. A weak one is computed, not judged."""
    if oid in _SHA2:
        return hashlib.new(_SHA2[oid].name, content).digest()
    if oid == oids.SHA1:
        return hashlib.sha1(content, usedforsecurity=False).digest()
    if oid not in _STREEBOG:
        raise NotCheckable(Remark("unknown-algorithm", oid))
    if len(content) > _MOST_FOR_STREEBOG:
        raise NotCheckable(Remark("too-large"))
    return gost.streebog(_STREEBOG[oid], content)


def name(signer: cms.Signer) -> str:
    """The algorithms of a signature for people."""
    family, _digest = oids.WITH_DIGEST.get(signer.algorithm.oid, (signer.algorithm.oid, ""))
    names = {
        oids.RSA: "RSA",
        oids.RSA_PSS: "RSA-PSS",
        oids.ELLIPTIC: "ECDSA",
        oids.GOST_256: "ГОСТ Р 34.10-2012 (256)",
        oids.GOST_512: "ГОСТ Р 34.10-2012 (512)",
    }
    used = signer.digest.oid
    digests = {one: kind.name.upper() for one, kind in _SHA2.items()} | {
        one: f"Streebog-{bits}" for one, bits in _STREEBOG.items()
    }
    return f"{names.get(family, family)}, {digests.get(used) or _WEAK.get(used, used)}"


def weakness(oid: str) -> Remark | None:
    """The remark on an algorithm that proves nothing any more."""
    return Remark("weak", _WEAK[oid]) if oid in _WEAK else None


def fault(signer: cms.Signer, key: bytes, signed: bytes) -> Remark | None:
    """What is wrong with the signature over ``signed`` by a key (SubjectPublicKeyInfo); None if it is good.

    Raises NotCheckable, Malformed.
    """
    family, stated = oids.WITH_DIGEST.get(signer.algorithm.oid, (signer.algorithm.oid, signer.digest.oid))
    weak = weakness(signer.digest.oid) or weakness(stated) or weakness(family)
    if weak:
        return weak
    if stated != signer.digest.oid:
        return Remark("algorithms-differ")
    if family in _GOST:
        return _gost(family, signer, key, signed)
    if family not in (oids.RSA, oids.RSA_PSS, oids.ELLIPTIC):
        raise NotCheckable(Remark("unknown-algorithm", family))
    if signer.digest.oid not in _SHA2:
        raise NotCheckable(Remark("unknown-algorithm", signer.digest.oid))
    try:
        return _common(family, signer, key, signed)
    except InvalidSignature:
        return Remark("wrong")
    except (UnsupportedAlgorithm, ValueError, TypeError) as error:
        raise NotCheckable(Remark("unknown-algorithm", type(error).__name__)) from None


def _gost(family: str, signer: cms.Signer, key: bytes, signed: bytes) -> Remark | None:
    size, needed = _GOST[family]
    kind, packed = cms.public_key(key)
    if kind.oid != family or signer.digest.oid != needed or kind.parameters is None:
        return Remark("algorithms-differ")
    curve = kind.parameters.sequence()[0].oid() if kind.parameters.content else ""
    if not gost.is_known(curve, size):
        raise NotCheckable(Remark("unknown-algorithm", curve))
    inner = whole(packed).octets()
    good = gost.verify(curve, size, inner, digest(needed, signed), signer.signature)
    return None if good else Remark("wrong")


def _common(family: str, signer: cms.Signer, key: bytes, signed: bytes) -> Remark | None:
    public, algorithm = load_der_public_key(key), _SHA2[signer.digest.oid]
    if isinstance(public, rsa.RSAPublicKey) and family != oids.ELLIPTIC:
        if public.key_size < _LEAST_RSA_BITS:
            return Remark("weak", f"RSA {public.key_size}")
        if public.key_size > _MOST_RSA_BITS:
            raise NotCheckable(Remark("unknown-algorithm", f"RSA {public.key_size}"))
        form = padding.PKCS1v15() if family == oids.RSA else _pss(signer)
        if form is None:
            return Remark("algorithms-differ")
        public.verify(signer.signature, signed, form, algorithm)
        return None
    if isinstance(public, ec.EllipticCurvePublicKey) and family == oids.ELLIPTIC:
        if public.curve.key_size < _LEAST_CURVE_BITS:
            return Remark("weak", public.curve.name)
        public.verify(signer.signature, signed, ec.ECDSA(algorithm))
        return None
    return Remark("algorithms-differ")


def _pss(signer: cms.Signer) -> padding.PSS | None:
    """The padding that the parameters state (RFC 4055), if they go with the digest. Raises Malformed."""
    stated = signer.algorithm.parameters
    fields = {one.tag: one.below()[0] for one in stated.sequence() if one.below()} if stated else {}
    if 0 not in fields or 1 not in fields:
        return None  # the defaults are SHA-1
    masking = cms.algorithm(fields[1])
    if masking.oid != oids.MGF1 or masking.parameters is None:
        return None
    of_mask = _SHA2.get(masking.parameters.sequence()[0].oid())
    salt = fields[2].number() if 2 in fields else 20  # tag, default of RFC 4055
    same = cms.algorithm(fields[0]).oid == signer.digest.oid
    if of_mask is None or not same or not 0 <= salt <= 2**10:
        return None
    return padding.PSS(padding.MGF1(of_mask), salt)
