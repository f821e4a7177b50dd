"""Hold the archive against what the platform computes and shows now; writes nothing to the record."""
