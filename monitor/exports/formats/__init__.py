"""How a book is written: one format, one file, each a function from a book to an open file."""
