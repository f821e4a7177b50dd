"""Settings and the commented example file. Knows nobody."""
