"""Sealed years brought back: read by what each bag says of itself, restored into a fresh archive."""
