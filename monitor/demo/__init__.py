"""A small world that plays the platforms over HTTP, with known true totals."""
