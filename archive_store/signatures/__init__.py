"""Signatures over a small file, in a folder ``signatures/`` beside it: ours, the head's, time-stamps."""
