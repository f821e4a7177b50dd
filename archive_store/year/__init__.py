"""An academic year: whether it is ready to be closed, and closing it."""
