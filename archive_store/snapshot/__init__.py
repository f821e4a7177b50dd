"""Sealed years: BagIt bags that prove themselves without this program (RFC 8493)."""
