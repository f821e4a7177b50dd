"""Copies of the live database: made while a run may be writing, verified before they count, restored anew."""
