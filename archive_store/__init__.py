"""What is kept: the versioned record, its ledger, the sealed years and the forms made from them.

Knows no API, no HTTP and no schedule.
"""
