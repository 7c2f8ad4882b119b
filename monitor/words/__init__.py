"""How people are spoken to: languages, numbers, times; every message in one catalogue per language."""
