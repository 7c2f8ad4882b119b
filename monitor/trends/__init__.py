"""Pure functions from frames to findings."""
