"""The identifiers that signatures are made of, dotted."""

from __future__ import annotations

from typing import Final

DATA: Final = "1.2.840.113549.1.7.1"
SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
TIME_STAMP_INFO: Final = "1.2.840.113549.1.9.16.1.4"

CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE: Final = "1.2.840.113549.1.9.16.2.12"
SIGNING_CERTIFICATE_V2: Final = "1.2.840.113549.1.9.16.2.47"
SIGNATURE_TIME_STAMP: Final = "1.2.840.113549.1.9.16.2.14"

SUBJECT_KEY_IDENTIFIER: Final = "2.5.29.14"
EXTENDED_KEY_USAGE: Final = "2.5.29.37"
FOR_TIME_STAMPS: Final = "1.3.6.1.5.5.7.3.8"

SHA1: Final = "1.3.14.3.2.26"
SHA256: Final = "2.16.840.1.101.3.4.2.1"
STREEBOG_256: Final = "1.2.643.7.1.1.2.2"
STREEBOG_512: Final = "1.2.643.7.1.1.2.3"

RSA: Final = "1.2.840.113549.1.1.1"
RSA_PSS: Final = "1.2.840.113549.1.1.10"
MGF1: Final = "1.2.840.113549.1.1.8"
ELLIPTIC: Final = "1.2.840.10045.2.1"
GOST_256: Final = "1.2.643.7.1.1.1.1"
GOST_512: Final = "1.2.643.7.1.1.1.2"

# Signature algorithms that name their digest too.
WITH_DIGEST: Final = {
    "1.2.840.113549.1.1.5": (RSA, SHA1),
    "1.2.840.113549.1.1.11": (RSA, SHA256),
    "1.2.840.113549.1.1.12": (RSA, "2.16.840.1.101.3.4.2.2"),
    "1.2.840.113549.1.1.13": (RSA, "2.16.840.1.101.3.4.2.3"),
    "1.2.840.10045.4.1": (ELLIPTIC, SHA1),
    "1.2.840.10045.4.3.2": (ELLIPTIC, SHA256),
    "1.2.840.10045.4.3.3": (ELLIPTIC, "2.16.840.1.101.3.4.2.2"),
    "1.2.840.10045.4.3.4": (ELLIPTIC, "2.16.840.1.101.3.4.2.3"),
    "1.2.643.7.1.1.3.2": (GOST_256, STREEBOG_256),
    "1.2.643.7.1.1.3.3": (GOST_512, STREEBOG_512),
}
