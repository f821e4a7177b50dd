"""Verification: the ledger is recomputed from the record, and what does not agree is named."""
