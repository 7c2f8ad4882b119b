"""The operator's files, read strictly into frozen values."""
