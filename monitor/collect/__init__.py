"""One run of one source, what it observed, which posts to ask again, and when."""
